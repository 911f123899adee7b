"""One door to the search, whatever the unit: communes, groups of communes, EPCI."""

from __future__ import annotations

from territoires.candidates.context import SearchContext
from territoires.candidates.grown import Ground, Progress, grow_candidates
from territoires.candidates.presets import GROUP
from territoires.candidates.query import CandidateQuery
from territoires.candidates.search import CandidateList, find_candidates
from territoires.communes import Register
from territoires.indicators import IndicatorTable
from territoires.initiatives import Directory
from territoires.needs import check_recipe


def find_territories(
    register: Register, indicators: IndicatorTable, directory: Directory, query: CandidateQuery,
    ground: Ground, progress: Progress | None = None,
) -> CandidateList:  # fmt: skip
    """Search for what a query asks: communes, groups of communes or EPCI.

    Parameters
    ----------
    register, indicators, directory : Register, IndicatorTable, Directory
        The data; the indicators are those of communes.
    query : CandidateQuery
        What is asked.
    ground : Ground
        What groups grow on.
    progress : callable, optional
        Told the share done, 0 to 1, while groups grow; may raise to stop.

    Returns
    -------
    CandidateList
        Possibly empty for communes and EPCI: its steps say which rule emptied it.

    Raises
    ------
    InvalidRequest
        Something of the query is unknown; or no group obeys it, and the message gives the nearest
        setting that works.
    """
    if query.unit != GROUP:
        return find_candidates(register, indicators, directory, query)
    check_recipe(query.recipe, indicators.catalogue)
    return grow_candidates(SearchContext(register, indicators, directory, query), ground, progress)
