"""How the search for groups works, in ``croissance/reglages.toml``: never a rule of a scheme."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from territoires.tables.toml import number_in, read_toml_rules

_FILE = Path("croissance") / "reglages.toml"


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
    return read_toml_rules(data_dir / _FILE, _settings)


def _settings(content: Mapping[str, Any]) -> GrowthSettings:
    goal, growth, effort = content["objectif"], content["croissance"], content["effort"]
    measured_on = content["mesure_le"]
    if not isinstance(measured_on, datetime.date):
        raise TypeError("mesure_le")
    return GrowthSettings(
        measured_on=measured_on,
        compactness_weight=number_in(goal, "compacite"),
        coverage_min=number_in(goal, "couverture_min", most=1.0),
        shared_max=number_in(goal, "part_commune_max", most=1.0),
        pull=number_in(growth, "attrait"),
        patience=int(number_in(growth, "patience")),
        steps=int(number_in(effort, "pas")),
        steps_per_commune=int(number_in(effort, "pas_par_commune")),
        leaders=int(number_in(effort, "meneurs")),
        moves=int(number_in(effort, "mouvements")),
        swaps=int(number_in(effort, "echanges")),
        rescues=int(number_in(effort, "rattrapages")),
    )
