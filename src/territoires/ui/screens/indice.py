"""Indice de besoins: a recipe made, looked at on the map, attacked, compared, explained, shared."""

from __future__ import annotations

import streamlit as st

from territoires.errors import InvalidRequest
from territoires.maps import MapSpec, legend_html
from territoires.needs import Recipe
from territoires.territory import Territoire
from territoires.ui.appearance import WIDER_SIDEBAR
from territoires.ui.colour_choice import choose_level
from territoires.ui.comparison_view import comparison_tab
from territoires.ui.distributions_view import distributions_tab
from territoires.ui.filters import Scope
from territoires.ui.index_sheet import first_places, place_block
from territoires.ui.index_table import table_tab
from territoires.ui.map_view import draw_map, follow_scope
from territoires.ui.markup import escape_markdown
from territoires.ui.members_box import choose_scope
from territoires.ui.need_results import NeedQuestion
from territoires.ui.official_notice import official_notice
from territoires.ui.page import run_page
from territoires.ui.place_choice import at_level, current_place, outlined, quick_views
from territoires.ui.place_sheet import heading
from territoires.ui.recipe_file import file_form
from territoires.ui.recipe_form import choose_and_name, indicators_form
from territoires.ui.recipe_method import method_form
from territoires.ui.recipe_use import recipe_in_use, refusal
from territoires.ui.robustness_view import robustness_tab
from territoires.ui.selection_store import offer_to_select
from territoires.ui.state import PageState
from territoires.ui.story_view import story_of, story_tab
from territoires.ui.widgets import choose_number, open_tab
from territoires.workspace import Workspace

TABS = {
    "distributions": "Distributions",
    "solidite": "Solidité",
    "comparer": "Comparer deux recettes",
    "methode": "Comment ce score est fait",
    "tableau": "Tableau",
}
_FIRST_ONES = 50


def _draw(workspace: Workspace, state: PageState) -> None:
    st.html(WIDER_SIDEBAR)
    st.title("Indice de besoins")
    official_notice(workspace)
    code, recipe = recipe_in_use(state, workspace)
    searching, choosing = st.columns([2, 1], gap="medium")
    with choosing:
        level = choose_level(state)
    with st.sidebar:
        scope, top = _sidebar(workspace, state, code, recipe, level)
    question = NeedQuestion(workspace, recipe, level, scope)
    follow_scope(state, workspace, scope)
    with searching:
        place = at_level(workspace, current_place(state, workspace, level), level)
    try:
        question.index()
    except InvalidRequest as error:
        st.error(escape_markdown(str(error)))
        return
    left, right = st.columns([1.35, 1], gap="medium")
    with left:
        _map_column(state, question, place)
    with right:
        _place_column(state, question, place, top)
    _tabs(state, question, code, place, top)


def _sidebar(
    workspace: Workspace, state: PageState, code: str, recipe: Recipe, level: str
) -> tuple[Scope, int]:
    problem = refusal()
    if problem:
        st.error(escape_markdown(problem))
    table = workspace.indicators_by(level)
    choose_and_name(state, workspace, code, recipe)
    indicators_form(state, workspace, recipe, table)
    method_form(state, workspace, recipe, table)
    file_form(state, workspace, recipe)
    st.subheader("Qui est comparé")
    scope = choose_scope(state, workspace)
    top = choose_number(
        state, "premiers", "Les premiers (nombre)", default=_FIRST_ONES, least=1, most=5_000,
        step=10, help_text="Pour « toujours, souvent, parfois parmi les premiers », et pour ce "
        "qui change d'une recette à l'autre.",
    )  # fmt: skip
    return scope, top or _FIRST_ONES


def _map_column(state: PageState, question: NeedQuestion, place: Territoire | None) -> None:
    workspace, scope = question.workspace, question.scope
    spec = MapSpec.for_recipe(
        question.recipe, level=question.level, universe=scope.code,
        version=workspace.colours.version,
    )  # fmt: skip
    quick_views(state)
    draw_map(state, workspace, spec, (), outlined(workspace, scope, place))
    st.html(legend_html(workspace.colours, spec, question.recipe.name))


def _place_column(
    state: PageState, question: NeedQuestion, place: Territoire | None, top: int
) -> None:
    if place is None:
        st.markdown(
            "**Cliquez un lieu sur la carte**, ou cherchez-le : son score, son rang et ce qui les "
            "fait s'ouvrent ici."
        )
        st.html(first_places(question))
        return
    st.html(heading(question.workspace, place))
    offer_to_select(state, place)
    st.html(place_block(question, place, top))


def _tabs(
    state: PageState, question: NeedQuestion, code: str, place: Territoire | None, top: int
) -> None:
    """Draw the open tab only: the others would be worked out for nobody."""
    chosen, tabs = open_tab(state, TABS)
    with tabs[chosen]:
        _tab(state, chosen, question, code, place, top)


def _tab(
    state: PageState, chosen: str, question: NeedQuestion, code: str, place: Territoire | None,
    top: int,
) -> None:  # fmt: skip
    if chosen == "distributions":
        distributions_tab(question, place)
        return
    story = story_of(question)
    if chosen == "solidite":
        robustness_tab(state, question, story, place, top)
    elif chosen == "comparer":
        comparison_tab(state, question, code, story, place, top)
    elif chosen == "methode":
        story_tab(question, story)
    else:
        table_tab(question, story, top)


run_page("indice", _draw)
