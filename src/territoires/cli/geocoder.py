"""``territoires geocoder``: a list of places, each given its commune."""

from __future__ import annotations

from pathlib import Path

import click

from territoires.cli.context import current_workspace, read_user_table
from territoires.cli.findings import describe
from territoires.cli.french import FrenchCommand
from territoires.errors import InvalidRequest
from territoires.geocoding import geocode_table, geocoding_summary
from territoires.tables.writing import write_csv, write_file


@click.command(cls=FrenchCommand)
@click.argument("entree", metavar="ENTREE")
@click.argument("sortie", metavar="SORTIE")
@click.option("--excel", is_flag=True, help="CSV pour un Excel français (; et virgule décimale).")
def geocoder(entree: str, sortie: str, excel: bool) -> int:
    """Place chaque ligne d'un CSV dans sa commune.

    Sans réseau. Les colonnes d'entrée et l'ordre des lignes sont gardés ; les colonnes geo_*
    disent la commune trouvée, la méthode, le doute et son motif.
    """
    if Path(sortie).suffix.lower() not in {".csv", ".txt"}:
        message = f"{sortie} : le fichier de sortie est un CSV, donnez-lui un nom en .csv."
        raise InvalidRequest(message)
    workspace = current_workspace()
    table = read_user_table(entree)
    placed = geocode_table(table, workspace.gazetteer)
    write_file(Path(sortie), write_csv(placed, excel=excel))
    for finding in table.findings:
        click.echo(describe(finding), err=True)
    click.echo(geocoding_summary(placed))
    return 0
