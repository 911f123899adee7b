"""One writer per format, one registry: a new format is one more line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType

from territoires.errors import InvalidRequest
from territoires.exports.bundle import ExportBundle
from territoires.exports.csv_export import write_excel_csv, write_machine_csv
from territoires.exports.geojson_export import write_geojson
from territoires.exports.geopackage_export import write_geopackage
from territoires.exports.html_map_export import write_html_map
from territoires.exports.xlsx_export import write_xlsx
from territoires.tables.text import plain

_MAX_FILE_NAME = 80


@dataclass(frozen=True)
class Exporter:
    """A format.

    Attributes
    ----------
    code : str
        Identifier.
    extension : str
        With its dot.
    label : str
        In French.
    media_type : str
        MIME type, with its character set for a text.
    write : callable
        ``ExportBundle`` → bytes.
    draws : bool
        Whether it needs outlines.
    """

    code: str
    extension: str
    label: str
    media_type: str
    write: Callable[[ExportBundle], bytes]
    draws: bool = False

    def file_name(self, title: str) -> str:
        """Make a file name of a title: ``territoires-candidats.csv``."""
        return file_name(title, self.extension)


def file_name(title: str, extension: str) -> str:
    """Make a file name of a title that anyone may have typed."""
    words = "".join(letter if letter.isalnum() else " " for letter in plain(title)).split()
    return f"{'-'.join(words)[:_MAX_FILE_NAME] or 'export'}{extension}"


EXPORTERS: Mapping[str, Exporter] = MappingProxyType(
    {
        exporter.code: exporter
        for exporter in (
            Exporter("xlsx", ".xlsx", "Classeur (XLSX)",
                     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                     write_xlsx),
            Exporter("csv_excel", ".csv", "CSV pour Excel", "text/csv; charset=utf-8",
                     write_excel_csv),
            Exporter("csv", ".csv", "CSV", "text/csv; charset=utf-8", write_machine_csv),
            Exporter("html", ".html", "Carte à ouvrir sans réseau (HTML)",
                     "text/html; charset=utf-8", write_html_map, draws=True),
            Exporter("gpkg", ".gpkg", "GeoPackage (QGIS)", "application/geopackage+sqlite3",
                     write_geopackage, draws=True),
            Exporter("geojson", ".geojson", "GeoJSON (contours)", "application/geo+json",
                     write_geojson, draws=True),
        )
    }
)  # fmt: skip


def _print(bundle: ExportBundle) -> bytes:
    if bundle.booklet is None:
        raise InvalidRequest("Cet export n'a pas de fiches : choisissez un format de tableau.")
    return bundle.booklet(bundle.provenance)


PDF = Exporter("pdf", ".pdf", "Fiches (PDF)", "application/pdf", _print)
FORMATS: Mapping[str, Exporter] = MappingProxyType({**EXPORTERS, PDF.code: PDF})
"""Every format: those that are read back as a selection, and the sheets to print."""


def exporter(code: str) -> Exporter:
    """Return a format.

    Raises
    ------
    InvalidRequest
        There is no such format.
    """
    if code not in FORMATS:
        raise InvalidRequest(f"Format inconnu : « {code!s:.20} ». Choix : {', '.join(FORMATS)}.")
    return FORMATS[code]


def exporter_for(path: str, *, excel: bool = False) -> Exporter:
    """Return the format that the name of a file says.

    Parameters
    ----------
    path : str
        Name or path; case does not count.
    excel : bool
        The dialect of a ``.csv``.

    Raises
    ------
    InvalidRequest
        No format has this extension; the message lists them.
    """
    suffix = PurePath(path).suffix.lower()
    if suffix == ".csv":
        return FORMATS["csv_excel" if excel else "csv"]
    for found in FORMATS.values():
        if found.extension == suffix:
            return found
    extensions = list(dict.fromkeys(found.extension for found in FORMATS.values()))
    raise InvalidRequest(
        f"{path} : format inconnu. Donnez un nom qui finit par {', '.join(extensions[:-1])} ou "
        f"{extensions[-1]}."
    )
