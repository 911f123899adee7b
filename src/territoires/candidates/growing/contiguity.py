"""Which communes touch, and which islands a declared link ties to the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.communes import Register
from territoires.errors import DataFileError, InvalidRequest, InvalidTable
from territoires.tables import read_table_file

_FILE = Path("croissance") / "liaisons.csv"
_COLUMNS = ("code_a", "code_b", "nature", "source_url")
_FILE_LIMIT = 1_000_000
_KILOMETRE = 1000.0


@dataclass(frozen=True)
class Link:
    """A way across the water between two communes that do not touch.

    Attributes
    ----------
    ends : tuple of str
        The two communes, rising.
    nature : str
        In French: ``pont``, ``bateau``…
    source_url : str
        Where it is written.
    """

    ends: tuple[str, str]
    nature: str
    source_url: str


@dataclass(frozen=True, eq=False)
class Contiguity:
    """The graph in which groups grow: communes, shared borders, declared links.

    Attributes
    ----------
    codes : tuple of str
        Communes, rising.
    starts : np.ndarray of int, shape (communes + 1,)
        Neighbours of commune ``i`` are ``neighbours[starts[i]:starts[i + 1]]``, rising.
    neighbours : np.ndarray of int, shape (ties,)
        Positions in ``codes``; each tie is there both ways.
    border_km : np.ndarray of float, shape (ties,)
        Length of the shared border; 0 across a link.
    links : tuple of Link
        The declared links among these ties.
    """

    codes: tuple[str, ...]
    starts: npt.NDArray[np.int64]
    neighbours: npt.NDArray[np.int64]
    border_km: npt.NDArray[np.float64]
    links: tuple[Link, ...] = ()

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Position of each commune."""
        return {code: position for position, code in enumerate(self.codes)}

    @cached_property
    def _index(self) -> pd.Index:
        return pd.Index(self.codes, dtype="str")

    def rows_of(self, codes: pd.Index) -> npt.NDArray[np.int64]:
        """Return the positions of communes.

        Raises
        ------
        InvalidRequest
            A commune is not in the graph.
        """
        rows = np.asarray(self._index.get_indexer(codes), dtype=np.int64)
        if (rows < 0).any():
            unknown = ", ".join(map(str, codes[rows < 0][:5]))
            raise InvalidRequest(f"Commune absente du graphe de voisinage : {unknown}.")
        return rows

    def around(self, code: str) -> tuple[str, ...]:
        """Return the communes tied to one, rising."""
        place = self.positions[code]
        ties = self.neighbours[self.starts[place] : self.starts[place + 1]]
        return tuple(self.codes[tie] for tie in ties)


def contiguity_of(register: Register, links: Sequence[Link] = ()) -> Contiguity:
    """Make the graph of all communes.

    Parameters
    ----------
    register : Register
        Gives the communes and their borders.
    links : sequence of Link
        As :func:`load_links` reads them; without any, an island stands alone.

    Raises
    ------
    InvalidRequest
        A link names a commune that is not in force.
    """
    borders = register.borders
    ties = borders["frontiere_m"].to_numpy(dtype=float) / _KILOMETRE
    return contiguity_from_pairs(
        register.communes.index, borders["code_commune"], borders["code_voisin"], ties, links
    )


def contiguity_from_pairs(
    codes: pd.Index,
    here: pd.Series | Sequence[str],
    there: pd.Series | Sequence[str],
    border_km: npt.ArrayLike,
    links: Sequence[Link] = (),
) -> Contiguity:
    """Make a graph of pairs, each given both ways, whatever their order.

    Raises
    ------
    InvalidRequest
        A pair or a link names a commune that is not in ``codes``.
    """
    codes = codes.sort_values()
    one = [*here, *(link.ends[0] for link in links), *(link.ends[1] for link in links)]
    other = [*there, *(link.ends[1] for link in links), *(link.ends[0] for link in links)]
    length = np.concatenate([np.asarray(border_km, dtype=float), np.zeros(2 * len(links))])
    origin, end = codes.get_indexer(pd.Index(one)), codes.get_indexer(pd.Index(other))
    if (unknown := (origin < 0) | (end < 0)).any():
        tie = int(np.argmax(unknown))
        raise InvalidRequest(f"Voisinage d'une commune inconnue : {one[tie]}, {other[tie]}.")
    order = np.lexsort((end, origin))
    starts = np.searchsorted(origin[order], np.arange(len(codes) + 1))
    return Contiguity(
        tuple(codes), starts, end[order].astype(np.int64), length[order], tuple(links)
    )


def load_links(data_dir: Path, register: Register) -> tuple[Link, ...]:
    """Read ``croissance/liaisons.csv``.

    Raises
    ------
    DataFileError
        The file is missing or damaged, or a line has no source, no nature, or a commune that is
        not in force or that the other already touches.
    """
    path = data_dir / _FILE
    if not path.is_file():
        raise DataFileError(path, "fichier absent")
    try:
        table = read_table_file(path, _FILE_LIMIT)
    except InvalidTable as error:
        raise DataFileError(path, str(error)) from error
    missing = [column for column in _COLUMNS if column not in table.frame.columns]
    if missing:
        raise DataFileError(path, f"colonnes absentes : {', '.join(missing)}")
    rows = table.frame[list(_COLUMNS)].itertuples(index=False, name=None)
    links = []
    for line, (one, other, nature, source) in zip(table.lines, rows, strict=True):
        problem = _problem(register, one, other, nature, source)
        if problem:
            raise DataFileError(path, f"ligne {line} : {problem}")
        links.append(Link((min(one, other), max(one, other)), nature, source))
    return tuple(dict.fromkeys(links))


def _problem(register: Register, one: str, other: str, nature: str, source: str) -> str:
    for code in (one, other):
        if code not in register.communes.index:
            return f"aucune commune n'a le code « {code[:20]} »"
    if one == other or other in register.neighbours(one):
        return f"{one} et {other} se touchent déjà"
    if not nature:
        return "nature absente"
    return "" if source.startswith(("http://", "https://")) else "source_url absente"
