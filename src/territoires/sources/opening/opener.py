"""Which layout a file has, and whose it is."""

from __future__ import annotations

import csv
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from territoires.errors import UnexpectedFormat
from territoires.sources.declaration import Layout, Source
from territoires.sources.opening.containers import (
    Nature,
    fitting,
    members_of,
    nature,
    unpack,
)
from territoires.sources.opening.headings import (
    HEADING_SEARCHED_IN,
    cleaned,
    encoding_of,
    heading_at,
    heading_line,
    missing_columns,
    separator_of,
)
from territoires.sources.opening.tables import OpenedTable, read_json, records_of, sheet_rows

_NATURES: dict[str, Nature] = {
    "csv": "text", "parquet": "parquet", "xlsx": "xlsx", "geojson": "json", "json": "json",
}  # fmt: skip
_KIND_WORDS: dict[Nature, str] = {
    "text": "un CSV", "parquet": "un Parquet", "xlsx": "un classeur", "json": "un JSON",
}  # fmt: skip
_FAR = (float("inf"), float("inf"))
_GREATER_PART = 0.7  # of the samples, no file of another kind comes nearer


@contextmanager
def open_file(path: Path, source: Source) -> Iterator[OpenedTable]:
    """Open a file of a source.

    Parameters
    ----------
    path : Path
        The file, perhaps an archive.
    source : Source
        Whose layouts are tried, in order.

    Yields
    ------
    OpenedTable
        Valid until the end of the ``with``.

    Raises
    ------
    UnexpectedFormat
        No layout fits; the message names what is missing and the nearest names.
    """
    with tempfile.TemporaryDirectory(prefix="territoires-") as folder:
        seen = _Seen(path, Path(folder))
        opened, problem = _first_that_fits(seen, source.layouts)
        if opened is None:
            message = f"{path.name} n'a pas une forme connue de « {source.label} » : {problem}."
            raise UnexpectedFormat(message)
        yield opened


def recognise(path: Path, sources: Mapping[str, Source]) -> list[Source]:
    """Say which sources a file may come from, the best match first.

    Raises
    ------
    UnexpectedFormat
        The file is no table at all: empty, a web page, a damaged archive.
    """
    nature(path)
    with tempfile.TemporaryDirectory(prefix="territoires-") as folder:
        seen = _Seen(path, Path(folder))
        found = []
        for source in sources.values():
            opened, _problem = _first_that_fits(seen, source.layouts)
            if opened is not None:
                found.append((len(opened.layout.columns), source))
    return [source for _count, source in sorted(found, key=lambda pair: -pair[0])]


def closest(path: Path, sources: Mapping[str, Source]) -> Source | None:
    """Return the source that a file comes nearest to, though no layout fits it.

    Columns that few sources have weigh more: ``GEO`` says little, ``FILOSOFI_MEASURE`` a lot.

    Returns
    -------
    Source or None
        The one whose columns are the most there; nothing when too many are not.
    """
    weights = _weights(sources)
    with tempfile.TemporaryDirectory(prefix="territoires-") as folder:
        seen = _Seen(path, Path(folder))
        shares = [
            (_share(seen, layout, weights), source)
            for source in sources.values()
            for layout in source.layouts
        ]
    best, source = max(shares, key=lambda pair: pair[0])
    return source if best > _GREATER_PART else None


def _weights(sources: Mapping[str, Source]) -> dict[str, float]:
    """Weigh each column by the number of sources that have it."""
    of_each = [{p for layout in s.layouts for p in layout.columns} for s in sources.values()]
    return {pattern: 1.0 / count for pattern, count in Counter(chain(*of_each)).items()}


def _share(seen: _Seen, layout: Layout, weights: Mapping[str, float]) -> float:
    """Return the share of a layout that a file has, by weight."""
    file = seen.inner(layout)
    if file is None or nature(file) != _NATURES[layout.format]:
        return 0.0
    columns = seen.columns(file, layout)
    if any(_has(columns, pattern) for pattern in layout.without):
        return 0.0
    there = sum(weights[pattern] for pattern in layout.columns if _has(columns, pattern))
    return there / sum(weights[pattern] for pattern in layout.columns)


@dataclass(eq=False)
class _Seen:
    """What was unpacked and read of a file, so that nothing is done twice."""

    path: Path
    folder: Path

    def __post_init__(self) -> None:
        self._inner: dict[str, Path] = {}
        self._columns: dict[tuple[Path, str, int], tuple[str, ...]] = {}

    def inner(self, layout: Layout) -> Path | None:
        """Return the file that a layout is about: the file itself, or a member of the archive."""
        kind = nature(self.path)
        if kind not in ("zip", "gzip"):
            return self.path
        name = "*"
        if kind == "zip":
            names = fitting(members_of(self.path), layout.member)
            if not names:
                return None
            name = names[0].rpartition("/")[2]
        if name not in self._inner:
            self._inner[name] = unpack(self.path, (name,), self.folder)
        return self._inner[name]

    def columns(self, file: Path, layout: Layout) -> tuple[str, ...]:
        """Return the columns of a file, read the way a layout says."""
        key = (file, layout.format + layout.sheet, layout.heading_row)
        if key not in self._columns or layout.format == "xlsx":
            self._columns[key] = _columns(file, layout, self.name(file))
        return self._columns[key]

    def name(self, file: Path) -> str:
        """Return what messages call the file."""
        return file.name if file == self.path else f"{self.path.name} ({file.name})"


def _first_that_fits(seen: _Seen, layouts: Sequence[Layout]) -> tuple[OpenedTable | None, str]:
    """Return the opened file; or nothing, and what the nearest layout lacks."""
    nearest, least = _wrong_kind(seen, layouts), _FAR
    for layout in layouts:
        file = seen.inner(layout)
        if file is None:
            if least == _FAR:
                nearest = f"pas de fichier « {layout.member} » dans l'archive"
            continue
        if nature(file) != _NATURES[layout.format]:
            continue
        columns = seen.columns(file, layout)
        lacking = [p for p in layout.columns if not _has(columns, p)]
        if not lacking and not any(_has(columns, pattern) for pattern in layout.without):
            return OpenedTable(file, _exact(file, layout), seen.name(file), columns), ""
        distance = _distance(lacking, columns, layout)
        if lacking and distance < least:
            least = distance
            nearest = missing_columns(lacking, columns, layout.columns)
    return None, nearest


def _distance(
    lacking: Sequence[str], columns: Sequence[str], layout: Layout
) -> tuple[float, float]:
    """Return the share of columns that are not there, even in other capitals; then of all."""
    foreign = [p for p in lacking if not _has(columns, p, re.IGNORECASE)]
    return len(foreign) / len(layout.columns), len(lacking) / len(layout.columns)


def _wrong_kind(seen: _Seen, layouts: Sequence[Layout]) -> str:
    """Say of what kind the file is, and what was expected."""
    found = nature(seen.path)
    expected = dict.fromkeys(_KIND_WORDS[_NATURES[layout.format]] for layout in layouts)
    return f"c'est {_KIND_WORDS.get(found, 'une archive')}, attendu : {', '.join(expected)}"


def _exact(file: Path, layout: Layout) -> Layout:
    """Fill in what a layout leaves to be guessed, so that it is guessed once."""
    if layout.format != "csv":
        return layout
    encoding = layout.encoding or encoding_of(file)
    separator = layout.separator or separator_of(file, encoding, layout)
    return replace(layout, encoding=encoding, separator=separator)


def _columns(file: Path, layout: Layout, where: str) -> tuple[str, ...]:
    if layout.format == "csv":
        encoding = layout.encoding or encoding_of(file)
        separator = layout.separator or separator_of(file, encoding, layout)
        heading = heading_line(file, encoding, layout)
        return cleaned(next(csv.reader([heading], delimiter=separator), []), where)
    if layout.format == "parquet":
        try:
            return cleaned(pq.read_schema(file).names, where)
        except (pa.ArrowException, OSError) as error:
            message = f"{where} : fichier Parquet illisible ou coupé."
            raise UnexpectedFormat(message) from error
    if layout.format == "xlsx":
        try:
            rows = sheet_rows(file, layout.sheet, where, HEADING_SEARCHED_IN)
            return cleaned(rows[heading_at(rows, layout)], where) if rows else ()
        except UnexpectedFormat:
            return ()  # another workbook than the one this layout is about
    return _json_columns(file, layout, where)


def _json_columns(file: Path, layout: Layout, where: str) -> tuple[str, ...]:
    document = read_json(file, where)
    if layout.format == "geojson":
        features = document.get("features") if isinstance(document, dict) else None
        rows = [f.get("properties") or {} for f in features or [] if isinstance(f, dict)]
    else:
        rows = list(records_of(document))
    return tuple(rows[0]) if rows else ()


def _has(columns: Sequence[str], pattern: str, flags: int = 0) -> bool:
    return any(re.fullmatch(pattern, name, flags) for name in columns)
