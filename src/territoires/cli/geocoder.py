"""``territoires geocoder``: a list of places, each given its commune."""

from __future__ import annotations

import click

from territoires.cli.addresses import address_options, to_the_address
from territoires.cli.context import current_workspace, read_user_table
from territoires.cli.findings import describe
from territoires.cli.french import FrenchCommand
from territoires.cli.output import check_csv_name, excel_option, give_csv
from territoires.geocoding import geocode_table, geocoding_summary
from territoires.tables.writing import write_csv


@click.command(cls=FrenchCommand)
@click.argument("entree", metavar="ENTREE")
@click.argument("sortie", metavar="SORTIE")
@excel_option
@address_options
def geocoder(entree: str, sortie: str, excel: bool, service: bool, sans_cache: bool) -> int:
    """Place chaque ligne d'un CSV dans sa commune.

    Sans réseau, sauf avec --service. Les colonnes d'entrée et l'ordre des lignes sont gardés ;
    les colonnes geo_* disent la commune trouvée, la méthode, le doute et son motif.
    """
    check_csv_name(sortie)
    workspace = current_workspace()
    table = read_user_table(entree)
    placed = geocode_table(table, workspace.gazetteer)
    placed, status = to_the_address(placed, workspace, asked=service, keep=not sans_cache)
    give_csv(write_csv(placed, excel=excel), sortie)
    for finding in table.findings:
        click.echo(describe(finding), err=True)
    click.echo(geocoding_summary(placed))
    return status
