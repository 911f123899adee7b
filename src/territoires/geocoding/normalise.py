"""Reads the name of a town as people type it, and reduces it to a key that spellings share."""

from __future__ import annotations

import re
from typing import NamedTuple

from territoires.tables.text import plain

MAX_LENGTH = 300
"""Characters of a cell that are looked at; nobody types a longer town or address line."""

ARTICLES = frozenset({"le", "la", "les", "l"})
_ABBREVIATIONS = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "ss": "sous",
    "s": "sur",
    "&": "et",
}
_ARRONDISSEMENTS = {"paris": 20, "lyon": 9, "marseille": 16}
_ROMAN = {"i": 1, "v": 5, "x": 10}
_NOT_A_WORD = re.compile(r"[^\w&]+")
_PLAIN_WORDS = re.compile(r"(?!paris |lyon |marseille )(?!.*\bcedex\b)[a-z ]*")
_ARTICLE_BEHIND = re.compile(r"(.+?)\s*(?:\(\s*|,\s*)(le|la|les|l)\s*\)?\s*$")
_PARENTHESIS = re.compile(r"\(([^()]*)\)")
_POST_BOX = re.compile(r"\b(?:bp|b\.p\.|cs|tsa|c\.s\.|boite postale|course speciale)\s*\d{1,5}\b")
_CEDEX = re.compile(r"\bcedex\b\s*\d{0,2}")
_SOUS = re.compile(r"\bs\s*/\s*s\b")
_NUMBER = re.compile(r"\d{1,5}|2[ab]")
_DEPARTEMENT = re.compile(r"0?[1-9]|[1-8]\d|9[0-5]|2[ab]|97[1-8]|98[678]")
_ARRONDISSEMENT = re.compile(
    r"(paris|lyon|marseille) (?:(\d{1,2}) ?(?:er|e|eme|ieme|nd|nde|o)?|([ivx]+) ?(?:er|e|eme))"
    r"(?: ?arr(?:t|dt|ondissement)?)?"
)


# « 18e arrondissement de Paris »
_ARRONDISSEMENT_FIRST = re.compile(
    r"^(\d{1,2}|[ivx]+) ?(?:er|e|eme|ieme|nd|nde) arr(?:t|dt|ondissement)?(?: de)? "
    r"(paris|lyon|marseille)$"
)


class Town(NamedTuple):
    """A town as it was typed, read.

    Attributes
    ----------
    key : str
        Lower case, no accents, single spaces, article in front, abbreviations spelt out.
    bare : str
        The key without its leading article.
    departement : str
        What stands for a département beside the name (``"76"`` in ``"Le Havre (76)"``), or ``""``.
    postcode : str
        A postcode typed with the name, or ``""``.
    cedex : bool
        The text said CEDEX or gave a post box: its postcode may be a business one.
    """

    key: str
    bare: str
    departement: str = ""
    postcode: str = ""
    cedex: bool = False


EMPTY = Town("", "")


def read_town(text: str) -> Town:
    """Read the name of a town.

    Parameters
    ----------
    text : str
        ``"Sourd (Le)"``, ``"76600 LE HAVRE CEDEX"``, ``"Villefranche s/ Saône"``, ``"PARIS 18E"``.

    Returns
    -------
    Town
        With empty keys when there is no name in the text.
    """
    folded = plain(text[:MAX_LENGTH])
    if _PLAIN_WORDS.fullmatch(folded):
        return _town(_spell_out(folded.split()))
    return _read_irregular(folded)


def bare_key(key: str) -> str:
    """Leave out the article in front of a key; an article alone is kept."""
    first, _, rest = key.partition(" ")
    return rest if rest and first in ARTICLES else key


def compact_key(key: str) -> str:
    """Leave out every space of a key: ``"l hay les roses"`` and ``"lhay les roses"`` meet."""
    return key.replace(" ", "")


def _town(words: list[str], departement: str = "", postcode: str = "", cedex: bool = False) -> Town:
    key = " ".join(words)
    return Town(key, bare_key(key), departement, postcode, cedex)


def _spell_out(words: list[str]) -> list[str]:
    if not words:
        return words
    # A name does not start with "sur": the "s" of "s/" is never the first word.
    head = words[0] if words[0] == "s" else _ABBREVIATIONS.get(words[0], words[0])
    return [head, *(_ABBREVIATIONS.get(word, word) for word in words[1:])]


def _read_irregular(folded: str) -> Town:
    text, boxes = _POST_BOX.subn(" ", folded)
    text, cedexes = _CEDEX.subn(" ", text)
    cedex = bool(boxes or cedexes)
    text, departement = _without_parentheses(text.strip(" ,.;"))
    text = _SOUS.sub("sous ", _article_in_front(text.strip(" ,.;")))
    words = _NOT_A_WORD.sub(" ", text).replace("_", " ").split()
    spoken = _ARRONDISSEMENT_FIRST.sub(r"\2 \1 e", " ".join(words))
    arrondissement = _ARRONDISSEMENT.fullmatch(spoken)
    if arrondissement and (key := _arrondissement_key(arrondissement)):
        return Town(key, key, departement, "", cedex)
    names, number, postcode = _without_numbers(words)
    return _town(_spell_out(names), departement or number, postcode, cedex)


def _article_in_front(text: str) -> str:
    """Move the article of ``sourd (le)`` or ``sourd, le`` where it is spoken."""
    behind = _ARTICLE_BEHIND.match(text)
    return f"{behind[2]} {behind[1]}" if behind else text


def _without_parentheses(text: str) -> tuple[str, str]:
    """Take a département out of the parentheses; any other content stays, as words."""
    departement = ""
    for found in _PARENTHESIS.finditer(text):
        content = found[1].strip()
        if _DEPARTEMENT.fullmatch(content):
            departement = content
            text = text.replace(found[0], " ")
    return text, departement


def _without_numbers(words: list[str]) -> tuple[list[str], str, str]:
    """Part the words from the postcode or département typed with them."""
    names = [word for word in words if not _NUMBER.fullmatch(word)]
    numbers = [word for word in words if _NUMBER.fullmatch(word)]
    postcodes = [number for number in numbers if len(number) == 5]
    departements = [number for number in numbers if _DEPARTEMENT.fullmatch(number)]
    departement = departements[0] if len(departements) == 1 and not postcodes else ""
    return names, departement, postcodes[-1] if postcodes else ""


def _arrondissement_key(found: re.Match[str]) -> str:
    number = int(found[2]) if found[2] else _from_roman(found[3])
    return f"{found[1]} {number}" if 1 <= number <= _ARRONDISSEMENTS[found[1]] else ""


def _from_roman(letters: str) -> int:
    values = [_ROMAN[letter] for letter in letters]
    following = [*values[1:], 0]
    return sum(
        -value if value < after else value for value, after in zip(values, following, strict=True)
    )
