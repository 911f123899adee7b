"""Numbers the way people type them, and the marks they leave where there is none."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.tables.findings import Finding

FloatArray = npt.NDArray[np.float64]

ABSENCE_MARKS = frozenset({
    "", "-", "\u2212", "–", "—", "/", "//", "///", ".", "..", "...", "…",
    "s", "secret", "c", "confidentiel", "nd", "n.d.", "n.d", "non disponible", "nc", "n.c.", "n.c",
    "ns", "n.s.", "n.s", "nr", "n.r.", "na", "n.a.", "n/a", "#n/a", "<na>", "nan", "null", "none",
})  # fmt: skip
"""Cells that stand for a figure that is not given, in lower case: INSEE's signs, and habits."""

_SPACE = "[ \u00a0\u2009\u202f]"
_BARE = r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?"
_NUMBER = re.compile(
    rf"[+\-\u2212]?(?:(?:[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+|[0-9]+)(?:[.,][0-9]*)?|[.,][0-9]+)"
    rf"(?:[eE][+-]?[0-9]+)?(?:{_SPACE}?%)?"
)
_BESIDE_DIGITS = re.compile(f"{_SPACE}|%")
_INFINITE = re.compile(r"[+\-\u2212]?(?:inf|infinity|infini|∞)", re.IGNORECASE)
_NO_NUMBER = (
    "ni un nombre, ni une marque d'absence (cellule vide, nd, s, secret, NA, -, …). "
    "Corrigez la cellule, ou videz-la."
)
_TOO_LARGE = "valeur infinie, ou trop grande pour un nombre. Corrigez la cellule, ou videz-la."
_MIXED_UNITS = (
    "nombre sans « % » dans une colonne qui en porte : 0,12 et 12 % ne se devinent pas. "
    "Écrivez toute la colonne de la même façon."
)


def read_numbers(
    column: pd.Series, lines: npt.NDArray[np.intp]
) -> tuple[FloatArray, list[Finding]]:
    """Read a column of typed cells.

    Parameters
    ----------
    column : Series of str
        Named; decimal point or comma, spaces between thousands, ``12 %`` read 12 where every number
        of the column says ``%``.
    lines : array of int, (cells,)
        Line of the file of each cell, for the findings.

    Returns
    -------
    array of float, list of Finding
        NaN where the cell is a mark of absence or is refused; one error by cell refused: neither a
        number nor a mark, infinite, or of another unit than its column.
    """
    values, percent, problems = _read_cells(column)
    problems[np.isinf(values)] = _TOO_LARGE
    if percent.any():
        problems[np.isfinite(values) & ~percent] = _MIXED_UNITS
    refused = problems != ""
    values[refused] = np.nan
    return values, [
        Finding("erreur", int(lines[at]), str(column.name), str(column.iloc[at]), problems[at])
        for at in np.flatnonzero(refused)
    ]


def _read_cells(
    column: pd.Series,
) -> tuple[FloatArray, npt.NDArray[np.bool_], npt.NDArray[np.object_]]:
    """Return the number of each cell, whether it says ``%``, and what is wrong with it."""
    values = np.full(len(column), np.nan)
    percent = np.zeros(len(column), dtype=bool)
    problems = np.full(len(column), "", dtype=object)
    dotted = column.str.replace(",", ".", regex=False)
    bare = dotted.str.fullmatch(_BARE).to_numpy(dtype=bool)
    values[bare] = dotted[bare].to_numpy(dtype=float)
    # Nearly all cells are bare numbers; the others are few texts, repeated.
    which, texts = pd.factorize(column[~bare])
    if len(texts):
        cells = [_cell(str(text)) for text in texts]
        values[~bare] = np.array([cell.value for cell in cells])[which]
        percent[~bare] = np.array([cell.percent for cell in cells])[which]
        problems[~bare] = np.array([cell.problem for cell in cells], dtype=object)[which]
    return values, percent, problems


class _Cell(NamedTuple):
    value: float
    percent: bool = False
    problem: str = ""


def _cell(text: str) -> _Cell:
    if text.lower() in ABSENCE_MARKS:
        return _Cell(math.nan)
    if _NUMBER.fullmatch(text):
        bare = _BESIDE_DIGITS.sub("", text).replace(",", ".").replace("\u2212", "-")
        return _Cell(float(bare), percent=text.endswith("%"))
    if _INFINITE.fullmatch(text):
        return _Cell(math.inf)
    return _Cell(math.nan, problem=_NO_NUMBER)
