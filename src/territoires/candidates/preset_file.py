"""Reads ``data/presets/*.toml``, refusing what it does not understand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from territoires.candidates.presets import Preset, UnmeasuredCriterion
from territoires.errors import DataFileError
from territoires.tables.toml import read_toml_file

# Key of the file → field of Preset, by kind of value.
_TEXTS = {"nom": "name", "source_url": "source_url"}
_DATES = {
    "valide_depuis": "valid_from",
    "valide_jusqu_au": "valid_until",
    "appel_clos_le": "call_closed_on",
}
_WHOLE_NUMBERS = {"population_min": "population_min", "population_max": "population_max"}
_NUMBERS = {"distance_min_km": "distance_min_km"}
_LISTS = {
    "types_initiatives": "initiative_types",
    "statuts_initiatives": "initiative_statuses",
    "notes": "notes",
    "autres_sources": "other_sources",
}
_CRITERIA = "criteres_sans_donnee"
_REQUIRED = ("nom", "valide_depuis")


def load_presets(data_dir: Path) -> dict[str, Preset]:
    """Load the presets that are shipped.

    Parameters
    ----------
    data_dir : Path
        Data folder, which holds ``presets/*.toml``.

    Returns
    -------
    dict
        Presets by file name without its extension, sorted.

    Raises
    ------
    DataFileError
        There is none, or one is damaged.
    """
    folder = data_dir / "presets"
    presets = {path.stem: load_preset(path) for path in sorted(folder.glob("*.toml"))}
    if not presets:
        raise DataFileError(folder, "aucun dispositif")
    return presets


def load_preset(path: Path) -> Preset:
    """Read one preset.

    Raises
    ------
    DataFileError
        The file is missing, is not TOML, or a field is unknown, missing or out of range.
    """
    return _check(path, _preset(path, read_toml_file(path)))


def _preset(path: Path, document: Mapping[str, Any]) -> Preset:
    readers = {
        **dict.fromkeys(_TEXTS, _text),
        **dict.fromkeys(_DATES, _date),
        **dict.fromkeys(_WHOLE_NUMBERS, _whole_number),
        **dict.fromkeys(_NUMBERS, _number),
        **dict.fromkeys(_LISTS, _texts),
        _CRITERIA: _criteria,
    }
    names = {**_TEXTS, **_DATES, **_WHOLE_NUMBERS, **_NUMBERS, **_LISTS, _CRITERIA: "unmeasured"}
    missing = [key for key in _REQUIRED if key not in document]
    unknown = [key for key in document if key not in readers]
    if missing or unknown:
        problem = f"champ absent : {missing[0]}" if missing else f"champ inconnu : {unknown[0]}"
        raise DataFileError(path, problem)
    fields: dict[str, Any] = {
        names[key]: readers[key](path, key, value) for key, value in document.items()
    }
    return Preset(code=path.stem, **fields)


def _check(path: Path, preset: Preset) -> Preset:
    low, high = preset.population_min, preset.population_max
    if low is not None and high is not None and low > high:
        raise DataFileError(path, f"population_min ({low}) dépasse population_max ({high})")
    if preset.valid_until is not None and preset.valid_until < preset.valid_from:
        raise DataFileError(path, "valide_jusqu_au précède valide_depuis")
    ruled = low is not None or high is not None or preset.distance_min_km is not None
    if ruled and not preset.source_url:
        raise DataFileError(path, "des règles sans source : source_url est attendu")
    return preset


def _text(path: Path, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise DataFileError(path, f"{key} : un texte est attendu")
    return value


def _texts(path: Path, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise DataFileError(path, f"{key} : une liste de textes est attendue")
    return tuple(_text(path, key, item) for item in value)


def _date(path: Path, key: str, value: object) -> datetime.date:
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise DataFileError(path, f"{key} : une date AAAA-MM-JJ, sans guillemets, est attendue")
    return value


def _whole_number(path: Path, key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise DataFileError(path, f"{key} : un nombre entier positif est attendu")
    return value


def _number(path: Path, key: str, value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 20_000:
        raise DataFileError(path, f"{key} : un nombre de kilomètres est attendu")
    return float(value)


def _criteria(path: Path, key: str, value: object) -> tuple[UnmeasuredCriterion, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise DataFileError(path, f"{key} : des tables [[{key}]] sont attendues")
    criteria = []
    for entry in value:
        if set(entry) != {"critere", "raison"}:
            raise DataFileError(path, f"{key} : « critere » et « raison » sont attendus")
        reason = _text(path, f"{key}.raison", entry["raison"])
        criteria.append(
            UnmeasuredCriterion(_text(path, f"{key}.critere", entry["critere"]), reason)
        )
    return tuple(criteria)
