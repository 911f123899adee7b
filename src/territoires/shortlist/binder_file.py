"""A binder as JSON, the way the browser of its owner keeps it, and back."""

from __future__ import annotations

from typing import Any

from territoires.shortlist.binder import Binder
from territoires.shortlist.model import Shortlist, ShortlistItem
from territoires.tables.kept_document import KeptFormat

FORMAT = KeptFormat(
    "territoires.listes", version=1, label="Listes",
    max_characters=8_000_000,  # more than a browser keeps for a site
    too_large="Listes trop grandes", foreign="n'est pas un classeur de listes",
)  # fmt: skip


def binder_to_json(binder: Binder) -> str:
    """Write a binder; :func:`binder_from_json` gives the same back."""
    lists = [{"nom": one.nom, "lieux": _items(one)} for one in binder.lists]
    return FORMAT.write(ouverte=binder.open, listes=lists)


def binder_from_json(text: str) -> Binder:
    """Read a binder.

    Raises
    ------
    InvalidTable
        It is not one of ours, or a later version of the program wrote it; the message says what.
    InvalidRequest
        A code, a status or a text of it cannot be one.
    """
    document = FORMAT.read(text)
    lists = tuple(_list(one) for one in FORMAT.field(document, "listes", list))
    return Binder(lists, FORMAT.field(document, "ouverte", int))


def _items(shortlist: Shortlist) -> list[dict[str, Any]]:
    return [
        {
            "code": item.code, "nom": item.nom, "statut": item.statut,
            "etiquettes": list(item.etiquettes), "note": item.note,
        }
        for item in shortlist.items
    ]  # fmt: skip


def _list(document: object) -> Shortlist:
    places = (_item(one) for one in FORMAT.field(document, "lieux", list))
    return Shortlist(FORMAT.field(document, "nom", str), tuple(places))


def _item(document: object) -> ShortlistItem:
    code, nom, statut, note = (
        FORMAT.field(document, field, str) for field in ("code", "nom", "statut", "note")
    )
    tags = FORMAT.field(document, "etiquettes", list)
    if not all(isinstance(tag, str) for tag in tags):
        raise FORMAT.damaged("une étiquette n'est pas un texte")
    return ShortlistItem(code, nom, note, statut, tuple(tags))
