"""Numbers the way producers write them, and the statuses of what they do not publish."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from territoires.errors import UnexpectedFormat
from territoires.sources.declaration import MEASURE_COLUMNS

Cells = tuple[pd.Series, pd.Series]
"""Values (float, NaN unless published) and statuses (str), same index."""

_SPACES = "[ \u00a0\u2009\u202f]"
_NUMBER = r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?"


def numbers(
    column: pd.Series,
    *,
    secret: Collection[str] = ("s",),
    unavailable: Collection[str] = ("nd", ""),
    where: str,
) -> Cells:
    """Read a column of numbers.

    Parameters
    ----------
    column : Series of str
        Decimal point or comma, any space between thousands.
    secret, unavailable : collection of str
        Marks of what is kept secret, and of what is not there.
    where : str
        File and column, for messages.

    Returns
    -------
    (Series of float, Series of str)
        Values, NaN unless published; statuses ``publie``, ``secret``, ``non_disponible``.

    Raises
    ------
    UnexpectedFormat
        A cell is neither a number nor a known mark.
    """
    text = column.astype("str").str.replace(_SPACES, "", regex=True).str.replace("\u2212", "-")
    status = pd.Series("publie", index=column.index, dtype="str")
    status[text.isin([*secret])] = "secret"
    status[text.isin([*unavailable])] = "non_disponible"
    published = status == "publie"
    wrong = published & ~text.str.fullmatch(_NUMBER)
    if wrong.any():
        at = int(wrong.to_numpy().argmax())
        marks = ", ".join(mark or "vide" for mark in (*secret, *unavailable))
        expected = f"ni un nombre ni une marque connue ({marks})" if marks else "pas un nombre"
        message = f"{where}, donnée n° {at + 1} : « {column.iloc[at]!s:.40} » n'est {expected}."
        raise UnexpectedFormat(message)
    values = pd.to_numeric(text.where(published).str.replace(",", "."), errors="raise")
    return values.astype(float), status


def number_columns(
    rows: pd.DataFrame, columns: Mapping[str, str], name: str, **marks: Collection[str]
) -> dict[str, Cells]:
    """Read several columns of numbers.

    Parameters
    ----------
    rows : DataFrame of str
        Holds the columns.
    columns : mapping of str to str
        Measure to the name of its column.
    name : str
        File, for messages.
    **marks
        ``secret`` and ``unavailable`` of :func:`numbers`.

    Returns
    -------
    dict of str to Cells
        By measure; the index is that of the rows.

    Raises
    ------
    UnexpectedFormat
        A cell is neither a number nor a mark.
    """
    return {
        code: numbers(rows[column], where=f"{name}, {column}", **marks)
        for code, column in columns.items()
    }


def measures_table(codes: pd.Series, columns: Mapping[str, Cells]) -> pd.DataFrame:
    """Lay columns of figures end to end.

    Parameters
    ----------
    codes : Series of str
        Commune of each row.
    columns : mapping of str to (values, statuses)
        By measure, aligned with ``codes``.

    Returns
    -------
    DataFrame
        :data:`~territoires.sources.declaration.MEASURE_COLUMNS`.
    """
    pieces = [
        pd.DataFrame(
            {
                "code_commune": codes.to_numpy(),
                "code_mesure": measure,
                "valeur": values.to_numpy(),
                "statut": statuses.to_numpy(),
            }
        )
        for measure, (values, statuses) in columns.items()
    ]
    return pd.concat(pieces, ignore_index=True)


def no_measures() -> pd.DataFrame:
    """Return the empty table of a source that gives references alone."""
    return pd.DataFrame(columns=list(MEASURE_COLUMNS))


def published(values: pd.Series) -> Cells:
    """Give numbers already read: NaN is not available."""
    statuses = values.isna().map({True: "non_disponible", False: "publie"}).astype("str")
    return values.astype(float), statuses
