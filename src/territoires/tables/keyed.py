"""Any table whose rows answer to a key: its columns asked for by name, its numbers by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from territoires.tables.findings import Finding
from territoires.tables.numbers import read_numbers
from territoires.tables.reading import TypedTable
from territoires.tables.text import plain

_LIKENESS_OF_A_SLIP = 60.0


@dataclass(frozen=True, eq=False)
class KeyedNumbers:
    """Numbers of a table, by key.

    Attributes
    ----------
    frame : DataFrame of float
        Index: the key as it was typed, text, under the name of its column; the columns asked for;
        NaN where there is no figure. Row order kept.
    lines : array of int, (rows,)
        Line of the file of each row.
    findings : tuple of Finding
        Errors, by line: a key that is empty or given twice, a cell that is no number. With one of
        them the frame is not to be used.
    """

    frame: pd.DataFrame
    lines: np.ndarray
    findings: tuple[Finding, ...] = ()


def read_keyed_numbers(table: TypedTable, key: str, columns: Sequence[str]) -> KeyedNumbers:
    """Read some columns of a table as numbers, and one as the key of its rows.

    Parameters
    ----------
    table : TypedTable
        As typed.
    key : str
        Column of the key; never read as a number: ``01004`` stays.
    columns : sequence of str
        Columns of figures. Like the key, they are in the table.
    """
    lines = np.array(table.lines, dtype=np.intp)
    findings = _key_findings(table.frame[key], lines)
    figures = {}
    for column in dict.fromkeys(columns):
        figures[column], refused = read_numbers(table.frame[column], lines)
        findings += refused
    index = pd.Index(table.frame[key].tolist(), dtype="str", name=key)
    ordered = sorted(findings, key=lambda finding: finding.line or 0)
    return KeyedNumbers(pd.DataFrame(figures, index=index), lines, tuple(ordered))


def nearest_column(wanted: str, columns: Sequence[str]) -> str | None:
    """Return the column whose name is most like one that is not there; none when none is."""
    names = [plain(column) for column in columns]
    # A slip of the finger first, then a name that has one word too many or too few.
    for likeness in (fuzz.ratio, fuzz.token_set_ratio):
        found = process.extractOne(
            plain(wanted), names, scorer=likeness, score_cutoff=_LIKENESS_OF_A_SLIP
        )
        if found:
            return columns[found[2]]
    return None


def _key_findings(keys: pd.Series, lines: np.ndarray) -> list[Finding]:
    field = str(keys.name)
    empty = (keys == "").to_numpy(dtype=bool)
    findings = [
        Finding("erreur", int(line), field, None, "clé vide : chaque ligne a besoin de la sienne.")
        for line in lines[empty]
    ]
    twice = keys.duplicated().to_numpy() & ~empty
    first = dict(zip(keys[::-1], lines[::-1], strict=True)) if twice.any() else {}
    for line, value in zip(lines[twice], keys[twice], strict=True):
        message = f"clé déjà donnée à la ligne {first[value]} : une seule ligne par clé."
        findings.append(Finding("erreur", int(line), field, str(value), message))
    return findings
