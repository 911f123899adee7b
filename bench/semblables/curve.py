"""The curve of what is found, as an SVG drawn by hand: the same figures give the same file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bench.semblables.study import DEFAULT_METHOD, PRINCIPAL, SHARES, TOP, Floats, Result

_PANEL, _GAP, _LEFT, _TOP = 320, 64, 56, 62
_LIKENESS, _POPULATION, _CHANCE, _INK = "#0072b2", "#b34700", "#6b6b6b", "#222222"
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_TITLE = "Communes cachées retrouvées, selon la part des communes comparées que l’on regarde"


def draw(results: Sequence[Result]) -> str:
    """Return the picture: one panel by set of figures, principal universe."""
    width = _LEFT + len(results) * (_PANEL + _GAP)
    height = _TOP + _PANEL + 84
    panels = "\n".join(_panel(one, _LEFT + at * (_PANEL + _GAP)) for at, one in enumerate(results))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"
 aria-labelledby="titre description" font-family="Helvetica, Arial, sans-serif" font-size="13">
<title id="titre">{_TITLE}</title>
<desc id="description">{_description(results)}</desc>
<rect width="{width}" height="{height}" fill="#ffffff"/>
<text x="{_LEFT}" y="24" font-size="15" font-weight="bold" fill="{_INK}">{_TITLE}</text>
{panels}
</svg>
"""


def _panel(result: Result, left: int) -> str:
    likeness = _curves(result, DEFAULT_METHOD)
    population = _curves(result, result.best_population(PRINCIPAL))
    top = left + TOP * _PANEL
    return "\n".join(
        [
            f'<text x="{left}" y="{_TOP - 12}" fill="{_INK}">{result.pack.label}</text>',
            *_axes(left),
            f'<polygon points="{_band(likeness, left)}" fill="{_LIKENESS}" opacity="0.15"/>',
            f'<line x1="{top:.1f}" x2="{top:.1f}" y1="{_TOP}" y2="{_TOP + _PANEL}"'
            f' stroke="{_INK}" stroke-dasharray="2 3"/>',
            f'<line x1="{left}" y1="{_TOP + _PANEL}" x2="{left + _PANEL}" y2="{_TOP}"'
            f' stroke="{_CHANCE}" stroke-dasharray="1 4" stroke-width="2"/>',
            f'<polyline points="{_line(np.median(population, axis=0), left)}" fill="none"'
            f' stroke="{_POPULATION}" stroke-width="2.5" stroke-dasharray="8 4"/>',
            f'<polyline points="{_line(np.median(likeness, axis=0), left)}" fill="none"'
            f' stroke="{_LIKENESS}" stroke-width="2.5"/>',
            *_legend(left),
        ]
    )


def _axes(left: int) -> list[str]:
    bottom = _TOP + _PANEL
    lines = [
        f'<rect x="{left}" y="{_TOP}" width="{_PANEL}" height="{_PANEL}" fill="none"'
        f' stroke="{_CHANCE}"/>'
    ]
    for tick in _TICKS:
        x, y = left + tick * _PANEL, bottom - tick * _PANEL
        words = f"{tick * 100:.0f} %"
        lines += [
            _words(x, bottom + 18, words, "middle"),
            _words(left - 6, y + 4, words, "end"),
        ]
    return [
        *lines,
        _words(
            left + _PANEL / 2,
            bottom + 38,
            "part des communes comparées, les plus proches d’abord",
            "middle",
        ),
    ]


def _words(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{_INK}">{words}</text>'


def _legend(left: int) -> list[str]:
    entries = (
        (_LIKENESS, "", "ressemblance"),
        (_POPULATION, "8 4", "population seule"),
        (_CHANCE, "1 4", "hasard"),
    )
    lines, x, y = [], left, _TOP + _PANEL + 62
    for colour, dashes, words in entries:
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        lines += [
            f'<line x1="{x}" x2="{x + 26}" y1="{y - 4}" y2="{y - 4}" stroke="{colour}"'
            f' stroke-width="2.5"{dashed}/>',
            f'<text x="{x + 32}" y="{y}" fill="{_INK}">{words}</text>',
        ]
        x += 48 + 7 * len(words)
    return lines


def _curves(result: Result, method: str) -> Floats:
    """Return what each split finds for each share of the communes, shape (splits, shares)."""
    return np.array([result.recalls(PRINCIPAL, method, float(share)) for share in SHARES]).T


def _line(values: Floats, left: int) -> str:
    bottom = _TOP + _PANEL
    return " ".join(
        f"{left + x * _PANEL:.1f},{bottom - y * _PANEL:.1f}"
        for x, y in zip(SHARES, values, strict=True)
    )


def _band(curves: Floats, left: int) -> str:
    low, high = np.percentile(curves, [2.5, 97.5], axis=0)
    back = " ".join(reversed(_line(low, left).split(" ")))
    return f"{_line(high, left)} {back}"


def _description(results: Sequence[Result]) -> str:
    told = []
    for one in results:
        mine = float(np.median(one.recalls(PRINCIPAL, DEFAULT_METHOD)))
        best = one.best_population(PRINCIPAL)
        other = float(np.median(one.recalls(PRINCIPAL, best)))
        told.append(
            f"{one.pack.label} : dans le premier dixième, {mine * 100:.0f} % par ressemblance, "
            f"{other * 100:.0f} % par population seule, 10 % attendus au hasard."
        )
    return " ".join(told)
