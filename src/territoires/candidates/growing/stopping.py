"""Why a group is as it is: what stopped it, and which declared links hold it together."""

from __future__ import annotations

from territoires.candidates.growing.area import Area
from territoires.candidates.growing.contiguity import Contiguity, Link
from territoires.candidates.growing.cuts import reached
from territoires.candidates.growing.search import FoundGroup
from territoires.candidates.wording import format_inhabitants

_TAKEN = "toutes les voisines qu'il pourrait prendre sont dans d'autres territoires retenus"
_NO_NEIGHBOUR = "aucune autre commune voisine : île, sans liaison déclarée"
_NOT_ADMITTED = (
    "ses autres voisines ne peuvent pas le rejoindre (seules dans les bornes, trop peuplées, "
    "refusées, non classées ou d'un autre EPCI)"
)
_NOTHING_BETTER = (
    "aucune commune à ajouter, à retirer ou à échanger n'améliorerait le besoin moyen et la "
    "compacité réunis"
)
_CUT_SHORT = "améliorations arrêtées à leur limite : d'autres échanges seraient possibles"


def stop_reason(area: Area, graph: Contiguity, group: FoundGroup, taken: set[int]) -> str:
    """Say in French why a group stopped where it is.

    Parameters
    ----------
    area : Area
        Where it grew.
    graph : Contiguity
        All ties, those to communes that could not join included.
    group : FoundGroup
        The group.
    taken : set of int
        Places in groups, when they may not be shared; its own may be there.
    """
    if group.refined.cut_short:
        return _CUT_SHORT
    members = set(group.refined.members)
    around = {other for place in members for other, _ in area.ties[place]} - members
    free = around - taken
    if not free:
        return _TAKEN if around else _closed_reason(area, graph, members)
    population = sum(area.sums[place][0] for place in members)
    least = min(area.sums[place][0] for place in free)
    if population + least > area.goal.high:
        most = format_inhabitants(area.goal.high)
        return f"toute commune voisine ferait passer la population au-dessus de {most}"
    return _NOTHING_BETTER


def _closed_reason(area: Area, graph: Contiguity, members: set[int]) -> str:
    codes = {area.codes[place] for place in members}
    outside = any(other not in codes for code in codes for other in graph.around(code))
    return _NOT_ADMITTED if outside else _NO_NEIGHBOUR


def links_needed(area: Area, graph: Contiguity, members: tuple[int, ...]) -> tuple[Link, ...]:
    """Return the declared links between members, when they would not all touch without."""
    if not graph.links or _touch_on_land(area, members):
        return ()
    codes = {area.codes[place] for place in members}
    return tuple(link for link in graph.links if codes.issuperset(link.ends))


def _touch_on_land(area: Area, members: tuple[int, ...]) -> bool:
    inside = set(members)

    def touching(place: int) -> list[int]:
        return [other for other, border in area.ties[place] if border > 0.0 and other in inside]

    return reached(members[0], touching) == inside
