"""A person's own initiatives as JSON, the way their browser keeps them, and back."""

from __future__ import annotations

from territoires.geocoding.gazetteer import Gazetteer
from territoires.initiatives.own import OwnInitiatives, own_from_rows, written
from territoires.initiatives.schema import COLUMNS
from territoires.tables.kept_document import KeptFormat

FORMAT = KeptFormat(
    "territoires.initiatives", version=1, label="Initiatives",
    max_characters=8_000_000,  # more than a browser keeps for a site
    too_large="Initiatives trop nombreuses", foreign="ne contient pas des initiatives",
)  # fmt: skip


def own_to_json(own: OwnInitiatives) -> str:
    """Write initiatives as they were typed; :func:`own_from_json` gives the same back."""
    return FORMAT.write(initiatives=own.rows())


def own_from_json(text: str, gazetteer: Gazetteer) -> OwnInitiatives:
    """Read initiatives, and place them again: communes change.

    Raises
    ------
    InvalidTable
        It is not one of ours, or a later version of the program wrote it; the message says what.
    """
    rows = FORMAT.field(FORMAT.read(text), "initiatives", list)
    return own_from_rows([_row(one, at) for at, one in enumerate(rows, start=1)], gazetteer)


def _row(document: object, position: int) -> dict[str, str]:
    if not isinstance(document, dict) or not document.get("nom"):
        raise FORMAT.damaged(f"la {position}e n'a pas de nom")
    if not all(isinstance(cell, str) for cell in document.values()):
        raise FORMAT.damaged(f"un champ de la {position}e n'est pas un texte")
    return {column: written(document[column]) for column in COLUMNS if column in document}
