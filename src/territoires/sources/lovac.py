"""What the two LOVAC files share: columns that bear their year, of which the newest are read.

An edition counts the vacant dwellings of its year, but all the dwellings of the year before only;
the rate that is published divides one by the other, and so do we.
"""

from __future__ import annotations

from dataclasses import dataclass

from territoires.errors import UnexpectedFormat
from territoires.sources.opening import OpenedTable

PAGE = (
    "https://www.data.gouv.fr/datasets/"
    "logements-vacants-du-parc-prive-par-commune-departement-region-france"
)
BREAK = (
    "Rupture en 2025 : d’une édition à l’autre, les logements vacants baissent de 35 % et ceux qui "
    "le sont depuis plus de deux ans augmentent de 17 % ; ne se compare pas aux années antérieures."
)
_VACANT = r"pp_vacant_plus_2ans_\d\d"
_ALL = r"(?:ff_)?pp_total_\d\d"


@dataclass(frozen=True)
class Columns:
    """Columns of the newest edition.

    Attributes
    ----------
    vacant, dwellings : str
        Vacant for more than two years; all the private dwellings.
    year, dwellings_year : int
        Of one and of the other.
    """

    vacant: str
    dwellings: str
    year: int
    dwellings_year: int

    @property
    def note(self) -> str:
        """French: which years are divided by one another."""
        return (
            f"Logements vacants depuis plus de deux ans : édition {self.year} ; parc privé : "
            f"édition {self.dwellings_year}."
        )


def newest_columns(file: OpenedTable) -> Columns:
    """Choose the columns of the newest edition of a file.

    Raises
    ------
    UnexpectedFormat
        No year has both, or the only total is more than a year older.
    """
    vacant = _newest(file, _VACANT, 100)
    dwellings = _newest(file, _ALL, _year(vacant))
    if _year(vacant) - _year(dwellings) > 1:
        message = f"{file.name} : pas de parc total pour {vacant} (le plus récent : {dwellings})."
        raise UnexpectedFormat(message)
    return Columns(vacant, dwellings, 2000 + _year(vacant), 2000 + _year(dwellings))


def _newest(file: OpenedTable, pattern: str, until: int) -> str:
    found = [name for name in file.columns_like(pattern) if _year(name) <= until]
    if not found:
        file.column(pattern)
        message = f"{file.name} : aucune colonne {pattern} antérieure à 20{until}."
        raise UnexpectedFormat(message)
    return max(found, key=_year)


def _year(name: str) -> int:
    return int(name[-2:])
