"""How many initiatives others have counted, where somebody has: what the directory lacks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from territoires.errors import DataFileError
from territoires.initiatives.shipped import read_shipped_table

FILE_NAME = "initiatives_externes.csv"
_COLUMNS = ("type", "nombre", "date", "source", "source_url")
_DEPARTEMENT = "code_departement"


@dataclass(frozen=True)
class ExternalCount:
    """A count of one type of initiative, in France or a département, published by somebody else.

    Attributes
    ----------
    type : str
        Code of the vocabulary.
    number : int
        How many there are.
    date : str
        When, ISO date or month.
    source, source_url : str
        Who says so, and where.
    departement : str
        Code of the département counted; empty for France.
    """

    type: str
    number: int
    date: str
    source: str
    source_url: str
    departement: str = ""


def load_external_counts(data_dir: Path) -> tuple[ExternalCount, ...]:
    """Load ``initiatives_externes.csv``.

    Its column ``code_departement`` may be left out: every count is then of France.

    Raises
    ------
    DataFileError
        The file is missing, damaged, lacks a column, or a number is not one.
    """
    path = data_dir / FILE_NAME
    frame = read_shipped_table(path, "Remettez celui qui est livré").frame
    missing = [column for column in _COLUMNS if column not in frame.columns]
    if missing:
        raise DataFileError(path, f"colonnes absentes : {', '.join(missing)}")
    wrong = [number for number in frame["nombre"] if not number.isdecimal()]
    if wrong:
        raise DataFileError(path, f"nombre : un entier est attendu, « {wrong[0]:.20} » lu")
    return tuple(
        ExternalCount(
            row["type"], int(row["nombre"]), row["date"], row["source"], row["source_url"],
            row.get(_DEPARTEMENT, ""),
        )
        for row in frame.to_dict("records")
    )  # fmt: skip
