"""Files that hold several periods: only the rows of the latest one are kept, in one pass."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from territoires.errors import UnexpectedFormat
from territoires.sources.opening import OpenedTable


def latest_rows(
    file: OpenedTable,
    columns: Sequence[str],
    date: str,
    pattern: str,
    keep: Mapping[str, Collection[str]] | None = None,
) -> tuple[str, pd.DataFrame]:
    """Read the rows of the latest period of a file.

    Parameters
    ----------
    file : OpenedTable
        Read piece by piece.
    columns : sequence of str
        Wanted, the one of the dates included.
    date : str
        Column of the periods, written so that alphabetical order is that of time.
    pattern : str
        Regular expression of a period.
    keep : mapping, optional
        As for :meth:`OpenedTable.batches`; the latest period is that of the kept rows.

    Returns
    -------
    (str, DataFrame)
        The period, and its rows (text, RangeIndex).

    Raises
    ------
    UnexpectedFormat
        No row is kept, or a period is not written the way it should.
    """
    latest, pieces = "", list[pd.DataFrame]()
    for batch in file.batches(columns, keep):
        wrong = ~batch[date].str.fullmatch(pattern)
        if wrong.any():
            message = f"{file.name}, {date} : « {batch.loc[wrong, date].iloc[0]} » inattendu."
            raise UnexpectedFormat(message)
        newest = max(latest, str(batch[date].max()))
        if newest > latest:
            latest, pieces = newest, []
        pieces.append(batch[batch[date] == latest])
    if not pieces:
        asked = " ; ".join(f"{name} = {', '.join(sorted(v))}" for name, v in (keep or {}).items())
        message = f"{file.name} : aucune ligne pour {asked or 'ces colonnes'}."
        raise UnexpectedFormat(message)
    return latest, pd.concat(pieces, ignore_index=True)
