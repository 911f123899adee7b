"""The options that take a list to its addresses, by the national service."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from territoires.cli.telling import say, show_progress
from territoires.settings import load_settings

if TYPE_CHECKING:
    import pandas as pd

    from territoires.workspace import Workspace

_DONE, _PARTIAL = 0, 3


def address_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--service`` and ``--sans-cache`` to a command."""
    asked = click.option(
        "--service",
        "--adresses",
        "service",
        is_flag=True,
        help="Cherche aussi chaque adresse au service national (réseau). Par défaut : non.",
    )
    unkept = click.option(
        "--sans-cache",
        is_flag=True,
        help="Redemande tout au service, et ne garde rien de ses réponses.",
    )
    return asked(unkept(command))


def to_the_address(
    placed: pd.DataFrame, workspace: Workspace, *, asked: bool, keep: bool
) -> tuple[pd.DataFrame, int]:
    """Take a geocoded list to its addresses, when that was asked for.

    Returns
    -------
    placed : pd.DataFrame
        The same rows.
    status : int
        Exit status: 3 when the service did not answer some rows, else 0.
    """
    if not asked:
        return placed, _DONE
    # requests takes a tenth of a second to import, that offline geocoding does not need.
    from territoires.sources.geoplateforme import place_addresses

    refined = place_addresses(
        placed,
        workspace.gazetteer,
        load_settings(os.environ),
        keep=keep,
        tell=say,
        progress=show_progress("Adresses"),
    )
    say(refined.summary)
    return refined.frame, _PARTIAL if refined.failed else _DONE
