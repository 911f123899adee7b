"""The list of places that a person gives: CSV, workbook or GeoJSON, whole or piece by piece."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, NamedTuple

from territoires.cli.context import read_user_table
from territoires.errors import InvalidTable
from territoires.settings import load_settings
from territoires.sources.workbook import EXTENSIONS, read_workbook
from territoires.tables.reading import TypedTable, read_table
from territoires.tables.system_errors import french_reason

_FEATURES = frozenset({".geojson", ".json"})
_PIECE_BYTES = 8_000_000  # of a large CSV: some 100,000 rows at a time
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Piece(NamedTuple):
    """Rows of a file that follow one another, and how much of the file is read with them."""

    table: TypedTable
    share: float


def read_places(path: str) -> TypedTable:
    """Read a whole list: CSV, first sheet of an XLSX or ODS, GeoJSON.

    Raises
    ------
    InvalidTable
        No such file, too large, or not a table.
    UnexpectedFormat
        A workbook that cannot be opened.
    """
    file, limit = Path(path), load_settings(os.environ).upload_limit_bytes
    if not file.is_file() or file.suffix.lower() not in EXTENSIONS | _FEATURES:
        return read_user_table(path)
    if file.suffix.lower() in EXTENSIONS:
        return read_workbook(file, limit)
    # Shapely, which a CSV does not need here.
    from territoires.geocoding.feature_file import read_features

    return read_features(_bytes_of(file, limit + 1), file.name, limit_bytes=limit)


def read_pieces(path: str, piece_bytes: int = _PIECE_BYTES) -> Iterator[Piece]:
    """Read a list, a large CSV piece by piece: memory does not grow with the file.

    Parameters
    ----------
    path : str
        As for :func:`read_places`; a CSV above the size of an upload is cut between two rows.
    piece_bytes : int
        Size of a piece.

    Yields
    ------
    Piece
        At least one. All have the columns of the first, in its order.

    Raises
    ------
    InvalidTable, UnexpectedFormat
        As :func:`read_places`.
    """
    file = Path(path)
    small = not file.is_file() or file.stat().st_size <= piece_bytes
    if small or file.suffix.lower() in EXTENSIONS | _FEATURES or _is_utf_16(file):
        yield Piece(read_places(path), 1.0)
        return
    total, done, columns = file.stat().st_size, 0, None
    for head, body, line in _cut(file, piece_bytes):
        limit = len(head) + len(body)
        table = _moved(read_table(head + body, file.name, limit_bytes=limit), line)
        if columns is None:
            columns = list(table.frame.columns)
        done += len(body)
        frame = table.frame.reindex(columns=columns, fill_value="")
        yield Piece(replace(table, frame=frame), min(1.0, (done + len(head)) / total))


def _cut(file: Path, piece_bytes: int) -> Iterator[tuple[bytes, bytes, int]]:
    """Cut a CSV between two rows; yield the headings, the rows, and how many lines were skipped."""
    try:
        with file.open("rb") as stream:
            head = _heading(stream)
            skipped, lines, rows = 0, 0, bytearray()
            quoted = False
            for line in stream:
                rows += line
                lines += 1
                quoted ^= line.count(b'"') % 2 == 1
                if len(rows) >= piece_bytes and not quoted:
                    yield head, bytes(rows), skipped
                    skipped, lines, rows = skipped + lines, 0, bytearray()
            if rows or not skipped:
                yield head, bytes(rows), skipped
    except OSError as error:
        raise InvalidTable(f"{file} : fichier illisible ({french_reason(error)}).") from error


def _heading(stream: IO[bytes]) -> bytes:
    """Read up to the end of the headings: comments and Excel's ``sep=`` stand before them."""
    head, quoted = b"", False
    for line in stream:
        head += line
        quoted ^= line.count(b'"') % 2 == 1
        bare = line.removeprefix(b"\xef\xbb\xbf").strip().lstrip(b'"').lower()
        if bare and not quoted and not bare.startswith((b"# ", b"sep=")):
            break
    return head


def _moved(table: TypedTable, skipped: int) -> TypedTable:
    """Give lines the numbers that they have in the whole file."""
    if not skipped:
        return table
    findings = tuple(
        finding
        if finding.line is None or finding.line <= table.heading_line
        else replace(finding, line=finding.line + skipped)
        for finding in table.findings
        if finding.line is None or finding.line > table.heading_line
    )
    lines = tuple(line + skipped for line in table.lines)
    return replace(table, lines=lines, findings=findings)


def _is_utf_16(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(2) in _UTF_16


def _bytes_of(file: Path, at_most: int) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(at_most)
    except OSError as error:
        raise InvalidTable(f"{file} : fichier illisible ({french_reason(error)}).") from error
