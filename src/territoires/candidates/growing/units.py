"""The communes to group, with what the search asks of each: a table that anyone can make."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from territoires.communes import Register
from territoires.communes.projection import project
from territoires.errors import InvalidRequest
from territoires.territory.territoire import ARM_LEVEL, QPV_LEVEL

COLUMNS = ("nom", "population", "score", "code_epci", "superficie_km2", "perimetre_km")
PART_COLUMNS = ("code", "nom", "nature", "code_commune", "population", "score")
_KILOMETRE = 1000.0

FloatArray = npt.NDArray[np.float64]


def growth_units(
    register: Register, score: pd.Series, codes: Iterable[str] | None = None
) -> pd.DataFrame:
    """Make the table of the communes to group.

    Parameters
    ----------
    register : Register
        Gives population, EPCI and outlines.
    score : Series of float
        Index: commune; need, 0 to 1; NaN or absent: not ranked.
    codes : iterable of str, optional
        The area; all communes by default. No group leaves it.

    Returns
    -------
    DataFrame
        Index ``code_commune``, rising; :data:`COLUMNS`: population and score as floats (NaN:
        unknown), area and perimeter measured on the outlines in the commune's own projection.

    Raises
    ------
    UnknownTerritory
        A code is not that of a commune in force.
    """
    rows = np.arange(len(register.communes)) if codes is None else _rows(register, codes)
    communes = register.communes.iloc[rows]
    areas, perimeters = _measures(register, rows)
    return pd.DataFrame(
        {
            "nom": communes["nom"],
            "population": communes["population"].astype("float64"),
            "score": score.reindex(communes.index).astype("float64"),
            "code_epci": communes["code_epci"],
            "superficie_km2": areas,
            "perimetre_km": perimeters,
        }
    )


def municipal_parts(register: Register) -> pd.DataFrame:
    """List the municipal arrondissements of Paris, Lyon and Marseille: parts of too large communes.

    Returns
    -------
    DataFrame
        :data:`PART_COLUMNS`; ``score`` is NaN: needs are known by commune. Rows of other parts,
        with or without a need of their own, can be added to it: :func:`neighbourhood_parts`.
    """
    inferior = register.inferior
    parts = inferior[inferior["nature"] == ARM_LEVEL]
    columns = {name: parts[name] for name in PART_COLUMNS if name != "score"}
    columns["population"] = parts["population"].astype("float64")
    return pd.DataFrame({**columns, "score": np.nan}).reset_index(drop=True)


def neighbourhood_parts(register: Register) -> pd.DataFrame:
    """List the priority neighbourhoods (QPV) that lie in one commune, as parts of it.

    One that lies in several is left out: nobody publishes how many of its inhabitants each has.

    Returns
    -------
    DataFrame
        :data:`PART_COLUMNS`; ``population`` is NaN where it is not published, ``score`` always.
    """
    known = register.neighbourhoods
    alone = known[known["codes_communes"].str.fullmatch(r"[^;]+").astype(bool)]
    return pd.DataFrame(
        {
            "code": alone.index.astype("str"),
            "nom": "QPV " + alone["nom"].astype("str").to_numpy(dtype=object),
            "nature": QPV_LEVEL,
            "code_commune": alone["codes_communes"].to_numpy(dtype=object),
            "population": alone["population"].to_numpy(dtype="float64"),
            "score": np.nan,
        }
    )


def with_need_of_commune(parts: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Give to each neighbourhood of known population the need of its commune, for want of its own.

    An arrondissement is left as it is: it is to be chosen among those of its city.
    """
    lacking = (parts["nature"] == QPV_LEVEL) & parts["population"].notna() & parts["score"].isna()
    need = parts["code_commune"].map(units["score"])
    return parts.assign(score=parts["score"].where(~lacking, need))


def checked_units(units: pd.DataFrame) -> pd.DataFrame:
    """Return the units sorted by code, the order in which everything is decided.

    Raises
    ------
    InvalidRequest
        A column is missing, a commune is given twice, or a number is impossible.
    """
    missing = [name for name in COLUMNS if name not in units.columns]
    if missing:
        raise InvalidRequest(f"Communes à grouper : colonnes absentes : {', '.join(missing)}.")
    if units.empty:
        raise InvalidRequest("Aucune commune où chercher : choisissez une zone qui en contienne.")
    if not units.index.is_unique:
        twice = units.index[units.index.duplicated()][0]
        raise InvalidRequest(f"Commune donnée deux fois : {twice}.")
    for name in ("population", "superficie_km2", "perimetre_km"):
        if (units[name].to_numpy(dtype=float) < 0).any():
            raise InvalidRequest(f"Communes à grouper : « {name} » négative.")
    if np.isinf(units["score"].to_numpy(dtype=float)).any():
        raise InvalidRequest("Communes à grouper : un score est infini.")
    return units.sort_index()


def checked_parts(parts: pd.DataFrame | None) -> pd.DataFrame:
    """Return the parts sorted by commune and code, or an empty table.

    Raises
    ------
    InvalidRequest
        A column is missing.
    """
    if parts is None:
        return pd.DataFrame(columns=list(PART_COLUMNS))
    missing = [name for name in PART_COLUMNS if name not in parts.columns]
    if missing:
        raise InvalidRequest(f"Parties de communes : colonnes absentes : {', '.join(missing)}.")
    return parts.sort_values(["code_commune", "code"], ignore_index=True)


def _rows(register: Register, codes: Iterable[str]) -> npt.NDArray[np.int64]:
    return np.unique(register.positions(codes))


def _measures(register: Register, rows: npt.NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
    """Return km² and km in the system in which the register measured the borders."""
    systems = register.communes["epsg_local"].to_numpy()[rows]
    areas, perimeters = np.zeros(len(rows)), np.zeros(len(rows))
    for system in np.unique(systems):
        here = np.flatnonzero(systems == system)
        metres = shapely.transform(
            register.geometries[rows[here]],
            lambda points, epsg=int(system): np.column_stack(
                project(points[:, 0], points[:, 1], epsg)
            ),
        )
        areas[here] = shapely.area(metres) / _KILOMETRE**2
        perimeters[here] = shapely.length(metres) / _KILOMETRE
    return areas, perimeters
