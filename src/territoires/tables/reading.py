"""Reads the CSV files that people and producers make: encodings, separators, headings, lines."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from territoires.errors import InvalidTable
from territoires.tables.decoding import UNREADABLE, decode, looks_mojibake
from territoires.tables.findings import Finding
from territoires.tables.system_errors import french_reason

SEPARATORS = (",", ";", "\t", "|")
MAX_COLUMNS = 1_000
MAX_ROWS = 1_000_000
_SAMPLE_ROWS = 50
_LONG_CELL = 100_000
# Python's own limit would refuse a whole file for one long cell; the size of the file bounds it.
csv.field_size_limit(2**31 - 1)
_MAX_FINDINGS = 100
_MOJIBAKE_ROWS = 1_000
_COMMENT = re.compile(r'"?#(\s|"?$)')
_EXCEL_SEPARATOR = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)
_NUMBER = re.compile(r"[\d\s.,+-]+")


@dataclass(frozen=True, eq=False)
class TypedTable:
    """A table as it was typed: every cell is text.

    Attributes
    ----------
    frame : pd.DataFrame
        Values of dtype ``str``, ``""`` for an empty cell, blanks around a cell removed; columns as
        typed (blanks around removed, a repeated heading suffixed ``_2``); RangeIndex.
    encoding : str
        ``utf-8``, ``utf-8-sig``, ``utf-16`` or ``windows-1252``; empty for the sheet of a workbook.
    separator : str
        ``,`` ``;`` tab or ``|``; empty for the sheet of a workbook.
    heading_line : int
        Line of the file that holds the headings, from 1.
    lines : tuple of int
        For each row of ``frame``, the line of the file where it starts (a quoted cell may hold
        several lines).
    findings : tuple of Finding
        What was noticed and survived.
    """

    frame: pd.DataFrame
    encoding: str
    separator: str
    heading_line: int = 1
    lines: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def first_line(self) -> int:
        """Line of the file where the first row of data is, or would be."""
        return self.lines[0] if self.lines else self.heading_line + 1


@dataclass(frozen=True)
class _Record:
    line: int
    cells: list[str]


def read_table_file(path: Path, limit_bytes: int) -> TypedTable:
    """Read a file of the disk with :func:`read_table`.

    Raises
    ------
    InvalidTable
        The file is missing, unreadable, too large, or not a table.
    """
    try:
        if path.stat().st_size > limit_bytes:
            raise InvalidTable(_too_large(path.name, path.stat().st_size, limit_bytes))
        content = path.read_bytes()
    except OSError as error:
        raise InvalidTable(f"{path} : fichier illisible ({french_reason(error)}).") from error
    return read_table(content, path.name, limit_bytes=limit_bytes)


def read_table(content: bytes, name: str, *, limit_bytes: int) -> TypedTable:
    """Read a table from its bytes.

    Parameters
    ----------
    content : bytes
        UTF-8 with or without BOM, UTF-16 with BOM, or Windows-1252; separated by ``,`` ``;`` tab
        or ``|``. Before the headings, lines starting with ``# `` and Excel's ``sep=;`` are skipped.
    name : str
        File name, for the messages.
    limit_bytes : int
        Size above which the file is refused.

    Returns
    -------
    TypedTable
        Empty rows are left out; Excel's ``="00057"`` is read ``00057``.

    Raises
    ------
    InvalidTable
        Too large, empty, binary, of unknown encoding, without headings, with an unclosed quotation
        mark, too many rows or columns. The message is French and says what to do.
    """
    if len(content) > limit_bytes:
        raise InvalidTable(_too_large(name, len(content), limit_bytes))
    if not content.strip():
        raise InvalidTable(f"{name} est vide.")
    text, encoding = decode(content, name)
    offset, body, separator = _skip_preamble(text)
    separator = separator or _guess_separator(body)
    records = _parse(body, separator, offset, name)
    return _build(records, encoding, separator, name)


def table_of_rows(rows: Sequence[Sequence[str]], name: str) -> TypedTable:
    """Make a table of rows already cut into cells: the sheet of a workbook.

    Parameters
    ----------
    rows : sequence of sequence of str
        From the first row of the sheet; the first one that is not empty holds the headings.
    name : str
        File name, for the messages.

    Returns
    -------
    TypedTable
        As :func:`read_table`; the lines are those of the sheet.

    Raises
    ------
    InvalidTable
        Without headings, too many rows or columns.
    """
    records = [
        _Record(line, cells)
        for line, row in enumerate(rows, start=1)
        if any(cells := [_clean(cell) for cell in row])
    ]
    if len(records) > MAX_ROWS:
        raise InvalidTable(f"{name} a plus de {MAX_ROWS} lignes : découpez-le.")
    return _build(records, "", "", name)


def _too_large(name: str, size: int, limit: int) -> str:
    # Rounded up: a file just above the limit must not read as equal to it.
    megabytes = f"{-(-size // 100_000) / 10:.1f}".replace(".", ",")
    allowed = f"{limit / 1_000_000:g}".replace(".", ",")
    return (
        f"{name} pèse {megabytes} Mo ; la limite est de {allowed} Mo. "
        "Gardez les colonnes utiles, ou découpez le fichier."
    )


def _skip_preamble(text: str) -> tuple[int, str, str | None]:
    """Leave out blank lines, ``# `` lines and ``sep=``; return (lines skipped, rest, separator)."""
    stream = io.StringIO(text, newline="")
    skipped, start, separator = 0, 0, None
    for line in stream:
        declared = _EXCEL_SEPARATOR.match(line)
        if declared and declared[1] in SEPARATORS:
            separator = declared[1]
        elif line.strip() and not _COMMENT.match(line):
            break
        skipped += 1
        start += len(line)
    return skipped, text[start:], separator


def _guess_separator(body: str) -> str:
    """Choose the separator that cuts the heading and the first rows into the same columns."""
    return max(SEPARATORS, key=lambda separator: _regularity(body, separator))


def _regularity(body: str, separator: str) -> tuple[bool, float, int]:
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator)
    try:
        widths = [
            len(cells) for cells, _ in zip(reader, range(_SAMPLE_ROWS), strict=False) if cells
        ]
    except csv.Error:
        return (False, 0.0, 0)
    if not widths:
        return (False, 0.0, 0)
    same = sum(width == widths[0] for width in widths) / len(widths)
    return (widths[0] > 1, round(same, 1), widths[0])


def _parse(body: str, separator: str, offset: int, name: str) -> list[_Record]:
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator)
    records: list[_Record] = []
    line = offset + 1
    try:
        for cells in reader:
            cleaned = [_clean(cell) for cell in cells]
            if any(cleaned):
                records.append(_Record(line, cleaned))
            line = offset + reader.line_num + 1
            if len(records) > MAX_ROWS:
                raise InvalidTable(f"{name} a plus de {MAX_ROWS} lignes : découpez-le.")
    except csv.Error as error:
        message = (
            f"{name}, ligne {line} : ligne illisible, un guillemet n'est sans doute pas fermé."
        )
        raise InvalidTable(message) from error
    _refuse_unclosed_quote(body, separator, records, offset, name)
    return records


def _clean(cell: str) -> str:
    stripped = cell.strip()
    if stripped.startswith('="') and stripped.endswith('"') and len(stripped) > 2:
        return stripped[2:-1].replace('""', '"').strip()
    return stripped


def _refuse_unclosed_quote(
    body: str, separator: str, records: Sequence[_Record], offset: int, name: str
) -> None:
    """Refuse a last record that ran to the end of the file in search of its quotation mark."""
    if not records:
        return
    last = records[-1].line - offset - 1
    tail = list(io.StringIO(body, newline=""))[last:]
    try:
        list(csv.reader(tail, delimiter=separator, strict=True))
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            message = (
                f"{name}, ligne {records[-1].line} : un guillemet ouvert n'est jamais refermé."
            )
            raise InvalidTable(message) from error


def _build(records: list[_Record], encoding: str, separator: str, name: str) -> TypedTable:
    if not records:
        raise InvalidTable(f"{name} ne contient aucune ligne d'intitulés.")
    heading, rows = records[0], records[1:]
    typed = _typed_headings(records, name)
    columns, findings = _headings(typed, heading.line)
    width = len(columns)
    findings += _ragged(rows, width) + _odd_cells(rows)
    cells = [(row.cells + [""] * (width - len(row.cells)))[:width] for row in rows]
    frame = pd.DataFrame(
        {column: [row[position] for row in cells] for position, column in enumerate(columns)},
        dtype="str",
    )
    if any(looks_mojibake(cell) for row in [typed, *cells[:_MOJIBAKE_ROWS]] for cell in row):
        findings.append(_mojibake())
    lines = tuple(row.line for row in rows)
    return TypedTable(frame, encoding, separator, heading.line, lines, tuple(findings))


def _typed_headings(records: Sequence[_Record], name: str) -> list[str]:
    """Return the headings as typed, without the empty columns on the right."""
    heading = records[0]
    typed = heading.cells[: max(_used_width(record.cells) for record in records)]
    if len(typed) > MAX_COLUMNS:
        raise InvalidTable(f"{name} a plus de {MAX_COLUMNS} colonnes.")
    if all(_NUMBER.fullmatch(cell) for cell in typed if cell):
        message = (
            f"{name} n'a pas de ligne d'intitulés : la ligne {heading.line} ne contient que des "
            "nombres. Ajoutez une première ligne qui nomme les colonnes."
        )
        raise InvalidTable(message)
    return typed


def _used_width(cells: Sequence[str]) -> int:
    width = len(cells)
    while width and not cells[width - 1]:
        width -= 1
    return width


def _headings(typed: Sequence[str], line: int) -> tuple[list[str], list[Finding]]:
    """Make the headings unique and not empty."""
    seen: Counter[str] = Counter()
    taken = set(typed)
    columns: list[str] = []
    findings: list[Finding] = []
    for position, given in enumerate(typed, start=1):
        column = given or f"colonne_{position}"
        if not given:
            message = f"La colonne {position} n'a pas d'intitulé : elle est lue « {column} »."
            findings.append(Finding("avertissement", line, None, None, message))
        seen[column] += 1
        if seen[column] > 1:
            first = column
            column = _free_name(first, taken | set(columns))
            message = f"L'intitulé « {first} » est répété : cette colonne est lue « {column} »."
            findings.append(Finding("avertissement", line, first, None, message))
        columns.append(column)
    return columns, findings


def _free_name(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def _ragged(rows: Sequence[_Record], width: int) -> list[Finding]:
    findings = [
        _ragged_finding(row, width)
        for row in rows
        if len(row.cells) < width or any(row.cells[width:])
    ]
    if len(findings) > _MAX_FINDINGS:
        rest = f"{len(findings) - _MAX_FINDINGS} autres lignes n'ont pas {width} cellules."
        findings[_MAX_FINDINGS:] = [Finding("avertissement", None, None, None, rest)]
    return findings


def _odd_cells(rows: Sequence[_Record]) -> list[Finding]:
    """Say the rows that hold a lost character, or a cell longer than anybody types."""
    findings = []
    for row in rows:
        longest = max(map(len, row.cells))
        if longest > _LONG_CELL:
            message = f"Une cellule a {longest} caractères : est-ce bien un texte ?"
            findings.append(Finding("avertissement", row.line, None, None, message))
        if any(UNREADABLE in cell for cell in row.cells):
            message = "Un caractère est illisible (octet nul, ou perdu) : corrigez la cellule."
            findings.append(Finding("avertissement", row.line, None, None, message))
    if len(findings) > _MAX_FINDINGS:
        rest = f"{len(findings) - _MAX_FINDINGS} autres lignes ont une cellule de ce genre."
        findings[_MAX_FINDINGS:] = [Finding("avertissement", None, None, None, rest)]
    return findings


def _ragged_finding(row: _Record, width: int) -> Finding:
    count = f"{len(row.cells)} cellule{'s' if len(row.cells) > 1 else ''}"
    if len(row.cells) < width:
        message = f"La ligne a {count} pour {width} colonnes : les dernières sont vides."
        return Finding("avertissement", row.line, None, None, message)
    message = (
        f"La ligne a {count} pour {width} colonnes : celles en trop sont ignorées. "
        "Un texte qui contient le séparateur doit être entre guillemets."
    )
    return Finding("avertissement", row.line, None, " | ".join(row.cells[width:]), message)


def _mojibake() -> Finding:
    message = (
        "Des accents semblent mal enregistrés (« Ã© » pour « é ») : "
        "exportez de nouveau le fichier en UTF-8."
    )
    return Finding("avertissement", None, None, None, message)
