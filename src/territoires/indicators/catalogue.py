"""The catalogue: one entry per indicator. No entry, no use of the figure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from territoires.errors import DataFileError
from territoires.tables.toml import read_toml_file

LEVELS = {
    "commune": "de la commune",
    "departement": "du département",
    "zone_emploi": "de la zone d'emploi",
}
"""Places that a figure may be of, and how a sentence says it."""
AGGREGATIONS = (
    "somme",
    "ratio",
    "taux_annuel",
    "moyenne_ponderee",
    "modalite_majoritaire",
    "departementale",
    "aucune",
)

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_TEXTS = {
    "label": "libelle",
    "definition": "definition",
    "unit": "unite",
    "numerator": "numerateur",
    "denominator": "denominateur",
    "family": "famille",
    "producer": "producteur",
    "source": "source",
    "source_url": "source_url",
    "licence": "licence",
    "vintage": "millesime",
}
_MAY_BE_EMPTY = {"unit", "numerator", "denominator"}


@dataclass(frozen=True)
class Indicator:
    """What a figure means and where it comes from.

    Attributes
    ----------
    code : str
        Identifier, the column of the tables.
    label, definition, unit : str
        French texts; the unit of an ordinal class is empty.
    numerator, denominator : str
        What is divided by what, in French; empty when only the value is known.
    direction : int
        1: the higher, the greater the need; -1: the lower; 0: no reading in terms of need.
    direction_note : str
        Why this direction, in French.
    decimals : int
        Decimals shown.
    aggregation : str
        One of ``AGGREGATIONS``: how communes add up to a territory.
    factor : float
        Value = numerator / denominator × factor, for the aggregation ``ratio``.
    years : int
        Length of the period in years, for the aggregation ``taux_annuel``; else 0.
    level : str
        ``commune``; or ``departement``, ``zone_emploi``, when every commune carries the figure of
        the wider place that it belongs to.
    family, producer, source, source_url, licence, vintage : str
        Theme and provenance.
    cog_year : int
        Year of the official geographic code the source is in.
    gaps : tuple of str
        Known gaps, in French.
    modalities : tuple of (float, str)
        Ordinal classes, by increasing need; empty for a quantity.
    rankable : bool
        Whether ranks and indices may use it.
    verified : bool
        Whether a real file of each of its sources has been read; if not, said wherever it is named.
    model : bool
        An estimate of ours, not a published figure.
    rounded_to : int
        Multiple to which the producer rounds counts; 0 when it does not.
    sources : tuple of str
        Codes of the official sources that were read; empty for the embedded pack.
    obtained_on : str
        ISO date of the oldest file that was read; empty for the embedded pack.
    """

    code: str
    label: str
    definition: str
    unit: str
    numerator: str
    denominator: str
    direction: int
    decimals: int
    aggregation: str
    level: str
    family: str
    producer: str
    source: str
    source_url: str
    licence: str
    vintage: str
    cog_year: int
    gaps: tuple[str, ...] = ()
    modalities: tuple[tuple[float, str], ...] = ()
    rankable: bool = True
    direction_note: str = ""
    factor: float = 1.0
    years: int = 0
    verified: bool = True
    model: bool = False
    rounded_to: int = 0
    sources: tuple[str, ...] = ()
    obtained_on: str = ""

    @property
    def is_ordinal(self) -> bool:
        """Whether the values are classes with labels."""
        return bool(self.modalities)

    @property
    def is_wider(self) -> bool:
        """Whether every commune carries the figure of a wider place that it belongs to."""
        return self.level != "commune"

    @property
    def of_place(self) -> str:
        """What the figure is of, in French: ``de la commune``, ``du département``."""
        return LEVELS[self.level]

    @property
    def is_official(self) -> bool:
        """Whether it was read from a producer's file, not shipped."""
        return bool(self.sources)

    @property
    def caution(self) -> str:
        """What must be said wherever it is named, in French; empty when nothing must."""
        marks = [
            *(["estimation"] if self.model else []),
            *([] if self.verified else ["non vérifié sur fichier réel"]),
        ]
        return ", ".join(marks)


def load_catalogue(path: Path) -> dict[str, Indicator]:
    """Read a catalogue.

    Parameters
    ----------
    path : Path
        TOML file with one ``[[indicateurs]]`` table per indicator.

    Returns
    -------
    dict
        Indicators by code, in the order of the file.

    Raises
    ------
    DataFileError
        The file is missing, is not TOML, or an entry is incomplete or contradictory.
    """
    entries = _read_entries(path)
    catalogue: dict[str, Indicator] = {}
    for position, entry in enumerate(entries, start=1):
        indicator = _indicator(path, position, entry)
        if indicator.code in catalogue:
            raise DataFileError(path, f"indicateur « {indicator.code} » défini deux fois")
        catalogue[indicator.code] = indicator
    return catalogue


def _read_entries(path: Path) -> list[dict[str, Any]]:
    entries = read_toml_file(path).get("indicateurs")
    if not isinstance(entries, list) or not entries:
        raise DataFileError(path, "aucun indicateur : des tables [[indicateurs]] sont attendues")
    return entries


def _indicator(path: Path, position: int, entry: Mapping[str, Any]) -> Indicator:
    code = entry.get("code")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise DataFileError(path, f"indicateur n° {position} : code absent ou mal formé")
    try:
        texts: dict[str, Any] = {n: _text(entry, n, key) for n, key in _TEXTS.items()}
        indicator = Indicator(code=code, **texts, **_numbers(entry), **_lists(entry))
        _check(indicator)
    except (KeyError, TypeError, ValueError) as error:
        raise DataFileError(path, f"indicateur « {code} » : {_reason(error)}") from error
    return indicator


def _text(entry: Mapping[str, Any], name: str, key: str) -> str:
    value = entry[key]
    if not isinstance(value, str):
        message = f"{key} : un texte est attendu"
        raise TypeError(message)
    if not value.strip() and name not in _MAY_BE_EMPTY:
        message = f"{key} est vide"
        raise ValueError(message)
    return value


def _numbers(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "direction": int(entry["sens"]),
        "decimals": int(entry["decimales"]),
        "aggregation": str(entry["agregation"]),
        "level": str(entry["niveau"]),
        "cog_year": int(entry["cog"]),
        "rankable": bool(entry.get("classable", True)),
        "direction_note": str(entry.get("sens_explique", "")),
        "factor": float(entry.get("facteur", 1.0)),
        "years": int(entry.get("annees", 0)),
        "verified": bool(entry.get("verifie", True)),
        "model": bool(entry.get("modele", False)),
        "rounded_to": int(entry.get("arrondi", 0)),
        "obtained_on": str(entry.get("obtenu_le", "")),
    }


def _lists(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "gaps": tuple(str(gap) for gap in entry.get("lacunes", [])),
        "sources": tuple(str(code) for code in entry.get("sources", [])),
        "modalities": tuple(
            (float(value), str(label)) for value, label in entry.get("modalites", [])
        ),
    }


def _check(indicator: Indicator) -> None:
    problem = ""
    if indicator.direction not in (-1, 0, 1):
        problem = "sens : -1, 0 ou 1 attendu"
    elif indicator.aggregation not in AGGREGATIONS:
        problem = f"agregation : une de {', '.join(AGGREGATIONS)} attendue"
    elif indicator.level not in LEVELS:
        problem = f"niveau : une de {', '.join(LEVELS)} attendue"
    elif indicator.aggregation == "modalite_majoritaire" and not indicator.modalities:
        problem = "modalites : la liste des classes est attendue"
    elif indicator.aggregation == "taux_annuel" and indicator.years < 1:
        problem = "annees : la durée de la période est attendue"
    if problem:
        raise ValueError(problem)


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"champ « {error.args[0]} » absent"
    return str(error)
