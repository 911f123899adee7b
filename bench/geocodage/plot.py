"""The bars of what becomes of each list, as an SVG drawn by hand: same figures, same file."""

from __future__ import annotations

from collections.abc import Sequence

from bench.geocodage.peers import ADDOK, MERGE
from bench.geocodage.study import LISTED, LOST, MISLED, OUTCOMES, PROPOSED, RIGHT, WRONG, Result
from territoires.indicators import format_share

_COLOURS = {
    RIGHT: "#0072b2",
    PROPOSED: "#56b4e9",
    LISTED: "#b9ddf2",
    MISLED: "#e6c35c",
    LOST: "#bdbdbd",
    WRONG: "#c1272d",
}
_LEFT, _BAR, _RIGHT, _ROW, _TOP, _HEAD = 380, 520, 90, 22, 96, 30
_INK, _PEER = "#222222", "#000000"
_TITLE = "Ce que devient chaque ligne d’une liste"


def draw(results: Sequence[Result]) -> str:
    """Return the picture: one bar by list, one heading by group, a tick for the peer."""
    groups = list(dict.fromkeys(one.trial.group for one in results))
    height = _TOP + len(results) * _ROW + len(groups) * _HEAD + 16
    width = _LEFT + _BAR + _RIGHT
    bars, y = [], float(_TOP)
    for group in groups:
        bars.append(_text(16, y + 18, group, weight="bold"))
        y += _HEAD
        for one in (each for each in results if each.trial.group == group):
            bars.append(_bar(one, y))
            y += _ROW
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"
 aria-labelledby="titre description" font-family="Helvetica, Arial, sans-serif" font-size="13">
<title id="titre">{_TITLE}</title>
<desc id="description">{_description(results)}</desc>
<rect width="{width}" height="{height}" fill="#ffffff"/>
{_text(16, 26, _TITLE, weight="bold", size=15)}
{_legend()}
{chr(10).join(bars)}
</svg>
"""


def _bar(result: Result, top: float) -> str:
    parts, x = [_text(_LEFT - 10, top + 13, result.trial.name, anchor="end")], float(_LEFT)
    for outcome in OUTCOMES:
        wide = result.share(outcome) * _BAR
        if wide > 0:
            parts.append(
                f'<rect x="{x:.1f}" y="{top:.1f}" width="{max(wide, 0.6):.1f}" height="{_ROW - 6}"'
                f' fill="{_COLOURS[outcome]}"/>'
            )
        x += wide
    for name, peer in result.peers.items():
        parts.append(_mark(name, _LEFT + peer.right * _BAR, top))
    parts.append(_text(_LEFT + _BAR + 8, top + 13, format_share(result.share(RIGHT), 1)))
    return "\n".join(parts)


def _legend() -> str:
    parts = []
    for at, outcome in enumerate(OUTCOMES):
        x, y = 16 + (at % 3) * 300, 44 + (at // 3) * 20
        box = f'<rect x="{x}" y="{y}" width="14" height="12" fill="{_COLOURS[outcome]}"/>'
        parts.append(box + _text(x + 20, y + 11, outcome))
    for row, name in enumerate((MERGE, ADDOK)):
        top = 44.0 + row * 20
        parts.append(_mark(name, 916, top - 2) + _text(926, top + 11, name))
    return "\n".join(parts)


def _mark(peer: str, at: float, top: float) -> str:
    """Return what shows a peer's share of right rows: a tick for one, a ring for the other."""
    if peer == MERGE:
        return (
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{top - 2:.1f}" y2="{top + _ROW - 4:.1f}"'
            f' stroke="{_PEER}" stroke-width="2.5"/>'
        )
    return (
        f'<circle cx="{at:.1f}" cy="{top + (_ROW - 6) / 2:.1f}" r="4.5" fill="#ffffff"'
        f' stroke="{_PEER}" stroke-width="2"/>'
    )


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", weight: str = "normal", size: int = 13
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}"'
        f' font-size="{size}" fill="{_INK}">{words}</text>'
    )


def _description(results: Sequence[Result]) -> str:
    told = [
        f"{one.trial.group}, {one.trial.name} : {format_share(one.share(RIGHT), 1)} de justes."
        for one in results
    ]
    return " ".join(told)
