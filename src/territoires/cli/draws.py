"""Options of the commands that draw variants of a recipe: how many, and from which seed."""

from __future__ import annotations

import click

from territoires.cli.french import FrenchInteger
from territoires.needs import DrawPlan
from territoires.needs.draws import MAX_DRAWS

_DEFAULTS = DrawPlan()

draws_option = click.option(
    "--tirages",
    metavar="N",
    type=FrenchInteger(0, MAX_DRAWS),
    default=_DEFAULTS.count,
    help=f"Tirages pour l'intervalle des rangs ({_DEFAULTS.count}) ; 0 : pas d'intervalle.",
)
seed_option = click.option(
    "--graine",
    metavar="S",
    type=FrenchInteger(0, 2**32 - 1),
    default=_DEFAULTS.seed,
    help=f"Graine des tirages ({_DEFAULTS.seed}) : la même donne les mêmes intervalles.",
)


def draw_plan(draws: int, seed: int) -> DrawPlan | None:
    """Return what is drawn; nothing for no draw."""
    return DrawPlan(count=draws, seed=seed) if draws else None
