"""``territoires communes``: the register, given to anyone."""

from __future__ import annotations

from pathlib import Path

import click

from territoires.cli.context import current_workspace
from territoires.cli.french import FrenchCommand
from territoires.cli.output import check_excel, excel_option, give_csv
from territoires.cli.telling import say
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
@excel_option
def communes(codes: tuple[str, ...], sortie: str | None, excel: bool) -> int:
    """Donne les communes, toutes ou celles de ces codes INSEE."""
    register = current_workspace().register
    chosen = _known(register, codes)
    if sortie is None:
        table = communes_table(register, chosen)
        give_csv(write_csv(table, excel=excel), None)
    else:
        if excel:
            check_excel(sortie)
        write_communes(register, chosen, Path(sortie), excel=excel)
        count = len(register.communes) if chosen is None else len(chosen)
        plural = "s" if count > 1 else ""
        say(f"{count} commune{plural} écrite{plural} dans {sortie}")
    return 0


def _known(register: Register, codes: tuple[str, ...]) -> list[str] | None:
    asked = [code.upper() for code in codes]
    unknown = [code for code in asked if code not in register.communes.index]
    if unknown:
        message = (
            f"Code de commune inconnu au 1er janvier {register.cog} : {', '.join(unknown[:10])}."
            f"{_hint(register, unknown)}"
        )
        raise UnknownTerritory(message)
    return list(dict.fromkeys(asked)) or None


def _hint(register: Register, unknown: list[str]) -> str:
    """Say what these codes are instead, or how a code is made."""
    inferior = register.inferior.set_index("code")
    told = [
        f" {code} est {inferior.loc[[code], 'nom'].iloc[0]}, dans la commune "
        f"{inferior.loc[[code], 'code_commune'].iloc[0]}."
        for code in unknown[:10]
        if code in inferior.index
    ]
    return "".join(told) or " Un code INSEE a cinq caractères, par exemple 30350 ou 2A004."
