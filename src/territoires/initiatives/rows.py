"""One row of a file under check, and how a finding on it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from territoires.tables import Finding, Level, TypedTable


@dataclass(frozen=True)
class Row:
    """A row as it was typed.

    Attributes
    ----------
    line : int
        Line of the file where it starts.
    values : Mapping
        Column of the schema → text; columns that the file has not are left out.
    headings : Mapping
        Column of the schema → heading as typed.
    """

    line: int
    values: Mapping[str, str]
    headings: Mapping[str, str]

    def get(self, column: str) -> str:
        """Return a cell, ``""`` when it is empty or when the file has no such column."""
        return self.values.get(column, "")

    def finding(self, level: Level, column: str | None, message: str, value: str = "") -> Finding:
        """Write a finding on one of the cells, under the heading that its author knows."""
        heading = self.headings.get(column, column) if column else None
        typed = value or (self.get(column) if column else "")
        return Finding(level, self.line, heading, typed or None, message)


def rows_of(table: TypedTable, columns: Mapping[str, str]) -> Iterator[Row]:
    """Yield the rows of a table.

    Parameters
    ----------
    columns : Mapping
        Heading as typed → column of the schema; other headings are left out.
    """
    headings = {column: heading for heading, column in columns.items()}
    cells = [table.frame[heading].tolist() for heading in columns]
    lines = table.lines or range(table.first_line, table.first_line + len(table.frame))
    for position, line in enumerate(lines):
        values = {column: cell[position] for column, cell in zip(headings, cells, strict=True)}
        yield Row(line, values, headings)
