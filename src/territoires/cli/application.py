"""The ``territoires`` command: its verbs, and how errors reach the person."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from territoires import __version__
from territoires.cli.actualiser import actualiser
from territoires.cli.communes import communes
from territoires.cli.construire import construire_donnees
from territoires.cli.donnees import donnees
from territoires.cli.french import FrenchGroup, usage_message
from territoires.cli.geocoder import geocoder
from territoires.cli.semblables import semblables
from territoires.cli.servir import servir
from territoires.cli.valider import valider
from territoires.errors import TerritoiresError
from territoires.tables.system_errors import french_reason

DONE, REFUSED, WRONG_USE, PARTIAL = 0, 1, 2, 3


@click.group(cls=FrenchGroup, invoke_without_command=True)
@click.version_option(__version__, message="%(prog)s %(version)s", help="Affiche la version.")
@click.pass_context
def territoires(context: click.Context) -> None:
    """Montre les initiatives de l'économie solidaire, les besoins, et où essayer."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for _command in (
    servir, communes, valider, geocoder, semblables, actualiser, donnees, construire_donnees,
):  # fmt: skip
    territoires.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its status.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after the program's name; by default those of the process.
    """
    sys.exit(_status(arguments))


def _status(arguments: Sequence[str] | None) -> int:
    try:
        result = territoires.main(arguments, prog_name="territoires", standalone_mode=False)
    except click.UsageError as error:
        return _complain(usage_message(error), WRONG_USE)
    except click.Abort:
        return _complain("Interrompu.", REFUSED)
    except TerritoiresError as error:
        return _complain(str(error), REFUSED)
    except OSError as error:
        return _complain(_system_message(error), REFUSED)
    return result if isinstance(result, int) else DONE


def _complain(message: str, status: int) -> int:
    click.echo(message, err=True)
    return status


def _system_message(error: OSError) -> str:
    reason = french_reason(error)
    return f"{error.filename} : {reason}." if error.filename else f"{reason}."
