"""Names as spelt, of which those that cannot be near another are left out without a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

_FEW = 200  # under that, comparing them all is quicker than leaving some out
_KEPT = 5


class Spellings:
    """Distinct names, compared letter by letter.

    Parameters
    ----------
    names : sequence of str
        As :attr:`~territoires.geocoding.normalise.Town.key`.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    def near(self, name: str, cutoff: float) -> list[tuple[str, float]]:
        """Find the names most like this one.

        Parameters
        ----------
        name : str
            As the others.
        cutoff : float
            Likeness (1 − edits / length of the longer, a transposition being one edit) under which
            nothing is found.

        Returns
        -------
        list of (str, float)
            Five at most, the most alike first; those equally alike in the order of the names.
        """
        found = process.extract(
            name,
            self._possible(name, cutoff),
            scorer=OSA.normalized_similarity,
            score_cutoff=cutoff,
            limit=_KEPT,
        )
        return [(near, likeness) for near, likeness, _ in found]

    def _possible(self, name: str, cutoff: float) -> Sequence[str]:
        """Leave out names that need more edits than the cutoff allows, whatever these are.

        An edit changes the length by one at most, and the set of letters by two: one letter gone,
        one come.
        """
        if len(self.names) < _FEW:
            return self.names
        edits = (1.0 - cutoff) * np.maximum(self._lengths, len(name)) + 1e-9
        changed = np.bitwise_count(self._letters ^ _letters(name))
        kept = (np.abs(self._lengths - len(name)) <= edits) & (changed <= 2.0 * edits)
        return [self.names[position] for position in np.flatnonzero(kept).tolist()]

    @cached_property
    def _lengths(self) -> npt.NDArray[np.int64]:
        return np.array([len(name) for name in self.names], dtype=np.int64)

    @cached_property
    def _letters(self) -> npt.NDArray[np.uint64]:
        return np.array([_letters(name) for name in self.names], dtype=np.uint64)


def _letters(name: str) -> np.uint64:
    """Return the set of letters of a name, a bit each; two letters may share theirs."""
    bits = 0
    for letter in set(name):
        bits |= 1 << (ord(letter) % 64)
    return np.uint64(bits)
