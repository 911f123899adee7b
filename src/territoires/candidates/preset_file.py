"""Reads ``data/presets/*.toml``, refusing what it does not understand."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeGuard

from territoires.candidates.conditions import FARTHEST_KM, CapacityCondition, NeedThreshold
from territoires.candidates.presets import PERIMETERS, UNITS, Preset, UnmeasuredCriterion
from territoires.errors import DataFileError, InvalidRequest
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
    "exclusions": "excluded",
}
_CHOICES = {"unite": ("unit", UNITS), "perimetre": ("perimeter", PERIMETERS)}
_CRITERIA = "criteres_sans_donnee"
_THRESHOLDS = "seuils"
_CAPACITIES = "capacites"
_PROPOSAL = "proposition"
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
        **dict.fromkeys(_CHOICES, _choice),
        _CRITERIA: _criteria,
        _THRESHOLDS: _thresholds,
        _CAPACITIES: _capacities,
        _PROPOSAL: _yes,
    }
    names = {
        **_TEXTS, **_DATES, **_WHOLE_NUMBERS, **_NUMBERS, **_LISTS,
        **{key: field for key, (field, _known) in _CHOICES.items()},
        _CRITERIA: "unmeasured", _THRESHOLDS: "thresholds", _CAPACITIES: "capacities",
        _PROPOSAL: "is_proposal",
    }  # fmt: skip
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
    if ruled and not preset.source_url and not preset.is_proposal:
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
    if not _is_number(value) or not 0 <= float(value) <= FARTHEST_KM:
        raise DataFileError(path, f"{key} : un nombre de kilomètres est attendu")
    return float(value)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


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


def _choice(path: Path, key: str, value: object) -> str:
    known = _CHOICES[key][1]
    if value not in known:
        raise DataFileError(path, f"{key} : « {value} » inconnu ; choix : {', '.join(known)}")
    return str(value)


def _yes(path: Path, key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise DataFileError(path, f"{key} : true ou false est attendu")
    return value


def _thresholds(path: Path, key: str, value: object) -> tuple[NeedThreshold, ...]:
    fields = {"indicateur", "au_moins", "au_plus", "centile"}
    made = []
    for entry in _tables(path, key, value, fields, required="indicateur"):
        numbers = {name: entry.get(name) for name in ("au_moins", "au_plus", "centile")}
        for name, number in numbers.items():
            if number is not None and not _is_number(number):
                raise DataFileError(path, f"{key}.{name} : un nombre est attendu")
        with _told_by(path, key):
            made.append(
                NeedThreshold(
                    _text(path, f"{key}.indicateur", entry["indicateur"]),
                    numbers["au_moins"], numbers["au_plus"], numbers["centile"],
                )
            )  # fmt: skip
    return tuple(made)


def _capacities(path: Path, key: str, value: object) -> tuple[CapacityCondition, ...]:
    fields = {"distance_km", "presence", "axes", "types", "statuts"}
    made = []
    for entry in _tables(path, key, value, fields, required="distance_km"):
        words = {
            name: _texts(path, f"{key}.{name}", entry.get(name, []))
            for name in ("axes", "types", "statuts")
        }
        with _told_by(path, key):
            made.append(
                CapacityCondition(
                    _number(path, f"{key}.distance_km", entry["distance_km"]),
                    _yes(path, f"{key}.presence", entry.get("presence", True)),
                    words["axes"], words["types"], words["statuts"],
                )
            )  # fmt: skip
    return tuple(made)


def _tables(
    path: Path, key: str, value: object, fields: set[str], *, required: str
) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise DataFileError(path, f"{key} : des tables [[{key}]] sont attendues")
    for entry in value:
        unknown = sorted(set(entry) - fields)
        if unknown or required not in entry:
            problem = f"champ inconnu : {unknown[0]}" if unknown else f"champ absent : {required}"
            raise DataFileError(path, f"{key} : {problem}")
    return value


@contextmanager
def _told_by(path: Path, key: str) -> Iterator[None]:
    """Say of a condition that cannot be made which file and table it stands in."""
    try:
        yield
    except InvalidRequest as error:
        raise DataFileError(path, f"{key} : {str(error).rstrip('.')}") from error
