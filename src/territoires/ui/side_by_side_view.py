"""Places of a list side by side: the table, its maps at one scale, what is printed and sent."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial

import streamlit as st

from territoires.exports.registry import file_name
from territoires.exports.side_by_side import (
    PENDING,
    comparison_html,
    comparison_page,
    comparison_style,
    layout,
    remarks,
)
from territoires.maps.small_maps import maps_at_one_scale
from territoires.needs import Recipe
from territoires.shortlist import Shortlist
from territoires.shortlist.side_by_side import (
    FEWEST,
    LEVELS,
    Reference,
    SideBySide,
    level_of,
    side_by_side,
)
from territoires.ui.directory_store import session_directory
from territoires.ui.kept import Kept
from territoires.ui.markup import text
from territoires.ui.need_results import NeedQuestion
from territoires.ui.printing import print_button, printed
from territoires.ui.provenance import provenance
from territoires.ui.side_by_side_choice import Named, chosen_places, chosen_recipe
from territoires.ui.side_by_side_draws import DRAWS, Draws, draw_progress, intervals_of
from territoires.ui.state import PageState
from territoires.ui.widgets import choose_number
from territoires.workspace import Workspace

_RADIUS_KM = 20
_maps: Kept[Hashable, tuple[str, ...]] = Kept(most=16)


def side_by_side_view(workspace: Workspace, state: PageState, selection: Shortlist) -> None:
    """Draw the choices, then the comparison, or what to do to have one."""
    places = chosen_places(workspace, state, selection)
    index, distance, _rest = st.columns([1.6, 0.9, 2])
    with index:
        recipe = chosen_recipe(workspace, state)
    with distance:
        radius = choose_number(
            state, "rayon", "Rayon (km)", default=_RADIUS_KM, least=1, most=200, step=5,
            help_text="Des initiatives autour, à vol d'oiseau.",
        ) or _RADIUS_KM  # fmt: skip
    if len(places) < FEWEST:
        st.info(_too_few(places))
        return
    questions = _questions(workspace, recipe, places)
    references = {
        level: Reference(level, question.table, question.index())
        for level, question in questions.items()
    }
    draws = intervals_of(
        references, [place for place, _name in places], _key(questions["commune"], places)
    )
    found = side_by_side(
        workspace.register, references, session_directory(workspace), places,
        radius_km=float(radius), intervals=draws.intervals,
    )  # fmt: skip
    _show(workspace, state, selection.nom, recipe, found, draws)


def _too_few(places: Sequence[Named]) -> str:
    if places:
        return "Choisissez au moins un autre lieu ci-dessus : une comparaison en réunit de 2 à 6."
    return (
        "Choisissez ci-dessus de 2 à 6 lieux de cette liste. S'il en manque, ajoutez-les par leur "
        "nom, ou depuis les pages Carte et Territoires candidats."
    )


def _questions(
    workspace: Workspace, recipe: Recipe, places: Sequence[Named]
) -> dict[str, NeedQuestion]:
    """Return the index of communes, and that of the other levels that are met."""
    met = {LEVELS[0], *(level_of(place) for place, _name in places)}
    return {level: NeedQuestion(workspace, recipe, level) for level in LEVELS if level in met}


def _key(question: NeedQuestion, places: Sequence[Named]) -> Hashable:
    return "cote a cote", frozenset(place.code for place, _name in places), question.key, DRAWS


def _show(
    workspace: Workspace, state: PageState, title: str, recipe: Recipe, found: SideBySide,
    draws: Draws,
) -> None:  # fmt: skip
    pending = "non calculé" if draws.problem else PENDING
    sections = layout(found, workspace.vocabularies, no_interval=pending)
    plan = None if draws.intervals is None else DRAWS
    content = comparison_html(found, sections, _maps_of(workspace, found), remarks(found, plan))
    lines = provenance(workspace, tuple(found.indicators.values()), recipe=recipe)
    heading = f"{title} : comparaison"
    draw_progress(state, draws)
    with st.container(horizontal=True):
        print_button(state.key("imprimer"))
        st.download_button(
            "Télécharger : page à imprimer (HTML)",
            partial(comparison_page, heading, content, lines),
            file_name(heading, ".html"), "text/html; charset=utf-8", on_click="ignore",
        )  # fmt: skip
    on_paper = "".join(f"<li>{text(line)}</li>" for line in lines)
    st.html(f"<style>{comparison_style()}</style>")
    st.html(printed(
        f'<h2 class="p-only">{text(heading)}</h2>{content}'
        f'<ul class="c-told p-only">{on_paper}</ul>'
    ))  # fmt: skip


def _maps_of(workspace: Workspace, found: SideBySide) -> tuple[str, ...]:
    places = [column.place for column in found.columns]
    key = (tuple(place.code for place in places), workspace.register.version)
    return _maps.get_or_make(key, lambda: maps_at_one_scale(workspace.register, places))
