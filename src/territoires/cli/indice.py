"""``territoires indice``: a recipe computed on any table keyed by a column."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pandas as pd

from territoires.cli.context import current_workspace
from territoires.cli.draws import draw_plan, draws_option, seed_option
from territoires.cli.findings import tell_first
from territoires.cli.french import FrenchChoice, FrenchCommand
from territoires.cli.indice_input import (
    ChosenRecipe,
    check_columns,
    choose_recipe,
    groups_of,
    read_input,
)
from territoires.cli.indice_words import counted, remarks, summary, weights_line, wider_lines
from territoires.cli.output import check_csv_name, excel_option, give_csv
from territoires.cli.telling import say, show_progress
from territoires.errors import InvalidRequest
from territoires.needs import (
    DrawPlan,
    NeedIndex,
    Robustness,
    assess,
    compute_index,
    index_of,
    robustness_of,
)
from territoires.needs.typed_values import read_values, result_table
from territoires.tables.writing import write_csv

_LEVELS = ("commune", "epci", "departement")
_DONE, _REFUSED = 0, 1


@dataclass(frozen=True)
class _Request:
    """The words of the command line, one attribute an option."""

    entree: str | None
    recette: str | None
    cle: str | None
    sortie: str | None
    excel: bool
    groupes: str | None
    niveau: str | None
    tirages: int
    graine: int

    @property
    def plan(self) -> DrawPlan | None:
        return draw_plan(self.tirages, self.graine)


@click.command("indice", cls=FrenchCommand)
@click.argument("entree", metavar="[ENTREE]", required=False)
@click.option(
    "--recette",
    metavar="FICHIER|NOM",
    help="Recette : un fichier .toml, ou le nom d'une recette livrée (deprise_eloignement…).",
)
@click.option("--cle", metavar="COLONNE", help="Colonne d'ENTREE qui nomme chaque ligne.")
@click.option("-o", "--sortie", metavar="FICHIER", help="CSV à écrire ; à l'écran par défaut.")
@excel_option
@click.option(
    "--groupes",
    metavar="COLONNE",
    help="Colonne des lignes semblables, pour une recette qui remplit ce qui manque.",
)
@click.option(
    "--niveau",
    type=FrenchChoice(_LEVELS),
    help="Sans ENTREE : territoires classés, commune (par défaut), epci ou departement.",
)
@draws_option
@seed_option
def indice(**words: Any) -> int:
    """Donne un indice de besoins à chaque ligne d'un tableau.

    ENTREE est un CSV ou un classeur (.xlsx, .ods : première feuille) dont une colonne est la clé et
    les autres les indicateurs de la recette. Sans ENTREE, l'indice est celui des communes et des
    chiffres en service. Chaque ligne reçoit score (de 0 à 1 ; 1 : le plus grand besoin), rang,
    intervalle du rang (rang_min, rang_max : neuf tirages sur dix), couverture, classe, et la
    contribution de chaque indicateur (c_…). Ce qui manque reste manquant.
    """
    request = _Request(**words)
    _check_use(request)
    chosen = choose_recipe(str(request.recette))
    if request.entree is None:
        return _of_figures_in_use(request, chosen)
    return _of_table(request, request.entree, chosen)


def _check_use(request: _Request) -> None:
    given = request.entree is not None
    wrong = {
        "Il manque l'option --recette : un fichier, ou le nom d'une recette livrée.": (
            request.recette is None
        ),
        "Il manque l'option --cle : la colonne d'ENTREE qui nomme chaque ligne.": (
            given and request.cle is None
        ),
        "--niveau ne s'emploie que sans ENTREE.": given and request.niveau is not None,
        "--cle et --groupes ne s'emploient qu'avec ENTREE.": (
            not given and (request.cle is not None or request.groupes is not None)
        ),
    }
    for message, is_so in wrong.items():
        if is_so:
            raise click.UsageError(message, click.get_current_context())
    _check_output(request)


def _check_output(request: _Request) -> None:
    check_csv_name(request.sortie)
    if request.sortie is None or request.entree is None:
        return
    if Path(request.sortie).resolve() == Path(request.entree).resolve():
        message = f"{request.sortie} : ENTREE serait effacée. Donnez un autre nom à la sortie."
        raise InvalidRequest(message)


def _of_table(request: _Request, path: str, chosen: ChosenRecipe) -> int:
    table, name, key = read_input(path), Path(path).name, str(request.cle)
    check_columns(table, name, chosen, cle=key, groupes=request.groupes)
    read = read_values(table, key, chosen.recipe)
    tell_first(table.findings)
    if read.findings:
        problems = counted(len(read.findings), "erreur", "erreurs")
        say(f"{name} : {problems}, rien n'est calculé.")
        tell_first(read.findings)
        return _REFUSED
    if not chosen.recipe.wider_values:
        say("valeurs_departementales : sans effet ici, le fichier ne dit pas lesquelles le sont.")
    groups = groups_of(table, read.frame.index, chosen, request.groupes)
    if request.plan is None:
        index, robustness = compute_index(read.frame, chosen.recipe, groups=groups), None
    else:
        robustness = assess(
            read.frame,
            chosen.recipe,
            groups=groups,
            plan=request.plan,
            progress=show_progress("tirages"),
        )
        index = robustness.index
    return _conclude(request, read.frame, key, index, robustness)


def _of_figures_in_use(request: _Request, chosen: ChosenRecipe) -> int:
    workspace, level = current_workspace(), request.niveau or _LEVELS[0]
    waited = workspace.waiting_recipes.get(str(request.recette))
    if waited:
        message = (
            f"Recette « {chosen.recipe.name} » : il lui manque {', '.join(waited)}, que les "
            "données en service n'ont pas. Pour les lire : territoires actualiser"
        )
        raise InvalidRequest(message)
    table = workspace.indicators_by(level)
    try:
        if request.plan is None:
            index, robustness = index_of(table, chosen.recipe), None
        else:
            robustness = robustness_of(
                table, chosen.recipe, plan=request.plan, progress=show_progress("tirages")
            )
            index = robustness.index
    except InvalidRequest as error:
        raise InvalidRequest(chosen.located(str(error))) from error
    for line in wider_lines(table, level, chosen.recipe, index.recipe):
        say(line)
    return _conclude(request, table.comparable, f"code_{level}", index, robustness)


def _conclude(
    request: _Request,
    values: pd.DataFrame,
    key: str,
    index: NeedIndex,
    robustness: Robustness | None,
) -> int:
    content = write_csv(result_table(index, key, robustness), excel=request.excel)
    for line in remarks(values, index):
        say(line)
    say(weights_line(index))
    say(summary(index))
    give_csv(content, request.sortie)
    if request.sortie is not None:
        say(f"Écrit dans {request.sortie}")
    return _DONE
