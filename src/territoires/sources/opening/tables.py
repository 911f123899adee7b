"""A producer's table: its columns by name, its rows piece by piece, everything as text."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from python_calamine import CalamineError, load_workbook

from territoires.sources.declaration import Layout
from territoires.sources.opening.headings import (
    encoding_of,
    heading_at,
    missing_columns,
    separator_of,
)
from territoires.sources.opening.refusing import refuse

_BATCH_ROWS = 200_000
_BLOCK_BYTES = 8 << 20
_MAX_JSON_BYTES = 300_000_000
_ARCHIVES = (".zip", ".gz", ".tar", ".tgz")


class OpenedTable:
    """A file that fits one layout of a source.

    Attributes
    ----------
    path : Path
        The file, out of its archive.
    layout : Layout
        The form it has.
    name : str
        For messages: archive and member.
    columns : tuple of str
        Names, without byte-order mark, quotes or outer spaces.
    rows : int
        Rows of data read so far, kept or not.
    """

    def __init__(self, path: Path, layout: Layout, name: str, columns: Sequence[str]) -> None:
        self.path = path
        self.layout = layout
        self.name = name
        self.columns = tuple(columns)
        self.rows = 0

    def column(self, pattern: str) -> str:
        """Return the one column whose whole name matches a regular expression.

        Raises
        ------
        UnexpectedFormat
            None does (the nearest names are given), or several do.
        """
        found = self.columns_like(pattern)
        if not found:
            refuse(self.name, missing_columns((pattern,), self.columns))
        if len(found) > 1:
            refuse(self.name, f"plusieurs colonnes pour « {pattern} » : {', '.join(found)}")
        return found[0]

    def columns_like(self, pattern: str) -> tuple[str, ...]:
        """Return the columns whose whole name matches a regular expression."""
        return tuple(name for name in self.columns if re.fullmatch(pattern, name))

    def frame(
        self,
        columns: Sequence[str] | None = None,
        keep: Mapping[str, Collection[str]] | None = None,
    ) -> pd.DataFrame:
        """Read everything at once; see :meth:`batches`."""
        wanted = list(self.columns if columns is None else columns)
        pieces = list(self.batches(wanted, keep))
        if not pieces:
            return pd.DataFrame({name: pd.Series(dtype="str") for name in wanted})
        return pd.concat(pieces, ignore_index=True)

    def batches(
        self, columns: Sequence[str], keep: Mapping[str, Collection[str]] | None = None
    ) -> Iterator[pd.DataFrame]:
        """Read the rows piece by piece.

        Parameters
        ----------
        columns : sequence of str
            Names, as in ``columns``.
        keep : mapping of str to collection of str, optional
            Only the rows whose columns have one of these values.

        Yields
        ------
        DataFrame
            Text, outer spaces removed, ``""`` for an empty cell; RangeIndex.

        Raises
        ------
        UnexpectedFormat
            A column is missing, or a row has not as many cells as the heading.
        """
        for name in [*columns, *(keep or {})]:
            self.column(re.escape(name))
        chosen = keep or {}
        for batch in self._arrow_batches([*dict.fromkeys([*columns, *chosen])], tuple(chosen)):
            self.rows += batch.num_rows
            kept = _kept(batch, chosen)
            if kept.num_rows:
                yield _as_text(kept.select(list(columns))).to_pandas()

    def geodata(self) -> Any:
        """Read the features of a GeoJSON.

        Returns
        -------
        GeoDataFrame
            EPSG:4326.

        Raises
        ------
        UnexpectedFormat
            Not a GeoJSON that can be read, or a coordinate system that is not said.
        """
        import geopandas as gpd  # half a second to import, for a few sources only

        with _named_as_it_is(self.path) as path:
            try:
                features = gpd.read_file(path)
            except (OSError, ValueError, RuntimeError) as error:
                refuse(self.name, f"GeoJSON illisible ({error!s:.120})")
        if features.crs is None:
            refuse(self.name, "système de coordonnées absent")
        self.rows = len(features)
        return features.to_crs("EPSG:4326")

    def json(self) -> Any:
        """Read a JSON document.

        Raises
        ------
        UnexpectedFormat
            Damaged, or too large.
        """
        return read_json(self.path, self.name)

    def _arrow_batches(
        self, columns: Sequence[str], coded: Sequence[str]
    ) -> Iterator[pa.RecordBatch]:
        """Read the columns; those that rows are chosen by have few values: coded where one can."""
        reader = {"parquet": self._parquet, "xlsx": self._workbook}
        make = reader.get(self.layout.format, self._records)
        try:
            yield from self._csv(columns, coded) if self.layout.format == "csv" else make(columns)
        except pa.ArrowInvalid as error:
            refuse(self.name, _in_french(str(error)))

    def _csv(self, columns: Sequence[str], coded: Sequence[str]) -> Iterator[pa.RecordBatch]:
        types = dict.fromkeys(self.columns, pa.string())
        types.update(dict.fromkeys(coded, pa.dictionary(pa.int32(), pa.string())))
        encoding = self.layout.encoding or encoding_of(self.path)
        separator = self.layout.separator or separator_of(self.path, encoding, self.layout)
        with pacsv.open_csv(
            self.path,
            read_options=pacsv.ReadOptions(
                column_names=list(self.columns),
                skip_rows=self.layout.heading_row,
                encoding=encoding,
                block_size=_BLOCK_BYTES,
            ),
            parse_options=pacsv.ParseOptions(delimiter=separator),
            convert_options=pacsv.ConvertOptions(
                column_types=types,
                include_columns=list(columns),
                strings_can_be_null=False,
            ),
        ) as reader:
            yield from reader

    def _parquet(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        with pq.ParquetFile(self.path) as file:
            yield from file.iter_batches(batch_size=_BATCH_ROWS, columns=list(columns))

    def _workbook(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        rows = sheet_rows(self.path, self.layout.sheet, self.name)
        start = heading_at(rows, self.layout)
        places = [self.columns.index(name) for name in columns]
        body = [row for row in rows[start + 1 :] if any(cell != "" for cell in row)]
        arrays = [[cell_text(row[at]) if at < len(row) else "" for row in body] for at in places]
        yield pa.RecordBatch.from_arrays(
            [pa.array(values, pa.string()) for values in arrays], names=list(columns)
        )

    def _records(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        if self.layout.format == "geojson":
            rows = [feature.get("properties") or {} for feature in self.json()["features"]]
        else:
            rows = records_of(self.json())
        arrays = [[_record_text(row.get(name)) for row in rows] for name in columns]
        yield pa.RecordBatch.from_arrays(
            [pa.array(values, pa.string()) for values in arrays], names=list(columns)
        )


@contextmanager
def _named_as_it_is(path: Path) -> Iterator[Path]:
    """Give a file that is no archive a name that does not say it is one: GDAL believes names."""
    if path.suffix.lower() not in _ARCHIVES:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="territoires-") as folder:
        yield Path(shutil.copyfile(path, Path(folder) / "contours.geojson"))


def sheet_rows(path: Path, sheet: str, where: str, limit: int | None = None) -> list[list[Any]]:
    """Return the rows of a sheet; the first sheet when none is named."""
    try:
        workbook = load_workbook(path)
        names = workbook.sheet_names
        if sheet and sheet not in names:
            refuse(where, f"feuille « {sheet} » absente ; il y a {', '.join(names)}")
        found = workbook.get_sheet_by_name(sheet or names[0])
        return found.to_python(skip_empty_area=False, nrows=limit)
    except (CalamineError, OSError, ValueError) as error:
        refuse(where, f"classeur illisible ({error!s:.120})")


def read_json(path: Path, where: str) -> Any:
    """Read a JSON file, bounded.

    Raises
    ------
    UnexpectedFormat
        Damaged, or too large.
    """
    if path.stat().st_size > _MAX_JSON_BYTES:
        refuse(where, "JSON trop volumineux")
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        refuse(where, f"JSON illisible ou coupé ({error!s:.80})")


def records_of(document: Any) -> list[Mapping[str, Any]]:
    """Return the records of a JSON answer: a list, or the list that a known key holds."""
    if isinstance(document, dict):
        for key in ("results", "records", "data", "observations"):
            if isinstance(document.get(key), list):
                document = document[key]
                break
    return [row for row in document if isinstance(row, dict)] if isinstance(document, list) else []


def cell_text(value: object) -> str:
    """Write a cell of a workbook: codes that a spreadsheet took for numbers lose their ``.0``."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def _record_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return cell_text(value) if isinstance(value, int | float) else json.dumps(value)


def _as_text(batch: pa.RecordBatch) -> pa.RecordBatch:
    arrays = []
    for array in batch.columns:
        if pa.types.is_dictionary(array.type):
            array = array.cast(array.type.value_type)
        if pa.types.is_floating(array.type):  # a column of figures marks the missing ones so
            array = pc.if_else(pc.is_nan(array), None, array)
        text = array if pa.types.is_string(array.type) else array.cast(pa.string())
        whole = pc.fill_null(text, "") if text.null_count else text
        arrays.append(pc.utf8_trim_whitespace(whole))
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _kept(batch: pa.RecordBatch, keep: Mapping[str, Collection[str]]) -> pa.RecordBatch:
    for name, values in keep.items():
        column, wanted = batch.column(name), pa.array(sorted(values), pa.string())
        if pa.types.is_dictionary(column.type):
            known = pc.is_in(pc.utf8_trim_whitespace(column.dictionary), value_set=wanted)
            chosen = pc.take(known, column.indices)
        else:
            cells = pc.utf8_trim_whitespace(column.cast(pa.string()))
            chosen = pc.is_in(cells, value_set=wanted)
        batch = batch.filter(chosen)  # the next column has fewer rows to be compared
    return batch


def _in_french(message: str) -> str:
    found = re.search(r"Row #(\d+): Expected (\d+) columns, got (\d+)", message)
    if found:
        return f"ligne {found[1]} : {found[3]} cellules au lieu de {found[2]} (fichier coupé ?)"
    found = re.search(r"Expected (\d+) columns, got (\d+)", message)
    if found:
        return f"une ligne a {found[2]} cellules au lieu de {found[1]} (fichier coupé ?)"
    return f"fichier illisible ou coupé ({message:.120})"
