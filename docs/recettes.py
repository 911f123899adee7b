"""Write the tables of docs/methode/recettes.md from the recipes: ``python -m docs.recettes``.

What stands between two marks of a recipe is written from its file; the rest is written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from territoires.indicators import load_catalogue
from territoires.needs import Recipe, recipes_available
from territoires.needs.recipe_parts import Block
from territoires.settings import load_settings
from territoires.sources.combining import load_declared

PAGE = Path(__file__).parent / "methode" / "recettes.md"
_READING = {1: "élevé", -1: "bas"}
_MARKED = re.compile(r"(<!-- recette (\w+) -->\n).*?(<!-- fin -->)", re.DOTALL)


def main() -> None:
    """Write the page again."""
    data_dir = load_settings({}).data_dir
    PAGE.write_text(written(PAGE.read_text("utf-8"), data_dir), encoding="utf-8")


def written(page: str, data_dir: Path) -> str:
    """Return the page with what stands between its marks as the recipes say.

    Raises
    ------
    KeyError
        A mark names no recipe, or a recipe names no indicator.
    """
    recipes, labels = recipes_available(data_dir), labels_of(data_dir)
    return _MARKED.sub(lambda mark: mark[1] + facts(recipes[mark[2]], labels) + mark[3], page)


def labels_of(data_dir: Path) -> dict[str, str]:
    """Return the French label of every indicator, embedded or official, by code."""
    embedded = load_catalogue(data_dir / "indicateurs" / "catalogue.toml")
    official = load_declared(data_dir)
    return {code: one.label for code, one in embedded.items()} | {
        code: str(one.entry["libelle"]) for code, one in official.items()
    }


def facts(recipe: Recipe, labels: Mapping[str, str]) -> str:
    """Return the table of a recipe and its sources, in Markdown."""
    lines = ["| Dimension | Indicateur | Code | Besoin s’il est | Poids | Pourquoi |"]
    lines.append("|---|---|---|---|--:|---|")
    for block in recipe.blocks:
        lines += _rows(recipe, block, labels)
    known = f"{recipe.min_coverage * 100:.0f} %"
    lines += ["", f"Classée quand {known} du poids au moins est connu. Recette du {recipe.date}."]
    return "\n".join([*lines, "", *(f"- {source}" for source in recipe.sources)]) + "\n"


def _rows(recipe: Recipe, block: Block, labels: Mapping[str, str]) -> list[str]:
    rows = []
    for position in block.positions:
        item, share = recipe.items[position], recipe.weights[position]
        rows.append(
            f"| {block.dimension.label} | {labels[item.code]} | `{item.code}` | "
            f"{_READING[item.direction]} | {share * 100:.0f} % | {item.reason} |"
        )
    return rows


if __name__ == "__main__":
    main()
