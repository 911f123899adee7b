"""``territoires fiche``: sheets of territories and of initiatives, one file each or a booklet."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from territoires.candidates.wording import plural
from territoires.cli.context import current_workspace
from territoires.cli.draws import draw_plan, draws_option, seed_option
from territoires.cli.french import FrenchCommand, FrenchInteger
from territoires.cli.indice_input import choose_recipe
from territoires.cli.sheet_source import sheet_source
from territoires.cli.telling import say, show_progress
from territoires.errors import InvalidRequest, UnknownTerritory
from territoires.exports.registry import file_name
from territoires.exports.sheets import (
    MOST_SHEETS,
    NEAR_KM,
    Sheet,
    SheetSource,
    initiative_sheet,
    print_sheets,
    territory_sheet,
    with_drawn_intervals,
    write_booklet,
)
from territoires.needs import DrawPlan, Recipe, Robustness, robustness_of
from territoires.tables.system_errors import french_reason
from territoires.tables.writing import write_file
from territoires.territory import Territoire, find_territory
from territoires.territory.levels import AMONG
from territoires.workspace import Workspace

_PDF = ".pdf"
_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,300}")


@dataclass(frozen=True)
class _Request:
    """The words of the command line, one attribute an option."""

    codes: tuple[str, ...]
    sortie: str | None
    recette: str | None
    titre: str | None
    adresse: str | None
    rayon: int
    tirages: int
    graine: int

    @property
    def plan(self) -> DrawPlan | None:
        return draw_plan(self.tirages, self.graine)


@click.command("fiche", cls=FrenchCommand)
@click.argument("codes", nargs=-1, metavar="CODE|ID...")
@click.option(
    "-o",
    "--sortie",
    metavar="DOSSIER|FICHIER.pdf",
    help="Un dossier (une fiche par fichier) ou un fichier .pdf (un livret, avec sommaire).",
)
@click.option("--recette", metavar="FICHIER|NOM", help="Indice de besoins ; livré ou le vôtre.")
@click.option("--titre", metavar="TITRE", help="Titre du livret.")
@click.option(
    "--adresse",
    metavar="URL",
    help="Adresse de l'application, pour que chaque fiche renvoie à sa page.",
)
@click.option(
    "--rayon",
    metavar="KM",
    type=FrenchInteger(1, 500),
    default=int(NEAR_KM),
    help=f"Jusqu'où les initiatives autour sont dites ({NEAR_KM:.0f}).",
)
@draws_option
@seed_option
def fiche(**words: Any) -> int:
    """Imprime des fiches en PDF : deux pages au plus par territoire ou par initiative.

    CODE : commune (30350), com:…, epci:… ou SIREN, dep:…, groupe:30350-30339, ou un nom sans
    homonyme. ID : identifiant d'une initiative de l'annuaire. Une fiche dit la carte, les besoins
    avec le rang et son intervalle, les initiatives autour, la mairie, ce qui n'est pas connu et les
    sources ; ce qui manque est dit « non renseigné ».
    """
    request = _Request(**words)
    target = _target(request)
    workspace = current_workspace()
    subjects = [_subject(workspace, code) for code in dict.fromkeys(request.codes)]
    source = with_drawn_intervals(
        _source(workspace, request, subjects),
        [one for one in subjects if isinstance(one, Territoire)],
        request.plan, show_progress("tirages"),
    )  # fmt: skip
    sheets = _sheets(source, subjects)
    if target.suffix.lower() == _PDF:
        _write_one(source, request, sheets, target)
    else:
        _write_each(source, subjects, sheets, target)
    return 0


def _target(request: _Request) -> Path:
    if not request.codes:
        example = "territoires fiche 30350 -o le-vigan.pdf"
        raise click.UsageError(f"Il manque un CODE ou un ID, par exemple : {example}.")
    if request.sortie is None:
        message = "Il manque l'option -o : un dossier, ou un fichier .pdf."
        raise click.UsageError(message)
    if len(request.codes) > MOST_SHEETS:
        raise InvalidRequest(
            f"{len(request.codes)} fiches demandées : {MOST_SHEETS} au plus à la fois."
        )
    if request.adresse is not None and not _ADDRESS.fullmatch(request.adresse):
        message = f"--adresse : « {request.adresse[:60]} ». Une adresse http(s)://… est attendue."
        raise InvalidRequest(message)
    target = Path(request.sortie)
    if target.suffix and target.suffix.lower() != _PDF and not target.is_dir():
        raise InvalidRequest(f"{target} : donnez un dossier, ou un nom qui finit par {_PDF}.")
    return target


def _subject(workspace: Workspace, code: str) -> Territoire | str:
    """Return a territory, or the identifier of an initiative."""
    if code in workspace.directory.frame.index:
        return code
    try:
        return find_territory(workspace.register, code)
    except UnknownTerritory as error:
        raise InvalidRequest(
            f"{error} Ce n'est pas non plus l'identifiant d'une initiative de l'annuaire."
        ) from error


def _source(
    workspace: Workspace, request: _Request, subjects: Sequence[Territoire | str]
) -> SheetSource:
    recipe = _recipe(workspace, request.recette)
    return sheet_source(
        workspace,
        recipe,
        robustness=_draws(workspace, request, recipe, subjects),
        address=request.adresse or "",
        near_km=float(request.rayon),
    )


def _recipe(workspace: Workspace, name: str | None) -> Recipe:
    if name is None:
        return workspace.recipes[workspace.default_recipe]
    recipe = choose_recipe(name).recipe
    missing = [code for code in recipe.codes if code not in workspace.indicators.catalogue]
    if missing:
        raise InvalidRequest(
            f"Recette « {recipe.name} » : il lui manque {', '.join(missing)}, que les données en "
            "service n'ont pas. Pour les lire : territoires actualiser"
        )
    return recipe


def _draws(
    workspace: Workspace, request: _Request, recipe: Recipe, subjects: Sequence[Territoire | str]
) -> dict[str, Robustness]:
    """Draw the intervals of the levels that are printed, once for all sheets."""
    if request.plan is None:
        return {}
    asked = {"commune" if isinstance(one, str) else one.niveau for one in subjects}
    return {
        level: robustness_of(
            workspace.indicators_by(level),
            recipe,
            plan=request.plan,
            progress=show_progress("tirages"),
        )
        for level in AMONG
        if level in asked
    }


def _sheets(source: SheetSource, subjects: Sequence[Territoire | str]) -> list[Sheet]:
    progress = show_progress("fiches")
    sheets = []
    for done, subject in enumerate(subjects, start=1):
        sheets.append(_sheet(source, subject))
        _tell(progress, done / len(subjects))
    return sheets


def _sheet(source: SheetSource, subject: Territoire | str) -> Sheet:
    if isinstance(subject, str):
        return initiative_sheet(source, subject)
    return territory_sheet(source, subject)


def _tell(progress: Callable[[float], None] | None, done: float) -> None:
    if progress is not None:
        progress(done)


def _write_one(
    source: SheetSource, request: _Request, sheets: Sequence[Sheet], target: Path
) -> None:
    """Write a booklet; one sheet alone needs no cover, unless a title is asked."""
    if len(sheets) == 1 and request.titre is None:
        content = print_sheets(sheets, source.produced_on)
    else:
        content = write_booklet(source, request.titre or "Fiches", sheets)
    write_file(target, content)
    say(f"{plural(len(sheets), 'fiche écrite', 'fiches écrites')} dans {target}")


def _write_each(
    source: SheetSource,
    subjects: Sequence[Territoire | str],
    sheets: Sequence[Sheet],
    folder: Path,
) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise InvalidRequest(f"Impossible d'écrire {folder} : {french_reason(error)}.") from error
    progress = show_progress("impression")
    taken: set[str] = set()
    for done, (subject, sheet) in enumerate(zip(subjects, sheets, strict=True), start=1):
        name = _free_name(subject, sheet, taken)
        write_file(folder / name, print_sheets([sheet], source.produced_on))
        _tell(progress, done / len(sheets))
    say(f"{plural(len(sheets), 'fiche écrite', 'fiches écrites')} dans {folder}")


def _free_name(subject: Territoire | str, sheet: Sheet, taken: set[str]) -> str:
    """Name a file after the code and the title; a long code may make two names alike."""
    code = subject if isinstance(subject, str) else f"{subject.code} {sheet.title}"
    name, number = file_name(code, _PDF), 2
    while name in taken:
        name, number = file_name(f"{number} {code}", _PDF), number + 1
    taken.add(name)
    return name
