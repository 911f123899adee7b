"""A number as a person types it: ``1,5``, ``1.5``, ``12 000``, ``−0,4``."""

from __future__ import annotations

import math
import re

from territoires.indicators import format_number

MOST_LETTERS = 24
_DECIMALS = 6
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")


def read_written(text: str) -> float | None:
    """Read a number; ``None`` when it is not one."""
    bare = _SPACES.sub("", text).replace("\u2212", "-")
    if len(bare) > MOST_LETTERS or not _NUMBER.fullmatch(bare):
        return None
    number = float(bare.replace(",", "."))
    return number if math.isfinite(number) else None


def write_number(number: float) -> str:
    """Write a number to be changed: decimal comma, no more decimals than it has, six at most."""
    text = format_number(number, _DECIMALS)
    return text.rstrip("0").rstrip(",") if "," in text else text
