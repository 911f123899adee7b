"""The tab « Comparer deux recettes »: who comes in, who goes out, how alike the rankings are."""

from __future__ import annotations

import math
from collections.abc import Hashable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from territoires.errors import InvalidRequest
from territoires.indicators import format_number
from territoires.needs import Recipe
from territoires.needs.comparison import AFTER, BEFORE, SHIFT, Comparison, compare
from territoires.needs.story import Story
from territoires.territory import Territoire
from territoires.ui.charts import CELLS, CHOSEN, ENTERING, LEAVING, Marked, as_image, rank_chart
from territoires.ui.index_table import download_csv
from territoires.ui.markup import escape_markdown, key_figures, text
from territoires.ui.need_results import NeedQuestion
from territoires.ui.places_shown import code_of, place_names
from territoires.ui.recipe_file import recipe_uploader
from territoires.ui.recipe_store import MINE, my_recipe, my_recipe_label
from territoires.ui.recipe_use import base_recipe
from territoires.ui.state import PageState
from territoires.ui.widgets import choose
from territoires.workspace import Workspace

_FILE = "fichier"
_KEPT, _REFUSED = "recette.comparee", "recette.comparee_refusee"
_ROWS = 50


def comparison_tab(
    state: PageState, question: NeedQuestion, code: str, story: Story, place: Territoire | None,
    top: int,
) -> None:  # fmt: skip
    """Draw the choice of another recipe, then what it changes.

    Parameters
    ----------
    code : str
        The recipe in use: a shipped one, or ``MINE``.
    """
    other = _other_recipe(state, question.workspace, code)
    if other is None:
        st.info("Il n'y a pas d'autre recette ici : donnez un fichier, ou modifiez celle-ci.")
        return
    try:
        second = question.with_recipe(other)
        found = compare(question.index(), second.index(), top=top)
    except InvalidRequest as error:
        st.warning(escape_markdown(str(error)))
        return
    _results(question, second, found, story, place)


def _other_recipe(state: PageState, workspace: Workspace, code: str) -> Recipe | None:
    recipes = {key: one for key, one in workspace.recipes.items() if key != code}
    mine, given = my_recipe(), st.session_state.get(_KEPT)
    if mine is not None and code != MINE:
        recipes[MINE] = mine
    if given is not None:
        recipes[_FILE] = given
    if not recipes:
        _give_file(state, workspace)
        return None
    base = base_recipe(workspace)
    chosen = choose(
        state, "comparer", "Comparer avec", tuple(recipes),
        show=lambda key: my_recipe_label(mine) if key == MINE and mine else recipes[key].name,
        default=base if base in recipes else next(iter(recipes)),
    )  # fmt: skip
    _give_file(state, workspace)
    return recipes[chosen]


def _give_file(state: PageState, workspace: Workspace) -> None:
    with st.expander("Comparer avec une recette d'un fichier", key=state.key("comparer_fichier")):
        recipe_uploader(
            workspace, state.key("fichier_compare"), "Fichier .toml", partial(_keep_file, state)
        )
        problem = st.session_state.pop(_REFUSED, "")
        if problem:
            st.error(escape_markdown(problem))


def _keep_file(state: PageState, recipe: Recipe | None, problem: str) -> None:
    st.session_state[_REFUSED] = problem
    if recipe is not None:
        st.session_state[_KEPT] = recipe
        st.session_state[state.key("comparer")] = _FILE


def _results(
    question: NeedQuestion, second: NeedQuestion, found: Comparison, story: Story,
    place: Territoire | None,
) -> None:  # fmt: skip
    st.html(f'<div class="t-sheet">{key_figures(_figures(found))}</div>')
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        st.html(chart(question, second, found, place))
    with right:
        register, level = question.workspace.register, question.level
        st.html(
            _moves(f"Entrent dans les {found.top} premiers", found.entering, register, level)
            + _moves(f"Sortent des {found.top} premiers", found.leaving, register, level)
        )
    title = f"Comparaison : {question.recipe.name} et {second.recipe.name}"
    download_csv(title, lambda: comparison_table(question, second, found), question, story)


def _figures(found: Comparison) -> list[tuple[str, str]]:
    same = "sans objet" if math.isnan(found.spearman) else format_number(found.spearman, 2)
    return [
        (same, "corrélation des rangs (1 : même ordre)"),
        (format_number(found.staying), f"restent dans les {found.top} premiers"),
        (format_number(len(found.entering)), "entrent"),
        (format_number(len(found.leaving)), "sortent"),
    ]


def chart(
    question: NeedQuestion, second: NeedQuestion, found: Comparison, place: Territoire | None
) -> str:
    """Return the chart of the two rankings, the movers and the chosen place marked."""
    marked = _marked(question, found.leaving, LEAVING) + _marked(question, found.entering, ENTERING)
    code = code_of(place)
    if place and code in found.both.index:
        row = found.both.loc[[code]].iloc[0]
        marked.append(Marked(CHOSEN, place.nom, int(row[BEFORE]), int(row[AFTER])))
    same = "" if math.isnan(found.spearman) else f"Corrélation {format_number(found.spearman, 2)}. "
    description = (
        f"{same}{len(found.entering)} entrent dans les {found.top} premiers, "
        f"{len(found.leaving)} en sortent."
    )
    drawn = rank_chart(
        found.grid(CELLS), found.counts, (question.recipe.name, second.recipe.name), marked,
        description,
    )  # fmt: skip
    return (
        f'<figure class="t-figure">{as_image(drawn, description)}<p>Plus c\'est foncé, plus il y '
        "a de lieux ; sur la diagonale, le rang est le même. ● entrent, ○ sortent.</p></figure>"
    )


def _marked(question: NeedQuestion, rows: pd.DataFrame, kind: str) -> list[Marked]:
    ranked = rows.dropna(subset=[SHIFT])
    names = place_names(question.workspace.register, question.level, ranked.index)
    pairs = ranked[[BEFORE, AFTER]].to_numpy(dtype=int)
    return [
        Marked(kind, str(name), int(across), int(down))
        for name, (across, down) in zip(names, pairs, strict=True)
    ]


def _moves(title: str, rows: pd.DataFrame, register: Any, level: str) -> str:
    if rows.empty:
        return f'<div class="t-sheet"><h3>{text(title)}</h3><p>Aucun lieu.</p></div>'
    names = place_names(register, level, rows.index[:_ROWS])
    lines = "".join(
        _move(str(name), row)
        for name, row in zip(names, rows.head(_ROWS).to_dict("records"), strict=True)
    )
    head = '<tr><th scope="col">Lieu</th><td>rang</td><td>rang, l\'autre recette</td></tr>'
    return (
        f'<div class="t-sheet"><h3>{text(title)} ({len(rows)})</h3><div class="t-scroll">'
        f'<table class="t-rows">{head}{lines}</table></div></div>'
    )


def _move(name: str, row: dict[Hashable, Any]) -> str:
    cells = "".join(f"<td>{_rank(row[column])}</td>" for column in (BEFORE, AFTER))
    return f'<tr><th scope="row">{text(name)}</th>{cells}</tr>'


def _rank(rank: Any) -> str:
    return "non classé" if pd.isna(rank) else format_number(int(rank))


def comparison_table(
    question: NeedQuestion, second: NeedQuestion, found: Comparison
) -> pd.DataFrame:
    """Return every place with its rank under each recipe, under French headings."""
    places = found.ranks.sort_values(BEFORE, na_position="last", kind="stable").index
    ranks = found.ranks.loc[places]
    moves = np.select(
        [places.isin(found.entering.index), places.isin(found.leaving.index)],
        ["entre", "sort"],
        "",
    )
    return pd.DataFrame(
        {
            "Code": places,
            "Lieu": place_names(question.workspace.register, question.level, places).to_numpy(),
            f"Rang : {question.recipe.name}": ranks[BEFORE].array,
            f"Rang : {second.recipe.name} (comparée)": ranks[AFTER].array,
            "Rangs perdus": ranks[SHIFT].array,
            f"Les {found.top} premiers": moves,
        }
    )
