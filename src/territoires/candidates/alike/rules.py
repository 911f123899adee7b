"""What a comparison stands on: dated choices, sizes, words and the result of the test."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from territoires.candidates.alike.sizes import SizeClasses
from territoires.errors import InvalidRequest
from territoires.indicators import Indicator


@dataclass(frozen=True)
class Criterion:
    """One indicator that places are compared on.

    Attributes
    ----------
    code : str
        Indicator.
    weight : float
        Relative weight, 0 or more; 0 leaves the indicator out.

    Raises
    ------
    InvalidRequest
        The weight is negative or not a number.
    """

    code: str
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not math.isfinite(self.weight) or self.weight < 0:
            message = (
                f"Poids de « {self.code[:60]} » : un nombre positif ou nul est attendu, "
                f"« {self.weight} » lu."
            )
            raise InvalidRequest(message)


@dataclass(frozen=True)
class Thresholds:
    """From when on two places are told alike or different.

    Attributes
    ----------
    min_coverage : float
        Share of the weight that must be known on both sides, 0–1.
    min_part : float
        Share of the inhabitants of a group that a figure must cover to count, 0–1.
    close, far : float
        Gaps of rank (0–1) up to which two figures are close, from which they differ.
    close_spread, far_spread : float
        The same for the values themselves, as shares of the range between first and ninth decile:
        at both ends of a distribution, close ranks hide distant values; in its middle, distant
        ranks may hide close ones.
    told : int
        How many likenesses, and how many differences, are put into words.
    """

    min_coverage: float
    min_part: float
    close: float
    far: float
    close_spread: float
    far_spread: float
    told: int


@dataclass(frozen=True)
class Phrases:
    """How one indicator is put into words, in French; ``{fois}`` stands for « deux fois »."""

    same: str
    close: str
    more: str
    less: str


@dataclass(frozen=True)
class Verdict:
    """What the test on known territories says of the ranking by likeness.

    Attributes
    ----------
    tested_on : datetime.date
        Day of the test.
    by_default : bool
        Whether a page may offer this ranking by default.
    sentence : str
        The result in French, to be shown beside the ranking.
    rule : str
        What would have been needed, in French, decided before the test.
    measures : tuple of Mapping
        The figures behind it, as ``epreuve.toml`` gives them.
    """

    tested_on: date
    by_default: bool
    sentence: str
    rule: str
    measures: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True)
class LikenessRules:
    """Everything that ``data/semblables/`` says.

    Attributes
    ----------
    chosen_on : datetime.date
        Since when these choices hold.
    criteria : tuple of Criterion
        Compared by default, where they are there.
    thresholds : Thresholds
        Close, different, comparable.
    sizes : SizeClasses
        Classes of population.
    phrases : Mapping of str to Phrases
        Words by indicator.
    verdict : Verdict
        Result of the test.
    """

    chosen_on: date
    criteria: tuple[Criterion, ...]
    thresholds: Thresholds
    sizes: SizeClasses
    phrases: Mapping[str, Phrases]
    verdict: Verdict

    def criteria_for(self, catalogue: Mapping[str, Indicator]) -> tuple[Criterion, ...]:
        """Return the default criteria that a catalogue has and that tell communes apart."""
        return tuple(
            one
            for one in self.criteria
            if one.code in catalogue
            and catalogue[one.code].rankable
            and not catalogue[one.code].is_wider
        )


def check_criteria(criteria: tuple[Criterion, ...], catalogue: Mapping[str, Indicator]) -> None:
    """Check that every criterion may be compared.

    Raises
    ------
    InvalidRequest
        An indicator is unknown, or its figures must not be ranked.
    """
    for criterion in criteria:
        if criterion.code not in catalogue:
            message = (
                f"Indicateur inconnu : « {criterion.code[:60]} ». Connus : {', '.join(catalogue)}."
            )
            raise InvalidRequest(message)
        indicator = catalogue[criterion.code]
        if not indicator.rankable:
            message = (
                f"« {indicator.label} » ({indicator.code}) est montré sans être comparé : "
                "choisissez un autre indicateur."
            )
            raise InvalidRequest(message)


def wider_criteria(
    criteria: tuple[Criterion, ...], catalogue: Mapping[str, Indicator]
) -> tuple[Indicator, ...]:
    """Return the indicators whose figure is that of a wider place, the same for its communes."""
    chosen = (catalogue[one.code] for one in criteria if one.weight > 0)
    return tuple(indicator for indicator in chosen if indicator.is_wider)
