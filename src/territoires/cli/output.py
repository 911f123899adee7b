"""Where a command puts its table: a CSV on the screen, or in the file that the person names."""

from __future__ import annotations

from pathlib import Path

import click

from territoires.errors import InvalidRequest
from territoires.tables.writing import write_file

excel_option = click.option(
    "--excel", is_flag=True, help="CSV pour un Excel français (; et virgule décimale)."
)


def check_csv_name(path: str | None) -> None:
    """Refuse a name that would hide that the file is a CSV; without a name, the screen is fine.

    Raises
    ------
    InvalidRequest
        The name ends neither in ``.csv`` nor in ``.txt``.
    """
    if path is not None and Path(path).suffix.lower() not in {".csv", ".txt"}:
        message = f"{path} : le fichier de sortie est un CSV, donnez-lui un nom en .csv."
        raise InvalidRequest(message)


def check_excel(path: str | None) -> None:
    """Refuse ``--excel`` for a file that is no CSV."""
    if path is not None and Path(path).suffix.lower() != ".csv":
        raise click.UsageError("--excel ne vaut que pour un fichier .csv.")


def give_csv(content: bytes, path: str | None) -> None:
    """Write a CSV to a file, or on the screen when there is none.

    Raises
    ------
    InvalidRequest
        The folder of the file is missing or cannot be written to.
    """
    if path is None:
        click.echo(content.decode("utf-8-sig"), nl=False)
    else:
        write_file(Path(path), content)
