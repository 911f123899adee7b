"""Writes CSV in two dialects, one for machines and one for a French Excel, and never a formula."""

from __future__ import annotations

import csv
import io
import math
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from numbers import Integral, Real
from pathlib import Path

import pandas as pd

from territoires.errors import InvalidRequest
from territoires.tables.system_errors import french_reason

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NEGATIVE_NUMBER = re.compile(r"-[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?")
# Excel would show 01004 as 1004, 1E5 as 100000, and round what has more than 15 digits.
_CODE_EXCEL_WOULD_CHANGE = re.compile(r"0[0-9]+|[0-9]{16,}|[0-9]+[eE][0-9]+")


def write_csv(
    frame: pd.DataFrame, *, excel: bool = False, header_lines: Sequence[str] = ()
) -> bytes:
    """Write a table as CSV.

    Parameters
    ----------
    frame : pd.DataFrame
        The index is not written: reset it first when it carries something.
    excel : bool
        ``False``: ``,``, decimal point, UTF-8 without BOM, LF. ``True``: ``;``, decimal comma,
        UTF-8 with BOM, CRLF, and codes such as ``01004`` written ``="01004"`` so that Excel keeps
        their zero (:func:`territoires.tables.reading.read_table` reads them back); in a column
        that holds one such code, every text of digits is, so that Excel sorts and joins it whole.
    header_lines : sequence of str
        Sources and the like, written first, one ``# `` line each.

    Returns
    -------
    bytes
        Missing values are empty cells. A text that a spreadsheet could run as a formula is
        prefixed by an apostrophe; numbers, and texts that are a negative number, are not.
    """
    stream = io.StringIO(newline="")
    # Always asked for CRLF, else csv leaves a lone CR inside a cell without quotation marks.
    rows = stream if excel else _LineFeeds(stream)
    writer = csv.writer(rows, delimiter=";" if excel else ",", lineterminator="\r\n")
    for line in header_lines:
        told = " ".join(f"# {line}".split())
        # Excel would cut it at each separator; a program skips lines that start by # itself.
        writer.writerow([told]) if excel else rows.write(f"{told}\r\n")
    writer.writerow([_text_cell(str(column), excel) for column in frame.columns])
    columns = [
        _column_cells(frame.iloc[:, position].tolist(), excel) for position in range(frame.shape[1])
    ]
    writer.writerows(zip(*columns, strict=True))
    return stream.getvalue().encode("utf-8-sig" if excel else "utf-8")


class _LineFeeds:
    """Ends each row of a csv writer by LF alone, whatever line ends its cells hold."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    def write(self, row: str) -> int:
        return self._stream.write(row.removesuffix("\r\n") + "\n")


def format_cell(value: object, *, excel: bool) -> str:
    """Write one value as :func:`write_csv` does, without the quotation marks of CSV."""
    if type(value) is float:  # most cells of most tables, told apart at once
        return _number_cell(value, excel)
    if isinstance(value, str):
        return _text_cell(value, excel)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        return _number_cell(float(value), excel)
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return _text_cell(str(value), excel)


def neutralise(text: str) -> str:
    """Prefix by an apostrophe a text that a spreadsheet could run as a formula.

    A telephone number such as ``+33…`` gets it too: it stays readable, where Excel would show
    ``3,36E+10``.
    """
    if not text.lstrip(" \u00a0").startswith(_FORMULA_STARTS) or _NEGATIVE_NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def write_file(path: Path, content: bytes) -> None:
    """Write a file in one go.

    Raises
    ------
    InvalidRequest
        As :func:`whole_file`.
    """
    with whole_file(path) as partial:
        partial.write_bytes(content)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give the path of a file to write, which takes its own name only when all of it is written.

    Whoever reads it sees the old one or the new one, never a half. The partial file keeps the
    extension: GDAL looks at it.

    Raises
    ------
    InvalidRequest
        The folder is missing or cannot be written to.
    """
    partial = path.with_name(f".{path.stem}.{os.getpid()}.partiel{path.suffix}")
    try:
        yield partial
        partial.replace(path)
    except OSError as error:
        raise InvalidRequest(f"Impossible d'écrire {path} : {french_reason(error)}.") from error
    finally:
        partial.unlink(missing_ok=True)


def _column_cells(values: Sequence[object], excel: bool) -> list[str]:
    cells = [format_cell(value, excel=excel) for value in values]
    if not excel or not any(_is_digits(value) and str(value)[0] == "0" for value in values):
        return cells
    return [
        f'="{value}"' if _is_digits(value) else cell
        for value, cell in zip(values, cells, strict=True)
    ]


def _is_digits(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) > 1


def _text_cell(text: str, excel: bool) -> str:
    if excel and _CODE_EXCEL_WOULD_CHANGE.fullmatch(text):
        return f'="{text}"'
    return neutralise(text)


def _number_cell(number: float, excel: bool) -> str:
    if math.isnan(number):
        return ""
    whole = number.is_integer() and abs(number) < 1e15
    text = str(int(number)) if whole else repr(number)
    return text.replace(".", ",") if excel else text
