"""The directory of initiatives: who does what, where, shown no more precisely than is allowed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from territoires.communes import Register
from territoires.errors import DataFileError
from territoires.initiatives.exposure import NETWORK_ONLY
from territoires.initiatives.schema import COLUMNS, GEO_COLUMNS, LIST_SEPARATOR, split_list
from territoires.initiatives.shipped import read_shipped_table
from territoires.initiatives.shown import GIVEN_POINT, shown_frame
from territoires.initiatives.uploads import upload_frame
from territoires.initiatives.vocabularies import NO_AXIS, Vocabularies
from territoires.tables import TypedTable

FILE_NAME = "initiatives.csv"
NO_DEPARTEMENT = ""
_ISO_DATE = r"\d{4}(-\d{2}){0,2}"


@dataclass(frozen=True, eq=False)
class Directory:
    """Initiatives, located or not.

    Attributes
    ----------
    frame : pd.DataFrame
        Index ``id``, unique. The columns of :data:`schema.COLUMNS` and :data:`schema.GEO_COLUMNS`
        as text, ``""`` where nothing is known, except ``longitude`` and ``latitude``: floats, NaN
        where the place is unknown, the point that may be **shown** (EPSG:4326). ``visibilite`` is
        the one in force. ``communes_resolues`` holds the current communes covered, joined by ``;``.
    vocabularies : Vocabularies
        Labels and colours.
    withheld : int
        How many initiatives reserved to the network were left out.
    """

    frame: pd.DataFrame
    vocabularies: Vocabularies
    withheld: int = 0

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def located(self) -> Directory:
        """Those that stand on the map."""
        return self._where(self.frame["longitude"].notna())

    @property
    def unlocated(self) -> Directory:
        """Those that no commune is known of: they stay in the list."""
        return self._where(self.frame["longitude"].isna())

    def filter(
        self,
        axes: Collection[str] | None = None,
        types: Collection[str] | None = None,
        statuses: Collection[str] | None = None,
        communes: Collection[str] | None = None,
    ) -> Directory:
        """Keep the initiatives that answer to every criterion given.

        Parameters
        ----------
        axes : collection of str, optional
            At least one of these axes; :data:`NO_AXIS` for those without axis.
        types, statuses : collection of str, optional
            One of these codes. A missing status counts as ``inconnu``.
        communes : collection of str, optional
            Standing in, or covering, one of these communes (current codes).

        Returns
        -------
        Directory
            ``None`` asks nothing of a criterion; an empty collection keeps nothing.
        """
        kept = np.ones(len(self.frame), dtype=bool)
        if axes is not None:
            kept &= _shares(self.frame["axes"].replace("", NO_AXIS), axes)
        if types is not None:
            kept &= self.frame["type"].isin(list(types)).to_numpy()
        if statuses is not None:
            given = self.frame["statut"].replace("", "inconnu")
            kept &= given.isin(list(statuses)).to_numpy()
        if communes is not None:
            kept &= _shares(self.frame["communes_resolues"], communes)
        return self._where(pd.Series(kept, index=self.frame.index))

    def completeness(self, register: Register) -> pd.DataFrame:
        """Count what is recorded in each département: a zero says « not recorded », not « none ».

        Returns
        -------
        pd.DataFrame
            Index ``code_departement`` (every département, then ``""`` for those whose département
            is unknown); columns ``nom``, ``initiatives``, ``localisees``, ``source_recente`` (the
            latest ``source_date`` that is an ISO date, ``""`` where there is none). What is not
            located counts in the département of all the communes it may be in, or covers, when
            there is one.
        """
        departement = self._departements(register)
        located = self.frame["longitude"].notna()
        names = register.departements["nom"].sort_index()
        codes = [*names.index, NO_DEPARTEMENT]
        dates = self.frame["source_date"]
        latest = dates.where(dates.str.fullmatch(_ISO_DATE), "").groupby(departement).max()
        return pd.DataFrame(
            {
                "nom": [*names, "Département inconnu"],
                "initiatives": departement.value_counts().reindex(codes, fill_value=0).to_numpy(),
                "localisees": located.groupby(departement).sum().reindex(codes, fill_value=0),
                "source_recente": latest.reindex(codes).fillna(""),
            },
            index=pd.Index(codes, name="code_departement"),
        )

    def to_table(self) -> pd.DataFrame:
        """Return the directory as a file that can be loaded again: ``id`` first, RangeIndex.

        ``longitude`` and ``latitude`` are those that somebody gave; where a row is shown otherwise
        (at its commune, at its address) is in ``geo_longitude`` and ``geo_latitude``.
        """
        columns = [column for column in (*COLUMNS, *GEO_COLUMNS) if column != "id"]
        table = self.frame[columns].reset_index()
        was_given = table["geo_precision"] == GIVEN_POINT
        point = ["longitude", "latitude"]
        table[point] = table[point].where(was_given)
        return table

    def _departements(self, register: Register) -> pd.Series[str]:
        known = register.communes["code_departement"]
        codes = self.frame["geo_code_commune"].map(known)
        unplaced = self.frame[codes.isna()]
        possible = unplaced["communes_resolues"] + LIST_SEPARATOR + unplaced["geo_candidats"]
        shared = [_shared_departement(known, split_list(communes)) for communes in possible]
        found = codes.fillna(pd.Series(shared, unplaced.index, dtype="object"))
        return found.fillna(NO_DEPARTEMENT).astype("str")

    def _where(self, kept: pd.Series) -> Directory:
        return replace(self, frame=self.frame[kept])


def load_directory(data_dir: Path, register: Register, vocabularies: Vocabularies) -> Directory:
    """Load the initiatives that are shipped, without those reserved to the network.

    Raises
    ------
    DataFileError
        ``initiatives.csv`` is missing, damaged, not geocoded, or repeats an identifier.
    """
    path = data_dir / FILE_NAME
    table = read_shipped_table(path)
    missing = [column for column in (*COLUMNS, *GEO_COLUMNS) if column not in table.frame.columns]
    if missing:
        raise DataFileError(path, f"colonnes absentes : {', '.join(missing)}")
    if (table.frame["id"] == "").any() or table.frame["id"].duplicated().any():
        raise DataFileError(path, "un identifiant est vide ou répété")
    frame = shown_frame(table.frame, register)
    reserved = frame["visibilite"] == NETWORK_ONLY
    return Directory(frame[~reserved], vocabularies, int(reserved.sum()))


def directory_from_table(
    table: TypedTable,
    register: Register,
    vocabularies: Vocabularies,
    geocoded: pd.DataFrame | None = None,
) -> Directory:
    """Make a directory of a member's own file, so that the pages can show it.

    Parameters
    ----------
    table : TypedTable
        Columns of :data:`schema.COLUMNS` or their aliases; others are ignored.
    geocoded : pd.DataFrame, optional
        Result of ``geocode_table`` on the same table. Without it, the ``geo_*`` columns of the
        table are taken when they are all there, else the table is geocoded here.

    Returns
    -------
    Directory
        Every row, in the order of the file, those reserved to the network included: the file is
        its owner's. Missing identifiers are made.

    Raises
    ------
    InvalidTable
        There is no column ``nom``, or ``geocoded`` has another number of rows.
    """
    frame = upload_frame(table, register, geocoded)
    return Directory(shown_frame(frame, register), vocabularies)


def merge_directories(shipped: Directory, own: Directory) -> Directory:
    """Put a member's rows after the shipped ones; the same identifier twice: the member's stays."""
    replaced = shipped.frame.index.isin(own.frame.index)
    frame = pd.concat([shipped.frame[~replaced], own.frame])
    return replace(shipped, frame=frame, withheld=shipped.withheld + own.withheld)


def _shared_departement(known: pd.Series[str], communes: Collection[str]) -> str:
    departements = {str(known.get(code, NO_DEPARTEMENT)) for code in communes}
    return departements.pop() if len(departements) == 1 else NO_DEPARTEMENT


def _shares(
    cells: pd.Series[str], wanted: Collection[str]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell which cells (codes joined by ``;``) hold at least one of the wanted codes."""
    among = frozenset(wanted)
    return np.fromiter((not among.isdisjoint(split_list(cell)) for cell in cells), bool, len(cells))
