"""The territories that one looks like: searched for, taken from initiatives, or in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from territoires.candidates.alike import initiative_territories
from territoires.candidates.wording import format_inhabitants
from territoires.errors import InvalidRequest, UnknownTerritory
from territoires.initiatives import Directory
from territoires.territory import Territoire, territory_from_code
from territoires.ui.markup import escape_markdown
from territoires.ui.place_search import search_box
from territoires.ui.state import PageState, split
from territoires.ui.widgets import choose_many
from territoires.workspace import Workspace

MOST_REFERENCES = 60
_NAME = "lieux"
_LONGEST_NAME = 60


def choose_references(
    state: PageState, workspace: Workspace, directory: Directory
) -> tuple[Territoire, ...]:
    """Draw the search box and the list of what was chosen; return the territories.

    Parameters
    ----------
    directory : Directory
        Filtered: those of its initiatives whose perimeter is whole communes are offered too.
    """
    register = workspace.register
    offered = {one.code: one for one in initiative_territories(register, directory).values()}
    _start(state, workspace)
    asking, chosen_ones = st.columns([1, 1.4], gap="medium")
    with asking:
        searched = search_box(state, register)
    if searched:
        _add(state, [searched])
    chosen = {code: territory_from_code(register, code) for code in _codes(state)}
    known = chosen | offered
    with chosen_ones:
        codes = _choose(state, known, offered)
    return tuple(known[code] for code in codes[:MOST_REFERENCES])


def _choose(
    state: PageState, known: Mapping[str, Territoire], offered: Mapping[str, Territoire]
) -> tuple[str, ...]:
    """Draw what was chosen, to be taken out, and what is offered, to be taken."""
    names = {code: _label(one, is_initiative=code in offered) for code, one in known.items()}
    codes = choose_many(
        state, _NAME, "Semblables à", tuple(known), show=lambda code: names[code],
        placeholder="Cherchez un lieu, ou choisissez ici celui d'une initiative",
        help_text="Un ou plusieurs lieux. La liste propose aussi les territoires des initiatives "
        "choisies dont le périmètre est fait de communes entières : des autres, aucun chiffre "
        "n'est connu.",
    )  # fmt: skip
    if len(offered) > 1 and not set(offered) <= set(codes):
        st.button(
            f"Prendre les {len(offered)} territoires d'initiatives", type="tertiary",
            key=state.key("lieux_tous"), on_click=_add, args=(state, tuple(offered)),
        )  # fmt: skip
    return codes


def _start(state: PageState, workspace: Workspace) -> None:
    """Take the places of the address, once; those that do not exist here are told."""
    key = state.key(_NAME)
    if key in st.session_state:
        return
    st.session_state[key] = []
    for code in split(state.first_value(_NAME))[:MOST_REFERENCES]:
        try:
            territory = territory_from_code(workspace.register, code)
        except (InvalidRequest, UnknownTerritory) as error:
            st.warning(f"Un lieu de cette adresse n'existe pas ici. {escape_markdown(str(error))}")
        else:
            _add(state, [territory.code])


def _codes(state: PageState) -> list[str]:
    codes: list[str] = st.session_state[state.key(_NAME)]
    return codes


def _add(state: PageState, codes: Iterable[str]) -> None:
    known = dict.fromkeys([*_codes(state), *codes])
    st.session_state[state.key(_NAME)] = list(known)[:MOST_REFERENCES]


def _label(place: Territoire, *, is_initiative: bool) -> str:
    """Name a place so that it is not taken for a namesake: code of a commune, size of others."""
    name = place.nom[:_LONGEST_NAME]
    if place.niveau == "commune":
        name = f"{name} ({place.communes[0]})"
    elif place.population is not None:
        name = f"{name} ({format_inhabitants(place.population)})"
    return f"{name} · initiative" if is_initiative else name
