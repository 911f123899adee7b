"""What is asked of a comparison: one value, complete and hashable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from territoires.candidates.alike.rules import Criterion
from territoires.candidates.alike.sizes import SAME, Sizes
from territoires.candidates.query import MAX_COUNT
from territoires.errors import InvalidRequest

Several = Literal["proche", "profil"]
SEVERAL: tuple[str, ...] = get_args(Several)


@dataclass(frozen=True)
class AlikeQuery:
    """A search for places alike.

    Attributes
    ----------
    criteria : tuple of Criterion
        Compared on; each indicator once, at least one weight above 0.
    level : str
        Level of the places compared: ``commune``, ``epci``.
    sizes : str or tuple of str
        ``meme``: the size classes of the references; ``voisines``: these and the next ones;
        ``toutes``; or codes of classes. Ranks are taken among the places of these sizes.
    universe : frozenset of str or None
        Codes of the places that may be listed; ``None`` for all. It narrows the list, never the
        ranks: a distance is the same in one région and in France.
    several : str
        With several references, distance to the nearest of them (``proche``), or to their median
        profile (``profil``).
    count : int
        How many places to show.

    Raises
    ------
    InvalidRequest
        No criterion, one given twice, all weights 0, or an impossible count.
    """

    criteria: tuple[Criterion, ...]
    level: str = "commune"
    sizes: Sizes = SAME
    universe: frozenset[str] | None = None
    several: Several = "proche"
    count: int = 20

    def __post_init__(self) -> None:
        codes = [criterion.code for criterion in self.criteria]
        if not any(criterion.weight > 0 for criterion in self.criteria):
            raise InvalidRequest(
                "Il faut comparer au moins un indicateur, avec un poids au-dessus de 0."
            )
        twice = [code for code in codes if codes.count(code) > 1]
        if twice:
            raise InvalidRequest(f"Indicateur donné deux fois : « {twice[0][:60]} ».")
        if self.several not in SEVERAL:
            raise InvalidRequest(
                f"Plusieurs références : « {self.several!s:.40} » inconnu. "
                f"Choix : {', '.join(SEVERAL)}."
            )
        if not 1 <= self.count <= MAX_COUNT:
            raise InvalidRequest(
                f"Nombre de territoires : entre 1 et {MAX_COUNT}, « {self.count} » est demandé."
            )

    @property
    def kept(self) -> tuple[Criterion, ...]:
        """Criteria that weigh something."""
        return tuple(criterion for criterion in self.criteria if criterion.weight > 0)

    @property
    def codes(self) -> tuple[str, ...]:
        """Indicators that weigh something, in order."""
        return tuple(criterion.code for criterion in self.kept)
