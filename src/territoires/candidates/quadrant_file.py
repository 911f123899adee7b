"""Reads ``data/besoin_capacite/reglages.toml``: where the quadrants part, unless one says else."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from territoires.candidates.quadrants import QuadrantRules
from territoires.errors import DataFileError, InvalidRequest
from territoires.tables.toml import read_toml_file

FILE = Path("besoin_capacite") / "reglages.toml"
_FIELDS = {"date", "portee_km", "besoin_fort", "capacite", "statuts"}


def load_quadrant_rules(data_dir: Path) -> QuadrantRules:
    """Load the rules that are shipped.

    Raises
    ------
    DataFileError
        The file is missing or is not TOML; a field is unknown, missing or out of range.
    """
    path = data_dir / FILE
    fields = read_toml_file(path)
    for name in sorted(_FIELDS ^ set(fields)):
        problem = "ce champ est attendu" if name in _FIELDS else "champ inconnu"
        raise DataFileError(path, f"{name} : {problem}")
    _check_types(path, fields)
    try:
        return QuadrantRules(
            reach_km=float(fields["portee_km"]),
            strong_percent=fields["besoin_fort"],
            capacity_limit=fields["capacite"],
            statuses=tuple(fields["statuts"]),
        )
    except InvalidRequest as error:
        raise DataFileError(path, str(error).rstrip(".")) from error


def _check_types(path: Path, fields: dict[str, Any]) -> None:
    statuses = fields["statuts"]
    expected = {
        "date": (type(fields["date"]) is datetime.date, "une date AAAA-MM-JJ, sans guillemets"),
        "portee_km": (type(fields["portee_km"]) in (int, float), "un nombre de kilomètres"),
        "besoin_fort": (type(fields["besoin_fort"]) is int, "un nombre entier de pour cent"),
        "capacite": (isinstance(fields["capacite"], str), "un texte"),
        "statuts": (
            isinstance(statuses, list) and all(isinstance(one, str) for one in statuses),
            "une liste de textes",
        ),
    }
    for name, (holds, what) in expected.items():
        if not holds:
            raise DataFileError(path, f"{name} : attendu, {what}")
