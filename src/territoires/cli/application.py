"""The ``territoires`` command: its verbs, and how errors reach the person."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from territoires import __version__
from territoires.cli.french import FrenchGroup, usage_message
from territoires.errors import TerritoiresError
from territoires.tables.system_errors import french_reason

DONE, REFUSED, WRONG_USE, PARTIAL = 0, 1, 2, 3

VERBS = {
    "servir": "servir:servir",
    "communes": "communes:communes",
    "valider": "valider:valider",
    "geocoder": "geocoder:geocoder",
    "indice": "indice:indice",
    "candidats": "candidats:candidats",
    "semblables": "semblables:semblables",
    "fiche": "fiche:fiche",
    "actualiser": "actualiser:actualiser",
    "donnees": "donnees:donnees",
    "construire-donnees": "construire:construire_donnees",
}
"""Module and name of each command, imported when it is asked for: start-up is halved."""


class _Verbs(FrenchGroup):
    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(VERBS)

    def get_command(self, _context: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module, _, name = VERBS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"territoires.cli.{module}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in VERBS and not args[0].startswith("-"):
            # click looks for what is near among commands already imported: here, none.
            raise click.exceptions.NoSuchCommand(args[0], possibilities=VERBS, ctx=ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Verbs, invoke_without_command=True)
@click.version_option(__version__, message="%(prog)s %(version)s", help="Affiche la version.")
@click.pass_context
def territoires(context: click.Context) -> None:
    """Montre les initiatives de l'économie solidaire, les besoins, et où essayer."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


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
