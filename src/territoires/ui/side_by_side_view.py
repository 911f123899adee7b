"""Places of a list side by side: the table, its maps at one scale, what is printed and sent."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
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
from territoires.ui.markup import escape_markdown, text
from territoires.ui.need_results import NeedQuestion
from territoires.ui.page import Finish
from territoires.ui.printing import print_button, printed
from territoires.ui.provenance import provenance
from territoires.ui.recipe_choice import choose_recipe
from territoires.ui.side_by_side_choice import Named, chosen_places
from territoires.ui.side_by_side_draws import (
    DRAWS,
    Draws,
    draws_of,
    progress_words,
    stop_draws,
)
from territoires.ui.state import PageState
from territoires.ui.widgets import choose_number
from territoires.workspace import Workspace

_RADIUS_KM = 20
_maps: Kept[Hashable, tuple[str, ...]] = Kept(most=16)


def side_by_side_view(
    workspace: Workspace, state: PageState, selection: Shortlist
) -> Finish | None:
    """Draw the choices, then the comparison, or what to do to have one.

    Returns
    -------
    callable or None
        Waits for what is not there yet and shows it, once all the rest of the page is drawn.
    """
    places = chosen_places(workspace, state, selection)
    index, distance, _rest = st.columns([1.6, 0.9, 2])
    with index:
        recipe = choose_recipe(state, workspace)[1]
    with distance:
        radius = choose_number(
            state, "rayon", "Rayon (km)", default=_RADIUS_KM, least=1, most=200, step=5,
            help_text="Des initiatives autour, à vol d'oiseau.",
        ) or _RADIUS_KM  # fmt: skip
    if len(places) < FEWEST:
        st.info(_too_few(places))
        return None
    questions = _questions(workspace, recipe, places)
    references = {
        level: Reference(level, question.table, question.index())
        for level, question in questions.items()
    }
    found = side_by_side(
        workspace.register, references, session_directory(workspace), places,
        radius_km=float(radius),
    )  # fmt: skip
    draws = draws_of(
        references, [place for place, _name in places], _key(questions["commune"], places)
    )
    return _show(state, Written(workspace, f"{selection.nom} : comparaison", recipe, found), draws)


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


@dataclass(frozen=True, eq=False)
class Written:
    """A comparison as HTML, with the intervals that there are when it is asked for."""

    workspace: Workspace
    title: str
    recipe: Recipe
    found: SideBySide

    def content(self, draws: Draws) -> str:
        """Return the table and what must be known to read it."""
        drawn = draws.intervals
        found = self.found if drawn is None else self.found.with_intervals(drawn)
        pending = PENDING if draws.is_pending else "non calculé"
        sections = layout(found, self.workspace.vocabularies, no_interval=pending)
        told = remarks(found, None if drawn is None else DRAWS)
        return comparison_html(found, sections, _maps_of(self.workspace, found), told)

    def provenance(self) -> tuple[str, ...]:
        """Return where the figures come from."""
        indicators = tuple(self.found.indicators.values())
        return provenance(self.workspace, indicators, recipe=self.recipe)

    def page(self, draws: Draws) -> bytes:
        """Return the page that is sent; intervals that are not there yet are not calculated."""
        return comparison_page(self.title, self.content(draws.settled()), self.provenance())

    def block(self, draws: Draws) -> str:
        """Return what the page shows, and prints with its sources."""
        sources = "".join(f"<li>{text(line)}</li>" for line in self.provenance())
        return printed(
            f'<h2 class="p-only">{text(self.title)}</h2>{self.content(draws)}'
            f'<ul class="c-told p-only">{sources}</ul>'
        )


def _show(state: PageState, written: Written, draws: Draws) -> Finish | None:
    with st.container(horizontal=True, vertical_alignment="center"):
        print_button(state.key("imprimer"))
        st.download_button(
            "Télécharger : page à imprimer (HTML)", partial(written.page, draws),
            file_name(written.title, ".html"), "text/html; charset=utf-8", on_click="ignore",
        )  # fmt: skip
        bar, stop = st.empty(), st.empty()
    st.html(f"<style>{comparison_style()}</style>")
    table = st.empty()
    table.html(written.block(draws))
    if draws.problem:
        bar.caption(f"Intervalles des rangs : {escape_markdown(draws.problem)}")
    if not draws.is_pending:
        return None
    stop.button(
        "Arrêter", key=state.key("comparer.arreter"), on_click=stop_draws, args=(draws.key,)
    )

    def finish() -> None:
        over = draws.wait(lambda share: bar.progress(share, progress_words(share), width=320))
        stop.empty()
        bar.empty()
        if over.problem:
            bar.caption(f"Intervalles des rangs : {escape_markdown(over.problem)}")
        table.html(written.block(over))

    return finish


def _maps_of(workspace: Workspace, found: SideBySide) -> tuple[str, ...]:
    places = [column.place for column in found.columns]
    key = (tuple(place.code for place in places), workspace.register.version)
    return _maps.get_or_make(key, lambda: maps_at_one_scale(workspace.register, places))
