"""GeoPackages read back: the first table that carries our codes."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from territoires.errors import InvalidTable
from territoires.shortlist.identity import CODE, FORMER_CODE, IDENTITY

_MOST_ROWS = 100_000
_WANTED = (*IDENTITY, FORMER_CODE)
_APPLICATION = slice(68, 72)  # where SQLite writes which application a file is of
_GEOPACKAGE = b"GPKG"


def read_geopackage(content: bytes, name: str) -> pd.DataFrame:
    """Read the codes, names, notes of a GeoPackage, without its outlines.

    Raises
    ------
    InvalidTable
        It is damaged, or no GeoPackage.
    """
    if content[_APPLICATION] != _GEOPACKAGE:
        raise InvalidTable(f"{name} est une base SQLite, pas un GeoPackage.")
    # GDAL tells formats by their extension too, and reads a file faster than a memory.
    with tempfile.TemporaryDirectory(prefix="territoires-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it thinks of a damaged file: it is refused below
        path = Path(folder) / "lu.gpkg"
        path.write_bytes(content)
        try:
            return _read(path)
        except (DataSourceError, DataLayerError) as error:
            message = f"{name} est un GeoPackage abîmé ou coupé. Téléchargez-le de nouveau."
            raise InvalidTable(message) from error


def _read(path: Path) -> pd.DataFrame:
    layers = [str(layer) for layer, _ in pyogrio.list_layers(path)]
    fields = {layer: _fields(path, layer) for layer in layers}
    ours = next((layer for layer in layers if {CODE, FORMER_CODE} & {*fields[layer]}), None)
    if ours is None:
        seen = list(dict.fromkeys(field for layer in layers for field in fields[layer]))
        return pd.DataFrame(columns=seen, dtype="str")
    wanted = [field for field in fields[ours] if field in _WANTED]
    frame = pyogrio.read_dataframe(
        path, layer=ours, read_geometry=False, max_features=_MOST_ROWS, columns=wanted
    )
    cells = frame.astype("object")
    texts: pd.DataFrame = cells.where(cells.notna(), "").astype("str")
    return texts


def _fields(path: Path, layer: str) -> list[str]:
    return [str(field) for field in pyogrio.read_info(path, layer=layer)["fields"]]
