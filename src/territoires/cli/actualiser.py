"""``territoires actualiser``: official data, from their producers or from files."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from territoires.cli.french import FrenchCommand
from territoires.cli.telling import say
from territoires.settings import Settings, load_settings

if TYPE_CHECKING:
    from territoires.sources.one_source import Outcome
    from territoires.sources.updating import UpdateReport

_DONE, _REFUSED, _PARTIAL = 0, 1, 3
_MEGABYTE = 1_000_000


@click.command("actualiser", cls=FrenchCommand)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--depuis",
    metavar="FICHIER|DOSSIER|URL",
    help="Lit ce fichier, ou tous ceux de ce dossier, au lieu de les demander aux producteurs.",
)
@click.option("--revenir", is_flag=True, help="Remet en service la version d'avant.")
@click.option(
    "--estimations/--sans-estimations",
    default=None,
    help="Calcule aussi les estimations par commune (chômage de longue durée). Par défaut : non.",
)
def actualiser(
    sources: tuple[str, ...], depuis: str | None, revenir: bool, estimations: bool | None
) -> int:
    """Lit les données officielles et les met en service.

    Sans SOURCE, toutes sont lues. « territoires donnees » en donne la liste. Ce qui ne peut pas
    être lu garde ses chiffres d'avant, et la commande finit avec l'état 3.
    """
    # Half a second to import, that no other command needs.
    from territoires.sources.fetching import Client
    from territoires.sources.updating import Request, downloads_folder, update

    settings = load_settings(os.environ)
    if revenir:
        return _go_back(settings, others=bool(sources or depuis or estimations is not None))
    request = Request(tuple(sources), depuis or "", estimations)
    client = Client(
        downloads_folder(settings), mirror=settings.mirror_url, tell=say, progress=_progress()
    )
    return _conclude(update(settings, request, client, say, date.today()))


def _go_back(settings: Settings, *, others: bool) -> int:
    if others:
        message = "--revenir s'emploie seul."
        raise click.UsageError(message)
    from territoires.sources.version_store import go_back, one_update_at_a_time

    with one_update_at_a_time(settings.user_data_dir):
        identifier = go_back(settings.user_data_dir)
    say(f"En service : {identifier or 'les données embarquées seules'}.")
    return _DONE


def _conclude(report: UpdateReport) -> int:
    refused = [outcome for outcome in report.outcomes if outcome.state == "refusée"]
    missing = [outcome for outcome in report.outcomes if outcome.state == "à fournir"]
    aside = [outcome for outcome in report.outcomes if outcome.state == "ignorée"]
    for line in report.changes:
        click.echo(line)
    for line in _left_aside(aside):
        say(line)
    if missing:
        say("À télécharger soi-même : " + ", ".join(outcome.name for outcome in missing) + ".")
    if refused:
        say(
            "Non lues : " + ", ".join(outcome.name for outcome in refused) + " (raisons ci-dessus)."
        )
    if report.version is None:
        say("Rien n'a été lu : les données en service restent les mêmes.")
        return _REFUSED
    say(
        f"En service : {report.version.identifier}. Pour revenir : territoires actualiser --revenir"
    )
    return _PARTIAL if refused else _DONE


def _left_aside(outcomes: Sequence[Outcome]) -> list[str]:
    """Say which files of a folder were not read: one line for all that nothing is known of."""
    told = [f"Laissé de côté : {one.lines[0]}" for one in outcomes if one.lines[0]]
    unknown = [one.name for one in outcomes if not one.lines[0]]
    if unknown:
        names = ", ".join(unknown)
        told.append(f"Laissés de côté, d'aucune source connue ({len(unknown)}) : {names}.")
    return told


def _progress() -> Callable[[int, int | None], None] | None:
    """Return what shows the progress of a download on a terminal; nothing in a log file."""
    if not os.isatty(2):
        return None

    def show(done: int, total: int | None) -> None:
        whole = f" / {total / _MEGABYTE:.1f}" if total else ""
        end = "\n" if total and done >= total else "\r"
        click.echo(
            f"  {done / _MEGABYTE:.1f}{whole} Mo".replace(".", ",") + "   " + end,
            nl=False,
            err=True,
        )

    return show
