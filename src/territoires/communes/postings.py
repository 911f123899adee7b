"""Which rows have a term, or a term that begins so: a sorted list and three arrays."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

_AFTER_ANY_LETTER = "\U0010ffff"

_Rows = npt.NDArray[np.int64]


class Postings:
    """Terms of numbered rows.

    Parameters
    ----------
    terms_of_rows : sequence of iterable of str
        The terms of row 0, of row 1, and so on; empty terms are left out.
    """

    def __init__(self, terms_of_rows: Sequence[Iterable[str]]) -> None:
        pairs = sorted(
            (term, row) for row, terms in enumerate(terms_of_rows) for term in terms if term
        )
        self._rows: _Rows = np.array([row for _, row in pairs], dtype=np.int64)
        self.terms: list[str] = []
        starts: list[int] = []
        for position, (term, _) in enumerate(pairs):
            if not self.terms or term != self.terms[-1]:
                self.terms.append(term)
                starts.append(position)
        self._starts = np.array([*starts, len(pairs)], dtype=np.int64)

    def at(self, position: int) -> _Rows:
        """Return the rows of the term at a position of ``terms``."""
        return self._between(position, position + 1)

    def equal_to(self, term: str) -> _Rows:
        """Return the rows that have this term, rising."""
        position = bisect_left(self.terms, term)
        known = position < len(self.terms) and self.terms[position] == term
        return self.at(position) if known else self._between(0, 0)

    def starting_with(self, beginning: str) -> _Rows:
        """Return the rows that have a term that begins so, rising."""
        start = bisect_left(self.terms, beginning)
        end = bisect_left(self.terms, beginning + _AFTER_ANY_LETTER)
        return np.unique(self._between(start, end))

    def _between(self, start: int, end: int) -> _Rows:
        return self._rows[self._starts[start] : self._starts[end]]
