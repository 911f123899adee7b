"""Cleans an address before it is asked: what the service does not need does not go out."""

from __future__ import annotations

import re
import unicodedata

from territoires.geocoding.normalise import MAX_LENGTH, read_town
from territoires.geocoding.service.streets import begins_with_way
from territoires.tables.text import plain

_NOISE = (
    re.compile(r"\S+@\S+"),
    re.compile(r"https?://\S+|\bwww\.\S+", re.IGNORECASE),
    # A telephone number, after its label if there is one.
    re.compile(r"(?:\b(?:t[ée]l|fax|mobile)\w*\W*)?(?:\+33\s?|\b0)[1-9](?:[ .-]?\d{2}){4}\b", re.I),
    # Whoever lives there is nobody's business: c/o and chez, up to the comma.
    re.compile(r"(?<!\w)(?:c/o|chez)\s[^,\d]*", re.IGNORECASE),
    re.compile(r"\b(?:BP|B\.P\.|CS|C\.S\.|TSA|bo[iî]te postale)\s*n?°?\s*\d+", re.IGNORECASE),
    re.compile(r"\bCEDEX\b(?:\s*\d{1,2}\b)?", re.IGNORECASE),
    re.compile(r"\([^()]*\)"),
    re.compile(r"[\s,]+France\s*$", re.IGNORECASE),
)
_NUMBER_SIGN = re.compile(r"\bn\s?[°º]\s*(?=\d)", re.IGNORECASE)
_BREAKS = re.compile(r"\s*[;|\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029]+\s*")
_COMMAS = re.compile(r"\s*,[\s,]*")
# A segment that begins by a house number ("12 bis rue…"), not by a floor ("2e étage").
_NUMBERED = re.compile(r"\d+ ?(?:bis|ter|quater|[a-d])?,? (?=[^\W\d_])", re.IGNORECASE)
_LONE_NUMBER = re.compile(
    r"(^|, )(\d{1,4} ?(?:bis|ter|quater|[a-d])?), (?=[^\W\d_])", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def clean_address(text: str) -> str:
    """Clean a cell of address: one line, no person, no telephone, no post box.

    Parameters
    ----------
    text : str
        As typed, of any length: only the end of a very long one is read, where the street is.

    Returns
    -------
    str
        ``""`` when nothing is left.
    """
    line = _on_one_line(text[-MAX_LENGTH:])
    for noise in _NOISE:
        line = noise.sub(" ", line)
    line = _NUMBER_SIGN.sub("", line)
    line = _COMMAS.sub(", ", " ".join(line.split())).strip(" ,.-–—/\"'")
    return _from_the_street(_LONE_NUMBER.sub(r"\1\2 ", line))


def _on_one_line(text: str) -> str:
    """Take out what could break a row of the CSV: line ends, control characters, quotes."""
    line = _BREAKS.sub(", ", text)
    return "".join(
        " " if letter == '"' or unicodedata.category(letter)[0] == "C" else letter
        for letter in line
    )


def _from_the_street(line: str) -> str:
    """Leave out what stands before the street: an organisation, a building, a floor."""
    segments = line.split(", ")
    numbered = [bool(_NUMBERED.match(segment)) for segment in segments]
    ways = [begins_with_way(segment) for segment in segments]
    for signs in ([n and w for n, w in zip(numbered, ways, strict=True)], ways, numbered):
        if any(signs):
            return ", ".join(segments[signs.index(True) :])
    return line


def compose(address: str, postcode: str, town: str, longest: int) -> str:
    """Write the text of a question: the address, then its postcode and town if it lacks them.

    Parameters
    ----------
    address : str
        Cleaned.
    postcode, town : str
        Those of the commune found, or as typed; may be empty.
    longest : int
        Characters that the service accepts.

    Returns
    -------
    str
        ``""`` when the address says nothing more than its town: there is no street to look for.
    """
    if not _says_more_than_town(address, postcode, town):
        return ""
    town = _on_one_line(town[:MAX_LENGTH]).strip()
    told = f" {plain(address).replace(',', ' ')} "
    missing = [] if not postcode or postcode in address else [postcode]
    if town and f" {plain(town)} " not in told:
        missing.append(town)
    ending = " ".join(missing)[: longest // 2]
    room = longest - len(ending) - 1
    body = address if len(address) <= room else address[-room:].partition(" ")[2]
    return f"{body} {ending}".strip()


def numbers_in(text: str) -> frozenset[str]:
    """Return the numbers of a text, without their leading zeros."""
    return frozenset(found.lstrip("0") for found in re.findall(r"\d+", text))


def _says_more_than_town(address: str, postcode: str, town: str) -> bool:
    said = read_town(address)
    if not said.key or said.key == read_town(town).key:
        return False
    rest = plain(address).replace(postcode, " ") if postcode else plain(address)
    rest = f" {rest} ".replace(f" {plain(town)} ", " ") if town else rest
    return bool(_WORD.search(rest))
