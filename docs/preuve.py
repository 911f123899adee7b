"""Recompute a published index, and tell how far from it we are: ``python -m docs.preuve``.

The Human Development Index of the UNDP, from the table of its report, by the engine and a recipe.
Prints the figures and fails when docs/methode.md tells others; ``--ecrire`` writes them
there, between its marks.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import click
import pandas as pd

from territoires.needs import Recipe, RecipeItem, compute_index, load_recipe
from territoires.settings import load_settings

PAGE = Path(__file__).parent / "methode.md"
NOTABLE = 0.001
"""Difference above which a country is named."""
_DECIMALS = 3
_ROUNDING = 0.5 * 10.0**-_DECIMALS
_HALF_UNITS = {
    "esperance_vie": 0.05,
    "scolarisation_attendue": 0.05,
    "scolarisation_moyenne": 0.05,
    "rnb_par_habitant": 0.5,
}
"""What the rounding of each indicator in the table of the report may hide, up or down."""
_MARKED = re.compile(r"(<!-- preuve (\w+) -->\n).*?(<!-- fin -->)", re.DOTALL)


def compare(folder: Path, recipe: Recipe | None = None) -> pd.DataFrame:
    """Recompute the index of every country from the rounded figures of the report.

    Parameters
    ----------
    folder : Path
        Holds ``idh_2023.csv`` and ``idh.toml``.
    recipe : Recipe, optional
        Another than ``idh.toml``, to see whether the comparison notices.

    Returns
    -------
    DataFrame
        Index: country (ISO 3166-1 alpha-3). ``pays`` (str); ``publie``, ``recalcule``, ``ecart``
        (recomputed − published); ``bas``, ``haut``: the lowest and the highest index that figures
        rounded so may have had; ``permis`` (bool): whether the published index, itself rounded, is
        between them; ``rang_publie``, ``rang_recalcule`` (int): of indices at three decimals, ties
        sharing the best rank.
    """
    published = _read(folder / "idh_2023.csv")
    recipe = recipe or load_recipe(folder / "idh.toml")
    halves = pd.Series(_HALF_UNITS)
    figures = published[halves.index]
    score = compute_index(figures, recipe).score
    low = compute_index(figures - halves, recipe).score
    high = compute_index(figures + halves, recipe).score
    given = published["idh_publie"]
    return pd.DataFrame({
        "pays": published["pays"],
        "publie": given,
        "recalcule": score,
        "ecart": score - given,
        "bas": low,
        "haut": high,
        "permis": (low <= given + _ROUNDING) & (high >= given - _ROUNDING),
        "rang_publie": published["rang_publie"],
        "rang_recalcule": ranks_of(score.round(_DECIMALS)),
    })  # fmt: skip


def unrounded(folder: Path, recipe: Recipe | None = None) -> pd.DataFrame:
    """Recompute the index of the countries whose unrounded figures were read.

    Parameters
    ----------
    folder, recipe
        As :func:`compare`.

    Returns
    -------
    DataFrame
        Index: country. ``pays`` (str), ``publie`` and ``recalcule`` (float); ``egal`` (bool): the
        same at three decimals.
    """
    table = _read(folder / "idh_2023_non_arrondi.csv")
    score = compute_index(table, recipe or load_recipe(folder / "idh.toml")).score
    given = table["idh_publie"]
    return pd.DataFrame({
        "pays": table["pays"],
        "publie": given,
        "recalcule": score,
        "egal": score.round(_DECIMALS) == given,
    })  # fmt: skip


def ranks_of(scores: pd.Series) -> pd.Series:
    """Rank scores between 0 and 1 by the engine, which gives ties the best rank.

    Returns
    -------
    Series of int
        1 is the highest score.
    """
    whole = Recipe(
        "rang", (RecipeItem("score", bounds=(0.0, 1.0)),), normalisation="bornes", min_coverage=1.0
    )
    return compute_index(scores.to_frame("score"), whole).rank.astype(int)


def altered(recipe: Recipe) -> dict[str, Recipe]:
    """Return the recipe with one mistake each, by what was done wrong, in French."""
    health, education, income = recipe.dimensions
    plain = tuple(replace(item, transformation="aucune") for item in recipe.items)
    inside = replace(education, aggregation="geometrique")
    heavier = replace(health, weight=1.1)
    lower = tuple(
        replace(item, bounds=(25.0, 85.0)) if item.dimension == health.code else item
        for item in recipe.items
    )
    return {
        "le revenu sans logarithme": replace(recipe, items=plain),
        "une moyenne arithmétique entre les dimensions": replace(
            recipe, aggregation="arithmetique"
        ),
        "une moyenne géométrique dans l’éducation": replace(
            recipe, dimensions=(health, inside, income)
        ),
        "le décalage ε ordinaire de nos recettes, 0,01": replace(recipe, geometric_shift=0.01),
        "la santé un dixième plus lourde": replace(recipe, dimensions=(heavier, education, income)),
        "25 ans au lieu de 20 pour borne basse de la vie": replace(recipe, items=lower),
    }


def written(page: str, folder: Path) -> str:
    """Return the page with what stands between its marks as the computation says.

    Raises
    ------
    KeyError
        A mark names nothing that is computed.
    """
    return _MARKED.sub(lambda mark: mark[1] + _PARTS[mark[2]](folder) + mark[3], page)


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, index_col="code_iso", dtype={"code_iso": str, "pays": str})


def _summary(folder: Path) -> str:
    found, precise = compare(folder), unrounded(folder)
    size = found["ecart"].abs()
    same = found["recalcule"].round(_DECIMALS) == found["publie"]
    moved = (found["rang_recalcule"] - found["rang_publie"]).abs()
    lines = [
        ("Pays et territoires comparés", f"{len(found)}"),
        ("Écart moyen, sans son signe", _number(size.mean(), 5)),
        ("Écart moyen, avec son signe", _number(found["ecart"].mean(), 5)),
        ("Plus grand écart", f"{_number(size.max(), 5)} ({found['pays'][size.idxmax()]})"),
        ("Même valeur à trois décimales", f"{same.sum()} sur {len(found)}"),
        ("Écart de plus de 0,001", f"{(size > NOTABLE).sum()}"),
        ("Écarts que les arrondis du tableau n’expliquent pas", f"{(~found['permis']).sum()}"),
        (
            "Rang publié retrouvé depuis l’IDH publié, ex æquo compris",
            f"{(ranks_of(found['publie']) == found['rang_publie']).sum()} sur {len(found)}",
        ),
        ("Même rang depuis l’IDH recalculé", f"{(moved == 0).sum()} sur {len(found)}"),
        ("Plus grand déplacement de rang", f"{moved.max()} places"),
        (
            "Chiffres non arrondis : même valeur à trois décimales",
            f"{precise['egal'].sum()} sur {len(precise)}",
        ),
    ]
    return _markdown(("Ce qui est comparé", "Résultat"), lines)


def _notable(folder: Path) -> str:
    found = compare(folder)
    named = found[found["ecart"].abs() > NOTABLE]
    named = named.sort_values("ecart", key=lambda gap: -gap.abs())
    rows = [
        (
            country["pays"],
            _number(country["publie"], 3),
            _number(country["recalcule"], 5),
            _number(country["ecart"], 5),
            f"{_number(country['bas'], 4)} à {_number(country['haut'], 4)}",
        )
        for _, country in named.iterrows()
    ]
    head = ("Pays", "Publié", "Recalculé", "Écart", "Ce que les arrondis permettent")
    return _markdown(head, rows)


def _moved(folder: Path) -> str:
    found = compare(folder)
    moves = found["rang_recalcule"] - found["rang_publie"]
    far = found[moves.abs() == moves.abs().max()].sort_values("rang_publie")
    rows = [
        (
            country["pays"],
            _number(country["publie"], 3),
            _number(country["recalcule"], 5),
            str(country["rang_publie"]),
            str(country["rang_recalcule"]),
        )
        for _, country in far.iterrows()
    ]
    return _markdown(("Pays", "Publié", "Recalculé", "Rang publié", "Rang recalculé"), rows)


def _precise(folder: Path) -> str:
    rows = [
        (country["pays"], _number(country["publie"], 3), _number(country["recalcule"], 6))
        for _, country in unrounded(folder).iterrows()
    ]
    return _markdown(("Pays", "Publié", "Recalculé des chiffres non arrondis"), rows)


def _mistakes(folder: Path) -> str:
    rows = []
    for mistake, recipe in altered(load_recipe(folder / "idh.toml")).items():
        rounded, precise = compare(folder, recipe), unrounded(folder, recipe)
        rows.append((
            mistake,
            f"{(~rounded['permis']).sum()} sur {len(rounded)}",
            f"{(~precise['egal']).sum()} sur {len(precise)}",
        ))  # fmt: skip
    head = ("Erreur mise exprès", "Vue, chiffres du tableau", "Vue, chiffres non arrondis")
    return _markdown(head, rows)


_PARTS: dict[str, Callable[[Path], str]] = {
    "resume": _summary,
    "ecarts": _notable,
    "rangs": _moved,
    "non_arrondi": _precise,
    "erreurs": _mistakes,
}


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table, its figures to the right."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _number(value: float, decimals: int) -> str:
    """Write a number the French way; a real minus sign, and none before zero."""
    text = f"{value:.{decimals}f}".replace(".", ",")
    return text.replace("-", "−") if text.strip("-0,") else text.lstrip("-")


@click.command(help="Recalcule l’indice de développement humain et compare à ce qui est publié.")
@click.option("--ecrire", is_flag=True, help="Écrire les chiffres dans docs/methode.md.")
def main(ecrire: bool) -> None:
    """Print the comparison; check the page, or write it."""
    folder = load_settings({}).data_dir / "preuves"
    for part in _PARTS.values():
        click.echo(part(folder))
    page = PAGE.read_text("utf-8")
    fresh = written(page, folder)
    if ecrire:
        PAGE.write_text(fresh, encoding="utf-8")
    elif fresh != page:
        click.echo(f"{PAGE.name} ne dit pas ces chiffres : relancez avec --ecrire.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
