"""A person's own initiatives as JSON, the way their browser keeps them, and back."""

from __future__ import annotations

import json

from territoires.errors import InvalidTable
from territoires.geocoding.gazetteer import Gazetteer
from territoires.initiatives.own import OwnInitiatives, own_from_rows, written
from territoires.initiatives.schema import COLUMNS

FORMAT = "territoires.initiatives"
VERSION = 1
MAX_CHARACTERS = 8_000_000
"""More than a browser keeps for a site."""


def own_to_json(own: OwnInitiatives) -> str:
    """Write initiatives as they were typed; :func:`own_from_json` gives the same back."""
    document = {"format": FORMAT, "version": VERSION, "initiatives": own.rows()}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def own_from_json(text: str, gazetteer: Gazetteer) -> OwnInitiatives:
    """Read initiatives, and place them again: communes change.

    Raises
    ------
    InvalidTable
        It is not one of ours, or a later version of the program wrote it; the message says what.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidTable(f"Initiatives trop nombreuses : {len(text)} caractères.")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidTable("Ces initiatives ne sont pas du JSON : elles sont abîmées.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InvalidTable("Ce fichier JSON ne contient pas des initiatives de Territoires.")
    if document.get("version") != VERSION:
        raise InvalidTable(
            f"Initiatives d'une autre version du format : {document.get('version')!s:.20} ; "
            f"celle-ci lit la version {VERSION}."
        )
    rows = document.get("initiatives")
    if not isinstance(rows, list):
        raise InvalidTable("Initiatives abîmées : le champ « initiatives » n'est pas une liste.")
    return own_from_rows([_row(one, at) for at, one in enumerate(rows, start=1)], gazetteer)


def _row(document: object, position: int) -> dict[str, str]:
    if not isinstance(document, dict) or not document.get("nom"):
        raise InvalidTable(f"Initiatives abîmées : la {position}e n'a pas de nom.")
    if not all(isinstance(cell, str) for cell in document.values()):
        raise InvalidTable(f"Initiatives abîmées : un champ de la {position}e n'est pas un texte.")
    return {column: written(document[column]) for column in COLUMNS if column in document}
