"""``territoires valider``: every finding on a file of initiatives, or of needs."""

from __future__ import annotations

import click

from territoires.cli.context import current_workspace
from territoires.cli.findings import describe
from territoires.cli.french import FrenchCommand
from territoires.cli.place_file import read_places
from territoires.initiatives import validate_initiatives, validate_needs
from territoires.tables.findings import Finding, has_errors


@click.command(cls=FrenchCommand)
@click.argument("fichier", metavar="FICHIER")
@click.option("--besoins", is_flag=True, help="Vérifie des besoins observés (besoins.csv).")
def valider(fichier: str, besoins: bool) -> int:
    """Dit chaque problème d'un fichier d'initiatives (CSV, XLSX, ODS, GeoJSON)."""
    workspace = current_workspace()
    table = read_places(fichier)
    check = validate_needs if besoins else validate_initiatives
    noticed = check(
        table, workspace.vocabularies, workspace.register, gazetteer=workspace.gazetteer
    )
    findings = [*table.findings, *noticed]
    for finding in findings:
        click.echo(describe(finding))
    click.echo(summary(findings, rows=len(table.frame)))
    return 1 if has_errors(findings) else 0


def summary(findings: list[Finding], rows: int) -> str:
    """Count the findings by level, in French."""
    counts = {
        level: sum(finding.level == level for finding in findings)
        for level in ("erreur", "avertissement", "information")
    }
    told = ", ".join(f"{n} {level}{'s' if n > 1 else ''}" for level, n in counts.items() if n)
    plural = "s" if rows > 1 else ""
    return f"{rows} ligne{plural} lue{plural}. {told or 'Rien à signaler'}."
