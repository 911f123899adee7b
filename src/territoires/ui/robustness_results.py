"""What a test found: the first ones and how sure they are, the choice that counts most, doubles."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd
import streamlit as st

from territoires.indicators import format_interval, format_number, format_share
from territoires.needs import Correlation, Influence, choice_label
from territoires.needs.robustness import FREQUENCIES
from territoires.needs.story import Story
from territoires.territory import Territoire
from territoires.territory.levels import AMONG
from territoires.ui.charts import interval_bar
from territoires.ui.index_table import download_csv
from territoires.ui.markup import bar, text
from territoires.ui.need_results import NeedQuestion, Tested
from territoires.ui.places_shown import code_of, place_names

_MOST_ROWS = 100
_MOST_CHOICES = 6
_NAME, _RANK, _BEST, _WORST = "Lieu", "Rang", "Rang, au mieux", "Rang, au pire"
_WORD, _SHARE = "Parmi les premiers", "Part des tirages"


def results(
    question: NeedQuestion, story: Story, tested: Tested, place: Territoire | None, top: int
) -> None:
    """Draw what a test found."""
    left, right = st.columns([1.4, 1], gap="large")
    with left:
        st.html(influence_block(question, tested))
    with right:
        st.html(coherence_block(question, tested.correlations))
    st.subheader(f"Les {format_number(top)} premiers, et jusqu'où leur rang tient")
    code = code_of(place)
    st.html(first_ones(question, tested, top, code))
    if tested.robustness.index.count:
        download_csv(
            f"Solidité : {question.recipe.name}",
            lambda: table_of_ranks(question, tested, top), question, story,
        )  # fmt: skip


def influence_block(question: NeedQuestion, tested: Tested) -> str:
    """Return which choice moves the ranks most, then the others, as HTML."""
    head = '<div class="t-sheet"><h3>Le choix qui déplace le plus les rangs</h3>'
    if not tested.influences:
        return (
            f"{head}<p>Une règle n'a que ses seuils à déplacer : l'épreuve les déplace.</p></div>"
        )
    labels = {code: one.label for code, one in question.table.catalogue.items()}
    first, *_ = tested.influences
    rows = "".join(
        _choice_row(one, labels, first.share) for one in tested.influences[:_MOST_CHOICES]
    )
    return (
        f'{head}<p class="t-why"><b>{text(_start(choice_label(first, labels)))}</b> : '
        f"{_moved(question, first)}.</p>"
        f'<table class="t-rows">{rows}</table></div>'
    )


def _choice_row(one: Influence, labels: dict[str, str], most: float) -> str:
    gauge = bar(one.share / most if most else 0.0)
    return (
        f'<tr><th scope="row">{text(_start(choice_label(one, labels)))}</th>'
        f"<td>{text(format_number(one.mean_shift))} rangs{gauge}</td></tr>"
    )


def _moved(question: NeedQuestion, one: Influence) -> str:
    share = format_share(one.share, 1)
    return (
        f"les {AMONG[question.level]} bougent de {text(format_number(one.mean_shift))} rangs en "
        f"moyenne, soit {text(share)} du classement"
    )


def coherence_block(question: NeedQuestion, found: tuple[Correlation, ...]) -> str:
    """Return what counts twice or cancels out inside a dimension, as HTML."""
    warned = [one for one in found if one.is_too_alike or one.is_opposed]
    head = '<div class="t-sheet"><h3>Indicateurs d\'une même dimension</h3>'
    if not found:
        return f"{head}<p>Aucune dimension n'a deux indicateurs à comparer.</p></div>"
    if not warned:
        fine = "Aucun ne compte deux fois la même chose, aucun n'en contredit un autre."
        return f"{head}<p>{fine}</p></div>"
    lines = "".join(f"<li>{_correlation(question, one)}</li>" for one in warned)
    return f'{head}<ul class="t-list">{lines}</ul></div>'


def _correlation(question: NeedQuestion, one: Correlation) -> str:
    catalogue = question.table.catalogue
    pair = f"« {catalogue[one.first].label} » et « {catalogue[one.second].label} »"
    verdict = "comptent deux fois la même chose" if one.r > 0 else "se contredisent"
    named = {dimension.code: dimension.label for dimension in question.recipe.dimensions}
    where = f" ({named[one.dimension]})" if one.dimension else ""
    return text(f"{pair}{where} {verdict} : corrélation {format_number(one.r, 2)}")


def first_ones(question: NeedQuestion, tested: Tested, top: int, code: str) -> str:
    """Return the table of the first ones, and the chosen place when it is not one, as HTML.

    Parameters
    ----------
    top : int
        How many are the first ones.
    code : str
        The chosen place; empty for none.
    """
    ranks = tested.robustness.index.rank
    first = ranks[(ranks <= top).fillna(value=False)].sort_values(kind="stable").index
    shown = list(first[:_MOST_ROWS])
    if code in ranks.index and pd.notna(ranks[code]) and code not in shown:
        shown.append(code)
    table = table_of_ranks(question, tested, top, shown)
    # The chosen place may stand far below: the bars are those of the first ones.
    last = int(table[_WORST].head(max(1, min(len(first), _MOST_ROWS))).max()) if shown else 1
    rows = "".join(
        _row(row, last, chosen=at == code)
        for at, row in zip(shown, table.to_dict("records"), strict=True)
    )
    more = len(first) - _MOST_ROWS
    note = f'<p class="t-note">… et {more} autres, dans le fichier.</p>' if more > 0 else ""
    headings = ("Rang", "Lieu", "Intervalle du rang", f"Parmi les {top} premiers")
    heads = "".join(f'<th scope="col">{text(heading)}</th>' for heading in headings)
    return (
        f'<div class="t-sheet"><table class="t-rows t-first"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>{note}</div>"
    )


def _row(row: dict[Hashable, Any], last: int, *, chosen: bool) -> str:
    rank, best, worst = (int(row[name]) for name in (_RANK, _BEST, _WORST))
    interval = format_interval(best, worst)
    share = format_share(float(row[_SHARE]))
    mark = ' class="t-chosen"' if chosen else ""
    word = text(row[_WORD])
    word = f"<b>{word}</b>" if row[_WORD] == FREQUENCIES[0] else word
    return (
        f'<tr{mark}><td>{format_number(rank)}</td><th scope="row">{text(row[_NAME])}</th>'
        f"<td>{interval_bar(rank, best, worst, last)}<span>{interval}</span></td>"
        f"<td>{word} <small>{share}</small></td></tr>"
    )


def table_of_ranks(
    question: NeedQuestion, tested: Tested, top: int, shown: list[str] | None = None
) -> pd.DataFrame:
    """Return ranked places with their interval, under French headings, by rank.

    Parameters
    ----------
    shown : list of str, optional
        Those wanted; all by default.
    """
    robustness = tested.robustness
    ranks = robustness.index.rank.dropna().sort_values(kind="stable")
    ranks = ranks if shown is None else ranks.loc[shown]
    places = ranks.index
    return pd.DataFrame(
        {
            "Code": places,
            _NAME: place_names(question.workspace.register, question.level, places),
            _RANK: ranks,
            _BEST: robustness.best.loc[places],
            _WORST: robustness.worst.loc[places],
            _WORD: robustness.frequency(top).loc[places],
            _SHARE: robustness.share_in_top(top).loc[places],
        },
        index=places,
    )


def _start(words: str) -> str:
    return words[:1].upper() + words[1:]
