"""What the colours of the circles of initiatives say."""

from __future__ import annotations

from territoires.initiatives import Vocabularies
from territoires.maps import MIXED_COLOUR
from territoires.ui.markup import axes_legend


def initiatives_legend(words: Vocabularies) -> str:
    """Return the legend of the axes, of what has none, and of places that mix them, as HTML."""
    named = [(term.colour, f"{term.code} · {term.label}") for term in words.axes.terms.values()]
    several = (MIXED_COLOUR, "plusieurs axes au même endroit")
    return axes_legend([*named, (words.no_axis.colour, words.no_axis.label), several])
