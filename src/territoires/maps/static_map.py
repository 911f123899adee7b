"""Static maps: a territory among its neighbours, as vector. SVG text comes out, nothing else.

For what is printed or sent: no tile, no script, no request. A unit of the drawing is a point of
paper when it is printed at its own size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from territoires.communes import Register
from territoires.maps.palettes import text_over
from territoires.maps.static_frame import GREY, INK, Frame, frame_of, svg
from territoires.maps.static_ground import Rows, ground_of, own_bounds, rows_in, system_of
from territoires.maps.static_labels import Box, Label, place_labels, text_width
from territoires.territory import Territoire

_STEPS = (1, 2, 5)
_SCALE_SHARE = 0.24
_MARGIN = 9.0
_NUMBERED, _PLAIN = 5.4, 2.5


@dataclass(frozen=True)
class Mark:
    """A point of a static map.

    Attributes
    ----------
    longitude, latitude : float
        Degrees, EPSG:4326.
    colour : str
        ``#rrggbb``.
    label : str
        Number that a list beside the map repeats; a small point when there is none.
    """

    longitude: float
    latitude: float
    colour: str
    label: str = ""


def territory_map(
    register: Register,
    place: Territoire,
    marks: Sequence[Mark] = (),
    *,
    size: tuple[float, float] = (318.0, 250.0),
    metres_per_unit: float | None = None,
) -> str:
    """Draw a territory, its neighbours, and points around it.

    Parameters
    ----------
    register : Register
        The communes.
    place : Territoire
        Drawn in the projected system of its most populous commune: what it has elsewhere
        (overseas, for the country) is not on the map.
    marks : sequence of Mark
        Those with a label are numbered, over the others; the frame grows to hold them when they
        are near, and those outside are not drawn.
    size : (float, float)
        Width and height, in units.
    metres_per_unit : float, optional
        Scale; by default, the territory and its surroundings fill the map.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    epsg, members = system_of(register, place)
    numbered = [(mark.longitude, mark.latitude) for mark in marks if mark.label]
    bounds = own_bounds(register, place, members)
    frame = frame_of(epsg, bounds, size, numbered, metres_per_unit)
    seen = _placed(marks, frame)
    boxes = [_mark_box(mark, x, y) for mark, x, y in seen]
    labels = place_labels(_named(register, members, frame), frame, [*boxes, _scale_box(frame)])
    parts = [
        ground_of(register, place, members, frame).draw(frame),
        *(_mark(mark, x, y) for mark, x, y in seen if not mark.label),
        *map(_name, labels),
        *(_mark(mark, x, y) for mark, x, y in reversed(seen) if mark.label),
        _scale_bar(frame),
    ]
    return svg(frame.width, frame.height, "".join(parts))


def _placed(marks: Sequence[Mark], frame: Frame) -> list[tuple[Mark, float, float]]:
    """Return the marks that fall on the paper, and where; one of each place without a label."""
    if not marks:
        return []
    x, y = frame.points([mark.longitude for mark in marks], [mark.latitude for mark in marks])
    inside = frame.holds(x, y, _PLAIN + 1.0)
    placed: dict[tuple[float, float, str], tuple[Mark, float, float]] = {}
    for mark, left, top, is_in in zip(marks, x.tolist(), y.tolist(), inside, strict=True):
        if is_in:
            placed.setdefault((round(left, 1), round(top, 1), mark.label), (mark, left, top))
    return list(placed.values())


def _mark(mark: Mark, x: float, y: float) -> str:
    if not mark.label:
        return (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_PLAIN}" fill="{mark.colour}" '
            'stroke="#fff" stroke-width=".7"/>'
        )
    half = _half_width(mark)
    return (
        f'<rect x="{x - half:.1f}" y="{y - _NUMBERED:.1f}" width="{2 * half:.1f}" '
        f'height="{2 * _NUMBERED}" rx="{_NUMBERED}" fill="{mark.colour}" stroke="#fff"/>'
        f'<text x="{x:.1f}" y="{y + 2.3:.1f}" font-size="6.6" font-weight="700" '
        f'text-anchor="middle" fill="{text_over(mark.colour)}">{escape(mark.label)}</text>'
    )


def _half_width(mark: Mark) -> float:
    return max(_NUMBERED, text_width(mark.label, 6.6) / 2 + 3.0)


def _mark_box(mark: Mark, x: float, y: float) -> Box:
    across, down = (_half_width(mark), _NUMBERED) if mark.label else (_PLAIN, _PLAIN)
    return x - across, y - down, x + across, y + down


def _named(register: Register, members: Rows, frame: Frame) -> list[tuple[str, float, float, bool]]:
    """Return the names that may be written: members first, the most populous first."""
    communes = register.communes
    rows = rows_in(register, frame)
    people = communes["population"].fillna(0).to_numpy(dtype=np.int64)[rows]
    own = np.isin(rows, members)
    order = np.lexsort((-people, ~own))
    x, y = frame.points(
        communes["longitude"].to_numpy()[rows], communes["latitude"].to_numpy()[rows]
    )
    names = communes["nom"].to_numpy(dtype=object)[rows]
    return [(str(names[k]), float(x[k]), float(y[k]), bool(own[k])) for k in order]


def _name(label: Label) -> str:
    """Write a name over a veil: a halo of each letter would bite the one before."""
    weight, colour = ("600", INK) if label.strong else ("400", GREY)
    left, top, right, bottom = label.box
    point = f'<circle cx="{label.at[0]:.1f}" cy="{label.at[1]:.1f}" r="1.1" fill="{colour}"/>'
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
        f'height="{bottom - top:.1f}" rx="2" fill="#fff" fill-opacity=".78"/>'
        f"{'' if label.on_mark else point}"
        f'<text x="{label.x:.1f}" y="{label.y:.1f}" font-size="{label.size}" '
        f'font-weight="{weight}" text-anchor="middle" fill="{colour}">{escape(label.text)}</text>'
    )


def _scale_length(frame: Frame) -> float:
    """Return the longest round number of metres that fits in a quarter of the map."""
    most = frame.width * _SCALE_SHARE * frame.metres_per_unit
    power = 10.0 ** np.floor(np.log10(most))
    return float(max(step * power for step in _STEPS if step * power <= most))


def _scale_box(frame: Frame) -> Box:
    length = _scale_length(frame) * frame.scale
    return 0.0, frame.height - 24.0, _MARGIN + length + 6.0, frame.height


def _scale_bar(frame: Frame) -> str:
    metres = _scale_length(frame)
    left, base, length = _MARGIN, frame.height - _MARGIN, metres * frame.scale
    told = f"{metres / 1000:g} km".replace(".", ",") if metres >= 1000 else f"{metres:g} m"
    bar = f"M{left:.1f},{base - 3:.1f}v3h{length:.1f}v-3"
    return (
        f'<path d="{bar}" fill="none" stroke="#fff" stroke-width="3"/>'
        f'<path d="{bar}" fill="none" stroke="{INK}" stroke-width="1"/>'
        f'<text x="{left + length / 2:.1f}" y="{base - 4:.1f}" font-size="6.6" '
        f'text-anchor="middle" fill="{INK}">{told}</text>'
    )
