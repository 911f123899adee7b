"""From the communes of one year to those of today: the table of changes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from territoires.errors import DataFileError
from territoires.tables.reading import read_table
from territoires.tables.shipped import read_shipped_bytes

PASSAGES_FILE = "passages_communes.csv"
FUSION, RENUMBERED, SPLIT = "fusion", "renumerotation", "scission"
_COLUMNS = ("annee", "code_avant", "code_apres", "nature")
_LIMIT_BYTES = 10_000_000


@dataclass(frozen=True, eq=False)
class Passages:
    """Changes of communes, year by year.

    Attributes
    ----------
    table : DataFrame
        ``annee`` (int: in force on its 1 January), ``code_avant``, ``code_apres``, ``nature``
        (``fusion``: the first joined the second; ``renumerotation``: the second is a new code for
        what the first was; ``scission``: the second came out of the first, which is still there).
    """

    table: pd.DataFrame

    @property
    def last_year(self) -> int:
        """Year of the newest communes it knows of."""
        return int(self.table["annee"].max())

    def merged(self, year: int) -> dict[str, str]:
        """Return the codes of a year that are gone since, and the present commune of each."""
        found: dict[str, str] = {}
        for row in self._since(year).itertuples():
            if row.nature == SPLIT:
                continue
            old, new = str(row.code_avant), str(row.code_apres)
            found = {code: new if heir == old else heir for code, heir in found.items()}
            found[old] = new
        return found

    def split(self, year: int) -> dict[str, str]:
        """Return the communes that came out of another since a year, and that other one."""
        rows = self._since(year)
        rows = rows[rows["nature"] == SPLIT]
        return dict(zip(rows["code_apres"], rows["code_avant"], strict=True))

    def communes_of(self, year: int, today: Collection[str]) -> set[str]:
        """Return the communes of a year, from those of today."""
        codes = set(today)
        for row in self._since(year).sort_values("annee", ascending=False).itertuples():
            if row.nature != FUSION:
                codes.discard(str(row.code_apres))
            if row.nature != SPLIT:
                codes.add(str(row.code_avant))
        return codes

    def likely_year(self, codes: Collection[str], today: Collection[str], newest: int) -> int:
        """Return the year whose communes are those of a file that does not say it.

        Parameters
        ----------
        codes : collection of str
            Communes of the file.
        today : collection of str
            Communes of the register.
        newest : int
            Year of the register.

        Returns
        -------
        int
            The newest of the years that know the most of the codes.
        """
        given = set(codes)
        years = range(int(self.table["annee"].min()) - 1, newest + 1)
        return max(years, key=lambda year: (-len(given - self.communes_of(year, today)), year))

    def _since(self, year: int) -> pd.DataFrame:
        return self.table[self.table["annee"] > year].sort_values("annee", kind="stable")


def load_passages(data_dir: Path) -> Passages:
    """Read the table of changes.

    Raises
    ------
    DataFileError
        Missing, or not the table that is expected.
    """
    path = data_dir / PASSAGES_FILE
    frame = read_table(read_shipped_bytes(path), path.name, limit_bytes=_LIMIT_BYTES).frame
    if list(frame.columns) != list(_COLUMNS) or not frame["annee"].str.fullmatch(r"\d{4}").all():
        raise DataFileError(path, f"colonnes {', '.join(_COLUMNS)} attendues")
    return Passages(frame.assign(annee=frame["annee"].astype(int)))
