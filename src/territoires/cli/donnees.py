"""``territoires donnees``: every figure there is, how old, from whom, and where it is missing."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any

import click
import pandas as pd

from territoires.cli.context import check_indicator, current_workspace
from territoires.cli.french import FrenchCommand
from territoires.cli.output import check_csv_name, excel_option, give_csv
from territoires.cli.telling import say
from territoires.exports.data_listing import departement_listing, indicator_listing
from territoires.indicators import (
    STATUS_LABELS,
    STATUSES,
    Indicator,
    format_coverage,
    format_number,
)
from territoires.indicators.coverage import age_in_months, age_text
from territoires.indicators.format import french_date
from territoires.tables.writing import write_csv
from territoires.workspace import Workspace

_CODE_WIDTH = 32
_INDENT = " " * (_CODE_WIDTH + 3)


@click.command("donnees", cls=FrenchCommand)
@click.argument("indicateurs", nargs=-1, metavar="[INDICATEUR]...")
@click.option("-o", "--sortie", metavar="FICHIER", help="Fichier CSV à écrire.")
@click.option("--par-departement", is_flag=True, help="Une ligne par indicateur et département.")
@excel_option
def donnees(
    indicateurs: tuple[str, ...], sortie: str | None, par_departement: bool, excel: bool
) -> int:
    """Donne la liste des indicateurs : millésime, source, couverture, âge, licence.

    Avec un INDICATEUR, sa définition et sa couverture par département. Sans, la liste de tous,
    la version des données en service et les sources qui n'ont pas encore été lues.
    """
    check_csv_name(sortie)
    workspace = current_workspace()
    codes = _known(workspace, indicateurs)
    if sortie is not None or excel:
        return _write(workspace, codes, sortie, excel=excel, par_departement=par_departement)
    if indicateurs:
        for code in codes:
            _tell_one(workspace, workspace.indicators.indicator(code))
        return 0
    _tell_all(workspace, codes)
    if par_departement:
        table = departement_listing(workspace.indicators, workspace.register, codes)
        click.echo(_printed(table.assign(part_communes=_shares(table))))
    _tell_sources(workspace)
    return 0


def _known(workspace: Workspace, asked: tuple[str, ...]) -> list[str]:
    catalogue = workspace.indicators.catalogue
    for code in asked:
        check_indicator(code, catalogue)
    return list(dict.fromkeys(asked)) or list(catalogue)


def _write(
    workspace: Workspace, codes: list[str], path: str | None, *, excel: bool, par_departement: bool
) -> int:
    if par_departement:
        table = departement_listing(workspace.indicators, workspace.register, codes)
    else:
        table = indicator_listing(workspace.indicators, date.today(), codes)
    give_csv(write_csv(table, excel=excel), path)
    if path is not None:
        say(f"{len(table)} lignes écrites dans {path}")
    return 0


def _tell_all(workspace: Workspace, codes: list[str]) -> None:
    click.echo(_version_sentence(workspace))
    table = indicator_listing(workspace.indicators, date.today(), codes)
    whole = departement_listing(workspace.indicators, workspace.register, codes)
    reached = (whole["part_communes"] > 0).groupby(whole["code"]).sum()
    for family in dict.fromkeys(table["famille"]):
        click.echo(f"\n{str(family).capitalize()}")
        for row in table[table["famille"] == family].to_dict("records"):
            click.echo(_lines(row, int(reached[row["code"]])))


def _lines(row: Mapping[Hashable, Any], departements: int) -> str:
    """Write one indicator: its name, then where its figures come from and how far they go."""
    facts = [
        f"{row['millesime']} ({row['age']})",
        f"communes de {row['cog']}",
        f"{format_coverage(row['part_communes'])} des communes, {departements} départements",
        f"{row['producteur']}, {row['source']}",
        str(row["licence"]),
    ]
    mark = f"  [{row['mention']}]" if row["mention"] else ""
    return f"  {row['code']:<{_CODE_WIDTH}} {row['libelle']}{mark}\n{_INDENT}{' · '.join(facts)}"


def _version_sentence(workspace: Workspace) -> str:
    version = workspace.data_version
    if version is None:
        told = "Données embarquées seules. Les officielles : territoires actualiser"
    else:
        told = f"Données officielles {version.identifier}, avec les données embarquées."
    problem = workspace.official.problem
    return f"{told}\n{problem}" if problem else told


def _tell_one(workspace: Workspace, indicator: Indicator) -> None:
    age = age_text(age_in_months(indicator, date.today()))
    lines = {
        "Définition": indicator.definition,
        "Unité": indicator.unit or "sans",
        "Numérateur": indicator.numerator or "sans objet",
        "Dénominateur": indicator.denominator or "sans objet",
        "Chiffre": indicator.of_place,
        "Source": f"{indicator.producer}, {indicator.source}",
        "Page": indicator.source_url,
        "Licence": indicator.licence,
        "Millésime": f"{indicator.vintage} ({age}), communes de {indicator.cog_year}",
        "Obtenu le": french_date(indicator.obtained_on) or "livré avec Territoires",
        "Arrondi": f"à {indicator.rounded_to}" if indicator.rounded_to else "",
        "Attention": indicator.caution,
        "Limites": "\n           - ".join(("", *indicator.gaps)) if indicator.gaps else "",
    }
    click.echo(f"\n{indicator.label} ({indicator.code})")
    for name, told in lines.items():
        if told:
            click.echo(f"  {name} : {told}")
    table = departement_listing(workspace.indicators, workspace.register, [indicator.code])
    click.echo(_printed(table.drop(columns="code").assign(part_communes=_shares(table))))


def _printed(table: pd.DataFrame) -> str:
    """Write a table by département for a terminal, under French headings."""
    names = {
        "code": "indicateur", "code_departement": "code", "departement": "département",
        "total": "communes", "part_communes": "couverture",
        **{name: STATUS_LABELS[name].partition(" :")[0] for name in STATUSES},
    }  # fmt: skip
    return table.rename(columns=names).to_string(index=False)


def _shares(table: pd.DataFrame) -> list[str]:
    return [format_coverage(share) for share in table["part_communes"]]


def _tell_sources(workspace: Workspace) -> None:
    # Half a second to import, for this list only.
    from territoires.sources.registry import available_sources
    from territoires.sources.waiting import waiting_sentence

    version = workspace.data_version
    used = version.sources if version else {}
    if used:
        click.echo("\nSources lues")
    for code, about in used.items():
        click.echo(_read_source(code, about))
    missing = [one for code, one in available_sources().items() if code not in used]
    if missing:
        click.echo("\nSources connues qui n'ont pas été lues")
    for one in missing:
        mark = "" if one.verified else "  [non vérifié sur fichier réel]"
        click.echo(f"  {one.label} · {one.producer}{mark}\n    {one.command}\n    {one.page_url}")
    for name, codes in workspace.waiting_recipes.items():
        recipe = workspace.known_recipes[name]
        click.echo(f"\nRecette « {recipe.name} ». {waiting_sentence(workspace, codes)}")
    count = format_number(len(workspace.indicators.catalogue))
    click.echo(f"\n{count} indicateurs. Le détail de l'un : territoires donnees INDICATEUR")


def _read_source(code: str, about: Mapping[str, Any]) -> str:
    marks = [] if about.get("complete") else ["extrait"]
    marks += [] if about.get("verifie") else ["non vérifié sur fichier réel"]
    marks += [] if about.get("forme_verifiee", True) else ["forme non vérifiée sur fichier réel"]
    mark = f"  [{', '.join(marks)}]" if marks else ""
    return (
        f"  {code:<{_CODE_WIDTH}} {about.get('libelle', '')}{mark}\n"
        f"{_INDENT}{about.get('millesime')} · communes de {about.get('cog')} · obtenue le "
        f"{french_date(str(about.get('obtenu_le')))} · {about.get('fichier')}"
    )
