"""How a score is made, written from the recipe itself: on screen and in exports, the same words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from territoires.indicators import IndicatorTable, format_number, format_share
from territoires.needs.imputation import IMPUTATIONS, NO_IMPUTATION
from territoires.needs.index import NeedIndex
from territoires.needs.of_table import wider_codes
from territoires.needs.recipe import Recipe
from territoires.needs.recipe_parts import Dimension
from territoires.needs.story_items import ItemTeller, trimmed
from territoires.territory.levels import AMONG, LEVEL_NAMES

_SPACES = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")  # not those that keep « 12 % » together
_SCALES = {
    "rang": "Chaque indicateur est remplacé par la place de chaque territoire : (nombre de "
    "territoires de besoin plus faible + la moitié des ex æquo) / (nombre de territoires connus "
    "− 1). 0 est le plus faible besoin, 1 le plus grand.",
    "min_max": "Chaque indicateur est ramené entre 0 et 1 : (valeur − plus petite valeur observée) "
    "/ (plus grande − plus petite), retourné quand le besoin est du côté des valeurs basses.",
    "bornes": "Chaque indicateur est ramené entre 0 et 1 : (valeur − borne basse) / (borne haute − "
    "borne basse) ; au-delà des bornes, 0 ou 1 ; retourné quand le besoin est du côté des valeurs "
    "basses. Les bornes ne changent pas d’une année à l’autre.",
    "z": "Chaque indicateur devient un écart à la moyenne : (valeur − moyenne) / écart-type, de "
    "signe contraire quand le besoin est du côté des valeurs basses. Le score n’est pas borné.",
}
_MEANS = {
    "arithmetique": "moyenne arithmétique (Σ poids × valeur / Σ poids) : un fort besoin quelque "
    "part compense un faible besoin ailleurs",
    "geometrique": "moyenne géométrique : il faut des besoins partout à la fois, un faible besoin "
    "pèse plus qu’en moyenne",
}


@dataclass(frozen=True)
class Section:
    """A titled part of a story, one paragraph a sentence or two."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """How a score is made, in French, plain text.

    Attributes
    ----------
    sections : tuple of Section
        In reading order.
    """

    sections: tuple[Section, ...]

    def lines(self) -> tuple[str, ...]:
        """Return one line a paragraph, its title first, without line breaks: for exports."""
        return tuple(
            _SPACES.sub(" ", f"{section.title} : {paragraph}").strip()
            for section in self.sections
            for paragraph in section.paragraphs
        )


@dataclass(frozen=True)
class Scene:
    """What was compared, for a story.

    Attributes
    ----------
    level : str
        ``commune``, ``epci`` or ``departement``.
    where : str
        The universe, in French: ``France``, ``Occitanie``.
    data_version : str
        Version of the data.
    """

    level: str
    where: str
    data_version: str = ""


def tell(index: NeedIndex, recipe: Recipe, table: IndicatorTable, scene: Scene) -> Story:
    """Write how an index is made.

    Parameters
    ----------
    index : NeedIndex
        As ``index_of`` computes it.
    recipe : Recipe
        As the person wrote it: what does not apply to these places is said.
    table : IndicatorTable
        Its catalogue names and sources the indicators.
    scene : Scene
        Who was compared.
    """
    left_out = () if recipe.wider_values else wider_codes(recipe, table)
    teller = ItemTeller(index.recipe, table.catalogue)
    indicators = Section(
        "Indicateurs", tuple(teller.paragraph(item) for item in index.recipe.items)
    )
    sections = [
        Section("Ce que l’indice mesure", _purpose(recipe)),
        Section("Qui est comparé", _compared(index, scene)),
        indicators,
        *(_rule(index.recipe) if recipe.is_rule else _score(index.recipe)),
        Section("Ce qui manque", _missing(index, recipe, table, left_out)),
        Section("Sources et date", _sources(recipe, scene)),
    ]
    return Story(tuple(section for section in sections if section.paragraphs))


def _purpose(recipe: Recipe) -> tuple[str, ...]:
    axis = f"Axe {recipe.axis} du réseau." if recipe.axis else ""
    texts = (f"« {recipe.name} ».", recipe.description, recipe.rationale, axis)
    return tuple(text for text in texts if text)


def _compared(index: NeedIndex, scene: Scene) -> tuple[str, ...]:
    one, several = LEVEL_NAMES[scene.level], AMONG[scene.level]
    total, ranked = len(index.rank), index.count
    noun = several if total > 1 else one
    where = "de France" if scene.where == "France" else f"({scene.where})"
    word = "classée" if scene.level == "commune" else "classé"
    first = (
        f"{format_number(total)} {noun} {where}, dont {_counted(ranked, word)} "
        f"et {_counted(total - ranked, f'non {word}')}."
    )
    relative = "" if index.recipe.normalisation == "bornes" and not index.recipe.is_rule else (
        "Les rangs et les scores dépendent de cet ensemble : comparer ailleurs les change."
    )  # fmt: skip
    groups = "" if scene.level == "commune" else (
        "Les taux sont la somme des numérateurs divisée par la somme des dénominateurs de leurs "
        "communes ; quand seul un taux existe, sa moyenne est pondérée par la population ; une "
        "médiane ne se combine pas."
    )  # fmt: skip
    return tuple(text for text in (first, relative, groups) if text)


def _counted(count: int, word: str) -> str:
    return f"{format_number(count)} {word}{'s' if count > 1 else ''}"


def _score(recipe: Recipe) -> list[Section]:
    return [
        Section("Mise à la même échelle", (_SCALES[recipe.normalisation],)),
        Section("Poids et moyenne", _weighing(recipe)),
        Section(
            "Classement",
            (
                "Le score est montré de 0 à 100. Le rang 1 est le plus grand besoin ; des scores "
                "égaux ont le même rang.",
            ),
        ),
    ]


def _weighing(recipe: Recipe) -> tuple[str, ...]:
    mean = _MEANS[recipe.aggregation]
    shift = "" if recipe.is_arithmetic else (
        f" Décalage de {trimmed(recipe.geometric_shift)}, pour qu’un indicateur à 0 n’efface pas "
        "tous les autres."
    )  # fmt: skip
    if not recipe.dimensions:
        return (f"Un seul niveau : {mean}.{shift}",)
    parts = [
        f"{block.dimension.label} ({format_share(block.share)} du score{_own(block.dimension)})"
        for block in recipe.blocks
    ]
    return (
        f"Deux niveaux : les indicateurs d’une dimension d’abord, les dimensions ensuite ; {mean}."
        f"{shift}",
        f"Dimensions : {' ; '.join(parts)}.",
    )


def _own(dimension: Dimension) -> str:
    return f", par {_MEANS[dimension.aggregation]}" if dimension.aggregation else ""


def _rule(recipe: Recipe) -> list[Section]:
    counted = sum(item.weight > 0 for item in recipe.items)
    return [
        Section(
            "Règle",
            (
                f"Un territoire est retenu quand au moins {recipe.at_least} "
                f"critère{'s' if recipe.at_least > 1 else ''} sur {counted} "
                f"{'sont remplis' if recipe.at_least > 1 else 'est rempli'}. "
                "Les poids ne comptent pas.",
                "Le score est la part des critères remplis ; le rang 1 en remplit le plus. Quand "
                "ce qui manque pourrait changer la réponse, le territoire est « indéterminé » et "
                "n’est pas classé.",
            ),
        )
    ]


def _missing(
    index: NeedIndex, recipe: Recipe, table: IndicatorTable, left_out: Sequence[str]
) -> tuple[str, ...]:
    texts = []
    if not recipe.is_rule:
        texts.append(
            "Une valeur manquante n’est jamais un zéro : elle est retirée de la moyenne, ce qui "
            "revient à lui donner la moyenne de ce qui est connu. La part du poids connue est "
            f"montrée ; sous {format_share(recipe.min_coverage)}, le territoire n’est pas classé."
        )
    imputation = index.recipe.imputation
    if imputation != NO_IMPUTATION:
        filled = format_number(float(index.imputed.to_numpy().sum()))
        texts.append(f"{IMPUTATIONS[imputation].description} Valeurs remplies ici : {filled}.")
    elif recipe.imputation != NO_IMPUTATION:
        texts.append("La recette remplit ce qui manque, mais entre communes seulement : rien ici.")
    wider = [table.catalogue[code].label for code in wider_codes(index.recipe, table)]
    if wider:
        texts.append(
            f"Chiffres d’un territoire plus large, les mêmes pour toutes ses communes : "
            f"{', '.join(wider)}. Ils n’ordonnent pas les communes d’un même territoire."
        )
    if left_out:
        labels = ", ".join(table.catalogue[code].label for code in left_out)
        texts.append(f"Chiffres départementaux ou de zone d’emploi laissés de côté : {labels}.")
    return tuple(texts)


def _sources(recipe: Recipe, scene: Scene) -> tuple[str, ...]:
    dated = f"Recette du {_french_date(recipe.date)}." if recipe.date else ""
    data = f"Données {scene.data_version}." if scene.data_version else ""
    return tuple(text for text in (*recipe.sources, dated, data) if text)


def _french_date(text: str) -> str:
    """Write an ISO date the French way; a recipe may say its date in other words."""
    try:
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    except ValueError:
        return text
