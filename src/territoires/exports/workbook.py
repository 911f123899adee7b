"""A new workbook, in which what was typed by a person stays text."""

from __future__ import annotations

from io import BytesIO
from typing import Any

_AS_TYPED = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def new_workbook(stream: BytesIO) -> Any:
    """Return an empty workbook that no text can make compute, link or lose its zeros.

    Parameters
    ----------
    stream : BytesIO
        Where it is written when it is closed.

    Returns
    -------
    xlsxwriter.Workbook
    """
    # Slow to import: a command that writes none does not pay for it.
    import xlsxwriter  # type: ignore[import-untyped]

    return xlsxwriter.Workbook(stream, _AS_TYPED)
