"""The search for places alike: a tenth of a second at most, kept for every visit."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

from territoires.candidates.alike import (
    ANYWHERE,
    WITH,
    AlikeList,
    AlikeQuery,
    LikenessRules,
    find_alike,
    initiatives_by_place,
    listed_places,
    places_of,
    profiles_of,
)
from territoires.errors import InvalidRequest
from territoires.initiatives import Directory
from territoires.territory import Territoire
from territoires.ui.filters import Scope
from territoires.ui.kept import Kept
from territoires.workspace import Workspace

KEPT_LISTS = 3  # 20 MB each at the widest: all of France, seven indicators

_lists: Kept[Hashable, AlikeList] = Kept(KEPT_LISTS)


@dataclass(frozen=True)
class ChosenInitiatives:
    """The initiatives that count.

    Attributes
    ----------
    directory : Directory
        They alone.
    types, statuses : tuple of str
        How they were chosen; empty for any.
    """

    directory: Directory
    types: tuple[str, ...]
    statuses: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class AlikeQuestion:
    """What is looked for, and where.

    Attributes
    ----------
    references : tuple of Territoire
        At least one.
    query : AlikeQuery
        Its universe is made from the two fields below.
    scope : Scope
        Area that the list is drawn from.
    presence : str
        One of ``PRESENCES``: where the initiatives chosen are, where none is recorded, or both.
    initiatives : ChosenInitiatives
        Those that count.
    """

    references: tuple[Territoire, ...]
    query: AlikeQuery
    scope: Scope
    presence: str
    initiatives: ChosenInitiatives


@dataclass(frozen=True, eq=False)
class AlikeFound:
    """The places alike, and who acts there.

    Attributes
    ----------
    alike : AlikeList
        The places.
    here : Mapping of str to tuple of str
        Identifiers of the initiatives chosen, by place.
    question : AlikeQuestion
        As asked.
    """

    alike: AlikeList
    here: Mapping[str, tuple[str, ...]]
    question: AlikeQuestion

    @property
    def level(self) -> str:
        """``commune`` or ``epci``."""
        return self.alike.query.level


def find(workspace: Workspace, rules: LikenessRules, question: AlikeQuestion) -> AlikeFound:
    """Look for the places alike.

    Raises
    ------
    InvalidRequest
        Nothing can be compared, or nowhere is what is looked for; the message says what to do.
    """
    register, level = workspace.register, question.query.level
    here = initiatives_by_place(register, question.initiatives.directory, level)
    query = _with_universe(workspace, question, here)
    key = (workspace.colours.version, tuple(sorted(p.code for p in question.references)), query)
    alike = _lists.get_or_make(key, lambda: _sought(workspace, rules, question, query))
    return AlikeFound(alike, here, question)


def _sought(
    workspace: Workspace, rules: LikenessRules, question: AlikeQuestion, query: AlikeQuery
) -> AlikeList:
    least = rules.thresholds.min_part
    profiles = profiles_of(workspace.indicators, question.references, least)
    return find_alike(workspace.indicators_by(query.level), profiles, query, rules)


def _with_universe(
    workspace: Workspace, question: AlikeQuestion, here: Mapping[str, tuple[str, ...]]
) -> AlikeQuery:
    level, scope = question.query.level, question.scope
    areas = []
    if scope.communes is not None:
        areas.append(places_of(workspace.register, scope.communes, level))
    index = workspace.indicators_by(level).values.index
    universe = listed_places(index, areas, here, question.presence)
    if universe is not None and not universe:
        raise InvalidRequest(_nowhere(question))
    return replace(question.query, universe=universe)


def _nowhere(question: AlikeQuestion) -> str:
    scope = question.scope
    among = "dans" if scope.members is None else "parmi"
    where = "" if scope.communes is None else f" {among} {scope.label}"
    if question.presence == WITH:
        return (
            f"Aucune initiative de ce choix n'est recensée{where} : choisissez d'autres types ou "
            "statuts, ou cherchez plus large. L'annuaire n'est pas complet."
        )
    if question.presence == ANYWHERE:
        return f"Rien à comparer{where} : cherchez plus large."
    return f"Partout{where}, une initiative de ce choix est recensée : cherchez plus large."
