"""A recipe and a table that someone typed: what is read of it, and what comes back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from territoires.needs.imputation import NO_IMPUTATION
from territoires.needs.index import SCORE_DECIMALS, NeedIndex
from territoires.needs.recipe import Recipe
from territoires.needs.robustness import Robustness
from territoires.needs.scaling import TRANSFORMATIONS
from territoires.tables.findings import Finding
from territoires.tables.keyed import KeyedNumbers, read_keyed_numbers
from territoires.tables.reading import TypedTable

CONTRIBUTION = "c_"
FILLED = "remplis"
MEASURES = ("score", "rang", "rang_min", "rang_max", "couverture", "classe")


def read_values(table: TypedTable, key: str, recipe: Recipe) -> KeyedNumbers:
    """Read from a table what a recipe needs.

    Parameters
    ----------
    table : TypedTable
        As typed; has the key and every indicator of the recipe.
    key : str
        Column of the key.
    recipe : Recipe
        Its codes are columns of the table.

    Returns
    -------
    KeyedNumbers
        With an error as well for each figure that has no image by its transformation.
    """
    read = read_keyed_numbers(table, key, recipe.codes)
    findings = list(read.findings)
    # Under a rule, figures meet thresholds in their own unit: nothing is transformed.
    for item in () if recipe.is_rule else recipe.items:
        if TRANSFORMATIONS[item.transformation].positive_only:
            refused = np.flatnonzero(read.frame[item.code].to_numpy() <= 0)
            typed = table.frame[item.code]
            problem = f"la transformation {item.transformation} veut des valeurs positives."
            findings += [
                Finding("erreur", int(read.lines[at]), item.code, str(typed.iloc[at]), problem)
                for at in refused
            ]
    return replace(read, findings=tuple(sorted(findings, key=lambda one: one.line or 0)))


def result_columns(key: str, recipe: Recipe) -> tuple[str, ...]:
    """Return the columns of :func:`result_table`, in order."""
    filled = () if recipe.imputation == NO_IMPUTATION else (FILLED,)
    return (key, *MEASURES, *(f"{CONTRIBUTION}{code}" for code in recipe.codes), *filled)


def result_table(index: NeedIndex, key: str, robustness: Robustness | None = None) -> pd.DataFrame:
    """Lay out an index, one row per place in the order of the index.

    Parameters
    ----------
    index : NeedIndex
        Of either mode.
    key : str
        Name of the column of the keys.
    robustness : Robustness, optional
        Of the same index; without it the intervals of ranks are empty.

    Returns
    -------
    DataFrame
        RangeIndex; key (text), ``score`` (0 to 1, unbounded under ``z``), ``rang, rang_min,
        rang_max`` (Int64), ``couverture`` (0 to 1), ``classe`` (French), one ``c_<code>`` by
        indicator of the recipe: contributions, which add up to the score. Missing where it is. When
        the recipe fills what is missing, a last column, ``remplis``: codes joined by ``;``.
    """
    empty = pd.Series(pd.NA, index=index.rank.index, dtype="Int64")
    contributions = index.contributions.round(SCORE_DECIMALS)
    columns = (
        index.score.index.to_numpy(dtype=object),
        # Scores that are tied are written alike.
        index.score.round(SCORE_DECIMALS).to_numpy(),
        index.rank.array,
        (robustness.best if robustness else empty).array,
        (robustness.worst if robustness else empty).array,
        index.coverage.to_numpy(),
        index.classes.to_numpy(),
        *(contributions[code].to_numpy() for code in index.recipe.codes),
    )
    names = result_columns(key, index.recipe)
    if FILLED in names:
        columns = (*columns, index.filled.to_numpy())
    return pd.DataFrame(dict(zip(names, columns, strict=True)))
