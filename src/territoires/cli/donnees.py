"""``territoires donnees``: every figure there is, how old, from whom, and where it is missing."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click
import pandas as pd

from territoires.cli.context import current_workspace
from territoires.cli.french import FrenchCommand
from territoires.errors import InvalidRequest
from territoires.exports.data_listing import departement_listing, indicator_listing
from territoires.indicators import Indicator, format_number, format_share
from territoires.indicators.coverage import age_in_months, age_text
from territoires.tables.writing import write_csv, write_file
from territoires.workspace import Workspace

_LABEL_WIDTH = 46


@click.command("donnees", cls=FrenchCommand)
@click.argument("indicateurs", nargs=-1, metavar="[INDICATEUR]...")
@click.option("-o", "--sortie", metavar="FICHIER", help="Fichier CSV à écrire.")
@click.option("--par-departement", is_flag=True, help="Une ligne par indicateur et département.")
@click.option("--excel", is_flag=True, help="CSV pour un Excel français (; et virgule décimale).")
def donnees(
    indicateurs: tuple[str, ...], sortie: str | None, par_departement: bool, excel: bool
) -> int:
    """Donne la liste des indicateurs : millésime, source, couverture, âge, licence.

    Avec un INDICATEUR, sa définition et sa couverture par département. Sans, la liste de tous,
    la version des données en service et les sources qui n'ont pas encore été lues.
    """
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
        click.echo(departement_listing(workspace.indicators, workspace.register, codes).to_string())
    _tell_sources(workspace)
    return 0


def _known(workspace: Workspace, asked: tuple[str, ...]) -> list[str]:
    catalogue = workspace.indicators.catalogue
    for code in asked:
        if code not in catalogue:
            near = difflib.get_close_matches(code, catalogue, n=3) or list(catalogue)[:5]
            message = f"Indicateur inconnu : « {code} ». Peut-être : {', '.join(near)}."
            raise InvalidRequest(message)
    return list(dict.fromkeys(asked)) or list(catalogue)


def _write(
    workspace: Workspace, codes: list[str], path: str | None, *, excel: bool, par_departement: bool
) -> int:
    if par_departement:
        table = departement_listing(workspace.indicators, workspace.register, codes)
    else:
        table = indicator_listing(workspace.indicators, date.today(), codes)
    content = write_csv(table, excel=excel)
    if path is None:
        click.echo(content.decode("utf-8-sig"), nl=False)
        return 0
    if Path(path).suffix.lower() != ".csv":
        message = f"{path} : le fichier de sortie est un CSV, donnez-lui un nom en .csv."
        raise InvalidRequest(message)
    write_file(Path(path), content)
    click.echo(f"{len(table)} lignes écrites dans {path}", err=True)
    return 0


def _tell_all(workspace: Workspace, codes: list[str]) -> None:
    click.echo(_version_sentence(workspace))
    table = indicator_listing(workspace.indicators, date.today(), codes)
    for family in dict.fromkeys(table["famille"]):
        click.echo(f"\n{str(family).capitalize()}")
        for row in table[table["famille"] == family].to_dict("records"):
            click.echo(_line(row))


def _line(row: Mapping[Hashable, Any]) -> str:
    label = str(row["libelle"])
    short = label if len(label) <= _LABEL_WIDTH else f"{label[: _LABEL_WIDTH - 1]}…"
    marks = f"  [{row['mention']}]" if row["mention"] else ""
    return (
        f"  {row['code']:<32} {short:<{_LABEL_WIDTH}} {row['millesime']:<16} COG {row['cog']}  "
        f"{format_share(row['part_communes']):>6} des communes  {row['age']:<9} "
        f"{row['producteur']} · {row['licence']}{marks}"
    )


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
        "Millésime": f"{indicator.vintage} (il y a {age}), communes de {indicator.cog_year}",
        "Obtenu le": indicator.obtained_on or "livré avec Territoires",
        "Arrondi": f"à {indicator.rounded_to}" if indicator.rounded_to else "",
        "Attention": indicator.caution,
        "Limites": "\n           - ".join(("", *indicator.gaps)) if indicator.gaps else "",
    }
    click.echo(f"\n{indicator.label} ({indicator.code})")
    for name, told in lines.items():
        if told:
            click.echo(f"  {name} : {told}")
    table = departement_listing(workspace.indicators, workspace.register, [indicator.code])
    shown = table.drop(columns=["code", "part_communes"])
    click.echo(shown.assign(couverture=_shares(table)).to_string(index=False))


def _shares(table: pd.DataFrame) -> list[str]:
    return [format_share(share) for share in table["part_communes"]]


def _tell_sources(workspace: Workspace) -> None:
    # Half a second to import, for this list only.
    from territoires.sources.registry import available_sources

    version = workspace.data_version
    used = version.sources if version else {}
    missing = [one for code, one in available_sources().items() if code not in used]
    if missing:
        click.echo("\nSources connues qui n'ont pas été lues (territoires actualiser SOURCE)")
    for one in missing:
        mark = "" if one.verified else "  [non vérifié sur fichier réel]"
        click.echo(f"  {one.code:<28} {one.label} · {one.producer}{mark}\n{'':31}{one.page_url}")
    for name, codes in workspace.waiting_recipes.items():
        recipe = workspace.known_recipes[name]
        click.echo(f"\nRecette « {recipe.name} » : il lui manque {', '.join(codes)}.")
    count = format_number(len(workspace.indicators.catalogue))
    click.echo(f"\n{count} indicateurs. Le détail de l'un : territoires donnees INDICATEUR")
