"""What ``territoires indice`` says of its result, on the error output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from territoires.indicators import format_number, format_share
from territoires.needs import UNRANKED, NeedIndex


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
