"""Unmet needs observed in the field (axis 5): a file that members fill."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from territoires.errors import DataFileError
from territoires.initiatives.schema import NEED_COLUMNS, need_headings
from territoires.initiatives.shipped import read_shipped_table

FILE_NAME = "besoins.csv"


@dataclass(frozen=True, eq=False)
class NeedsObserved:
    """Needs, one row each.

    Attributes
    ----------
    frame : pd.DataFrame
        Index ``id``, unique; the other columns of :data:`schema.NEED_COLUMNS`, as text.
    """

    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)

    def for_communes(self, codes: Collection[str]) -> NeedsObserved:
        """Keep the needs observed in some communes."""
        return replace(self, frame=self.frame[self.frame["code_commune"].isin(list(codes))])

    def counts(self) -> pd.Series[int]:
        """Count the needs by commune: index ``code_commune``, only where there is one."""
        return self.frame.groupby("code_commune").size()


def load_needs(data_dir: Path) -> NeedsObserved:
    """Load ``besoins.csv``, which may hold its headings only.

    Raises
    ------
    DataFileError
        The file is missing, damaged, lacks a column, or repeats an identifier.
    """
    path = data_dir / FILE_NAME
    remedy = "Corrigez-le (voir docs/donnees/besoins.md), ou remettez celui qui est livré"
    frame = read_shipped_table(path, remedy).frame
    columns = need_headings(list(frame.columns))
    frame = frame[list(columns)].rename(columns=columns)
    missing = [column for column in NEED_COLUMNS if column not in frame.columns]
    if missing:
        raise DataFileError(path, f"colonnes absentes : {', '.join(missing)}", remedy)
    if (frame["id"] == "").any() or frame["id"].duplicated().any():
        raise DataFileError(path, "un identifiant est vide ou répété", remedy)
    return NeedsObserved(frame[list(NEED_COLUMNS)].set_index("id"))
