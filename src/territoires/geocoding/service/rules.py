"""From which score an address is believed, and how the service is asked: a dated data file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from territoires.settings import shipped_data_dir
from territoires.tables.toml import number_in, read_toml_rules

_FILE = Path("geocodage") / "service.toml"


@dataclass(frozen=True)
class Belief:
    """When an address that the service found is believed.

    Attributes
    ----------
    sur : float
        Score from which the address is accepted.
    proposer : float
        Score from which it is proposed, to be checked; below, it is not kept.
    ressemblance_sure, ressemblance_min : float
        Likeness of the street found to the street asked for, from which it is accepted, and under
        which it is another street: :func:`territoires.geocoding.service.streets.likeness`.
    marge : float
        Score by which it must beat the second best to be accepted.
    ecart_tolere_km : float
        Distance of its point to the outline of the commune under which they still agree.
    """

    sur: float
    proposer: float
    ressemblance_sure: float
    ressemblance_min: float
    marge: float
    ecart_tolere_km: float


@dataclass(frozen=True)
class Manners:
    """How the service is asked.

    Attributes
    ----------
    caracteres_max : int
        Longest question.
    lignes_par_lot, octets_par_lot : int
        Largest batch.
    requetes_par_seconde : float
        Batches sent in a second, at most.
    refus_max : int
        Refused batches after which the service is left alone.
    pannes_max : int
        Batches in a row without an answer after which the service is left alone.
    reponse_max_octets : int
        Largest answer.
    cache_jours : int
        How long an answer is kept.
    """

    caracteres_max: int
    lignes_par_lot: int
    octets_par_lot: int
    requetes_par_seconde: float
    refus_max: int
    pannes_max: int
    reponse_max_octets: int
    cache_jours: int


@dataclass(frozen=True)
class ServiceRules:
    """The file, read.

    Attributes
    ----------
    mesure_le : str
        Date of the measurement behind :attr:`belief`.
    belief : Belief
        What is believed.
    manners : Manners
        How to ask.
    """

    mesure_le: str
    belief: Belief
    manners: Manners


def load_service_rules(data_dir: Path) -> ServiceRules:
    """Read ``geocodage/service.toml`` of a data folder, else the shipped one.

    Raises
    ------
    DataFileError
        The file is missing, unreadable, or lacks a value.
    """
    path = data_dir / _FILE
    path = path if path.is_file() else shipped_data_dir() / _FILE
    return read_toml_rules(path, _rules)


def _rules(content: Mapping[str, Any]) -> ServiceRules:
    return ServiceRules(
        mesure_le=str(content["mesure_le"]),
        belief=_read(Belief, content["confiance"]),
        manners=_read(Manners, content["requetes"]),
    )


def _read(kind: Any, table: Mapping[str, Any]) -> Any:
    """Fill a dataclass of numbers."""
    numbers = {each.name: number_in(table, each.name) for each in fields(kind)}
    counts = {each.name: int(numbers[each.name]) for each in fields(kind) if each.type == "int"}
    return kind(**numbers | counts)
