"""GeoJSON and standalone maps read back."""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd

from territoires.errors import InvalidTable
from territoires.exports.html_map_export import SELECTION_ID

_SELECTION = re.compile(rf'<script[^>]*\bid="{SELECTION_ID}"[^>]*>(.*?)</script>', re.DOTALL)


def read_geojson(content: bytes, name: str) -> pd.DataFrame:
    """Read the properties of the features of a GeoJSON.

    Raises
    ------
    InvalidTable
        It is not JSON, or not a collection of features.
    """
    document = _json(content, name)
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise InvalidTable(
            f"{name} est un fichier JSON, pas un GeoJSON : aucune liste « features »."
        )
    rows = [one.get("properties") for one in features if isinstance(one, dict)]
    return _texts([row for row in rows if isinstance(row, dict)])


def read_html_map(content: bytes, name: str) -> pd.DataFrame:
    """Read the selection that a standalone map carries.

    Raises
    ------
    InvalidTable
        It is another page, or it was damaged.
    """
    found = _SELECTION.search(content.decode("utf-8-sig", errors="replace"))
    if found is None:
        raise InvalidTable(
            f"{name} est une page HTML, pas une carte exportée par Territoires. Donnez le fichier "
            "tel qu'il a été téléchargé."
        )
    document = _json(found[1].encode("utf-8"), name)
    try:
        columns, lines = document["colonnes"], document["lignes"]
        return _texts([dict(zip(columns, line, strict=True)) for line in lines])
    except (TypeError, KeyError, ValueError) as error:
        raise InvalidTable(f"{name} : la sélection de cette carte est abîmée.") from error


def _json(content: bytes, name: str) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # neither UTF-8 nor JSON are ValueError too
        raise InvalidTable(
            f"{name} commence comme un fichier JSON mais n'en est pas un : il est abîmé ou coupé."
        ) from error


def _texts(rows: list[dict[str, Any]]) -> pd.DataFrame:
    columns = list(dict.fromkeys(str(column) for row in rows for column in row))
    cells = {column: [_text(row.get(column)) for row in rows] for column in columns}
    return pd.DataFrame(cells, dtype="str")


def _text(value: object) -> str:
    return "" if value is None else str(value)
