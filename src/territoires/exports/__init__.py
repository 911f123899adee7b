"""Exports: what leaves, in which format, saying where it comes from."""

from territoires.exports.bundle import Backdrop, ExportBundle
from territoires.exports.columns import Column, describe
from territoires.exports.csv_export import read_back
from territoires.exports.provenance import Provenance
from territoires.exports.reading import READERS, read_export, read_shortlist
from territoires.exports.registry import EXPORTERS, Exporter, exporter, exporter_for
from territoires.exports.style import MapStyle, style_by
from territoires.exports.territories import territory_bundle

__all__ = [
    "EXPORTERS",
    "READERS",
    "Backdrop",
    "Column",
    "ExportBundle",
    "Exporter",
    "MapStyle",
    "Provenance",
    "describe",
    "exporter",
    "exporter_for",
    "read_back",
    "read_export",
    "read_shortlist",
    "style_by",
    "territory_bundle",
]
