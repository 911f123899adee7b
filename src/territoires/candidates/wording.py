"""Small French wordings shared by presets, rules and explanations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from territoires.indicators import format_number

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_SPACE = "\u00a0"


@dataclass(frozen=True)
class Noun:
    """What candidates are called, and how French words agree with it.

    Attributes
    ----------
    singular, plural : str
        ``commune``, ``communes``.
    is_feminine : bool
        Which pronoun and endings go with it.
    """

    singular: str
    plural: str
    is_feminine: bool

    @property
    def pronoun(self) -> str:
        """``elle`` or ``il``."""
        return "elle" if self.is_feminine else "il"

    def agree(self, word: str) -> str:
        """Write a word in the gender of the noun: ``exclu`` becomes ``exclue``."""
        return f"{word}e" if self.is_feminine else word


NOUNS = {
    "commune": Noun("commune", "communes", True),
    "epci": Noun("EPCI", "EPCI", False),
    "groupe": Noun("territoire", "territoires", False),
}
"""By unit of a search."""


def format_date(day: date) -> str:
    """Write a date in full: ``30 juin 2024``, ``1er janvier 2026``."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[day.month - 1]} {day.year}"


def format_km(distance: float) -> str:
    """Write a distance with one decimal: ``12,3 km``."""
    return f"{format_number(distance, 1)}{_SPACE}km"


def format_inhabitants(population: float) -> str:
    """Write a population: ``5 000 habitants``, ``1 habitant``, ``0 habitant``."""
    plural = "s" if population >= 2 else ""
    return f"{format_number(population)}{_SPACE}habitant{plural}"


def plural(count: int, singular: str, several: str) -> str:
    """Write a count and its noun, French plural (0 and 1 are singular)."""
    return f"{format_number(count)}{_SPACE}{several if count >= 2 else singular}"


def listing(words: Sequence[str], last: str = "et") -> str:
    """Join words as a sentence does: ``a, b et c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def shortened(words: Sequence[str], most: int = 5) -> str:
    """Join the first words and count the others: ``a, b et 3 autres``."""
    if len(words) <= most:
        return ", ".join(words)
    rest = len(words) - most
    return f"{', '.join(words[:most])} et {rest} autre{'s' if rest > 1 else ''}"


def sentence_start(text: str) -> str:
    """Capitalise the first letter only."""
    return text[:1].upper() + text[1:]


def lowered(label: str) -> str:
    """Lower the first letter of a label inside a sentence, but not that of an acronym."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def rank_words(rank: str) -> str:
    """Turn ``12e sur 34 875`` into ``12e rang sur 34 875``."""
    return rank.replace(" sur ", " rang sur ", 1)
