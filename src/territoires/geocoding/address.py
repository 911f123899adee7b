"""Finds the postcode and the town in an address typed on one line."""

from __future__ import annotations

import re
from typing import NamedTuple

from territoires.geocoding.normalise import MAX_LENGTH

_POSTCODE = re.compile(r"(?<![\w])(?:F-?\s?)?(\d{5})(?!\d)")
# "1 rue A, 1400 L'Abergement": a spreadsheet lost the zero. Something must stand before, and
# nothing after the town: "1400 chemin des Lilas, Nice" is a house.
_SHORT_POSTCODE = re.compile(r"[\s,]([1-9]\d{3})\s+([^\W\d_][^\d,;|\n]*)$")
_BOX_BEFORE = re.compile(r"(?:\b(?:BP|CS|TSA)|B\.P\.|C\.S\.)\s*$", re.IGNORECASE)
_SEGMENT = re.compile(r"[,;|\n\r\t]+|\s[-–—]\s")
# "…, France" is the country; "Fort-de-France" and "Roissy en France" are towns.
_COUNTRY = re.compile(r"(?:\s*[,;(]|(?<!\bde)(?<!\ben)\s)\s*france\)?\s*$", re.IGNORECASE)


class AddressParts(NamedTuple):
    """What a one-line address says of its town.

    Attributes
    ----------
    postcode : str
        Five digits, four where a zero was lost, or ``""``.
    after : str
        Text that follows the postcode, up to the next comma: the town stands first in it.
    before : str
        Where nothing follows the postcode (or there is none), the last segment of the address: the
        town stands last in it.
    """

    postcode: str
    after: str
    before: str


def split_address(text: str) -> AddressParts:
    """Split an address such as ``"12 rue X 01400 L'Abergement-Clémenciat"``.

    The last group of five digits that is not a post box is the postcode.
    """
    line = text[-MAX_LENGTH:]
    if "france" in line[-12:].lower():
        line = _COUNTRY.sub("", line)
    postcodes = [
        found for found in _POSTCODE.finditer(line) if not _BOX_BEFORE.search(line[: found.start()])
    ]
    if not postcodes:
        if short := _SHORT_POSTCODE.search(line):
            return AddressParts(short[1], short[2].strip(), "")
        return AddressParts("", "", _last_segment(line))
    last = postcodes[-1]
    after = _first_segment(line[last.end() :])
    if after:
        return AddressParts(last[1], after, "")
    return AddressParts(last[1], "", _last_segment(line[: last.start()]))


def _first_segment(text: str) -> str:
    return next((part.strip() for part in _SEGMENT.split(text) if _has_letter(part)), "")


def _last_segment(text: str) -> str:
    parts = [part.strip() for part in _SEGMENT.split(text) if _has_letter(part)]
    return parts[-1] if parts else ""


def _has_letter(text: str) -> bool:
    return any(character.isalpha() for character in text)
