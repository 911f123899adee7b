"""``territoires candidats``: where to try next, from the rules of a scheme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from territoires.candidates import (
    CandidateList,
    CandidateQuery,
    Preset,
    candidate_table,
    find_territories,
    members_from_table,
    nearest_settings,
    preset_warnings,
    query_from_preset,
    with_intervals,
)
from territoires.candidates.conditions import FARTHEST_KM
from territoires.candidates.presets import GROUP, PERIMETERS, UNITS
from territoires.candidates.query import MAX_COUNT
from territoires.cli.area import area_options, asked_areas
from territoires.cli.context import current_workspace
from territoires.cli.draws import draw_plan, draws_option, seed_option
from territoires.cli.findings import tell_first
from territoires.cli.french import FrenchChoice, FrenchCommand, FrenchInteger
from territoires.cli.indice_input import choose_recipe, read_input
from territoires.cli.output import check_excel, excel_option, give_csv
from territoires.cli.sheet_source import sheet_source
from territoires.cli.telling import say, show_progress
from territoires.errors import InvalidRequest
from territoires.exports import candidate_bundle, exporter_for
from territoires.exports.candidate_files import TITLE as CANDIDATES_TITLE
from territoires.exports.sheets import candidate_sheets, with_drawn_intervals, write_booklet
from territoires.needs import Recipe
from territoires.tables.writing import write_csv, write_file
from territoires.workspace import Workspace

_MOST_PEOPLE = 100_000_000


@dataclass(frozen=True)
class _Request:
    """The words of the command line, one attribute an option."""

    preset: str
    region: str | None
    departement: str | None
    epci: str | None
    zone: str | None
    membres: str | None
    recette: str | None
    unite: str | None
    perimetre: str | None
    recouvrement: bool
    population_min: int | None
    population_max: int | None
    distance: int | None
    contient: tuple[str, ...]
    exclut: tuple[str, ...]
    nombre: int
    tirages: int
    graine: int
    sortie: str | None
    excel: bool


@click.command("candidats", cls=FrenchCommand)
@click.option(
    "--preset",
    metavar="NOM",
    default="libre",
    help="Dispositif : libre (par défaut), tzcld, generateur, jardin_partage…",
)
@area_options
@click.option(
    "--membres",
    metavar="FICHIER",
    help="Chercher parmi une liste : codes de communes, SIREN d'EPCI ou noms. Pour des groupes, "
    "chacun part d'un membre et ses voisines peuvent le rejoindre.",
)
@click.option("--recette", metavar="FICHIER|NOM", help="Indice qui classe ; livré ou le vôtre.")
@click.option(
    "--unite",
    type=FrenchChoice(tuple(UNITS)),
    help="commune, groupe (de communes voisines) ou epci ; celle du dispositif sinon.",
)
@click.option(
    "--perimetre",
    type=FrenchChoice(tuple(PERIMETERS)),
    help="libre : un groupe peut passer d'un EPCI à l'autre ; dans_un_epci : il y reste. Celui du "
    "dispositif sinon.",
)
@click.option(
    "--recouvrement",
    is_flag=True,
    help="Des groupes peuvent partager des communes ; sinon chacune est dans un seul.",
)
@click.option(
    "--population-min",
    metavar="N",
    type=FrenchInteger(0, _MOST_PEOPLE),
    help="Habitants, au moins.",
)
@click.option(
    "--population-max", metavar="N", type=FrenchInteger(0, _MOST_PEOPLE), help="Habitants, au plus."
)
@click.option(
    "--distance",
    metavar="KM",
    type=FrenchInteger(0, int(FARTHEST_KM)),
    help="À plus de tant de kilomètres d'une initiative du dispositif.",
)
@click.option(
    "--contient",
    metavar="CODE",
    multiple=True,
    help="Commune que le groupe doit contenir ; peut se répéter.",
)
@click.option(
    "--exclut",
    metavar="CODE",
    multiple=True,
    help="Territoire exclu (30350, dep:30, epci:…) ; peut se répéter.",
)
@click.option(
    "--nombre",
    metavar="N",
    type=FrenchInteger(1, MAX_COUNT),
    default=20,
    help="Candidats voulus (20).",
)
@draws_option
@seed_option
@click.option(
    "-o",
    "--sortie",
    metavar="FICHIER",
    help="Fichier à écrire : .csv, .xlsx, .geojson, .gpkg, .html (une carte à ouvrir sans réseau) "
    "ou .pdf (une fiche par candidat) ; un CSV à l'écran par défaut.",
)
@excel_option
def candidats(**words: Any) -> int:
    """Donne les territoires candidats d'un dispositif, chacun avec ses raisons.

    Chaque ligne a son rang et l'intervalle de ce rang, son nom, sa nature (commune, groupe, partie,
    epci), ses communes, sa population, son score de besoin (de 0 à 1), la part du poids connue, les
    chiffres de la recette, l'initiative la plus proche et le motif en toutes lettres.
    """
    request = _Request(**words)
    _check_output(request)
    workspace = current_workspace()
    preset = _preset(workspace, request.preset)
    query = _query(workspace, request, preset)
    for warning in preset_warnings(preset, date.today()):
        say(f"{preset.name} : {warning}")
    found = find_territories(
        workspace.register, workspace.indicators, workspace.directory, query, workspace.ground,
        show_progress("recherche"),
    )  # fmt: skip
    if found.ranked.empty:
        nearest = nearest_settings(found.context, found.rules)
        raise InvalidRequest(f"Aucun candidat : {found.funnel()}. {nearest}")
    if plan := draw_plan(request.tirages, request.graine):
        found = with_intervals(found, plan, show_progress("tirages"))
    _write(workspace, request, preset, found)
    return 0


def _check_output(request: _Request) -> None:
    if request.sortie is not None:
        exporter_for(request.sortie)
    if request.excel:
        check_excel(request.sortie)


def _preset(workspace: Workspace, name: str) -> Preset:
    if name not in workspace.presets:
        known = ", ".join(workspace.presets)
        raise InvalidRequest(f"Dispositif inconnu : « {name} ». Choix : {known}.")
    return workspace.presets[name]


def _query(workspace: Workspace, request: _Request, preset: Preset) -> CandidateQuery:
    choices: dict[str, Any] = {
        "universe": _universe(workspace, request),
        "members": _members(workspace, request),
        "must_contain": request.contient,
        "excluded": (*preset.excluded, *map(_typed, request.exclut)),
        "count": request.nombre,
        "population_min": request.population_min,
        "population_max": request.population_max,
        "distance_min_km": None if request.distance is None else float(request.distance),
        "unit": request.unite,
        "perimeter": request.perimetre,
        "overlapping": request.recouvrement,
    }
    lasting = ("universe", "members", "must_contain", "excluded", "count")
    given = {name: value for name, value in choices.items() if value is not None or name in lasting}
    query = query_from_preset(_recipe(workspace, request), preset, **given)
    _check_of_groups(request, query)
    return query


def _check_of_groups(request: _Request, query: CandidateQuery) -> None:
    """Refuse what is said of groups when something else is looked for."""
    said = {
        "--contient": query.must_contain,
        "--perimetre": request.perimetre,
        "--recouvrement": request.recouvrement,
    }
    for option, value in said.items():
        if value and query.unit != GROUP:
            message = f"{option} ne vaut que pour des groupes : ajoutez --unite groupe."
            raise InvalidRequest(message)


def _recipe(workspace: Workspace, request: _Request) -> Recipe:
    if request.recette is None:
        return workspace.recipes[workspace.default_recipe]
    return choose_recipe(request.recette).recipe


def _universe(workspace: Workspace, request: _Request) -> tuple[str, ...]:
    found = asked_areas(workspace, vars(request))
    if len(found) > 1:
        raise click.UsageError("Donnez --region, --departement, --epci ou --zone : un seul.")
    return tuple(found) or ("pays:FR",)


def _members(workspace: Workspace, request: _Request) -> tuple[str, ...] | None:
    if request.membres is None:
        return None
    listed = members_from_table(
        read_input(request.membres), workspace.register, workspace.gazetteer
    )
    tell_first(listed.findings)
    if not listed.communes:
        raise InvalidRequest(
            f"{request.membres} : aucune commune ni aucun EPCI reconnus. Donnez une colonne "
            "« code_commune » ou « siren », ou des noms avec leur code postal ou leur département."
        )
    return listed.communes


def _typed(code: str) -> str:
    return code if ":" in code else f"com:{code}"


def _write(workspace: Workspace, request: _Request, preset: Preset, found: CandidateList) -> None:
    say(found.funnel())
    for note in found.notes:
        say(note)
    if request.sortie is None:
        # On the screen, or down a pipe: the table alone.
        give_csv(write_csv(candidate_table(found), excel=request.excel), None)
        return
    kind = exporter_for(request.sortie, excel=request.excel)
    bundle = candidate_bundle(
        found, preset, workspace.colours.version, date.today(), with_map=kind.draws,
        booklet=partial(_booklet, workspace, request, found),
    )  # fmt: skip
    write_file(Path(request.sortie), kind.write(bundle))
    plural = "s" if len(found.frame) > 1 else ""
    say(f"{len(found.frame)} candidat{plural} écrit{plural} dans {request.sortie}")


def _booklet(
    workspace: Workspace, request: _Request, found: CandidateList, provenance: tuple[str, ...]
) -> bytes:
    places = [found.context.territory(str(code)) for code in found.frame.index]
    source = with_drawn_intervals(
        sheet_source(workspace, found.query.recipe), places,
        draw_plan(request.tirages, request.graine), show_progress("tirages des fiches"),
    )  # fmt: skip
    return write_booklet(source, CANDIDATES_TITLE, candidate_sheets(source, found), provenance)
