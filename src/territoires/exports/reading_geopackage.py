"""GeoPackages read back: the first table that carries our codes."""

from __future__ import annotations

import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from territoires.errors import InvalidTable
from territoires.shortlist.identity import CODE, FORMER_CODE, IDENTITY

_MOST_ROWS = 100_000
_WANTED = (*IDENTITY, FORMER_CODE)


def read_geopackage(content: bytes, name: str) -> pd.DataFrame:
    """Read the codes, names, notes of a GeoPackage, without its outlines.

    Raises
    ------
    InvalidTable
        It is damaged, or no GeoPackage.
    """
    try:
        layers = [str(layer) for layer, _ in pyogrio.list_layers(content)]
        fields = {layer: _fields(content, layer) for layer in layers}
        ours = next((layer for layer in layers if CODE in fields[layer]), None)
        if ours is None:
            seen = list(dict.fromkeys(field for layer in layers for field in fields[layer]))
            return pd.DataFrame(columns=seen, dtype="str")
        frame = pyogrio.read_dataframe(
            content, layer=ours, read_geometry=False, max_features=_MOST_ROWS,
            columns=[field for field in fields[ours] if field in _WANTED],
        )  # fmt: skip
    except (DataSourceError, DataLayerError) as error:
        message = f"{name} est une base SQLite, pas un GeoPackage lisible : il est abîmé ou coupé."
        raise InvalidTable(message) from error
    cells = frame.astype("object")
    texts: pd.DataFrame = cells.where(cells.notna(), "").astype("str")
    return texts


def _fields(content: bytes, layer: str) -> list[str]:
    return [str(field) for field in pyogrio.read_info(content, layer=layer)["fields"]]
