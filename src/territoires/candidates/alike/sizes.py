"""Size classes: a filter that keeps villages with villages, dated, in ``tailles.toml``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from territoires.candidates.wording import format_inhabitants
from territoires.errors import InvalidRequest
from territoires.indicators import format_number

SAME, ADJACENT, ANY = "meme", "voisines", "toutes"
SIZE_MODES = (SAME, ADJACENT, ANY)
Sizes = str | tuple[str, ...]
"""One of ``SIZE_MODES``, or codes of size classes."""


@dataclass(frozen=True)
class SizeClasses:
    """Classes of population, from the smallest to the largest.

    Attributes
    ----------
    minimums : tuple of int
        Least population of each class, rising, the first one 0; the last class has no maximum.
    sources : tuple of str
        Where the classes come from.
    """

    minimums: tuple[int, ...]
    sources: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """``0-499``, ``500-999``… and ``200000+``."""
        ends = zip(self.minimums[:-1], self.minimums[1:], strict=True)
        return (*(f"{low}-{high - 1}" for low, high in ends), f"{self.minimums[-1]}+")

    def of(self, population: Iterable[float]) -> npt.NDArray[np.intp]:
        """Return the position of the class of each population."""
        amounts = np.fromiter(population, dtype=np.float64)
        return np.searchsorted(np.asarray(self.minimums), amounts, side="right") - 1

    def chosen(self, sizes: Sizes, references: Iterable[float]) -> tuple[int, ...]:
        """Return the positions of the classes that a query keeps, rising.

        Parameters
        ----------
        sizes : str or tuple of str
            As asked.
        references : iterable of float
            Populations of the territories that one looks like.

        Raises
        ------
        InvalidRequest
            A class is unknown.
        """
        everything = range(len(self.minimums))
        if sizes == ANY:
            return tuple(everything)
        if isinstance(sizes, tuple):
            return tuple(sorted({self._position(code) for code in sizes}))
        _check_mode(sizes)
        reach = 1 if sizes == ADJACENT else 0
        mine = self.of(references)
        return tuple(at for at in everything if np.any(np.abs(mine - at) <= reach))

    def told(self, positions: Iterable[int]) -> str:
        """Say in French which populations these classes hold: ``5 000 à 9 999 habitants``."""
        kept = sorted(positions)
        if len(kept) == len(self.minimums):
            return "toutes les tailles"
        starts = [at for at in kept if at - 1 not in kept]
        ends = [at for at in kept if at + 1 not in kept]
        return ", ".join(
            self._told_range(start, end) for start, end in zip(starts, ends, strict=True)
        )

    def _told_range(self, start: int, end: int) -> str:
        low = format_number(self.minimums[start])
        if end + 1 == len(self.minimums):
            return f"{format_inhabitants(self.minimums[start])} ou plus"
        return f"{low} à {format_inhabitants(self.minimums[end + 1] - 1)}"

    def _position(self, code: str) -> int:
        if code not in self.codes:
            message = (
                f"Classe de taille inconnue : « {code[:40]} ». Choix : "
                f"{', '.join((*SIZE_MODES, *self.codes))}."
            )
            raise InvalidRequest(message)
        return self.codes.index(code)


def _check_mode(sizes: str) -> None:
    if sizes not in SIZE_MODES:
        message = f"Taille inconnue : « {sizes[:40]} ». Choix : {', '.join(SIZE_MODES)}."
        raise InvalidRequest(message)
