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

    from territoires.geocoding import Columns
    from territoires.sources.geoplateforme import AddressGuide
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


class AddressStep:
    """Takes the pieces of a geocoded list to their addresses, when that was asked for.

    Parameters
    ----------
    workspace : Workspace
        Communes and data folders.
    asked : bool
        Whether the option was given: without it, pieces are left as they are.
    keep : bool
        Use the cache.

    Attributes
    ----------
    status : int
        Exit status so far: 3 when the service did not answer some rows, else 0.

    Raises
    ------
    InvalidRequest
        The service was asked for, and the settings forbid it.
    SourceUnavailable
        Its cache cannot be opened.
    """

    def __init__(self, workspace: Workspace, *, asked: bool, keep: bool) -> None:
        self.status = _DONE
        self._guide: AddressGuide | None = None
        if asked:
            # requests takes a tenth of a second to import, that offline geocoding does not need.
            from territoires.sources.geoplateforme import AddressGuide

            self._guide = AddressGuide(
                workspace.gazetteer,
                load_settings(os.environ),
                keep=keep,
                tell=say,
                progress=show_progress("Adresses"),
            )

    def __enter__(self) -> AddressStep:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._guide is not None:
            self._guide.close()

    def __call__(self, placed: pd.DataFrame, columns: Columns) -> pd.DataFrame:
        """Return the same rows, at their address where the service knows it."""
        if self._guide is None:
            return placed
        refined = self._guide.place(placed, columns)
        say(refined.summary)
        if refined.failed:
            self.status = _PARTIAL
        return refined.frame
