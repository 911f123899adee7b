"""How many initiatives others have counted, where somebody has: what the directory lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from territoires.errors import DataFileError
from territoires.initiatives.directory import Directory
from territoires.initiatives.shipped import read_shipped_table
from territoires.initiatives.vocabularies import Vocabularies

FILE_NAME = "initiatives_externes.csv"
_COLUMNS = ("type", "nombre", "date", "source", "source_url")


@dataclass(frozen=True)
class ExternalCount:
    """A count of one type of initiative in France, published by somebody else.

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
    """

    type: str
    number: int
    date: str
    source: str
    source_url: str


def load_external_counts(data_dir: Path) -> tuple[ExternalCount, ...]:
    """Load ``initiatives_externes.csv``.

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
            row["type"], int(row["nombre"]), row["date"], row["source"], row["source_url"]
        )
        for row in frame[list(_COLUMNS)].to_dict("records")
    )


def completeness_by_type(
    directory: Directory, vocabularies: Vocabularies, counts: Sequence[ExternalCount]
) -> pd.DataFrame:
    """Compare the directory with what others have counted, type by type.

    Returns
    -------
    pd.DataFrame
        One row per type that is recorded or counted elsewhere, most recorded first: ``type``,
        ``libelle``, ``recensees`` and ``localisees`` (int), ``connues`` (Int64, ``<NA>`` where
        nobody has counted), ``part`` (float, recorded over known), ``date``, ``source``,
        ``source_url`` (``""`` where unknown).
    """
    known = {count.type: count for count in counts}
    recorded = directory.frame["type"].value_counts()
    located = directory.located.frame["type"].value_counts()
    types = [*recorded.index, *(code for code in known if code not in recorded.index)]
    rows = []
    for code in types:
        external = known.get(code)
        here = int(recorded.get(code, 0))
        rows.append(
            {
                "type": code,
                "libelle": vocabularies.types.label(code),
                "recensees": here,
                "localisees": int(located.get(code, 0)),
                "connues": external.number if external else pd.NA,
                "part": here / external.number if external and external.number else float("nan"),
                "date": external.date if external else "",
                "source": external.source if external else "",
                "source_url": external.source_url if external else "",
            }
        )
    return pd.DataFrame(rows).astype({"connues": "Int64"})
