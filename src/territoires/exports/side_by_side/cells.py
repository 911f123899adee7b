"""A table laid out for people: sections of rows of cells, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """What is said of one territory on one line.

    Attributes
    ----------
    text : str
        The figure with its unit, or why there is none.
    notes : tuple of str
        What must be known of it, one line each.
    is_missing : bool
        Whether ``text`` says why there is no figure.
    share : float or None
        Length of a bar under the figure, 0 to 1.
    mark : str
        ``STRONGEST``, ``WEAKEST`` or empty.
    """

    text: str
    notes: tuple[str, ...] = ()
    is_missing: bool = False
    share: float | None = None
    mark: str = ""


@dataclass(frozen=True)
class Line:
    """A row: what it is about, then a cell for each territory."""

    label: str
    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """Rows that go together, under a title."""

    title: str
    lines: tuple[Line, ...]
    note: str = ""


def missing(reason: str, *notes: str) -> Cell:
    """Say that there is no figure, and why."""
    return Cell(reason, notes, is_missing=True)
