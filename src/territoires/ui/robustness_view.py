"""The tab « Solidité »: the recipe put to the test, and what is left of its ranking."""

from __future__ import annotations

import streamlit as st

from territoires.errors import InvalidRequest
from territoires.indicators import format_number, format_share
from territoires.needs import DrawPlan
from territoires.needs.rule_draws import THRESHOLD_SHIFT
from territoires.needs.story import Story
from territoires.territory import Territoire
from territoires.ui.background import Awaited, Progress, jobs
from territoires.ui.markup import escape_markdown
from territoires.ui.need_results import NeedQuestion, ResultKey, Tested, put_to_the_test
from territoires.ui.robustness_results import results
from territoires.ui.state import PageState
from territoires.ui.widgets import choose, choose_number, choose_one_of_few

_EVERY_SECONDS = 0.4
_DRAWS = ("200", "500", "1000", "2000")
_USUAL_DRAWS = str(DrawPlan().count)
_WEIGHTS = {"uniforme": "Chaque poids, d'une marge", "dirichlet": "Tous ensemble (Dirichlet)"}
_awaited = Awaited("epreuve.attendue")

TestKey = tuple[ResultKey, DrawPlan]


def robustness_tab(
    state: PageState, question: NeedQuestion, story: Story, place: Territoire | None, top: int
) -> None:
    """Draw the settings, the button or the progress, and the last results."""
    rule = question.recipe.is_rule
    moved = (
        f"seuils déplacés de {THRESHOLD_SHIFT:.0f} centiles au plus, un critère retiré"
        if rule
        else "poids, mise à la même échelle, moyenne, un indicateur retiré"
    )
    st.markdown(
        "Une recette est un choix parmi d'autres aussi défendables. L'épreuve en tire au sort un "
        f"grand nombre ({moved}) et reclasse tout à chaque fois : ce qui tient dans presque tous "
        "les tirages peut être affirmé."
    )
    plan = _plan(state, rule=rule)
    key = (question.key, plan)
    _awaited.leave(but=key)  # its recipe or settings are not those looked at any more
    tested = question.tested()
    job = jobs.find(key)
    if job is not None and not job.is_over:
        _progress(state, key)
        return
    if job is not None and job.problem:
        st.error(escape_markdown(job.problem))
    if tested is None or tested.robustness.plan != plan:
        st.button(
            f"Mettre à l'épreuve ({format_number(plan.count)} tirages)", type="primary",
            key=state.key("eprouver"), on_click=_start, args=(question, plan),
        )  # fmt: skip
    if tested is not None:
        st.caption(_made_with(tested))
        results(question, story, tested, place, top)


def _plan(state: PageState, *, rule: bool) -> DrawPlan:
    """Draw the settings; a rule has no weights to move."""
    usual = DrawPlan()
    with st.expander("Réglages des tirages", key=state.key("reglages")):
        draws = choose_one_of_few(
            state, "tirages", "Tirages", (_USUAL_DRAWS, *(n for n in _DRAWS if n != _USUAL_DRAWS)),
            show=lambda count: format_number(int(count)),
        )  # fmt: skip
        weights, margin = (usual.weights, usual.margin) if rule else _weight_draws(state)
        seed = choose_number(
            state, "graine", "Graine du tirage", default=usual.seed, most=999_999_999,
            help_text="La même graine donne les mêmes tirages.",
        )  # fmt: skip
    return DrawPlan(
        count=int(draws), seed=usual.seed if seed is None else seed, weights=weights, margin=margin
    )


def _weight_draws(state: PageState) -> tuple[str, float]:
    weights = choose(
        state, "tirage_poids", "Poids tirés", tuple(_WEIGHTS), show=lambda one: _WEIGHTS[one]
    )
    if weights != "uniforme":
        return weights, DrawPlan().margin
    margin = choose_number(
        state, "marge", "Marge (%)", default=round(DrawPlan().margin * 100), least=0, most=95,
        step=5, help_text="25 : chaque poids varie d'un quart, en plus ou en moins.",
    )  # fmt: skip
    return weights, (margin or 0) / 100


def _start(question: NeedQuestion, plan: DrawPlan) -> None:
    key = (question.key, plan)

    def work(progress: Progress) -> object:
        return put_to_the_test(question, plan, progress)

    try:
        _awaited.start(key, work)
    except InvalidRequest as error:
        st.toast(escape_markdown(str(error)))


@st.fragment(run_every=_EVERY_SECONDS)
def _progress(state: PageState, key: TestKey) -> None:
    """Draw the progress of a test alone, several times a second; then the page, once it is over."""
    job = jobs.find(key)
    if job is None or job.is_over:
        st.rerun()
    else:
        st.progress(min(job.share, 1.0), text=f"Épreuve en cours : {format_share(job.share)}")
        st.button("Arrêter", key=state.key("arreter"), on_click=_awaited.leave)


def _made_with(tested: Tested) -> str:
    plan = tested.robustness.plan
    if tested.robustness.index.recipe.is_rule:
        moved = "seuils déplacés"
    elif plan.weights == "uniforme":
        moved = f"poids à ± {format_share(plan.margin)}, méthode tirée aussi"
    else:
        moved = "poids tirés selon une loi de Dirichlet, méthode tirée aussi"
    return (
        f"{format_number(plan.count)} tirages, {moved}, un indicateur retiré dans "
        f"{format_share(plan.leave_out)} d'entre eux ; graine {plan.seed}. Intervalle : du 5e au "
        "95e centile des rangs."
    )
