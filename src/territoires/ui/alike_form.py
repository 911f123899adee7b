"""What is asked of the likeness view: which initiatives, compared on what, of which size, where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import streamlit as st

from territoires.candidates.alike import (
    ANYWHERE,
    SEVERAL,
    SIZE_MODES,
    WITH,
    WITHOUT,
    AlikeQuery,
    Criterion,
    LikenessRules,
    Several,
)
from territoires.indicators import Indicator
from territoires.territory import Territoire
from territoires.ui.alike_search import ChosenInitiatives
from territoires.ui.directory_store import session_directory
from territoires.ui.query_form import choose_initiatives, choose_preset
from territoires.ui.state import PageState
from territoires.ui.widgets import choose, choose_many, choose_number, choose_one_of_few
from territoires.workspace import Workspace

PRESENCES = {
    WITH: "Qui le fait déjà, dans un lieu comme le mien ?",
    WITHOUT: "Où d'autre ?",
    ANYWHERE: "Tous les lieux semblables",
}
_LEVELS = {"commune": "Communes", "epci": "EPCI"}
_SIZES = dict(zip(SIZE_MODES, ("La même", "Voisines", "Toutes"), strict=True))
_SEVERAL = dict(zip(SEVERAL, ("au plus proche d'entre eux", "à leur profil médian"), strict=True))
_DEFAULT_COUNT = 20
_MAX_COUNT = 500


def choose_kinds(state: PageState, workspace: Workspace) -> ChosenInitiatives:
    """Draw the scheme and which initiatives count."""
    preset = choose_preset(state, workspace)
    st.subheader("Ce qui existe déjà")
    types, statuses = choose_initiatives(state, workspace, preset)
    directory = session_directory(workspace)
    kept = directory.filter(types=types or None, statuses=statuses or None)
    return ChosenInitiatives(kept, types, statuses)


def choose_presence(state: PageState) -> str:
    """Draw the question: learning where it is done, spreading where it is not, or both."""
    return choose_one_of_few(
        state, "question", "Question", tuple(PRESENCES), show=lambda code: PRESENCES[code]
    )


def choose_comparison(
    state: PageState, workspace: Workspace, rules: LikenessRules, references: Sequence[Territoire]
) -> AlikeQuery:
    """Draw what is compared, on what, of which size, and how many are shown.

    Raises
    ------
    InvalidRequest
        As :class:`AlikeQuery`.
    """
    st.subheader("Comparer")
    level = choose_one_of_few(
        state, "niveau", "À des", tuple(_LEVELS), show=lambda code: _LEVELS[code]
    )
    _advise_level(level, references)
    criteria = _choose_criteria(state, workspace.indicators.catalogue, rules)
    sizes = choose_one_of_few(
        state, "taille", "De quelle taille", tuple(_SIZES), show=lambda code: _SIZES[code]
    )
    several: Several = "proche"
    if len(references) > 1:
        chosen = choose(
            state, "plusieurs", "Plusieurs lieux : distance", SEVERAL,
            show=lambda code: _SEVERAL[code],
        )  # fmt: skip
        several = cast("Several", chosen)
    count = choose_number(
        state, "combien", "Nombre de lieux", default=_DEFAULT_COUNT, least=1, most=_MAX_COUNT
    )
    return AlikeQuery(
        criteria=criteria, level=level, sizes=sizes, several=several, count=count or _DEFAULT_COUNT
    )


def _advise_level(level: str, references: Sequence[Territoire]) -> None:
    if level == "commune" and references and all(one.niveau == "epci" for one in references):
        st.caption("La référence est un EPCI : comparez-la à des EPCI, ou à des communes de même "
                   "taille.")  # fmt: skip


def _choose_criteria(
    state: PageState, catalogue: Mapping[str, Indicator], rules: LikenessRules
) -> tuple[Criterion, ...]:
    """Draw which indicators count; the weights of the rules hold, 1 for what they do not name."""
    usual = {one.code: one for one in rules.criteria_for(catalogue)}
    offered = [code for code, one in catalogue.items() if one.rankable]
    chosen = choose_many(
        state, "criteres", "Sur quoi", tuple(offered), show=lambda code: _label(catalogue[code]),
        default=tuple(usual), placeholder="Les critères habituels",
        help_text="Chacun compte autant. Un chiffre départemental ne distingue pas deux communes "
        "d'un même département.",
    )  # fmt: skip
    if not chosen:
        st.caption("Aucun critère choisi : les critères habituels sont repris.")
    return tuple(usual.get(code) or Criterion(code) for code in chosen or usual)


def _label(indicator: Indicator) -> str:
    marks = [indicator.of_place] if indicator.is_wider and "(" not in indicator.label else []
    marks += [indicator.caution] if indicator.caution else []
    return f"{indicator.label} ({', '.join(marks)})" if marks else indicator.label
