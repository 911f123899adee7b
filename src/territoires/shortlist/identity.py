"""What lets an export come back as a selection: the columns every one of our formats carries."""

from __future__ import annotations

CODE, NAME, NOTE, STATUS, TAGS = "code_territoire", "nom", "note", "statut", "etiquettes"
IDENTITY = (CODE, NAME, NOTE, STATUS, TAGS)
"""Names of the columns; only the first one must be there."""

FORMER_CODE = "code"
"""How the exports of selections called the code before they had more than one format."""
