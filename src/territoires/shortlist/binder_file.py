"""A binder as JSON, the way the browser of its owner keeps it, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from territoires.errors import InvalidTable
from territoires.shortlist.binder import Binder
from territoires.shortlist.model import Shortlist, ShortlistItem

FORMAT = "territoires.listes"
VERSION = 1
MAX_CHARACTERS = 8_000_000
"""More than a browser keeps for a site."""


def binder_to_json(binder: Binder) -> str:
    """Write a binder; :func:`binder_from_json` gives the same back."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "ouverte": binder.open,
        "listes": [{"nom": one.nom, "lieux": _items(one)} for one in binder.lists],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def binder_from_json(text: str) -> Binder:
    """Read a binder.

    Raises
    ------
    InvalidTable
        It is not one of ours, or a later version of the program wrote it; the message says what.
    InvalidRequest
        A code, a status or a text of it cannot be one.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidTable(f"Listes trop grandes : {len(text)} caractères.")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidTable("Ces listes ne sont pas du JSON : elles sont abîmées.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InvalidTable("Ce fichier JSON n'est pas un classeur de listes de Territoires.")
    if document.get("version") != VERSION:
        raise InvalidTable(
            f"Listes d'une autre version du format : {document.get('version')!s:.20} ; "
            f"celle-ci lit la version {VERSION}."
        )
    lists = tuple(_list(one) for one in _of_type(document, "listes", list))
    return Binder(lists, _of_type(document, "ouverte", int))


def _items(shortlist: Shortlist) -> list[dict[str, Any]]:
    return [
        {
            "code": item.code, "nom": item.nom, "statut": item.statut,
            "etiquettes": list(item.etiquettes), "note": item.note,
        }
        for item in shortlist.items
    ]  # fmt: skip


def _list(document: object) -> Shortlist:
    places = (_item(one) for one in _of_type(document, "lieux", list))
    return Shortlist(_of_type(document, "nom", str), tuple(places))


def _item(document: object) -> ShortlistItem:
    code, nom, statut, note = (
        _of_type(document, field, str) for field in ("code", "nom", "statut", "note")
    )
    tags = _of_type(document, "etiquettes", list)
    if not all(isinstance(tag, str) for tag in tags):
        raise InvalidTable("Listes abîmées : une étiquette n'est pas un texte.")
    return ShortlistItem(code, nom, note, statut, tuple(tags))


def _of_type(document: object, field: str, kind: type) -> Any:
    value = document.get(field) if isinstance(document, Mapping) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise InvalidTable(
            f"Listes abîmées : le champ « {field} » manque ou n'est pas du bon type."
        )
    return value
