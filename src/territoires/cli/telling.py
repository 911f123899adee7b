"""What commands say beside their result, on the error output: a pipe gets the result alone."""

from __future__ import annotations

import os
from collections.abc import Callable

import click


def say(line: str) -> None:
    """Say a line."""
    click.echo(line, err=True)


def show_progress(what: str) -> Callable[[float], None] | None:
    """Return what shows the progress of a long step on a terminal; nothing in a log file."""
    if not os.isatty(2):
        return None

    def show(share: float) -> None:
        end = "\n" if share >= 1.0 else "\r"
        click.echo(f"  {what} : {share * 100:3.0f} %{end}", nl=False, err=True)

    return show
