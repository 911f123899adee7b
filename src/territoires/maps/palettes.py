"""Colours of the maps: palettes of our own, readable by colour-blind people.

Each palette is nine colours laid on a curve of the OKLCH space: lightness falls (or falls on both
sides of the middle) by even steps, so that it reads in grey as well. A test checks that
neighbouring classes stay apart under protanopia, deuteranopia and tritanopia.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from territoires.errors import InvalidRequest

Colour = tuple[int, int, int]

MISSING: tuple[Colour, Colour] = ((0xE9, 0xEA, 0xEC), (0xC9, 0xCD, 0xD3))
"""“Non disponible”: ground and stripes of a grey hatch, like no class of any palette."""
OUTSIDE: Colour = (0xF7, 0xF8, 0xF9)
"""Communes outside the universe: still drawn, hardly."""
SEA = "#dfe9ef"
_WHITE, _NEARLY_BLACK = "#ffffff", "#12211f"
LIGHT_LINE: Colour = (0xFF, 0xFF, 0xFF)
DARK_LINE: Colour = (0x24, 0x33, 0x3A)
"""Lines are light over dark colours and dark over light ones, so that they show on all of them."""


@dataclass(frozen=True)
class Palette:
    """A named series of colours.

    Attributes
    ----------
    code, label : str
        Name in addresses; name on screen (French).
    diverging : bool
        Two hues away from a light middle, else one way from light to dark.
    stops : tuple of str
        ``#rrggbb``, from the lowest class to the highest.
    """

    code: str
    label: str
    diverging: bool
    stops: tuple[str, ...]

    def pick(self, count: int, *, reverse: bool = False) -> tuple[Colour, ...]:
        """Return ``count`` colours, evenly spread along the palette.

        Parameters
        ----------
        count : int
            One or more; a single class takes a middle tone.
        reverse : bool
            Start from the other end.
        """
        inner = 0.5 if self.diverging else 0.6
        at = np.linspace(0.0, 1.0, count) if count > 1 else np.array([inner])
        if not self.diverging:
            at = 0.04 + at * 0.84  # the very ends are near white and near black
        stops = np.array([parse(stop) for stop in self.stops], dtype=float)
        along = np.linspace(0.0, 1.0, len(stops))
        rgb = np.column_stack([np.interp(at, along, stops[:, k]) for k in range(3)])
        picked = [(int(r), int(g), int(b)) for r, g, b in np.rint(rgb)]
        return tuple(reversed(picked)) if reverse else tuple(picked)


def parse(colour: str) -> Colour:
    """Read ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def to_hex(colour: Colour) -> str:
    """Write ``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def text_over(colour: str) -> str:
    """Return the colour of a text that reads best over ``#rrggbb``: white, or nearly black."""
    return max(_WHITE, _NEARLY_BLACK, key=lambda text: contrast(text, colour))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21: the ratio that WCAG 2 defines."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = np.array(parse(colour)) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def _palette(code: str, label: str, stops: str, *, diverging: bool = False) -> Palette:
    return Palette(code, label, diverging, tuple(f"#{stop}" for stop in stops.split()))


_ALL = (
    _palette("ocean", "Océan", "f6f5de d9edc2 a7e2b6 68cfba 38b1bd 1f8db3 2267a1 294282 222457"),
    _palette("braise", "Braise", "fbf4da f8e0a8 f7c378 f49f51 ea763c d04f38 a8333a 792237 48172d"),
    _palette(
        "bruyere", "Bruyère", "fceffa f2d7f2 e2bbe7 cd9edb b67ecf 9562bf 704aa7 4b3485 2b235d"
    ),
    _palette(
        "terre_mer",
        "Terre et mer",
        "6e351a ad5b27 d79959 e9d3ae f4f4ee b5e0dc 5db4be 1f7d9b 19446d",
        diverging=True,
    ),
    _palette(
        "orange_violet",
        "Orange et violet",
        "7c350e bc5c06 e69b4c f1d4ae f5f3ef dad0f0 a895d5 7358b3 412d7e",
        diverging=True,
    ),
)
PALETTES: Mapping[str, Palette] = MappingProxyType({palette.code: palette for palette in _ALL})
DEFAULT_SEQUENTIAL = "ocean"
DEFAULT_DIVERGING = "terre_mer"


def palette_named(code: str) -> Palette:
    """Return a palette.

    Raises
    ------
    InvalidRequest
        No palette has this code.
    """
    if code not in PALETTES:
        message = f"Palette inconnue : « {code} ». Palettes : {', '.join(PALETTES)}."
        raise InvalidRequest(message)
    return PALETTES[code]
