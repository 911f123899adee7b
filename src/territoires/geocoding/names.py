"""Finds a name among toponyms: exactly, but for article or spaces, by its start, by likeness."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from territoires.geocoding.normalise import Town
from territoires.geocoding.spellings import Spellings
from territoires.geocoding.toponyms import Toponym

How = Literal["exact", "article", "espaces", "debut", "ressemblance"]

_SHORTEST_START = 4  # letters: "la" or "aix" starts too many names


@dataclass(frozen=True, slots=True)
class Match:
    """Places that answer to a name.

    Attributes
    ----------
    how : str
        What had to be forgiven.
    toponyms : tuple of Toponym
        The most alive first; all equally good answers to the name.
    likeness : float
        1 for a name found as it is; share of letters kept otherwise.
    margin : float
        Distance in likeness to the best toponym of another commune.
    """

    how: How
    toponyms: tuple[Toponym, ...]
    likeness: float
    margin: float

    @property
    def alive(self) -> tuple[Toponym, ...]:
        """Those of the best rank: a commune in force hides a former one of the same name."""
        best = min(toponym.kind.rank for toponym in self.toponyms)
        return tuple(toponym for toponym in self.toponyms if toponym.kind.rank == best)


class NameIndex:
    """Names of some toponyms: those of a postcode, of a département, of France.

    Parameters
    ----------
    toponyms : iterable of Toponym
        What may be found.
    """

    def __init__(self, toponyms: Iterable[Toponym]) -> None:
        self.toponyms = tuple(toponyms)
        self._exact: dict[str, list[Toponym]] = {}
        self._bare: dict[str, list[Toponym]] = {}
        self._compact: dict[str, list[Toponym]] = {}
        for toponym in self.toponyms:
            for key in toponym.keys:
                self._exact.setdefault(key, []).append(toponym)
            self._bare.setdefault(toponym.bare, []).append(toponym)
            self._compact.setdefault(toponym.compact, []).append(toponym)
        self._keys = list(self._exact)
        self._spellings = Spellings(self._keys)

    def exact(self, town: Town) -> Match | None:
        """Find a name spelt as the official one, accents and punctuation aside."""
        toponyms = self._exact.get(town.key)
        return _found("exact", toponyms, 1.0) if toponyms else None

    def spelt(self, town: Town) -> Match | None:
        """Find a name as it is, else without article, else without spaces."""
        found = self.exact(town)
        if found or not town.key:
            return found
        if toponyms := self._bare.get(town.bare):
            return _found("article", toponyms, 0.99)
        if toponyms := self._compact.get(town.key.replace(" ", "")):
            return _found("espaces", toponyms, 0.98)
        return None

    def meant(self, town: Town) -> Match | None:
        """Find all that a name alone may mean.

        Who writes an article means it; who writes none may have left it out: ``"La Rochelle"`` is
        not ``"Rochelle"``, but ``"Rochelle"`` may be either.
        """
        if town.key != town.bare and (found := self.exact(town)):
            return found
        toponyms = dict.fromkeys((*self._exact.get(town.key, ()), *self._bare.get(town.bare, ())))
        if not toponyms:
            return self.spelt(town)
        likeness = 1.0 if town.key in self._exact else 0.99
        return _found("exact" if likeness == 1.0 else "article", toponyms, likeness)

    def started(self, town: Town) -> Match | None:
        """Find names of which this one is the start, or that start it (whole words)."""
        key = town.key
        if len(key) < _SHORTEST_START:
            return None
        starts = [
            known
            for known in self._keys
            if known.startswith(f"{key} ")
            or (len(known) >= _SHORTEST_START and key.startswith(f"{known} "))
        ]
        if not starts:
            return None
        longest = max(min(len(known), len(key)) for known in starts)
        kept = [known for known in starts if min(len(known), len(key)) == longest]
        toponyms = tuple(toponym for known in kept for toponym in self._exact[known])
        likeness = max(_share(known, key) for known in kept)
        return _found("debut", toponyms, likeness)

    def alike(self, town: Town, cutoff: float) -> Match | None:
        """Find the names most like this one.

        Parameters
        ----------
        town : Town
            The name.
        cutoff : float
            Likeness (1 − edits / length, a transposition being one edit) under which nothing is
            found.
        """
        if len(town.key) < _SHORTEST_START:
            return None
        near = self._spellings.near(town.key, cutoff)
        if not near:
            return None
        best = near[0][1]
        toponyms = tuple(
            toponym for key, score in near if score == best for toponym in self._exact[key]
        )
        communes = {toponym.communes for toponym in toponyms}
        others = (
            score
            for key, score in near
            if any(toponym.communes not in communes for toponym in self._exact[key])
        )
        return Match("ressemblance", toponyms, best, best - next(others, 0.0))

    def begun(self, town: Town, communes: set[str]) -> bool:
        """Tell whether this name, cut short, could be that of a place outside some communes."""
        return any(
            known.startswith(town.key)
            and any(not communes.issuperset(each.communes) for each in self._exact[known])
            for known in self._keys
        )

    def leading(self, words: Sequence[str]) -> tuple[Match, int] | None:
        """Find the longest known name at the start of some words; say how many words it takes."""
        for count in range(len(words), 0, -1):
            toponyms = self._exact.get(" ".join(words[:count]))
            if toponyms:
                return _found("exact", toponyms, 1.0), count
        return None

    def trailing(self, words: Sequence[str]) -> tuple[Match, int] | None:
        """Find the longest known name at the end of some words; say how many words it takes."""
        for start in range(len(words)):
            toponyms = self._exact.get(" ".join(words[start:]))
            if toponyms:
                return _found("exact", toponyms, 1.0), len(words) - start
        return None


def _found(how: How, toponyms: Iterable[Toponym], likeness: float) -> Match:
    by_life = tuple(sorted(toponyms, key=lambda toponym: toponym.kind))
    return Match(how, by_life, likeness, 1.0)


def _share(known: str, key: str) -> float:
    return min(len(known), len(key)) / max(len(known), len(key))
