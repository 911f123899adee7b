"""From which known share of its inhabitants a territory is given a figure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from territoires.errors import DataFileError
from territoires.indicators.catalogue import Indicator
from territoires.tables.toml import read_toml_file

_SUM = "somme"


@dataclass(frozen=True)
class GroupRules:
    """The least that must be known, from a dated file; by default, one commune is enough.

    Attributes
    ----------
    least_known : float
        Share (0-1) of the inhabitants who live in communes whose figure is known.
    least_known_of_sum : float
        The same for a sum: what is missing of it makes it too small.
    """

    least_known: float = 0.0
    least_known_of_sum: float = 0.0

    def least(self, indicator: Indicator) -> float:
        """Return the share under which this indicator is not given."""
        return self.least_known_of_sum if indicator.aggregation == _SUM else self.least_known


def load_group_rules(path: Path) -> GroupRules:
    """Read ``territoires.toml``.

    Raises
    ------
    DataFileError
        The file is missing or damaged, or a share is not between 0 and 1.
    """
    document = read_toml_file(path)
    try:
        rules = GroupRules(
            float(document["part_connue_min"]), float(document["part_connue_min_somme"])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DataFileError(path, f"champ absent ou mal formé ({error})") from error
    if not all(0 <= share <= 1 for share in (rules.least_known, rules.least_known_of_sum)):
        raise DataFileError(path, "parts attendues entre 0 et 1")
    return rules
