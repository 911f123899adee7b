"""The few shapes our charts are made of; every text in them is escaped."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape

INK, QUIET, LINE, ACCENT, PALE = "#1c2826", "#5a6664", "#d5dcda", "#0b5d57", "#a9cbc6"
_FONTS = "Source Sans, Source Sans Pro, system-ui, Helvetica, Arial, sans-serif"


def picture(width: float, height: float, title: str, description: str, parts: Iterable[str]) -> str:
    """Return a picture, whole by itself.

    Parameters
    ----------
    width, height : float
        Of its own units.
    title, description : str
        What it shows, for who does not see it.
    parts : iterable of str
        SVG.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'width="{width:g}" height="{height:g}" font-family="{_FONTS}"><title>{escape(title)}'
        f"</title><desc>{escape(description)}</desc>{''.join(parts)}</svg>"
    )


def as_image(picture: str, description: str) -> str:
    """Return a picture as an HTML image that holds it whole; Streamlit takes SVG tags out.

    Parameters
    ----------
    picture : str
        SVG; empty gives nothing.
    description : str
        What it shows, for who does not see it.
    """
    if not picture:
        return ""
    content = base64.b64encode(picture.encode()).decode()
    source = f"data:image/svg+xml;base64,{content}"
    return f'<img class="t-chart" src="{source}" alt="{escape(description)}">'


def box(x: float, y: float, width: float, height: float, fill: str, opacity: float = 1.0) -> str:
    """Return a rectangle."""
    seen = "" if opacity == 1.0 else f' fill-opacity="{opacity:.2f}"'
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" '
        f'fill="{fill}"{seen}/>'
    )


def line(
    x1: float, y1: float, x2: float, y2: float, colour: str = LINE, width: float = 1.0,
    *, dashed: bool = False,
) -> str:  # fmt: skip
    """Return a straight line."""
    dashes = ' stroke-dasharray="3 3"' if dashed else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width:g}"{dashes}/>'
    )


def words(
    x: float, y: float, text: str, *, anchor: str = "middle", colour: str = QUIET,
    size: float = 11, bold: bool = False,
) -> str:  # fmt: skip
    """Return a text; ``anchor`` is ``start``, ``middle`` or ``end``."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" '
        f'font-size="{size:g}"{weight}>{escape(text)}</text>'
    )


def boxes_path(corners: Iterable[tuple[float, float]], width: float, height: float) -> str:
    """Return the outline of many equal boxes, as one path's data."""
    return "".join(f"M{x:.1f} {y:.1f}h{width:g}v{height:g}h-{width:g}z" for x, y in corners)


def inside(text: str, least: float, most: float, x: float, size: float = 11) -> tuple[float, str]:
    """Return where a text goes and its anchor, so that it stays between two limits."""
    half = len(text) * size * 0.28
    if x - half < least:
        return least, "start"
    if x + half > most:
        return most, "end"
    return x, "middle"
