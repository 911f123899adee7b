"""``territoires communes``: the register, given to anyone."""

from __future__ import annotations

from pathlib import Path

import click

from territoires.cli.context import current_workspace
from territoires.cli.french import FrenchCommand
from territoires.communes import Register
from territoires.errors import UnknownTerritory
from territoires.exports.communes_files import communes_table, write_communes
from territoires.tables.writing import write_csv


@click.command(cls=FrenchCommand)
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@click.option(
    "-o",
    "--sortie",
    metavar="FICHIER",
    help="Fichier à écrire : .csv, .geojson, .gpkg ou .parquet (contours en EPSG:4326).",
)
@click.option("--excel", is_flag=True, help="CSV pour un Excel français (; et virgule décimale).")
def communes(codes: tuple[str, ...], sortie: str | None, excel: bool) -> int:
    """Donne les communes (toutes, ou celles des codes INSEE indiqués)."""
    register = current_workspace().register
    chosen = _known(register, codes)
    if sortie is None:
        table = communes_table(register, chosen)
        click.echo(write_csv(table, excel=excel).decode("utf-8-sig"), nl=False)
    else:
        write_communes(register, chosen, Path(sortie), excel=excel)
        count = len(register.communes) if chosen is None else len(chosen)
        click.echo(f"{count} communes écrites dans {sortie}", err=True)
    return 0


def _known(register: Register, codes: tuple[str, ...]) -> list[str] | None:
    unknown = [code for code in codes if code not in register.communes.index]
    if unknown:
        message = (
            f"Code de commune inconnu au 1er janvier 2026 : {', '.join(unknown[:10])}. "
            "Un code INSEE a cinq caractères, par exemple 30350 ou 2A004."
        )
        raise UnknownTerritory(message)
    return list(dict.fromkeys(codes)) or None
