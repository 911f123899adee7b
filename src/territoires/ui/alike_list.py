"""Places alike under French headings, with the initiatives there and the nearest one."""

from __future__ import annotations

import pandas as pd

from territoires.candidates.alike import WITH, WITHOUT
from territoires.candidates.wording import shortened
from territoires.communes import LEVELS
from territoires.indicators import format_share
from territoires.initiatives import nearest
from territoires.ui.alike_search import AlikeFound
from territoires.ui.alike_words import initiative_names
from territoires.ui.listing import LEAST, MINOR, NAME, NUMBER, TEXT, Column, Row, cell_of
from territoires.workspace import Workspace

DISTANCE, NEAREST = "Distance", "À (km)"
_DISTANCE_DECIMALS = 3
_NAMES_SHOWN = 2
_DECIMALS = {DISTANCE: _DISTANCE_DECIMALS, NEAREST: 1}
_IN_TABLE_ONLY = ("Code",)
_COLUMNS = {
    "Rang": Column("Rang", NUMBER),
    "Dép.": Column("Dép.", TEXT, MINOR),
    "Habitants": Column("Habitants", NUMBER),
    DISTANCE: Column(
        DISTANCE,
        NUMBER,
        help="De 0 (pareil) à 1 (aux deux bouts). 0,08 : à peu près 8 territoires sur 100 séparent "
        "les deux lieux, indicateur par indicateur",
    ),
    "Comparé à": Column("Comparé à", TEXT, MINOR),
    NEAREST: Column(NEAREST, NUMBER, help="À vol d'oiseau, de mairie à mairie, en km"),
    "Initiatives ici": Column("Initiatives ici", TEXT, MINOR),
    "Initiative la plus proche": Column("Initiative la plus proche", TEXT, LEAST),
    "Part connue": Column("Part connue", TEXT, LEAST),
    "EPCI": Column("EPCI", TEXT, LEAST),
}


def readable(workspace: Workspace, found: AlikeFound) -> pd.DataFrame:
    """Return the places alike, one row each, the most alike first.

    Returns
    -------
    DataFrame
        Index: codes of the places. Columns for people.
    """
    alike, is_communes = found.alike, found.level == "commune"
    frame, register = alike.frame, workspace.register
    names = register.tables[found.level]["nom"].reindex(frame.index)
    columns: dict[str, object] = {
        "Rang": frame["rang"],
        "Commune" if is_communes else "EPCI": names,
        "Dép.": _departements(workspace, found),
        "Habitants": frame["population"],
        DISTANCE: frame["distance"].round(_DISTANCE_DECIMALS),
    }
    if len(alike.targets) > 1:
        columns["Comparé à"] = [alike.targets[at].nom for at in frame["reference"]]
    columns |= _initiatives(workspace, found)
    columns["Part connue"] = frame["couverture"].map(format_share)
    if is_communes:
        epci = register.communes["code_epci"].reindex(frame.index)
        columns["EPCI"] = epci.map(register.epci["nom"])
    columns["Code"] = frame.index
    return pd.DataFrame(columns, index=frame.index)


def alike_rows(found: AlikeFound, table: pd.DataFrame) -> tuple[list[Column], list[Row]]:
    """Return the columns of the list, and one row per place of the table."""
    shown = [title for title in table.columns if title not in _IN_TABLE_ONLY]
    columns = [_COLUMNS.get(title, Column(title)) for title in shown]
    prefix = LEVELS[found.level].prefix
    name = table.columns[1]
    columns[shown.index(name)] = Column(name, NAME)
    rows = [
        Row(
            str(code), str(values[name]), f"{prefix}:{code}",
            tuple(cell_of(values[title], _DECIMALS.get(title, 0)) for title in shown),
        )
        for code, values in zip(table.index, table.to_dict("records"), strict=True)
    ]  # fmt: skip
    return columns, rows


def _initiatives(workspace: Workspace, found: AlikeFound) -> dict[str, object]:
    """Return who acts there, where that is asked, and the nearest one, where there may be none."""
    presence, index = found.question.presence, found.alike.frame.index
    directory = found.question.initiatives.directory
    columns: dict[str, object] = {}
    if presence != WITHOUT:
        columns["Initiatives ici"] = [
            shortened(initiative_names(directory, found.here.get(str(place), ())), _NAMES_SHOWN)
            for place in index
        ]
    if presence != WITH:
        reach = nearest_initiatives(workspace, found)
        columns[NEAREST] = reach["distance_km"].round(1)
        columns["Initiative la plus proche"] = reach["nom"]
    return columns


def nearest_initiatives(workspace: Workspace, found: AlikeFound) -> pd.DataFrame:
    """Find the initiative, of those chosen, that is nearest to each place shown.

    Returns
    -------
    DataFrame
        Index: codes of the places; ``nom`` and ``distance_km``, both missing where none is within
        the same projected system. Of an EPCI, the distance is that of its nearest commune.
    """
    register, directory = workspace.register, found.question.initiatives.directory
    places = _commune_places(workspace, found)
    reach = nearest(register, directory, [str(code) for code in places.index])
    reach["lieu"] = places.to_numpy()
    closest = reach.sort_values("distance_km", kind="stable").groupby("lieu").first()
    closest["nom"] = closest["id"].map(directory.frame["nom"])
    return closest.reindex(found.alike.frame.index)[["nom", "distance_km"]]


def _commune_places(workspace: Workspace, found: AlikeFound) -> pd.Series[str]:
    """Return the place of the list that holds each commune; index: communes."""
    index, column = found.alike.frame.index, LEVELS[found.level].column
    if column is None:
        return pd.Series(list(index), index=index)
    places = workspace.register.communes[column]
    return places[places.isin(index)]


def _departements(workspace: Workspace, found: AlikeFound) -> pd.Series[str]:
    """Return the département of each place; of an EPCI, that of most of its communes."""
    places = _commune_places(workspace, found)
    codes = workspace.register.communes["code_departement"].loc[places.index]
    most = codes.groupby(places.to_numpy()).agg(lambda inside: inside.mode().iloc[0])
    return most.reindex(found.alike.frame.index)
