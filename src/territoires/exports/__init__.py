"""Exports: what leaves, in which format, saying where it comes from."""

from territoires.exports.bundle import ExportBundle
from territoires.exports.csv_export import read_back, read_shortlist
from territoires.exports.provenance import Provenance
from territoires.exports.registry import EXPORTERS, Exporter, exporter

__all__ = [
    "EXPORTERS",
    "ExportBundle",
    "Exporter",
    "Provenance",
    "exporter",
    "read_back",
    "read_shortlist",
]
