"""What ``territoires indice`` says of its result, on the error output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from territoires.indicators import IndicatorTable, format_number, format_share
from territoires.needs import UNRANKED, NeedIndex, Recipe


def remarks(values: pd.DataFrame, index: NeedIndex) -> Iterator[str]:
    """Say of each indicator what is missing, filled, or the same everywhere.

    Parameters
    ----------
    values : DataFrame of float
        Those that the index was computed on.
    index : NeedIndex
        The result.
    """
    for code in index.recipe.codes:
        known = values[code].dropna()
        told = []
        if len(known) < len(values):
            told.append(counted(len(values) - len(known), "valeur manquante", "valeurs manquantes"))
        if filled := int(index.imputed[code].sum()):
            told.append(
                f"{counted(filled, 'remplie', 'remplies')} par la médiane des lignes semblables"
            )
        if known.empty:
            told.append("aucune valeur, cet indicateur ne compte pour personne")
        elif known.min() == known.max():
            told.append("partout la même valeur, cet indicateur ne départage personne")
        if told:
            yield f"{code} : {' ; '.join(told)}."


def wider_lines(table: IndicatorTable, level: str, asked: Recipe, used: Recipe) -> Iterator[str]:
    """Say which figures are those of a wider place, and which ones the recipe left out for that.

    Parameters
    ----------
    table : IndicatorTable
        The figures in use.
    level : str
        Of its places: a commune carries the figure of its département as it is.
    asked, used : Recipe
        As written, and as computed.
    """
    if level == "commune":
        for code in used.codes:
            one = table.indicator(code)
            if one.is_wider:
                yield f"{code} : chiffre {one.of_place}, le même pour toutes ses communes."
    left_out = [code for code in asked.codes if code not in used.codes]
    if left_out:
        yield f"Laissés de côté par la recette (valeurs_departementales) : {', '.join(left_out)}."


def weights_line(index: NeedIndex) -> str:
    """Write the effective weight of each indicator."""
    recipe = index.recipe
    shares = zip(recipe.codes, recipe.weights, strict=True)
    return f"Poids effectifs : {', '.join(f'{code} {format_share(w, 1)}' for code, w in shares)}."


def summary(index: NeedIndex) -> str:
    """Count the rows by what became of them."""
    rows = counted(len(index.score), "ligne", "lignes")
    if index.recipe.is_rule:
        verdicts = Counter(index.classes)
        told = ", ".join(f"{format_number(n)} {word}" for word, n in sorted(verdicts.items()))
        return f"{rows} : {told}."
    unranked = len(index.score) - index.count
    told = counted(index.count, "classée", "classées")
    if unranked:
        least = format_share(index.recipe.min_coverage)
        told += f", {format_number(unranked)} « {UNRANKED} » (moins de {least} du poids connu)"
    return f"{rows} : {told}."


def counted(count: int, singular: str, several: str) -> str:
    """Write a count and its noun, French plural (0 and 1 are singular)."""
    return f"{format_number(count)} {several if count >= 2 else singular}"
