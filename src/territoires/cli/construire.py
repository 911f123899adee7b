"""``territoires construire-donnees``: rebuild what is shipped in ``data/``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from territoires.cli.french import FrenchCommand
from territoires.settings import load_settings
from territoires.sources.build import BUILDERS, build_data


@click.command("construire-donnees", cls=FrenchCommand)
@click.argument("parties", nargs=-1, metavar=f"[{'|'.join(BUILDERS)}]...")
@click.option("--faits", metavar="DOSSIER", help="Dossier des faits sourcés (../shared/facts).")
@click.option("--vers", metavar="DOSSIER", help="Dossier à remplir (par défaut : data/).")
def construire_donnees(parties: tuple[str, ...], faits: str | None, vers: str | None) -> int:
    """Reconstruit les données livrées, et les vérifie."""
    data_dir = Path(vers) if vers else load_settings(os.environ).data_dir
    build_data(
        data_dir,
        parts=parties,
        facts_dir=Path(faits) if faits else None,
        tell=lambda line: click.echo(line, err=True),
    )
    return 0
