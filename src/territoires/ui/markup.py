"""Small pieces of HTML, every text in them escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

_MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~$:")


def text(value: object) -> str:
    """Escape a value for HTML."""
    return escape(str(value), quote=True)


def escape_markdown(value: str) -> str:
    """Escape a text for Streamlit's Markdown."""
    return "".join(f"\\{letter}" if letter in _MARKDOWN else letter for letter in value)


def without_markdown(value: str) -> str:
    """Return a text as the name of a widget, which Streamlit reads as Markdown and says aloud."""
    return " ".join("".join(" " if letter in _MARKDOWN else letter for letter in value).split())


def paragraph(value: str) -> str:
    """Return a paragraph of plain text."""
    return f'<p class="t-sheet">{text(value)}</p>'


def reason(sentence: str) -> str:
    """Return a sentence that begins with what it is about, which stands out."""
    about, colon, rest = sentence.partition(" : ")
    return f'<p class="t-why"><b>{text(about)}</b>{text(colon + rest)}</p>'


def axes_legend(colours: Iterable[tuple[str, str]]) -> str:
    """Return the colours of the initiatives' circles: (colour, label)."""
    items = "".join(f"<li>{dot(colour)}{text(label)}</li>" for colour, label in colours)
    return f'<ul class="t-axes" aria-label="Couleurs des initiatives">{items}</ul>'


def link(address: str, label: str) -> str:
    """Return a link to a public page, or plain text when the address is not http(s)."""
    if urlsplit(address).scheme not in {"http", "https"}:
        return text(label)
    return f'<a href="{text(address)}" target="_blank" rel="noopener noreferrer">{text(label)}</a>'


def missing(reason: str = "non disponible") -> str:
    """Say that a value is missing, and why."""
    return f'<span class="t-none">{text(reason)}</span>'


def key_figures(figures: Iterable[tuple[str, str]]) -> str:
    """Return a row of figures: (value, label)."""
    cells = "".join(
        f"<div><b>{text(v)}</b><span>{text(label)}</span></div>" for v, label in figures
    )
    return f'<div class="t-key">{cells}</div>'


def bar(share: float) -> str:
    """Return a thin bar filled to a share between 0 and 1."""
    width = max(0.0, min(1.0, share)) * 100
    return f'<div class="t-bar" aria-hidden="true"><i style="width:{width:.0f}%"></i></div>'


def dot(colour: str) -> str:
    """Return a coloured dot (colours come from our own data files, still escaped)."""
    return f'<i class="t-dot" style="background:{text(colour)}"></i>'
