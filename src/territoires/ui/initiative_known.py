"""What is known of an initiative, on the page as on its printed sheet: the same words."""

from __future__ import annotations

from collections.abc import Iterable

from territoires.exports.sheets import InitiativeSheet
from territoires.exports.sheets.content import IndexReading, Line
from territoires.exports.sheets.letters import LONGEST, on_one_line
from territoires.ui.markup import dot, key_figures, link, missing, text

NOT_GIVEN = "non renseigné"
_LONGEST_SHOWN = 1_500
_LINK_LETTERS = 60


def known_block(sheet: InitiativeSheet) -> str:
    """Return a sheet as HTML: facts, long fields, needs of its territory; empty is said."""
    parts = [
        f"<h2>{dot(sheet.colour)}{text(sheet.title)}</h2>",
        f'<p class="t-sub">{text(sheet.subtitle)}</p>',
        _rows(sheet.facts),
        "<h3>Ce que l'on en sait</h3>",
        *(_field(line) for line in sheet.fields),
        _territory(sheet),
        f'<p class="t-note">{text(sheet.sources[0])}</p>',
    ]
    return f'<div class="t-sheet t-card">{"".join(parts)}</div>'


def _rows(lines: Iterable[Line]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{text(line.label)}</th><td class="t-words">{_said(line)}</td></tr>'
        for line in lines
    )
    return f'<table class="t-rows t-named">{rows}</table>'


def _said(line: Line) -> str:
    if not line.text:
        return missing(NOT_GIVEN)
    return link(line.url, line.text[:_LINK_LETTERS]) if line.url else text(line.text)


def _field(line: Line) -> str:
    return f"<h4>{text(line.label)}</h4>{_paragraph(line.text)}"


def _paragraph(words: str) -> str:
    if not words:
        return f"<p>{missing(NOT_GIVEN)}</p>"
    shown = f'<p class="t-typed" dir="auto">{text(words[:_LONGEST_SHOWN])}</p>'
    if len(words) <= _LONGEST_SHOWN:
        return shown
    rest = text(words[_LONGEST_SHOWN:LONGEST])
    return (
        f'{shown}<details class="t-why"><summary>La suite</summary>'
        f'<p class="t-typed" dir="auto">{rest}</p></details>'
    )


def _territory(sheet: InitiativeSheet) -> str:
    if not sheet.place_title:
        return f"<h3>Son territoire</h3><p>{missing('lieu inconnu : pas de besoins à montrer')}</p>"
    needs = "".join(
        f"<li><b>{text(need.label)}</b> : {text(on_one_line(need.text, _LONGEST_SHOWN))}</li>"
        for need in sheet.needs
    )
    observed = f'<ul class="t-list">{needs}</ul>' if needs else (
        '<p class="t-note">Aucun besoin observé sur le terrain n\'y est recensé.</p>'
    )  # fmt: skip
    title = f'<h3>Son territoire</h3><p class="t-sub">{text(sheet.place_title)}</p>'
    return title + _index(sheet.index) + observed


def _index(index: IndexReading | None) -> str:
    if index is None:
        return ""
    figures = key_figures((figure.value, figure.label) for figure in index.figures)
    return f"<h4>{text(index.title)}</h4>{figures}"
