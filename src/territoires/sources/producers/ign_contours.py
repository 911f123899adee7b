"""Boundaries of communes, of any precision: Etalab's files, IGN Admin Express, or a région's.

They replace the outlines that are shipped, for the communes they hold; those of earlier years are
put together where communes merged since.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from territoires.communes.projection import project
from territoires.errors import UnexpectedFormat
from territoires.indicators import format_number
from territoires.sources.cells import no_measures
from territoires.sources.country import is_whole
from territoires.sources.declaration import Layout, Reading, Source, Workbench, at
from territoires.sources.opening import OpenedTable
from territoires.sources.present_codes import beside_their_city, present_codes

_CODES = ("code_insee", "INSEE_COM", "insee_com", "code")
_SHOWN = 5
_YEAR = 2026
# The memory of the server: about 100 bytes a point once decoded.
_MOST_POINTS = 4_000_000
_FINEST_DEGREES = 0.0001
# An area this far from the register's is not that of the whole commune, or too coarse for it.
_TOO_FAR = 0.3


def _read(file: OpenedTable, bench: Workbench) -> Reading:
    features = file.geodata()
    name = next(name for name in _CODES if name in features.columns)
    features = features.assign(code=features[name].astype("str")).drop_duplicates("code")
    features = features[["code", "geometry"]].reset_index(drop=True)
    features["code_commune"] = _of_today(features["code"], bench)
    whole = _put_together(features[features["code_commune"] != ""], file.name)
    gaps = _area_gaps(whole, bench)
    kept = whole[gaps < _TOO_FAR].reset_index(drop=True)
    if kept.empty:
        message = (
            f"{file.name} : aucune commune d'aujourd'hui n'y a sa superficie, à "
            f"{_TOO_FAR:.0%} près. Les coordonnées sont-elles longitude puis latitude ?"
        )
        raise UnexpectedFormat(message)
    others = features["code"][~features["code_commune"].isin(kept["code_commune"])]
    return Reading(
        vintage=str(bench.register.cog),
        cog_year=bench.register.cog,
        measures=no_measures(),
        complete=is_whole(kept["code_commune"]),
        rows=file.rows,
        references={"contours": kept.assign(geometry=_light(kept.geometry.to_numpy()))},
        notes=_notes(others, gaps[gaps < _TOO_FAR], bench),
    )


def _put_together(features: Any, where: str) -> Any:
    """Return one outline by commune of today."""
    if features.empty:
        message = f"{where} : aucun code n'est celui d'une commune d'aujourd'hui."
        raise UnexpectedFormat(message)
    areas = features.assign(geometry=_areas(features.geometry.to_numpy(), where))
    return areas[["code_commune", "geometry"]].dissolve("code_commune", as_index=False)


def _of_today(codes: pd.Series, bench: Workbench) -> pd.Series:
    """Return the commune of today that each outline is a part of, ``""`` for none.

    The outline of a commune that merged since is put together with those it joined, provided they
    are all there: alone, it would leave a hole. What was split since is left as it is.
    """
    register, passages = bench.register, bench.passages
    given, today = set(codes), register.communes.index
    year = passages.likely_year(given, today, register.cog)
    placed = present_codes(codes, year, register, passages)
    then = pd.Series(sorted(passages.communes_of(year, today)))
    heirs = present_codes(then, year, register, passages)
    holed = set(heirs[~then.isin(given)])
    split = {parent for child, parent in passages.split(year).items() if child not in given}
    there = placed.isin(today) & ~placed.isin(holed | split) & ~beside_their_city(codes, register)
    return placed.where(there, "")


def _areas(outlines: Any, where: str) -> Any:
    """Return valid polygons; anything else than an area is refused."""
    valid = shapely.make_valid(outlines)
    kinds = shapely.get_type_id(valid)
    # A repaired outline may come with loose lines: only its areas are kept.
    for at_row in np.flatnonzero(kinds == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = [p for p in shapely.get_parts(valid[at_row]) if shapely.get_dimensions(p) == 2]
        valid[at_row] = shapely.union_all(parts)
    if (shapely.get_dimensions(valid) != 2).any() or shapely.is_empty(valid).any():
        message = f"{where} : des communes n'ont pas de surface."
        raise UnexpectedFormat(message)
    return valid


def _light(outlines: Any) -> Any:
    """Thin out boundaries finer than any screen: neighbours keep their common line."""
    tolerance = _FINEST_DEGREES
    while shapely.get_num_coordinates(outlines).sum() > _MOST_POINTS:
        outlines = shapely.coverage_simplify(outlines, tolerance)
        tolerance *= 2
    return outlines


def _area_gaps(outlines: Any, bench: Workbench) -> Any:
    """Return how far each area is from the register's, as a share of it."""
    communes = bench.register.communes.loc[outlines["code_commune"]]
    shapes, systems = outlines.geometry.to_numpy(), communes["epsg_local"].to_numpy()
    areas = np.zeros(len(shapes))
    for system in np.unique(systems):
        areas[systems == system] = shapely.area(_in_metres(shapes[systems == system], int(system)))
    return np.abs(areas / (communes["superficie_km2"].to_numpy() * 1e6) - 1.0)


def _notes(others: pd.Series, gaps: Any, bench: Workbench) -> tuple[str, ...]:
    whole, middle = len(bench.register.communes), float(np.median(gaps)) * 100
    notes = [
        f"{format_number(len(gaps))} contours sur {format_number(whole)} communes ; les autres "
        "gardent ceux du registre.",
        f"Écart médian de superficie avec le registre : {format_number(middle, 1)} %.",
    ]
    if len(others):
        shown = ", ".join(sorted(others)[:_SHOWN]) + ("…" if len(others) > _SHOWN else "")
        notes.append(
            f"Contours laissés de côté, faute d'une commune d'aujourd'hui entière et de même "
            f"superficie ({len(others)}) : {shown}."
        )
    return tuple(notes)


def _in_metres(outlines: Any, epsg: int) -> Any:
    return shapely.transform(
        outlines, lambda points: np.column_stack(project(points[:, 0], points[:, 1], epsg))
    )


SOURCE = Source(
    code="ign_contours",
    label="Contours des communes (IGN Admin Express, diffusion Etalab)",
    producer="IGN, Etalab",
    licence="Licence Ouverte 2.0 (à vérifier : une note donne ODbL 1.0 pour les fichiers d'Etalab)",
    page_url="https://etalab-datasets.geo.data.gouv.fr/contours-administratifs",
    locate=at(
        "https://etalab-datasets.geo.data.gouv.fr/contours-administratifs/"
        f"{_YEAR}/geojson/communes-100m.geojson.gz"
    ),
    read=_read,
    layouts=(
        Layout("GeoJSON de l'IGN", "geojson", ("code_insee", "nom_officiel")),
        Layout("GeoJSON de l'IGN, ancien", "geojson", ("INSEE_COM", "NOM")),
        Layout("GeoJSON d'Etalab", "geojson", ("code", "nom")),
    ),
    references=("contours",),
)
