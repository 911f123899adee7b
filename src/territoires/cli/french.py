"""click, in French: headings, help option and errors of wrong use."""

from __future__ import annotations

from typing import Any, ClassVar

import click


class FrenchFormatter(click.HelpFormatter):
    """The help page with French headings."""

    _HEADINGS: ClassVar[dict[str, str]] = {"Options": "Options", "Commands": "Commandes"}

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, prefix or "Usage : ")

    def write_heading(self, heading: str) -> None:
        """Write a heading, translated where click writes an English one."""
        super().write_heading(f"{self._HEADINGS.get(heading, heading)} ")


class _FrenchContext(click.Context):
    formatter_class = FrenchFormatter


class _FrenchHelp(click.Command):
    """What commands and groups share: a French page, a help option that speaks French."""

    context_class = _FrenchContext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Affiche cette aide."
        return option


class FrenchCommand(_FrenchHelp):
    """A command in French."""


class FrenchGroup(_FrenchHelp, click.Group):
    """A group of French commands."""

    command_class = FrenchCommand

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the words after the program's name in the usage line."""
        pieces = super().collect_usage_pieces(ctx)
        return [
            piece.replace("COMMAND", "COMMANDE").replace("ARGS", "ARGUMENTS") for piece in pieces
        ]


class FrenchChoice(click.Choice[str]):
    """One word among a few; refused in French."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """Say what was expected."""
        del ctx  # click gives it by name
        return f"« {value} ». Choix : {', '.join(map(str, self.choices))}."


class FrenchInteger(click.ParamType[int]):
    """A whole number between two bounds; refused in French."""

    name = "nombre"

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the number as it was typed."""
        text = str(value).strip()
        if not (text.isascii() and text.isdecimal() and self.least <= int(text) <= self.most):
            expected = f"un nombre entier de {self.least} à {self.most} est attendu"
            self.fail(f"{expected}, « {value} » lu.", param, ctx)
        return int(text)


def usage_message(error: click.UsageError) -> str:
    """Say in French what is wrong with a command line.

    Parameters
    ----------
    error : click.UsageError
        As click raises it.

    Returns
    -------
    str
        One or two sentences, ending with the command that shows the help.
    """
    command = error.ctx.command_path if error.ctx else "territoires"
    return f"{_problem(error)} Aide : {command} --help"


def _problem(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"Option inconnue : {error.option_name}.{_perhaps(error.possibilities)}"
    if isinstance(error, click.exceptions.NoSuchCommand):
        return f"Commande inconnue : {error.command_name}.{_perhaps(error.possibilities)}"
    if isinstance(error, click.MissingParameter):
        return f"Il manque {_parameter(error)}."
    if isinstance(error, click.BadParameter):
        return f"Valeur refusée pour {_parameter(error)} : {error.message}"
    if isinstance(error, click.BadOptionUsage):
        return f"L'option {error.option_name} attend une valeur."
    if error.ctx is not None and type(error) is click.UsageError and error.ctx.args:
        return f"Argument en trop : {' '.join(error.ctx.args)}."
    return error.message if error.message.endswith(".") else "Arguments en trop ou mal placés."


def _parameter(error: click.BadParameter) -> str:
    parameter = error.param
    if isinstance(parameter, click.Option):
        return f"l'option {parameter.opts[0]}"
    if parameter is not None:
        return f"l'argument {parameter.human_readable_name}"
    return "un argument"


def _perhaps(possibilities: object) -> str:
    names = [str(name) for name in possibilities] if isinstance(possibilities, list | tuple) else []
    return f" Peut-être : {', '.join(names)} ?" if names else ""
