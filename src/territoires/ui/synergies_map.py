"""The map of « Avec qui ? »: an initiative, how far one looks around it, who completes it there."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from territoires.indicators import format_number
from territoires.initiatives import Directory, Vocabularies, reach_outline, shown_point
from territoires.maps import MIXED_COLOUR, MapPoint, MapSpec, around_layer, legend_html
from territoires.maps.points import shortened
from territoires.ui.initiatives_legend import initiatives_legend
from territoires.ui.map_view import draw_map, follow_bounds
from territoires.ui.state import PageState
from territoires.ui.view import Bounds
from territoires.ui.widgets import choose_one_of_few
from territoires.workspace import Workspace

_OUTLINES, _NEEDS = "contours", "besoins"
_GROUNDS = {_OUTLINES: "Contours seuls", _NEEDS: "Besoins"}
_SAME_PLACE = 4  # decimals of a degree: about ten metres
_CLOSE = 0.02  # degrees kept around two places, which may be one
_MARGIN = 0.06  # share of the width kept free on each side


def synergies_map(
    state: PageState, workspace: Workspace, directory: Directory, chosen: str, radius_km: float,
    found: pd.DataFrame, told: pd.DataFrame, row: int | None,
) -> None:  # fmt: skip
    """Draw the map, moved to the reach, or to the initiative and the row that is ticked.

    Parameters
    ----------
    found, told : pd.DataFrame
        What ``synergies`` found, and the same rows as ``synergies_table`` lays them out.
    row : int or None
        The one that is ticked.
    """
    words = workspace.vocabularies
    place = shown_point(directory, chosen)
    reach = reach_outline(workspace.register, place, radius_km)
    centre = _named(place, directory.frame.loc[[chosen]], words)
    other = None
    if row is not None:
        ticked = found.iloc[[row]]
        other = _named(shown_point(directory, str(ticked.index[0])), ticked, words)
    follow_bounds(state, _widened(reach.bounds if other is None else _both(centre, other)))
    spec, title = _ground(state, workspace)
    layer = around_layer(centre, reach, synergy_points(found, told, words), other)
    draw_map(state, workspace, spec, [layer])
    st.html(legend_html(workspace.colours, spec, title) + initiatives_legend(words))


def _ground(state: PageState, workspace: Workspace) -> tuple[MapSpec, str]:
    """Draw the choice of what lies under the circles; return it and its title."""
    ground = choose_one_of_few(
        state, "fond", "Fond de la carte", tuple(_GROUNDS), show=lambda key: _GROUNDS[key]
    )
    version = workspace.colours.version
    if ground == _OUTLINES:
        return MapSpec.for_outlines(version=version), ""
    recipe = workspace.recipes[workspace.default_recipe]
    return MapSpec.for_recipe(recipe, version=version), recipe.name


def _named(place: tuple[float, float], rows: pd.DataFrame, words: Vocabularies) -> MapPoint:
    """Return the point of one initiative that says its name."""
    colour = words.axis_colour(str(rows["axes"].iloc[0]))
    return MapPoint(place[0], place[1], 1, colour, (str(rows["nom"].iloc[0]),))


def _both(one: MapPoint, other: MapPoint) -> Bounds:
    west, east = sorted((one.longitude, other.longitude))
    south, north = sorted((one.latitude, other.latitude))
    return west - _CLOSE, south - _CLOSE, east + _CLOSE, north + _CLOSE


def _widened(bounds: Bounds) -> Bounds:
    """Return bounds with room for what is drawn at their edge."""
    west, south, east, north = bounds
    wide, high = (east - west) * _MARGIN, (north - south) * _MARGIN
    return west - wide, south - high, east + wide, north + high


def synergy_points(
    found: pd.DataFrame, told: pd.DataFrame, words: Vocabularies
) -> tuple[MapPoint, ...]:
    """Return one circle for each place where somebody completes the initiative.

    Parameters
    ----------
    found, told : pd.DataFrame
        As for :func:`synergies_map`: the numbers are those of the list.
    """
    if found.empty:
        return ()
    rows = told.assign(
        axes=found["axes"].to_numpy(),
        longitude=found["longitude"].to_numpy(),
        latitude=found["latitude"].to_numpy(),
    )
    place = [rows[axis].round(_SAME_PLACE) for axis in ("longitude", "latitude")]
    return tuple(_point(those, words) for _, those in rows.groupby(place, sort=False))


def _point(rows: pd.DataFrame, words: Vocabularies) -> MapPoint:
    colours = {words.axis_colour(axes) for axes in rows["axes"]}
    where = f"{rows['commune'].iloc[0]}, à {format_number(rows['distance_km'].iloc[0], 1)} km"
    return MapPoint(
        float(rows["longitude"].iloc[0]),
        float(rows["latitude"].iloc[0]),
        1,
        colours.pop() if len(colours) == 1 else MIXED_COLOUR,
        shortened([_line(row) for row in rows.to_dict("records")], where),
        _mark(rows["numero"]),
    )


def _line(row: Mapping[Hashable, Any]) -> str:
    axes = f" : {row['axes_apportes']}" if row["axes_apportes"] else ""
    return f"{row['numero']}. {row['nom']} — {row['type']} ; {row['apport']}{axes}"


def _mark(numbers: Iterable[int]) -> str:
    """Write the number of the row; of several, the first and that there are others."""
    first, *others = numbers
    return f"{first}+" if others else str(first)
