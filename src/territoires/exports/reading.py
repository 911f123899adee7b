"""Our own exports read back, whatever their format: one reader per format, one registry.

A file that is not one of our exports is refused with what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from territoires.errors import InvalidTable
from territoires.exports import natures
from territoires.exports.csv_export import read_csv_export
from territoires.exports.reading_documents import read_geojson, read_html_map
from territoires.exports.reading_geopackage import read_geopackage
from territoires.exports.reading_workbook import read_workbook
from territoires.shortlist import Shortlist, shortlist_from_table
from territoires.shortlist.identity import CODE, FORMER_CODE, IDENTITY

_FORMATS = "CSV, classeur XLSX, GeoJSON, GeoPackage ou carte HTML"


@dataclass(frozen=True)
class Reader:
    """How one format is read back.

    Attributes
    ----------
    code : str
        As the exporter's.
    label : str
        In French, with its article: ``un classeur``.
    recognises : callable
        ``bytes -> bool``, from the content: names of files lie.
    read : callable
        ``(bytes, name) -> DataFrame of str``: every column that the file has, exactly as it was
        before export, empty text for missing. Raises ``InvalidTable`` when it cannot.
    """

    code: str
    label: str
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes, str], pd.DataFrame]


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        reader.code: reader
        for reader in (
            Reader("xlsx", "un classeur", natures.is_workbook, read_workbook),
            Reader("gpkg", "une base SQLite", natures.is_database, read_geopackage),
            Reader("geojson", "un fichier JSON", natures.is_json, read_geojson),
            Reader("html", "une page HTML", natures.is_html, read_html_map),
            # Whatever else is text may be a table.
            Reader("csv", "un tableau", lambda _content: True, read_csv_export),
        )
    }
)
"""In the order in which they are tried."""


def read_export(content: bytes, name: str, *, limit_bytes: int) -> pd.DataFrame:
    """Read what makes a selection of one of our exports.

    Parameters
    ----------
    content : bytes
        Of a file; its format is told from them.
    name : str
        File name, for the messages.
    limit_bytes : int
        Size above which the file is refused.

    Returns
    -------
    DataFrame of str
        RangeIndex, columns of :data:`territoires.shortlist.identity.IDENTITY`; texts are those
        that were exported, empty for a column that the file does not have. Rows without a code are
        left out.

    Raises
    ------
    InvalidTable
        It is not one of our exports, it is damaged, too large, or holds no territory. The message
        says what it is.
    """
    _refuse_size(content, name, limit_bytes)
    nature = natures.known_nature(content)
    if nature is None and natures.is_xml(content):
        nature = "un fichier XML"
    if nature is not None:
        raise _not_ours(name, nature)
    reader = next(one for one in READERS.values() if one.recognises(content))
    frame = reader.read(content, name)
    if CODE not in frame.columns:
        if FORMER_CODE not in frame.columns:
            raise _no_code(name, reader, frame)
        frame = frame.rename(columns={FORMER_CODE: CODE})
    found = frame.reindex(columns=list(IDENTITY), fill_value="")
    found = found[found[CODE].str.strip() != ""].reset_index(drop=True)
    if found.empty:
        raise InvalidTable(f"{name} ne contient aucun territoire.")
    return found


def read_shortlist(content: bytes, name: str, *, limit_bytes: int, nom: str) -> Shortlist:
    """Read a shortlist from one of our own exports, of any format.

    Raises
    ------
    InvalidTable
        As :func:`read_export`.
    InvalidRequest
        A code, a status or a note cannot be one.
    """
    return shortlist_from_table(read_export(content, name, limit_bytes=limit_bytes), nom)


def _refuse_size(content: bytes, name: str, limit_bytes: int) -> None:
    if not content.strip():
        raise InvalidTable(f"{name} est vide.")
    if len(content) > limit_bytes:
        allowed = f"{limit_bytes / 1_000_000:g}".replace(".", ",")
        raise InvalidTable(f"{name} est trop gros : la limite est de {allowed} Mo.")


def _no_code(name: str, reader: Reader, frame: pd.DataFrame) -> InvalidTable:
    columns = ", ".join(map(str, frame.columns))[:200] or "aucune"
    return _not_ours(name, f"{reader.label} sans la colonne {CODE} (colonnes lues : {columns})")


def _not_ours(name: str, nature: str) -> InvalidTable:
    return InvalidTable(
        f"{name} est {nature}, pas un export de Territoires. Donnez un fichier téléchargé ici : "
        f"{_FORMATS}."
    )
