"""Compares the street that was asked for with the one that was found, whatever the service says.

The score of a service weighs the town, the importance of the place and more: a street that is not
there gets 0.65 for another one of the same town. What is compared here is the street alone.
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from territoires.tables.text import plain

# Spellings of each kind of way, the full word first; letters only, no accents.
_WAYS = (
    ("rue", "r"), ("avenue", "av", "ave"), ("boulevard", "bd", "bld", "boul", "blvd"),
    ("place", "pl"), ("chemin", "ch", "che", "chem"), ("impasse", "imp"),
    ("allee", "all", "allees"), ("route", "rte"), ("montee", "mte"), ("quai", "qu"),
    ("cours", "crs"), ("passage", "pas"), ("square", "sq"), ("sentier", "sen"),
    ("faubourg", "fg", "fbg"), ("ruelle", "rle"), ("esplanade", "esp"), ("promenade", "prom"),
    ("rondpoint", "rpt"), ("traverse", "tra"), ("venelle", "ven"), ("lotissement", "lot"),
    ("residence", "res"), ("cite",), ("villa",),
)  # fmt: skip
_WAY = {spelling: spellings[0] for spellings in _WAYS for spelling in spellings}
_FULL = frozenset(_WAY.values())
_TITLES = {
    "st": "saint", "ste": "sainte", "gal": "general", "gen": "general", "dr": "docteur",
    "doct": "docteur", "mal": "marechal", "pdt": "president", "pres": "president",
    "cdt": "commandant", "col": "colonel", "cne": "capitaine", "prof": "professeur",
    "pr": "professeur", "gd": "grand", "gde": "grande", "vx": "vieux", "nd": "notre dame",
}  # fmt: skip
_NUMBER = re.compile(r"^\d+ ?(?:bis |ter |quater |[a-z] )?")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


def likeness(asked: str, street: str) -> float:
    """Measure how well a street is found in the text of a question.

    Parameters
    ----------
    asked : str
        Number, street, town: more may stand there (a building, an organisation).
    street : str
        Name of the street or hamlet found.

    Returns
    -------
    float
        0 to 1: the best match of the street in a part of the text, abbreviations spelt out. Where
        the kinds of way differ (:func:`another_way`), that of the names alone.
    """
    key = _key(street)
    if another_way(asked, street):
        key = key.partition(" ")[2]
    return float(fuzz.partial_ratio(key, _key(asked))) / 100 if key else 0.0


def another_way(asked: str, street: str) -> str:
    """Say that the way found is of another kind than the way asked for.

    Returns
    -------
    str
        ``"« rue » au lieu de « place »"``; ``""`` when both are of one kind, when one of them
        names none that is known here, or when the text names both.
    """
    words, found = _key(asked).split(), _key(street).partition(" ")[0]
    wanted = words[0] if words else ""
    if wanted not in _FULL or found not in _FULL or found in words:
        return ""
    return f"« {found} » au lieu de « {wanted} »"


def begins_with_way(text: str) -> bool:
    """Tell whether a text begins by a kind of way, after its number if there is one."""
    return _key(text).partition(" ")[0] in _FULL


def _key(text: str) -> str:
    words = _NOT_A_WORD.sub(" ", plain(text).replace("rond point", "rondpoint")).strip()
    first, *rest = _NUMBER.sub("", words).split() or [""]
    head = _WAY.get(first) or _TITLES.get(first, first)
    # "r" or "ch" inside an address may be an initial: only what is longer is spelt out there.
    spelt = (
        _TITLES.get(word) or (_WAY.get(word, word) if len(word) > 2 else word) for word in rest
    )
    return " ".join((head, *spelt))
