"""Why a place is alike: in plain words, then figure by figure, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from territoires.candidates.alike import (
    AlikeList,
    Comparison,
    common_points,
    comparisons,
    differences,
    not_compared,
)
from territoires.candidates.wording import sentence_start
from territoires.indicators import format_number, format_rank, format_value
from territoires.initiatives import Directory, Vocabularies
from territoires.ui.alike_points import DISTANCE_DECIMALS
from territoires.ui.alike_search import AlikeFound
from territoires.ui.markup import link, text
from territoires.ui.places_shown import place_names
from territoires.workspace import Workspace

_MOST_NAMED = 6


def likeness_html(workspace: Workspace, found: AlikeFound, place: str) -> str:
    """Say what is alike, what differs, what is unknown and who acts there, for one place."""
    alike = found.alike
    compared, target = comparisons(alike, place), alike.target_of(place)
    (name,) = place_names(workspace.register, found.level, [place])
    (row,) = alike.ranked.loc[[place]].to_dict("records")
    distance = format_number(row["distance"], DISTANCE_DECIMALS)
    lines = [
        ("Points communs", common_points(alike, compared)),
        ("Différences", differences(alike, compared)),
        ("Non comparé, faute de chiffre", not_compared(alike, place)),
    ]
    told = "".join(f"<br><b>{label} :</b> {text(words)}." for label, words in lines if words)
    return (
        f'<div class="t-why"><b>{text(format_rank(int(row["rang"])))} : {text(name)}</b>, '
        f"distance {distance}, comparé à {text(target.nom)}.{told}"
        f"{_acting_there(found, place)}{_figure_by_figure(alike, place, compared)}</div>"
    )


def initiative_names(directory: Directory, identifiers: Iterable[str]) -> list[str]:
    """Return the names of initiatives, as they were typed."""
    return [str(directory.frame.loc[one, "nom"]) for one in identifiers]


def _acting_there(found: AlikeFound, place: str) -> str:
    identifiers = found.here.get(place, ())
    if not identifiers:
        return ""
    directory = found.question.initiatives.directory
    rows = directory.frame.loc[list(identifiers[:_MOST_NAMED])].to_dict("records")
    shown = " ; ".join(_initiative(directory.vocabularies, row) for row in rows)
    more = len(identifiers) - _MOST_NAMED
    tail = f" ; et {more} autre{'s' if more > 1 else ''}" if more > 0 else ""
    return f"<br><b>Sur place :</b> {shown}{tail}."


def _initiative(words: Vocabularies, row: Mapping[Any, Any]) -> str:
    marks = [words.types.label(row["type"])]
    if row["statut"] not in {"", "inconnu"}:
        marks.append(words.statuses.label(row["statut"]).lower())
    if row["perimetre"]:
        marks.append(f"périmètre : {words.perimeters.label(row['perimetre']).lower()}")
    source = f", {link(str(row['source_url']), 'source')}" if row["source_url"] else ""
    return f"{link(str(row['site_web']), str(row['nom']))} ({text(', '.join(marks))}{source})"


def _figure_by_figure(alike: AlikeList, place: str, compared: Iterable[Comparison]) -> str:
    rows = "".join(_figure(one) for one in compared)
    return (
        "<details><summary>Chiffre par chiffre</summary>"
        '<table class="t-rows"><tr><th scope="col">Indicateur</th><td>ici</td>'
        f"<td>{text(sentence_start(alike.target_of(place).nom))}</td><td>écart de rang</td></tr>"
        f"{rows}</table></details>"
    )


def _figure(one: Comparison) -> str:
    here = format_value(one.indicator, one.value, one.status)
    there = format_value(one.indicator, one.reference_value, one.reference_status)
    return (
        f'<tr><th scope="row">{text(one.indicator.label)}</th><td>{text(here)}</td>'
        f"<td>{text(there)}</td><td>{format_number(one.gap, DISTANCE_DECIMALS)}</td></tr>"
    )
