"""The heading of a table: where it is, how its names read, and which ones are missing."""

from __future__ import annotations

import codecs
import csv
import difflib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from territoires.sources.declaration import Layout
from territoires.sources.opening.refusing import refuse

HEADING_SEARCHED_IN = 12
_SEPARATORS = ";,\t|"
_CHUNK = 1 << 20


def encoding_of(path: Path) -> str:
    """Return ``utf-8``, or ``windows-1252`` for a file that is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def separator_of(path: Path, encoding: str, layout: Layout) -> str:
    """Return the character that cuts the heading into the most columns."""
    heading = heading_line(path, encoding, layout)
    return max(_SEPARATORS, key=lambda mark: len(next(csv.reader([heading], delimiter=mark))))


def heading_line(path: Path, encoding: str, layout: Layout) -> str:
    """Return the line of the column names."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        for _ in range(layout.heading_row - 1):
            file.readline(_CHUNK)
        return file.readline(_CHUNK).lstrip("\ufeff").rstrip("\r\n")


def cleaned(names: Sequence[object], where: str) -> tuple[str, ...]:
    """Return column names without outer spaces, quotes, byte-order mark.

    Raises
    ------
    UnexpectedFormat
        Two columns have the same name.
    """
    columns = tuple(str(name).strip().strip('"\ufeff').strip() for name in names)
    twice = {name for name in columns if name and columns.count(name) > 1}
    if twice:
        refuse(where, f"colonne en double : {', '.join(sorted(twice))}")
    # A column without a name cannot be asked for: it only needs to be distinct.
    return tuple(name or f"(sans nom {at})" for at, name in enumerate(columns))


def heading_at(rows: Sequence[Sequence[Any]], layout: Layout) -> int:
    """Return the index of the row that looks most like the heading of a layout."""
    first = rows[:HEADING_SEARCHED_IN]
    if not first:
        return 0
    matches = [sum(_matched(pattern, row) for pattern in layout.columns) for row in first]
    best = max(matches)
    declared = layout.heading_row - 1
    if declared < len(matches) and matches[declared] == best:
        return declared
    return matches.index(best)


def missing_columns(
    patterns: Sequence[str], columns: Sequence[str], taken: Sequence[str] = ()
) -> str:
    """Say which columns are missing, and which names are the nearest.

    Parameters
    ----------
    patterns : sequence of str
        Regular expressions of the missing columns.
    columns : sequence of str
        Names that the file has.
    taken : sequence of str
        Regular expressions of the other columns: what they match is not the missing one.
    """
    free = [name for name in columns if not any(re.fullmatch(other, name) for other in taken)]
    parts = [f"« {readable(pattern)} »{_nearest(readable(pattern), free)}" for pattern in patterns]
    what = "colonne absente" if len(parts) == 1 else "colonnes absentes"
    shown = ", ".join(columns[:12]) + (" et d'autres" if len(columns) > 12 else "")
    return f"{what} : {', '.join(parts)} ; colonnes trouvées : {shown}"


def _nearest(plain: str, columns: Sequence[str]) -> str:
    # A name in other capitals is the nearest of all.
    same_case = {name.casefold(): name for name in reversed(columns)}
    found = difflib.get_close_matches(plain.casefold(), list(same_case), n=3, cutoff=0.5)
    near = [same_case[name] for name in found]
    if not near:
        return ""
    what = "la plus proche" if len(near) == 1 else "les plus proches"
    return f" ({what} : {', '.join(near)})"


def readable(pattern: str) -> str:
    """Write a regular expression the way a person writes a column's name: ``P••_POP``."""
    plain = pattern.replace(r"\d\d\d\d", "••••").replace(r"\d\d", "••").replace(r"\d", "•")
    return re.sub(r"\\(.)", r"\1", plain)


def _matched(pattern: str, row: Sequence[Any]) -> bool:
    return any(re.fullmatch(pattern, str(cell).strip()) for cell in row)
