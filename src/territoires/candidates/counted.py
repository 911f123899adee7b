"""Which initiatives count: chosen by axis, type and status, in words that the vocabularies know."""

from __future__ import annotations

from collections.abc import Sequence

from territoires.errors import InvalidRequest
from territoires.initiatives import NO_AXIS, Directory, Vocabularies


def counted(
    directory: Directory, *, axes: Sequence[str] = (), types: Sequence[str] = (),
    statuses: Sequence[str] = (),
) -> Directory:  # fmt: skip
    """Keep the initiatives of the axes, types and statuses chosen; nothing chosen is everything.

    Raises
    ------
    InvalidRequest
        An axis, a type or a status is not in the vocabularies.
    """
    words = directory.vocabularies
    _refuse_unknown("Axe", axes, [*words.axes.codes, NO_AXIS])
    _refuse_unknown("Type d'initiative", types, words.types.codes)
    _refuse_unknown("Statut d'initiative", statuses, words.statuses.codes)
    return directory.filter(axes=axes or None, types=types or None, statuses=statuses or None)


def counted_words(
    words: Vocabularies, axes: Sequence[str], types: Sequence[str], statuses: Sequence[str]
) -> str:
    """Name the initiatives that count: ``axe 2, jardin partagé, active``; ``toutes``."""
    named = [f"axe {code}" if code != NO_AXIS else words.no_axis.label for code in axes]
    named += [words.types.label(code) for code in types]
    named += [words.statuses.label(code) for code in statuses]
    return ", ".join(named) or "toutes"


def _refuse_unknown(what: str, codes: Sequence[str], known: Sequence[str]) -> None:
    unknown = [code for code in codes if code not in known]
    if unknown:
        message = f"{what} inconnu : {unknown[0]!s:.40}. Choix : {', '.join(known)}."
        raise InvalidRequest(message)
