"""Boundaries of communes, of any precision: Etalab's files, IGN Admin Express, or a région's.

They replace the outlines that are shipped, for the communes they hold.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import shapely

from territoires.communes.projection import project
from territoires.errors import UnexpectedFormat
from territoires.sources.cells import no_measures
from territoires.sources.declaration import Layout, Reading, Source, Workbench, at
from territoires.sources.opening import OpenedTable

_CODES = ("code_insee", "INSEE_COM", "insee_com", "code")
_COMMUNE = re.compile(r"(?:\d\d|2[AB])\d{3}")
_YEAR = 2026
# The memory of the server: about 100 bytes a point once decoded.
_MOST_POINTS = 4_000_000
_FINEST_DEGREES = 0.0001


def _read(file: OpenedTable, bench: Workbench) -> Reading:
    features = file.geodata()
    name = next(name for name in _CODES if name in features.columns)
    features = features.assign(code_commune=features[name].astype("str"))
    known = features["code_commune"].isin(bench.register.communes.index)
    if not known.any():
        message = f"{file.name} : aucun code n'est celui d'une commune d'aujourd'hui."
        raise UnexpectedFormat(message)
    kept = features[known].drop_duplicates("code_commune")[["code_commune", "geometry"]]
    kept = kept.assign(geometry=_light(_areas(kept.geometry.to_numpy(), file.name)))
    return Reading(
        vintage=str(bench.register.cog),
        cog_year=bench.register.cog,
        measures=no_measures(),
        complete=len(kept) == len(bench.register.communes),
        rows=file.rows,
        references={"contours": kept.sort_values("code_commune").reset_index(drop=True)},
        notes=_notes(features["code_commune"], known, kept, bench),
    )


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


def _notes(codes: pd.Series, known: pd.Series, kept: Any, bench: Workbench) -> tuple[str, ...]:
    total = len(bench.register.communes)
    notes = [f"{len(kept)} contours sur {total} communes ; les autres gardent ceux du registre."]
    others = int((~known).sum())
    if others:
        former = int(codes[~known].map(lambda code: bool(_COMMUNE.fullmatch(code))).sum())
        notes.append(f"{others} contours laissés de côté, dont {former} d'anciennes communes.")
    rows = bench.register.positions(kept["code_commune"])
    systems = bench.register.communes["epsg_local"].to_numpy()[rows]
    gaps = []
    for system in np.unique(systems):
        chosen = systems == system
        new = shapely.area(_in_metres(kept.geometry.to_numpy()[chosen], int(system)))
        old = bench.register.communes["superficie_km2"].to_numpy()[rows[chosen]] * 1e6
        gaps.append(np.abs(new / old - 1.0))
    middle = float(np.median(np.concatenate(gaps))) * 100
    notes.append(
        f"Écart médian de superficie avec le registre : {middle:.1f} %.".replace(".", ",", 1)
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
