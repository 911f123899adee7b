"""A shortlist: chosen territories, in an order, each with a status and a note. A plain value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from territoires.errors import InvalidRequest
from territoires.tables.text import plain

STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "a_etudier": "À étudier",
        "a_contacter": "À contacter",
        "contacte": "Contacté",
        "visite_prevue": "Visite prévue",
        "ecarte": "Écarté",
    }
)
DEFAULT_STATUS = "a_etudier"
MAX_ITEMS = 2_000
MAX_NOTE_LENGTH = 100_000
MAX_NAME_LENGTH = 200
MAX_TAGS = 20
MAX_TAG_LENGTH = 60
TAG_SEPARATOR = ";"

_TYPED_CODE = re.compile(r"[a-z]{3,6}:[0-9A-Z_.~-]{1,30000}")
_COMMUNE_CODE = re.compile(r"(\d{2}|2[AB])\d{3}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class ShortlistItem:
    """One chosen territory.

    Attributes
    ----------
    code : str
        Typed (``com:30350``, ``epci:…``, ``groupe:…``); a bare commune code becomes typed.
    nom : str
        For people.
    note : str
        Free text, any language; control characters become spaces, blanks at both ends go.
    statut : str
        A key of :data:`STATUSES`.
    etiquettes : tuple of str
        The person's own words, each once, in the order given; none holds a ``;``.

    Raises
    ------
    InvalidRequest
        The code is not one, the status is unknown, a text is too long, or tags are too many.
    """

    code: str
    nom: str
    note: str = ""
    statut: str = DEFAULT_STATUS
    etiquettes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", _typed(self.code))
        object.__setattr__(self, "nom", _text("Le nom", self.nom, MAX_NAME_LENGTH) or self.code)
        object.__setattr__(self, "note", _text("La note", self.note, MAX_NOTE_LENGTH))
        if self.statut not in STATUSES:
            raise InvalidRequest(
                f"Statut inconnu : {self.statut!s:.40}. Choix : {', '.join(STATUSES)}."
            )
        object.__setattr__(self, "etiquettes", _tags(self.etiquettes))


@dataclass(frozen=True)
class Shortlist:
    """Chosen territories, in order, each once. Every change returns a new list.

    Attributes
    ----------
    nom : str
        Name of the list.
    items : tuple of ShortlistItem
        In the order chosen.

    Raises
    ------
    InvalidRequest
        Too many territories, one given twice, or a name that is empty or too long.
    """

    nom: str = "Ma sélection"
    items: tuple[ShortlistItem, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "nom", _text("Le nom de la liste", self.nom, MAX_NAME_LENGTH))
        if not self.nom:
            raise InvalidRequest("Une sélection a un nom.")
        if len(self.items) > MAX_ITEMS:
            raise InvalidRequest(
                f"Une sélection contient {MAX_ITEMS} territoires au plus ; "
                f"celle-ci en aurait {len(self.items)}."
            )
        codes = self.codes
        if len(set(codes)) < len(codes):
            twice = next(code for code in codes if codes.count(code) > 1)
            raise InvalidRequest(f"Le territoire {twice} est deux fois dans la sélection.")

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and _as_typed(code) in self.codes

    @property
    def codes(self) -> tuple[str, ...]:
        """Typed codes, in order."""
        return tuple(item.code for item in self.items)

    @property
    def etiquettes(self) -> tuple[str, ...]:
        """The tags of its territories, each once, in the order met."""
        return tuple(dict.fromkeys(tag for item in self.items for tag in item.etiquettes))

    def item(self, code: str) -> ShortlistItem:
        """Return a territory of the list.

        Raises
        ------
        InvalidRequest
            It is not in the list.
        """
        return self.items[self._position(code)]

    def add(self, *items: ShortlistItem) -> Shortlist:
        """Add territories at the end; one that is there already keeps its place and its note.

        Raises
        ------
        InvalidRequest
            There would be too many.
        """
        together = {item.code: item for item in self.items}
        for item in items:
            together.setdefault(item.code, item)
        return replace(self, items=tuple(together.values()))

    def remove(self, code: str) -> Shortlist:
        """Take a territory out; one that is not there changes nothing."""
        typed = _as_typed(code)
        return replace(self, items=tuple(item for item in self.items if item.code != typed))

    def annotate(
        self, code: str, note: str | None = None, *, statut: str | None = None,
        etiquettes: Iterable[str] | None = None,
    ) -> Shortlist:  # fmt: skip
        """Change the note, the status or the tags of a territory; ``None`` leaves as it is.

        Raises
        ------
        InvalidRequest
            It is not in the list, a text is too long, or the status is unknown.
        """
        position = self._position(code)
        item = self.items[position]
        changed = replace(
            item,
            note=item.note if note is None else note,
            statut=item.statut if statut is None else statut,
            etiquettes=item.etiquettes if etiquettes is None else tuple(etiquettes),
        )
        return replace(self, items=(*self.items[:position], changed, *self.items[position + 1 :]))

    def move(self, code: str, position: int) -> Shortlist:
        """Put a territory at a position, from 0; beyond the ends means at that end.

        Raises
        ------
        InvalidRequest
            It is not in the list.
        """
        item = self.item(code)
        others = [other for other in self.items if other.code != item.code]
        others.insert(max(0, min(position, len(others))), item)
        return replace(self, items=tuple(others))

    def renamed(self, nom: str) -> Shortlist:
        """Give the list another name."""
        return replace(self, nom=nom)

    def _position(self, code: str) -> int:
        typed = _as_typed(code)
        if typed not in self.codes:
            raise InvalidRequest(f"« {code!s:.60} » n'est pas dans la sélection.")
        return self.codes.index(typed)


def read_status(text: str) -> str:
    """Read a status written as its code or its label; the default one when empty.

    Raises
    ------
    InvalidRequest
        It is neither.
    """
    if not text.strip():
        return DEFAULT_STATUS
    wanted = plain(text)
    for code, label in STATUSES.items():
        if wanted in (plain(code), plain(label)):
            return code
    raise InvalidRequest(
        f"Statut inconnu : « {text:.40} ». Choix : {', '.join(STATUSES.values())}."
    )


def _as_typed(code: str) -> str:
    return f"com:{code}" if _COMMUNE_CODE.fullmatch(code) else code


def _typed(code: str) -> str:
    typed = _as_typed(code)
    if not _TYPED_CODE.fullmatch(typed):
        raise InvalidRequest(
            f"« {code!s:.60} » n'est pas un code de territoire : com:30350, epci:200034601…"
        )
    return typed


def read_tags(text: str) -> tuple[str, ...]:
    """Read tags as :data:`TAG_SEPARATOR` joins them."""
    return tuple(part for part in text.split(TAG_SEPARATOR) if part.strip())


def _tags(given: Iterable[str]) -> tuple[str, ...]:
    tags = [_text("Une étiquette", tag, MAX_TAG_LENGTH) for tag in given]
    if any(TAG_SEPARATOR in tag for tag in tags):
        raise InvalidRequest(f"Une étiquette ne contient pas de « {TAG_SEPARATOR} ».")
    kept = tuple(dict.fromkeys(tag for tag in tags if tag))
    if len(kept) > MAX_TAGS:
        raise InvalidRequest(f"{len(kept)} étiquettes ; un lieu en a {MAX_TAGS} au plus.")
    return kept


def _text(what: str, text: str, most: int) -> str:
    if len(text) > most:
        raise InvalidRequest(f"{what} a {len(text)} caractères ; la limite est de {most}.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidRequest(f"{what} contient un caractère illisible.") from error
    return _CONTROL.sub(" ", text).strip()
