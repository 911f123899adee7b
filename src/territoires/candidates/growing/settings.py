"""How the search for groups works, in ``croissance/reglages.toml``: never a rule of a scheme."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from territoires.errors import DataFileError
from territoires.tables.toml import read_toml_file

_FILE = Path("croissance") / "reglages.toml"
_LARGEST = 1e9


@dataclass(frozen=True)
class GrowthSettings:
    """Settings of the search, measured by ``bench candidats``.

    Attributes
    ----------
    measured_on : datetime.date
        Day of the measure that justifies them.
    compactness_weight : float
        What a compactness of 1 is worth, in need (0 to 1), unless the rules say otherwise.
    coverage_min : float
        Least share of the population whose need is known, unless the rules say otherwise.
    shared_max : float
        Overlapping territories: most a territory may share with better ones, of its population.
    pull : float
        How much a neighbour that the group already surrounds is preferred, in compactness weights.
    patience : int
        Communes added in vain, one after the other, before growth stops.
    steps, steps_per_commune : int
        Communes added in all before the least promising starts are given up.
    leaders : int
        Groups improved before the choice begins.
    moves : int
        Moves of one improvement at most; 0 leaves groups as they grew.
    swaps : int
        Members and neighbours compared for an exchange, on each side.
    rescues : int
        Starts that missed the bounds by little and are given a second chance.
    """

    measured_on: datetime.date
    compactness_weight: float
    coverage_min: float
    shared_max: float
    pull: float
    patience: int
    steps: int
    steps_per_commune: int
    leaders: int
    moves: int
    swaps: int
    rescues: int


def load_growth_settings(data_dir: Path) -> GrowthSettings:
    """Read ``croissance/reglages.toml``.

    Raises
    ------
    DataFileError
        The file is missing, unreadable, lacks a value, or one is out of range.
    """
    path = data_dir / _FILE
    content = read_toml_file(path)
    try:
        settings = _settings(content)
    except KeyError as error:
        raise DataFileError(path, f"champ « {error.args[0]} » absent") from error
    except (TypeError, ValueError) as error:
        problem = f"valeur qui n'est pas du type ou dans l'intervalle attendu : {error}"
        raise DataFileError(path, problem) from error
    return settings


def _settings(content: Mapping[str, Any]) -> GrowthSettings:
    goal, growth, effort = content["objectif"], content["croissance"], content["effort"]
    measured_on = content["mesure_le"]
    if not isinstance(measured_on, datetime.date):
        raise TypeError("mesure_le")
    return GrowthSettings(
        measured_on=measured_on,
        compactness_weight=_number(goal, "compacite"),
        coverage_min=_number(goal, "couverture_min", most=1.0),
        shared_max=_number(goal, "part_commune_max", most=1.0),
        pull=_number(growth, "attrait"),
        patience=int(_number(growth, "patience")),
        steps=int(_number(effort, "pas")),
        steps_per_commune=int(_number(effort, "pas_par_commune")),
        leaders=int(_number(effort, "meneurs")),
        moves=int(_number(effort, "mouvements")),
        swaps=int(_number(effort, "echanges")),
        rescues=int(_number(effort, "rattrapages")),
    )


def _number(table: Mapping[str, Any], key: str, most: float = _LARGEST) -> float:
    value = table[key]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(key)
    if not 0 <= value <= most:
        raise ValueError(key)
    return float(value)
