"""Exports: what leaves, in which format, saying where it comes from."""

from territoires.exports.bundle import Backdrop, ExportBundle
from territoires.exports.candidate_files import candidate_bundle
from territoires.exports.columns import Column, describe
from territoires.exports.csv_export import read_back
from territoires.exports.provenance import Provenance
from territoires.exports.reading import READERS, read_export, read_shortlist
from territoires.exports.registry import EXPORTERS, FORMATS, Exporter, exporter, exporter_for
from territoires.exports.style import MapStyle, style_by
from territoires.exports.territories import territory_bundle

__all__ = [
    "EXPORTERS",
    "FORMATS",
    "READERS",
    "Backdrop",
    "Column",
    "ExportBundle",
    "Exporter",
    "MapStyle",
    "Provenance",
    "candidate_bundle",
    "describe",
    "exporter",
    "exporter_for",
    "read_back",
    "read_export",
    "read_shortlist",
    "style_by",
    "territory_bundle",
]
