"""A shortlist as a table for people, and back from the table that they kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from territoires.candidates import CandidateList
from territoires.communes import Register
from territoires.errors import InvalidTable, UnknownTerritory
from territoires.indicators import IndicatorTable, for_a_table
from territoires.initiatives import Directory, nearest
from territoires.shortlist.identity import CODE, FORMER_CODE, NAME, NOTE, STATUS, TAGS
from territoires.shortlist.model import (
    STATUSES,
    TAG_SEPARATOR,
    Shortlist,
    ShortlistItem,
    read_status,
    read_tags,
)
from territoires.territory import Territoire, territory_from_code

_DISTANCE_DECIMALS = 1
_SCORE_DECIMALS = 4


def shortlist_table(
    shortlist: Shortlist,
    register: Register,
    indicators: IndicatorTable,
    directory: Directory,
    indicator_codes: Sequence[str] = (),
    candidates: CandidateList | None = None,
) -> pd.DataFrame:
    """Lay out a shortlist, one row per territory, in its order.

    Parameters
    ----------
    shortlist : Shortlist
        Possibly empty.
    register, indicators, directory : Register, IndicatorTable, Directory
        Where the figures come from; the indicators are those of communes.
    indicator_codes : sequence of str
        Indicators to write, one column each.
    candidates : CandidateList, optional
        A search: rank and score are written beside the communes it ranked, and only the
        initiatives it chose are looked for.

    Returns
    -------
    DataFrame
        RangeIndex; ``ordre, code_territoire, nom, niveau, departement, region, epci, population,
        statut, etiquettes`` (joined by ``;``), ``note``, ``valeur_<indicator>`` and
        ``statut_<indicator>`` per indicator, ``initiative_proche, distance_km`` (from the
        reference point of the most populous commune), and ``rang_candidat, score`` when a search
        is given. Missing stays missing.

    Raises
    ------
    UnknownTerritory
        A territory of the list does not exist in this register.
    InvalidRequest
        An indicator is unknown.
    """
    territories = [territory_from_code(register, item.code) for item in shortlist.items]
    places = [_places(register, territory) for territory in territories]
    chosen = candidates.context.chosen if candidates else directory
    columns: dict[str, object] = {
        "ordre": range(1, len(shortlist) + 1),
        CODE: _texts(item.code for item in shortlist.items),
        NAME: _texts(item.nom for item in shortlist.items),
        "niveau": _texts(territory.niveau for territory in territories),
        "departement": _texts(place["departement"] for place in places),
        "region": _texts(place["region"] for place in places),
        "epci": _texts(place["epci"] for place in places),
        "population": pd.array([territory.population for territory in territories], dtype="Int64"),
        STATUS: _texts(STATUSES[item.statut] for item in shortlist.items),
        TAGS: _texts(TAG_SEPARATOR.join(item.etiquettes) for item in shortlist.items),
        NOTE: _texts(item.note for item in shortlist.items),
        **_indicator_columns(territories, indicators, indicator_codes),
        **_initiative_columns(territories, register, chosen),
        **_candidate_columns(shortlist, candidates),
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(shortlist)))


def known_part(shortlist: Shortlist, register: Register) -> Shortlist:
    """Return a shortlist without the territories that this register does not know."""
    return replace(shortlist, items=tuple(one for one in shortlist.items if _known(register, one)))


def _known(register: Register, item: ShortlistItem) -> bool:
    try:
        territory_from_code(register, item.code)
    except UnknownTerritory:
        return False
    return True


def shortlist_from_table(frame: pd.DataFrame, nom: str) -> Shortlist:
    """Read a shortlist back from the table of one of our exports.

    Parameters
    ----------
    frame : DataFrame of str
        With at least ``code_territoire`` (``code`` in former exports); ``nom, note, statut,
        etiquettes`` may be missing. A territory repeated counts once, the first.
    nom : str
        Name of the list.

    Raises
    ------
    InvalidTable
        There is no column of codes.
    InvalidRequest
        A code, a status or a note cannot be one; the message names the row.
    """
    code = CODE if CODE in frame.columns else FORMER_CODE
    if code not in frame.columns:
        raise InvalidTable(
            f"Ce fichier n'est pas un export de Territoires : colonne absente : {CODE}. "
            f"Colonnes lues : {', '.join(map(str, frame.columns))[:200]}."
        )
    told = frame.reindex(columns=[code, NAME, NOTE, STATUS, TAGS], fill_value="")
    items = (
        ShortlistItem(typed, name, note, read_status(status), read_tags(tags))
        for typed, name, note, status, tags in told.itertuples(index=False, name=None)
    )
    return Shortlist(nom).add(*items)


def _texts(values: object) -> pd.api.extensions.ExtensionArray:
    return pd.array(list(values), dtype="str")  # type: ignore[call-overload]


def _places(register: Register, territory: Territoire) -> dict[str, str]:
    """Name the département, région and EPCI that hold a territory; joined when several do."""
    communes = register.communes.iloc[register.positions(territory.communes)]
    names = {}
    for level in ("departement", "region", "epci"):
        codes = communes[f"code_{level}"].dropna().unique()
        # A country or a région would list all its EPCI: past a few, the list says nothing.
        labels = [register.name_of(level, str(code)) for code in codes[:4]]
        names[level] = " ; ".join([*labels[:3], "…"] if len(labels) > 3 else labels)
    return names


def _indicator_columns(
    territories: Sequence[Territoire], indicators: IndicatorTable, codes: Sequence[str]
) -> dict[str, object]:
    if not codes:
        return {}
    rows = [
        indicators.for_territory(territory.communes).set_index("code") for territory in territories
    ]
    columns: dict[str, object] = {}
    for code in codes:
        values = pd.Series([row["valeur"][code] for row in rows], dtype=float)
        columns[f"valeur_{code}"] = for_a_table(indicators.indicator(code), values)
        columns[f"statut_{code}"] = _texts(str(row["statut"][code]) for row in rows)
    return columns


def _initiative_columns(
    territories: Sequence[Territoire], register: Register, directory: Directory
) -> dict[str, object]:
    near = nearest(register, directory, [_main_commune(register, place) for place in territories])
    return {
        "initiative_proche": near["id"].map(directory.frame["nom"]).astype("str").to_numpy(),
        "distance_km": near["distance_km"].round(_DISTANCE_DECIMALS).to_numpy(),
    }


def _main_commune(register: Register, territory: Territoire) -> str:
    main = register.main_row(register.positions(territory.communes))
    return str(register.communes.index[main])


def _candidate_columns(shortlist: Shortlist, candidates: CandidateList | None) -> dict[str, object]:
    if candidates is None:
        return {}
    known = [candidates.ranked_code(code) for code in shortlist.codes]
    ranked = candidates.ranked[["rang", "score"]].reindex(known)
    return {
        "rang_candidat": ranked["rang"].astype("Int64").array,
        "score": ranked["score"].round(_SCORE_DECIMALS).to_numpy(),
    }
