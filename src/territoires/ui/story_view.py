"""The tab « Comment ce score est fait »: the story of the recipe, and who is not ranked."""

from __future__ import annotations

import re

import streamlit as st

from territoires.needs.story import Scene, Section, Story, tell
from territoires.ui.index_table import unranked_list
from territoires.ui.markup import link, text
from territoires.ui.need_results import NeedQuestion

_FOLDED = "Indicateurs"
_ADDRESS = re.compile(r"https://[^\s,;]+[^\s,;.]")


def story_of(question: NeedQuestion) -> Story:
    """Write how the index of a question is made."""
    scene = Scene(question.level, question.scope.label, question.key[3])
    return tell(question.index(), question.recipe, question.table, scene)


def story_tab(question: NeedQuestion, story: Story) -> None:
    """Draw the story, then the places that are not ranked."""
    st.html(story_html(story))
    unranked_list(question, story)


def story_html(story: Story) -> str:
    """Return a story as HTML; the indicators, long, are folded one by one."""
    return f'<div class="t-story">{"".join(map(_section, story.sections))}</div>'


def _section(section: Section) -> str:
    body = "".join(
        _folded(paragraph) if section.title == _FOLDED else f"<p>{_linked(paragraph)}</p>"
        for paragraph in section.paragraphs
    )
    return f"<section><h3>{text(section.title)}</h3>{body}</section>"


def _folded(paragraph: str) -> str:
    first, stop, rest = paragraph.partition(". ")
    return (
        f"<details><summary>{text(first + stop.strip())}</summary><p>{_linked(rest)}</p></details>"
    )


def _linked(paragraph: str) -> str:
    """Escape a paragraph, its public addresses as links."""
    parts, end = [], 0
    for found in _ADDRESS.finditer(paragraph):
        parts += [text(paragraph[end : found.start()]), link(found[0], found[0])]
        end = found.end()
    return "".join([*parts, text(paragraph[end:])])
