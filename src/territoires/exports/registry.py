"""One writer per format, one registry: a new format is one more line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from territoires.errors import InvalidRequest
from territoires.exports.bundle import ExportBundle
from territoires.exports.csv_export import write_excel_csv, write_machine_csv
from territoires.exports.geojson_export import write_geojson
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
    """

    code: str
    extension: str
    label: str
    media_type: str
    write: Callable[[ExportBundle], bytes]

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
            Exporter("csv_excel", ".csv", "CSV pour Excel", "text/csv; charset=utf-8",
                     write_excel_csv),
            Exporter("csv", ".csv", "CSV", "text/csv; charset=utf-8", write_machine_csv),
            Exporter("geojson", ".geojson", "GeoJSON (contours)", "application/geo+json",
                     write_geojson),
        )
    }
)  # fmt: skip


def exporter(code: str) -> Exporter:
    """Return a format.

    Raises
    ------
    InvalidRequest
        There is no such format.
    """
    if code not in EXPORTERS:
        raise InvalidRequest(f"Format inconnu : « {code!s:.20} ». Choix : {', '.join(EXPORTERS)}.")
    return EXPORTERS[code]
