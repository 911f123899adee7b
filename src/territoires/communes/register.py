"""The register of communes: every commune, the groups it belongs to, its neighbours, its outline.

One register is loaded per process and shared by every session: its tables are to be read, never
changed in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.communes import outlines
from territoires.communes.levels import COUNTRY_CODE, COUNTRY_NAME, LEVELS
from territoires.communes.locator import PointLocator
from territoires.communes.neighbourhoods import no_neighbourhoods
from territoires.communes.search import PlaceIndex
from territoires.errors import InvalidRequest, UnknownTerritory

if TYPE_CHECKING:
    import geopandas as gpd

    from territoires.communes.places import Place

DEFAULT_SEARCH_LIMIT = 8


@dataclass(frozen=True, eq=False, repr=False)
class Register:
    """All communes of one year, and what holds them together.

    Attributes
    ----------
    communes : pd.DataFrame
        Index ``code_commune`` (rising), the columns of :data:`schema.COMMUNE_COLUMNS`. Positions
        in degrees (EPSG:4326) and in metres of the commune's own system (``epsg_local``).
    regions, departements, arrondissements, epci, ept, collectivites : pd.DataFrame
        Index ``code``, column ``nom`` and what each level adds.
    former : pd.DataFrame
        Former communes and the present ones they became (``codes_communes``, joined by ``;``).
    inferior : pd.DataFrame
        Municipal arrondissements, delegated and associated communes: RangeIndex.
    borders : pd.DataFrame
        ``code_commune, code_voisin, frontiere_m``, each border in both directions.
    version : str
        Version of the data.
    cog : int
        Year of the Code officiel géographique: communes in force on its 1 January.
    folder : Path
        Where the files are.
    finer : Path or None
        Outlines that replace the shipped ones, for the communes they hold.
    neighbourhoods : pd.DataFrame
        Priority neighbourhoods (QPV), as :func:`neighbourhoods.read_neighbourhoods` lays them out;
        empty until the official data hold them.
    """

    communes: pd.DataFrame
    regions: pd.DataFrame
    departements: pd.DataFrame
    arrondissements: pd.DataFrame
    epci: pd.DataFrame
    ept: pd.DataFrame
    former: pd.DataFrame
    inferior: pd.DataFrame
    collectivites: pd.DataFrame
    borders: pd.DataFrame
    version: str
    cog: int
    folder: Path
    finer: Path | None = None
    neighbourhoods: pd.DataFrame = field(default_factory=no_neighbourhoods)

    def __repr__(self) -> str:
        return f"Register({self.version}, {len(self.communes)} communes)"

    # Outlines

    @cached_property
    def geometries(self) -> npt.NDArray[np.object_]:
        """Outlines aligned with ``communes.index``, EPSG:4326; decoded at first use.

        Raises
        ------
        DataFileError
            The file changed since the register was loaded, and no longer agrees with it.
        """
        shipped = outlines.read_outlines(self.folder, self.communes.index)
        if self.finer is None:
            return shipped
        return outlines.finer_outlines(self.finer, self.communes.index, shipped)

    def with_outlines(self, path: Path, mark: str) -> Register:
        """Return the same register with other outlines.

        Parameters
        ----------
        path : Path
            GeoParquet, as :func:`outlines.finer_outlines` reads it.
        mark : str
            Tells these outlines apart in the version, hence in the addresses of tiles.
        """
        return replace(self, finer=path, version=f"{self.version}.{mark}")

    def with_neighbourhoods(self, neighbourhoods: pd.DataFrame) -> Register:
        """Return the same register with the priority neighbourhoods of the official data."""
        return replace(self, neighbourhoods=neighbourhoods)

    @cached_property
    def inferior_geometries(self) -> npt.NDArray[np.object_]:
        """Outlines aligned with ``inferior``, EPSG:4326, ``None`` where unknown."""
        return outlines.read_inferior_outlines(self.folder, len(self.inferior))

    @cached_property
    def bounds(self) -> npt.NDArray[np.float64]:
        """West, south, east, north of each commune, in degrees: shape (communes, 4)."""
        return outlines.bounds(self.geometries)

    def to_geodataframe(self, codes: Iterable[str] | None = None) -> gpd.GeoDataFrame:
        """Return communes with their outlines.

        Parameters
        ----------
        codes : iterable of str, optional
            In the order wanted; all communes by default.

        Returns
        -------
        gpd.GeoDataFrame
            Index ``code_commune``, columns of ``communes`` and ``geometry``, EPSG:4326.

        Raises
        ------
        UnknownTerritory
            A code is not that of a commune in force.
        """
        import geopandas as gpd  # half a second to import, that most commands never need

        rows = np.arange(len(self.communes)) if codes is None else self.positions(codes)
        return gpd.GeoDataFrame(
            self.communes.iloc[rows], geometry=self.geometries[rows], crs="EPSG:4326"
        )

    def locate(self, longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> npt.NDArray[np.object_]:
        """Find the commune under each point.

        Parameters
        ----------
        longitude, latitude : array-like of float, shape (n,)
            Degrees, EPSG:4326.

        Returns
        -------
        np.ndarray of object, shape (n,)
            ``code_commune``, or ``None`` outside of every commune and for what is not a place
            (NaN, infinite, out of range). On a shared border, the lowest code.

        Raises
        ------
        InvalidRequest
            The two arrays differ in length.
        """
        x = np.atleast_1d(np.asarray(longitude, dtype=np.float64))
        y = np.atleast_1d(np.asarray(latitude, dtype=np.float64))
        if x.shape != y.shape or x.ndim != 1:
            message = f"{x.size} longitudes pour {y.size} latitudes : il en faut autant."
            raise InvalidRequest(message)
        positions = self._locator.positions(x, y)
        found: npt.NDArray[np.object_] = self._codes_then_none[positions]
        return found

    @cached_property
    def _locator(self) -> PointLocator:
        return PointLocator(self.geometries, self.bounds)

    # Neighbours

    def neighbours(self, code: str) -> tuple[str, ...]:
        """Return the codes of the communes that share a border with this one, rising.

        Raises
        ------
        UnknownTerritory
            The code is not that of a commune in force.
        """
        starts, positions = self.adjacency
        position = int(self.positions([code])[0])
        around = positions[starts[position] : starts[position + 1]]
        return tuple(self._codes[around])

    @cached_property
    def adjacency(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Neighbours as positions: those of commune ``i`` are ``positions[starts[i]:starts[i+1]]``.

        Returns
        -------
        starts : np.ndarray of int, shape (communes + 1,)
        positions : np.ndarray of int, shape (borders,)
            Positions in ``communes``, rising within each commune.
        """
        index = self.communes.index
        here = index.get_indexer(pd.Index(self.borders["code_commune"]))
        there = index.get_indexer(pd.Index(self.borders["code_voisin"]))
        order = np.lexsort((there, here))
        starts = np.searchsorted(here[order], np.arange(len(index) + 1))
        return starts, there[order]

    # Codes and names

    def positions(self, codes: Iterable[str]) -> npt.NDArray[np.int64]:
        """Return the rows of communes given by code.

        Raises
        ------
        UnknownTerritory
            A code is not that of a commune in force.
        """
        wanted = list(codes)
        rows: npt.NDArray[np.int64] = self.communes.index.get_indexer(pd.Index(wanted, dtype="str"))
        if (rows < 0).any():
            unknown = [code for code, row in zip(wanted, rows, strict=True) if row < 0]
            message = (
                f"Code de commune inconnu au 1er janvier {self.cog} : "
                f"{', '.join(str(code)[:20] for code in unknown[:10])}."
            )
            raise UnknownTerritory(message)
        return rows

    def main_row(self, rows: npt.NDArray[np.int64]) -> int:
        """Return the row of the most populous of some communes, which stands for all of them.

        The first of the rows among equals; an unknown population is less than any other.
        """
        return int(rows[np.argmax(self._people[rows])])

    @cached_property
    def _people(self) -> npt.NDArray[np.int64]:
        return self.communes["population"].fillna(-1).to_numpy(dtype=np.int64)

    def codes_of(self, level: str, code: str) -> tuple[str, ...]:
        """Return the communes of a territory, rising.

        Parameters
        ----------
        level : str
            One of :data:`levels.LEVELS`.
        code : str
            Code at that level, without prefix; ``FR`` for the country.

        Raises
        ------
        InvalidRequest
            The level does not exist.
        UnknownTerritory
            Nothing has this code at this level.
        """
        if level == "pays" and code == COUNTRY_CODE:
            return tuple(self._codes)
        if level == "commune" and code in self.communes.index:
            return (code,)
        rows = self._members.get(_known_level(level), {}).get(code)
        if rows is None:
            raise _no_such_code(level, code)
        return tuple(self._codes[rows])

    def name_of(self, level: str, code: str) -> str:
        """Return the official name of a territory.

        Raises
        ------
        InvalidRequest
            The level does not exist.
        UnknownTerritory
            Nothing has this code at this level.
        """
        if level == "pays" and code == COUNTRY_CODE:
            return COUNTRY_NAME
        table = self.tables.get(_known_level(level))
        if table is None or code not in table.index:
            raise _no_such_code(level, code)
        return str(table["nom"][code])

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The table of each level that has one, by name of level."""
        return {
            "commune": self.communes,
            "epci": self.epci,
            "ept": self.ept,
            "arrondissement": self.arrondissements,
            "departement": self.departements,
            "region": self.regions,
        }

    @cached_property
    def _codes(self) -> npt.NDArray[np.object_]:
        return np.array(self.communes.index.tolist(), dtype=object)

    @cached_property
    def _codes_then_none(self) -> npt.NDArray[np.object_]:
        # Position −1, which means nowhere, reads the last place.
        return np.array([*self._codes, None], dtype=object)

    @cached_property
    def _members(self) -> Mapping[str, Mapping[str, npt.NDArray[np.int64]]]:
        members: dict[str, dict[str, npt.NDArray[np.int64]]] = {}
        for level in LEVELS.values():
            if level.column:
                rows = self.communes.groupby(level.column, sort=False).indices
                members[level.name] = {str(code): np.asarray(rows[code]) for code in rows}
        return members

    # Search

    @cached_property
    def place_index(self) -> PlaceIndex:
        """What the search box looks into; built at first use."""
        return PlaceIndex.from_register(self)

    def search(self, text: str, limit: int = DEFAULT_SEARCH_LIMIT) -> list[Place]:
        """Find places by name, postcode or code, as a person types them; see ``PlaceIndex``."""
        return self.place_index.search(text, limit)


def _known_level(level: str) -> str:
    if level not in LEVELS:
        raise InvalidRequest(f"Niveau inconnu : {level!s:.40}. Niveaux : {', '.join(LEVELS)}.")
    return level


def _no_such_code(level: str, code: str) -> UnknownTerritory:
    return UnknownTerritory(f"Aucun territoire de niveau « {level} » n'a le code {code!s:.20}.")
