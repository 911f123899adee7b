"""Tables that people type: read, checked, written."""

from territoires.tables.findings import Finding, Level, has_errors
from territoires.tables.reading import TypedTable, read_table, read_table_file
from territoires.tables.text import of_name, plain
from territoires.tables.writing import neutralise, write_csv, write_file

__all__ = [
    "Finding",
    "Level",
    "TypedTable",
    "has_errors",
    "neutralise",
    "of_name",
    "plain",
    "read_table",
    "read_table_file",
    "write_csv",
    "write_file",
]
