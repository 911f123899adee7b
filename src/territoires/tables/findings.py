"""What a check has to say about a table, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["erreur", "avertissement", "information"]


@dataclass(frozen=True)
class Finding:
    """One thing noticed in a table.

    Attributes
    ----------
    level : str
        ``erreur``, ``avertissement`` or ``information``.
    line : int or None
        Line of the file, the heading being line 1; ``None`` for the file as a whole.
    field : str or None
        Column name.
    value : str or None
        The value as it was typed.
    message : str
        In French, with what to do.
    """

    level: Level
    line: int | None
    field: str | None
    value: str | None
    message: str


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether at least one finding is an error."""
    return any(finding.level == "erreur" for finding in findings)
