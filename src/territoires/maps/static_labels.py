"""Names on a static map: the first ones that find room, none over another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from territoires.maps.static_frame import Frame

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in units."""

_MOST_NAMES = 16
_SIZE, _STRONG_SIZE = 6.4, 7.2
_LETTER = 0.5  # of the size: mean width of a letter
_ABOVE = 3.4
_EDGE = 2.0


@dataclass(frozen=True)
class Label:
    """A name and where it is written.

    Attributes
    ----------
    text : str
        The name.
    x, y : float
        Middle of its base line.
    at : (float, float)
        The point it names.
    size : float
        Of the letters.
    strong : bool
        Whether it is one of the territory.
    on_mark : bool
        Whether something else stands on its point.
    """

    text: str
    x: float
    y: float
    at: tuple[float, float]
    size: float
    strong: bool
    on_mark: bool

    @property
    def box(self) -> Box:
        """The room it takes."""
        half = text_width(self.text, self.size) / 2
        return self.x - half, self.y - self.size * 0.75, self.x + half, self.y + 1.4


def text_width(text: str, size: float) -> float:
    """Estimate the width of a text."""
    return len(text) * size * _LETTER


def place_labels(
    names: Iterable[tuple[str, float, float, bool]], frame: Frame, taken: Sequence[Box]
) -> list[Label]:
    """Write names above their points, the first ones first, where there is room.

    Parameters
    ----------
    names : iterable of (str, float, float, bool)
        Name, point, and whether it is one of the territory; the order is that of importance.
    taken : sequence of boxes
        Where nothing may be written.
    """
    boxes = list(taken)
    labels: list[Label] = []
    for text, x, y, strong in names:
        if len(labels) == _MOST_NAMES:
            break
        label = _above(text, x, y, strong, taken)
        if _fits(label.box, frame) and not any(_touch(label.box, other) for other in boxes):
            boxes.append(label.box)
            labels.append(label)
    return labels


def _above(text: str, x: float, y: float, strong: bool, taken: Sequence[Box]) -> Label:
    """Write above a point, and above the mark that stands on it."""
    tops = [top for left, top, right, bottom in taken if left <= x <= right and top <= y <= bottom]
    base = min([y - _ABOVE, *(top - 1.6 for top in tops)])
    return Label(text, x, base, (x, y), _STRONG_SIZE if strong else _SIZE, strong, bool(tops))


def _fits(box: Box, frame: Frame) -> bool:
    left, top, right, bottom = box
    inside_across = left >= _EDGE and right <= frame.width - _EDGE
    return inside_across and top >= _EDGE and bottom <= frame.height - _EDGE


def _touch(one: Box, other: Box) -> bool:
    apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
    return not apart
