"""A comparison as HTML: one table, every text in it escaped; and the whole page that prints."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from territoires.exports.side_by_side.cells import Cell, Line, Section
from territoires.exports.side_by_side.layout import column_notes
from territoires.shortlist.side_by_side import STRONGEST, SideBySide

_FIRST_REM, _EACH_REM = 8, 8.5  # no column narrower: beyond the screen, the table scrolls
_SIGNS = {True: "▲", False: "▽"}
# Whatever a name or a note may hold, the page loads nothing and runs nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def comparison_table_html(
    comparison: SideBySide, sections: Sequence[Section], maps: Sequence[str] = ()
) -> str:
    """Write the table: a column per territory, a row per subject.

    Parameters
    ----------
    sections : sequence of Section
        As :func:`layout` gives them.
    maps : sequence of str
        An ``<svg>`` for each territory, all at one scale; or none.
    """
    names = [column.name for column in comparison.columns]
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    places = "".join(f"<td>{_notes(column_notes(column))}</td>" for column in comparison.columns)
    least = _FIRST_REM + _EACH_REM * len(names)
    body = "".join(_section(section, len(names)) for section in sections)
    return (
        '<div class="c-box" tabindex="0" role="region" aria-label="Comparaison des territoires">'
        f'<table class="c-table" style="min-width:{least:g}rem">'
        f"<caption>Comparaison : {escape(', '.join(names))}</caption>"
        f'<colgroup><col class="c-first"><col span="{len(names)}"></colgroup>'
        f'<thead><tr><th scope="col">Territoire</th>{heads}</tr></thead>'
        f'<tbody><tr><th scope="row">Où</th>{places}</tr>{_maps_row(names, maps)}</tbody>'
        f"{body}</table></div>"
    )


def comparison_html(
    comparison: SideBySide, sections: Sequence[Section], maps: Sequence[str],
    told: Iterable[str],
) -> str:  # fmt: skip
    """Write the table and what must be known to read it.

    Parameters
    ----------
    told : iterable of str
        Sentences, as :func:`remarks` gives them.
    """
    items = "".join(f"<li>{escape(one)}</li>" for one in told)
    table = comparison_table_html(comparison, sections, maps)
    return f'{table}<ul class="c-told">{items}</ul>'


def comparison_page(title: str, content: str, provenance: Iterable[str]) -> bytes:
    """Write a whole page that opens without network and prints.

    Parameters
    ----------
    title : str
        Anyone's words.
    content : str
        HTML, as :func:`comparison_html` gives it.
    provenance : iterable of str
        Where the figures come from, one statement a line.

    Returns
    -------
    bytes
        UTF-8.
    """
    sources = "".join(f"<li>{escape(line)}</li>" for line in provenance)
    page = (
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{comparison_style()}</style></head>"
        f'<body class="c-page"><h1>{escape(title)}</h1>{content}'
        f'<h2>Sources</h2><ul class="c-told">{sources}</ul></body></html>'
    )
    # Half of a pair of UTF-16, which a browser may send, has no UTF-8.
    return page.encode("utf-8", errors="replace")


@cache
def comparison_style() -> str:
    """Return the style sheet of the table, on a screen and on paper."""
    return (files(__package__) / "comparaison.css").read_text(encoding="utf-8")


def _section(section: Section, columns: int) -> str:
    note = f"<small>{escape(section.note)}</small>" if section.note else ""
    head = (
        f'<tr class="c-section"><th colspan="{columns + 1}" scope="rowgroup">'
        f"<span>{escape(section.title)}{note}</span></th></tr>"
    )
    return f"<tbody>{head}{''.join(map(_line, section.lines))}</tbody>"


def _line(line: Line) -> str:
    cells = "".join(map(_cell, line.cells))
    return f'<tr><th scope="row">{escape(line.label)}{_notes(line.notes)}</th>{cells}</tr>'


def _cell(cell: Cell) -> str:
    shown = escape(cell.text)
    told = f'<span class="c-none">{shown}</span>' if cell.is_missing else f"<b>{shown}</b>"
    return f"<td>{told}{_mark(cell.mark)}{_bar(cell.share)}{_notes(cell.notes)}</td>"


def _mark(mark: str) -> str:
    if not mark:
        return ""
    return f' <span class="c-mark">{_SIGNS[mark == STRONGEST]} {escape(mark)}</span>'


def _bar(share: float | None) -> str:
    if share is None:
        return ""
    width = 100 * max(0.0, min(1.0, share))
    return f'<div class="c-bar" aria-hidden="true"><i style="width:{width:.0f}%"></i></div>'


def _notes(notes: Iterable[str]) -> str:
    return "".join(f"<small>{escape(note)}</small>" for note in notes)


def _maps_row(names: Sequence[str], maps: Sequence[str]) -> str:
    if not maps:
        return ""
    cells = "".join(
        f'<td><img class="c-map" src="{_data_address(drawing)}" alt="Carte : {escape(name)}"></td>'
        for name, drawing in zip(names, maps, strict=True)
    )
    label = '<th scope="row">Carte<small>toutes à la même échelle</small></th>'
    return f"<tr>{label}{cells}</tr>"


def _data_address(drawing: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"
