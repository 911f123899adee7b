"""A review as JSON: the way a browser keeps it, and a form that an editor fills in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from territoires.errors import InvalidTable
from territoires.geocoding.columns import LABELS, Columns
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.review.entries import (
    FORMAT,
    MAX_BYTES,
    NONE_WORD,
    VERSION,
    Entry,
    ReadReview,
    entries_of,
    review_of,
)
from territoires.geocoding.review.model import Headings, Review
from territoires.geocoding.review.queue import Doubt
from territoires.geocoding.review.words import words_from

_TO_FILL_IN = (
    f"« choix » : un code commune, ou « {NONE_WORD} ». Vide : la question sera posée de nouveau."
)


def review_to_json(
    review: Review, doubts: Sequence[Doubt], gazetteer: Gazetteer, *, compact: bool = False
) -> str:
    """Write a review and what remains to be decided; :func:`review_from_json` reads it.

    Parameters
    ----------
    compact : bool
        On one line, for a browser.
    """
    document = {
        "format": FORMAT,
        "version": VERSION,
        "aide": _TO_FILL_IN,
        "colonnes": layouts_to_json(review),
        "lignes": [_entry(one) for one in entries_of(review, doubts, gazetteer)],
    }
    if compact:
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def review_from_json(text: str) -> ReadReview:
    """Read a review.

    Raises
    ------
    InvalidTable
        It is not one of ours, or a later version of the program wrote it; the message says what.
    """
    if len(text) > MAX_BYTES:
        raise InvalidTable(f"Revue trop grande : {len(text)} caractères.")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f", ligne {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InvalidTable(f"Cette revue n'est pas du JSON{where} : elle est abîmée.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InvalidTable("Ce fichier JSON n'est pas une revue de Territoires.")
    check_version(document.get("version"))
    lines, layouts = document.get("lignes"), document.get("colonnes", [])
    if not isinstance(lines, list) or not isinstance(layouts, list):
        raise InvalidTable("Revue abîmée : « lignes » et « colonnes » sont des listes.")
    return review_of(
        (_line(one, at) for at, one in enumerate(lines, start=1)), layouts_from_json(layouts)
    )


def check_version(version: object) -> None:
    """Refuse what a later version of the program wrote.

    Raises
    ------
    InvalidTable
        It is not the version that is read here.
    """
    if version != VERSION:
        raise InvalidTable(
            f"Revue d'une autre version du format : {version!s:.20} ; celle-ci lit la version "
            f"{VERSION}."
        )


def layouts_to_json(review: Review) -> list[dict[str, Any]]:
    """Return the columns that were corrected: headings of the file, column of each role."""
    return [
        {
            "intitules": list(headings),
            "roles": {
                role: name for role in LABELS if (name := getattr(columns, role)) is not None
            },
        }
        for headings, columns in review.layouts.items()
    ]


def layouts_from_json(layouts: Sequence[object]) -> dict[Headings, Columns]:
    """Read columns that were corrected; what names no column of its file is left out."""
    found: dict[Headings, Columns] = {}
    for one in layouts:
        headings = one.get("intitules") if isinstance(one, Mapping) else None
        roles = one.get("roles") if isinstance(one, Mapping) else None
        if not isinstance(headings, list) or not isinstance(roles, Mapping):
            raise InvalidTable("Revue abîmée : « colonnes » a des « intitules » et des « roles ».")
        names = tuple(map(str, headings))
        known = {role: name for role, name in roles.items() if role in LABELS and name in names}
        found[names] = Columns(**known)
    return found


def _entry(entry: Entry) -> dict[str, Any]:
    told: dict[str, Any] = {"choix": entry.choice, "note": entry.note}
    optional = {
        "commune": entry.name,
        "lignes": entry.rows,
        "motif": entry.reason,
        "candidats": list(entry.candidates),
    }
    return told | {"ligne": entry.words.named()} | {k: v for k, v in optional.items() if v}


def _line(document: object, position: int) -> tuple[int, Any, str, str]:
    words = document.get("ligne") if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or not isinstance(words, Mapping):
        raise InvalidTable(f"Revue abîmée : la {position}e ligne n'a pas de « ligne ».")
    typed, note = (document.get(field) or "" for field in ("choix", "note"))
    if not all(isinstance(each, str) for each in (typed, note, *words.values())):
        raise InvalidTable(
            f"Revue abîmée : la {position}e ligne a autre chose que du texte (un code se met entre "
            'guillemets : "01004").'
        )
    return position, words_from(words), typed, note
