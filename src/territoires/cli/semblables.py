"""``territoires semblables``: the places most like those that one names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click

from territoires.candidates.alike import (
    ANYWHERE,
    SEVERAL,
    SIZE_MODES,
    WITH,
    WITHOUT,
    AlikeList,
    AlikeQuery,
    Criterion,
    LikenessRules,
    Profile,
    alike_table,
    compared_sentence,
    find_alike,
    initiatives_by_place,
    listed_places,
    load_likeness_rules,
    places_of,
    profiles_of,
    read_reference,
    reservations,
)
from territoires.candidates.wording import plural
from territoires.cli.area import area_options, asked_areas
from territoires.cli.context import check_indicator, current_workspace
from territoires.cli.french import FrenchCommand
from territoires.cli.output import check_csv_name, excel_option, give_csv
from territoires.cli.telling import say
from territoires.errors import InvalidRequest
from territoires.indicators import Indicator
from territoires.initiatives import Directory
from territoires.tables.writing import write_csv
from territoires.territory import territory_from_code
from territoires.workspace import Workspace

_LEVELS = ("commune", "epci")
_DEFAULT_COUNT = "20"


@click.command("semblables", cls=FrenchCommand)
@click.argument("codes", nargs=-1, metavar="CODE...")
@click.option("-o", "--sortie", metavar="FICHIER", help="Fichier CSV à écrire.")
@click.option(
    "--indicateurs",
    metavar="CODE[=POIDS],…",
    help="Ce qui est comparé ; par défaut, une liste choisie parmi ce qui est là.",
)
@click.option(
    "--taille",
    metavar="TAILLE",
    default="meme",
    help="meme (par défaut), voisines, toutes, ou des classes : 2000-4999,5000-9999.",
)
@area_options
@click.option(
    "--nombre",
    metavar="N",
    default=_DEFAULT_COUNT,
    help=f"Nombre de lignes ; {_DEFAULT_COUNT} par défaut.",
)
@click.option(
    "--plusieurs",
    metavar="proche|profil",
    default="proche",
    help="Plusieurs CODE : distance au plus proche (par défaut), ou à leur profil médian.",
)
@click.option(
    "--niveau",
    metavar="commune|epci",
    default="commune",
    help="Ce qui est comparé : les communes (par défaut), ou les EPCI.",
)
@click.option("--type", "types", metavar="TYPE,…", help="Types d'initiatives à dire.")
@click.option("--statut", "statuts", metavar="STATUT,…", help="Statuts d'initiatives à dire.")
@click.option(
    "--avec-initiative", is_flag=True, help="Seulement là où il y en a une : qui le fait ?"
)
@click.option("--sans-initiative", is_flag=True, help="Seulement là où on n'en connaît pas : où ?")
@click.option("--details", is_flag=True, help="Ajoute valeurs et écarts de chaque indicateur.")
@excel_option
def semblables(codes: tuple[str, ...], sortie: str | None, **options: Any) -> int:
    """Donne les territoires semblables à un ou plusieurs autres.

    CODE : commune (30350), com:…, epci:…, dep:…, ou un nom sans homonyme. Pour chaque territoire
    trouvé : la distance (0 : pareil), ce qui se ressemble, ce qui diffère, et les initiatives
    connues sur place.
    """
    _check_words(codes, sortie, options)
    workspace = current_workspace()
    rules = load_likeness_rules(workspace.settings.data_dir)
    references = _references(workspace, codes, rules)
    found = initiatives_by_place(
        workspace.register, _chosen(workspace.directory, options), options["niveau"]
    )
    query = _query(workspace, rules, options, found)
    places = workspace.indicators_by(query.level)
    alike = find_alike(places, references, query, rules)
    table = alike_table(workspace.register, alike, found, details=options["details"])
    content = write_csv(table, excel=options["excel"])
    give_csv(content, sortie)
    _tell(alike, sortie)
    return 0


def _check_words(codes: tuple[str, ...], path: str | None, options: Mapping[str, Any]) -> None:
    if not codes:
        message = "Il manque un CODE, par exemple : territoires semblables 30350 -o semblables.csv."
        raise click.UsageError(message)
    check_csv_name(path)
    if options["niveau"] not in _LEVELS:
        message = f"Niveau inconnu : « {options['niveau'][:40]} ». Choix : {', '.join(_LEVELS)}."
        raise InvalidRequest(message)
    if options["plusieurs"] not in SEVERAL:
        message = f"--plusieurs : « {options['plusieurs'][:40]} ». Choix : {', '.join(SEVERAL)}."
        raise InvalidRequest(message)
    if options["avec_initiative"] and options["sans_initiative"]:
        message = "--avec-initiative et --sans-initiative s'excluent."
        raise click.UsageError(message)


def _references(
    workspace: Workspace, codes: Iterable[str], rules: LikenessRules
) -> tuple[Profile, ...]:
    typed = [read_reference(workspace.register, code) for code in codes]
    for one in typed:
        if one.note:
            say(one.note)
    territories = [one.territory for one in typed]
    return profiles_of(workspace.indicators, territories, rules.thresholds.min_part)


def _query(
    workspace: Workspace,
    rules: LikenessRules,
    options: Mapping[str, Any],
    found: Mapping[str, tuple[str, ...]],
) -> AlikeQuery:
    catalogue = workspace.indicators.catalogue
    asked = _words(options["indicateurs"])
    criteria = tuple(_criterion(word, catalogue) for word in asked)
    return AlikeQuery(
        criteria=criteria if asked else rules.criteria_for(catalogue),
        level=options["niveau"],
        sizes=_sizes(options["taille"]),
        universe=_universe(workspace, options, found),
        several=options["plusieurs"],
        count=_count(options["nombre"]),
    )


def _criterion(word: str, catalogue: Mapping[str, Indicator]) -> Criterion:
    code, equal, weight = word.partition("=")
    check_indicator(code, catalogue)
    if not equal:
        return Criterion(code)
    try:
        return Criterion(code, float(weight.replace(",", ".")))
    except ValueError as error:
        message = f"Poids de « {code} » : un nombre est attendu, « {weight[:20]} » lu."
        raise InvalidRequest(message) from error


def _sizes(typed: str) -> str | tuple[str, ...]:
    return typed if typed in SIZE_MODES else tuple(_words(typed))


def _count(typed: str) -> int:
    if not typed.isdecimal() or len(typed) > 6:
        message = f"--nombre : un nombre entier est attendu, « {typed[:20]} » lu."
        raise InvalidRequest(message)
    return int(typed)


def _universe(
    workspace: Workspace, options: Mapping[str, Any], found: Mapping[str, tuple[str, ...]]
) -> frozenset[str] | None:
    """Return the places that may be listed; ``None`` for all of them."""
    register, level = workspace.register, options["niveau"]
    areas = [
        places_of(register, territory_from_code(register, code).communes, level)
        for code in asked_areas(workspace, options)
    ]
    presence = _presence(options)
    kept = listed_places(workspace.indicators_by(level).values.index, areas, found, presence)
    if kept is not None and not kept and presence == WITH:
        message = (
            "Aucune initiative de ce choix n'est connue ici : retirez --avec-initiative, "
            "--type ou --statut, ou cherchez plus large."
        )
        raise InvalidRequest(message)
    return kept


def _presence(options: Mapping[str, Any]) -> str:
    if options["avec_initiative"]:
        return WITH
    return WITHOUT if options["sans_initiative"] else ANYWHERE


def _chosen(directory: Directory, options: Mapping[str, Any]) -> Directory:
    words = directory.vocabularies
    types, statuses = _words(options["types"]), _words(options["statuts"])
    _refuse_unknown("Type d'initiative", types, words.types.codes)
    _refuse_unknown("Statut d'initiative", statuses, words.statuses.codes)
    return directory.filter(types=types or None, statuses=statuses or None)


def _refuse_unknown(what: str, codes: Iterable[str], known: Iterable[str]) -> None:
    choices = list(known)
    for code in codes:
        if code not in choices:
            message = f"{what} inconnu : « {code[:40]} ». Choix : {', '.join(choices)}."
            raise InvalidRequest(message)


def _words(typed: str | None) -> list[str]:
    return [word.strip() for word in (typed or "").split(",") if word.strip()]


def _tell(alike: AlikeList, path: str | None) -> None:
    where = f" dans {path}" if path else ""
    say(
        f"{plural(len(alike.frame), 'territoire', 'territoires')}{where}, sur "
        f"{compared_sentence(alike)} : {', '.join(alike.query.codes)}."
    )
    for reservation in reservations(alike):
        say(reservation)
    say(alike.rules.verdict.sentence)
