"""The search box: from what a person types to places, whatever is typed.

Answers come in this order: the place with that very code, the places with that postcode, the
names equal to the text, those that begin with it, those whose words begin with its words, those
found with the help of a département or postcode in the text. Only when there is nothing, names
spelt almost like it. Within each, the most populous first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from territoires.communes.places import Entry, Place, entries, place_of
from territoires.communes.postings import Postings
from territoires.tables.text import plain

if TYPE_CHECKING:
    from territoires.communes.register import Register

_LONGEST_QUERY = 100  # the longest official name has 45 letters
_LONGEST_ANSWER = 1000
_CLOSE_ENOUGH = 72.0  # of 100: one letter wrong in four
_SHORTEST_POSTCODE = 3
_NOT_A_WORD = re.compile(r"[^0-9a-z]+")
_BEGINNING_OF_CORSICAN_CODE = re.compile(r"2[ab]\d{1,3}")
_SAINT = {"st": "saint", "ste": "sainte"}
_EPCI_NATURES = {
    "cc": "communaute de communes",
    "ca": "communaute d agglomeration",
    "cu": "communaute urbaine",
}
_LEADING = re.compile(r"^(?:(?:le|la|les|l|los|las|cc|ca|cu|metropole|de|du|des|d) )+")

_Rows = npt.NDArray[np.int64]


class PlaceIndex:
    """An index of names and codes, in memory; see the module for the order of answers.

    Parameters
    ----------
    register : Register
        Where places are drawn from.
    named : sequence of Entry
        What can be found.
    """

    def __init__(self, register: Register, named: Sequence[Entry]) -> None:
        self._register = register
        self._entries = named
        self._keys = [_words_of(entry.name) for entry in named]
        self._weights = np.array([entry.weight for entry in named], dtype=np.int64)
        self._in_use = np.array([entry.in_use for entry in named])

    @classmethod
    def from_register(cls, register: Register) -> PlaceIndex:
        """Index all that a register names."""
        return cls(register, list(entries(register)))

    def search(self, text: str, limit: int) -> list[Place]:
        """Find places.

        Parameters
        ----------
        text : str
            A name or its beginning, a postcode (three digits or more), an INSEE code, the SIREN
            of an EPCI; accents, case and punctuation do not count. Any text is harmless.
        limit : int
            Most places wanted; none below 1.

        Returns
        -------
        list of Place
            Best first, without repetition; empty when nothing is close.
        """
        query = _words_of(text[:_LONGEST_QUERY])
        wanted = min(limit, _LONGEST_ANSWER)
        if not query or wanted < 1:
            return []
        rows = _first(wanted, self._tiers(query)) or _first(wanted, [self._close(query, wanted)])
        return [place_of(self._register, self._entries[row]) for row in rows]

    def named(self, text: str) -> list[Entry]:
        """Return what has this very name, or failing that this name but for its article.

        Former communes come only when nothing in use has the name.
        """
        query = _words_of(text[:_LONGEST_QUERY])
        rows = self._names.equal_to(query)
        for chosen in (self._exactly(query, rows), rows):
            in_use = chosen[self._in_use[chosen]]
            if len(in_use):
                return [self._entries[row] for row in in_use]
        return [self._entries[row] for row in rows]

    def close_names(self, text: str, limit: int) -> list[Entry]:
        """Return names spelt almost like a text, closest first."""
        query = _words_of(text[:_LONGEST_QUERY])
        return [self._entries[row] for row in _first(limit, [self._close(query, limit)])]

    @cached_property
    def _spellings(self) -> list[set[str]]:
        return [
            _spellings(entry, key) for entry, key in zip(self._entries, self._keys, strict=True)
        ]

    @cached_property
    def _names(self) -> Postings:
        return Postings(self._spellings)

    @cached_property
    def _words(self) -> Postings:
        return Postings(
            [{word for key in keys for word in key.split()} for keys in self._spellings]
        )

    @cached_property
    def _postcodes(self) -> Postings:
        return Postings([entry.postcodes.split(";") for entry in self._entries])

    @cached_property
    def _codes(self) -> Postings:
        return Postings(
            [(entry.code.lower(), entry.former_code.lower()) for entry in self._entries]
        )

    @cached_property
    def _helpers(self) -> Postings:
        names = self._register.departements["nom"]
        departements = {str(code): _words_of(name).split() for code, name in names.items()}
        return Postings([_helpers(entry, departements) for entry in self._entries])

    def _tiers(self, query: str) -> Iterator[_Rows]:
        yield self._by_weight(self._codes.equal_to(query.replace(" ", "")))
        if _BEGINNING_OF_CORSICAN_CODE.fullmatch(query):
            yield self._by_weight(self._codes.starting_with(query))
        if query.isdecimal() and len(query) >= _SHORTEST_POSTCODE:
            yield self._by_weight(self._postcodes.starting_with(query))
        for variant in _variants(query):
            beginning = self._names.starting_with(variant)
            # The name itself, then the name but for its article, then all that begins so.
            for whole in (self._exactly(variant, beginning), self._names.equal_to(variant)):
                yield self._by_weight(whole[self._in_use[whole]])
            yield self._by_weight(beginning)
        for variant in _variants(query):
            yield from self._by_words(variant.split())

    def _by_words(self, words: Sequence[str]) -> Iterator[_Rows]:
        in_name = [self._words.starting_with(word) for word in words]
        yield self._by_weight(reduce(np.intersect1d, in_name))
        helped = [
            np.union1d(rows, self._helpers.starting_with(word))
            for rows, word in zip(in_name, words, strict=True)
        ]
        # A département alone names no commune: one word at least must be in the name.
        named = reduce(np.union1d, in_name)
        yield self._by_weight(np.intersect1d(reduce(np.intersect1d, helped), named))

    def _close(self, query: str, limit: int) -> _Rows:
        if not any(letter.isalpha() for letter in query):
            return np.empty(0, dtype=np.int64)
        found = process.extract(
            query, self._names.terms, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH, limit=limit
        )
        rows = [self._by_weight(self._names.at(position)) for _, _, position in found]
        return np.concatenate(rows) if rows else np.empty(0, dtype=np.int64)

    def _exactly(self, query: str, rows: _Rows) -> _Rows:
        return np.array([row for row in rows if self._keys[row] == query], dtype=np.int64)

    def _by_weight(self, rows: _Rows) -> _Rows:
        ordered: _Rows = rows[np.argsort(-self._weights[rows], kind="stable")]
        return ordered


def _words_of(text: str) -> str:
    """Keep letters and digits, single spaces between."""
    return _NOT_A_WORD.sub(" ", plain(text)).strip()


def _variants(query: str) -> list[str]:
    """Return the query, and what it becomes when St and Ste are spelt out."""
    spelt = " ".join(_SAINT.get(word, word) for word in query.split())
    return list(dict.fromkeys([query, spelt]))


def _spellings(entry: Entry, key: str) -> set[str]:
    spellings = {key, _LEADING.sub("", key)}
    if entry.kind == "epci":
        nature, _, rest = key.partition(" ")
        spellings |= {f"{_EPCI_NATURES[nature]} {rest}"} if nature in _EPCI_NATURES else set()
    return spellings - {""}


def _helpers(entry: Entry, departements: Mapping[str, Sequence[str]]) -> set[str]:
    """Words that narrow a search though they are not in the name: département, postcodes, code."""
    words = {entry.code.lower(), *entry.postcodes.split(";")}
    if entry.departement:
        words |= {entry.departement.lower(), *departements.get(entry.departement, ())}
    return words


def _first(limit: int, tiers: Iterable[_Rows]) -> list[int]:
    """Take rows tier after tier, without repetition, and look no further than needed."""
    chosen: dict[int, None] = {}
    for tier in tiers:
        for row in tier.tolist():
            chosen.setdefault(row)
            if len(chosen) == limit:
                return list(chosen)
    return list(chosen)
