"""The tables that turn what a pixel contains into its colour, made once for a palette.

A *sample* is packed in 14 bits: its class, then how many samples of each kind. Four packed samples
add up, without carry, to what a pixel contains; that sum is the index of the pixel's colour.

Classes without order (*nominal*) cannot be averaged: each is counted apart, as a digit in base 5,
and a pixel takes the colour of the most frequent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from territoires.maps.colouring import FIRST_CLASS, NO_VALUE, OUTSIDE_UNIVERSE
from territoires.maps.identifiers import SAMPLES_PER_PIXEL
from territoires.maps.limits import MAX_CLASSES
from territoires.maps.palettes import DARK_LINE, LIGHT_LINE, MISSING, OUTSIDE, Colour

SAMPLES = SAMPLES_PER_PIXEL**2

HALF_THIN, FULL_THIN, HALF_STRONG, FULL_STRONG = 1, 2, 3, 4
"""Lines a pixel may be under; 0 for none."""

# The class takes 5 bits, to hold the sum of four; each count 3 bits, to hold four.
_CLASSED, _MISSING, _OUTSIDE = 1 << 5, 1 << 8, 1 << 11
_SUMS = 1 << 14

# A digit in base 5 per nominal class, then one for each grey: four samples add up without carry.
MAX_NOMINAL = 5
_BASE = SAMPLES + 1
_NOMINAL_SUMS = SAMPLES * _BASE ** (MAX_NOMINAL + 1) + 1

# Ways a pixel may be drawn, each with all the shades: whole, partly sea, or under a line.
_PLAIN, _COAST, _LINES = 0, 1, 4
_WAYS = _LINES + 4

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
_LIGHT_FROM = 150.0
# Strength of a line over a dark and over a light colour.
_STRENGTHS = {
    HALF_THIN: (0.22, 0.14),
    FULL_THIN: (0.45, 0.28),
    HALF_STRONG: (0.38, 0.20),
    FULL_STRONG: (0.80, 0.45),
}

_Bytes = npt.NDArray[np.uint8]
_Shorts = npt.NDArray[np.uint16]


@dataclass(frozen=True, eq=False)
class Ink:
    """Tables for one series of colours.

    Attributes
    ----------
    pixel : ndarray of uint8, shape (16384,) or (62501,)
        Sum of four packed samples → index of a colour (0: transparent).
    under_line : ndarray of uint8, shape (5 × 256,)
        Line (high byte), index of a colour (low byte) → index of the colour under that line.
    ground, stripe : int
        Indices of the two greys of “non disponible”.
    palette : bytes
        RGB of each index.
    alpha : bytes
        Opacity of each index.
    """

    pixel: _Bytes
    under_line: _Bytes
    ground: int
    stripe: int
    palette: bytes
    alpha: bytes


def pack(table: _Bytes, *, nominal: bool = False) -> _Shorts:
    """Turn a look-up table of classes into one of packed samples."""
    packed = np.zeros(256, dtype=np.uint16)
    if nominal:
        digits = _BASE ** np.arange(MAX_NOMINAL + 2)
        packed[FIRST_CLASS : FIRST_CLASS + MAX_NOMINAL] = digits[:MAX_NOMINAL]
        packed[NO_VALUE], packed[OUTSIDE_UNIVERSE] = digits[MAX_NOMINAL:]
        return packed[table]
    packed[FIRST_CLASS : FIRST_CLASS + MAX_CLASSES] = np.arange(MAX_CLASSES) + _CLASSED
    packed[NO_VALUE], packed[OUTSIDE_UNIVERSE] = _MISSING, _OUTSIDE
    return packed[table]


@lru_cache(maxsize=64)
def ink_for(colours: tuple[Colour, ...], *, nominal: bool = False) -> Ink:
    """Make the tables of a series of colours, lowest class first.

    Parameters
    ----------
    colours : tuple of Colour
        At most ``MAX_CLASSES``, ``MAX_NOMINAL`` when they have no order.
    nominal : bool
        Whether they have none.
    """
    shades = _nominal_shades(colours) if nominal else _shades(colours)
    count = len(shades)
    palette, alpha = _ways(shades)
    pixel = _nominal_pixel_table(count) if nominal else _pixel_table(count)
    return Ink(pixel, _under_line_table(count), count - 2, count - 1, palette, alpha)


def _nominal_shades(colours: tuple[Colour, ...]) -> npt.NDArray[np.float64]:
    """Return the colours of the classes, then the greys."""
    return np.array([*colours, *MISSING, OUTSIDE], dtype=float)


def _shades(colours: tuple[Colour, ...]) -> npt.NDArray[np.float64]:
    """Return the colours of the classes and three steps between neighbours, then the greys."""
    greys = np.array([*MISSING, OUTSIDE], dtype=float)
    if not colours:
        return greys
    stops = np.array(colours, dtype=float)
    at = np.arange((len(stops) - 1) * SAMPLES + 1) / SAMPLES
    mixed = [np.interp(at, np.arange(len(stops)), stops[:, k]) for k in range(3)]
    return np.vstack([np.column_stack(mixed), greys])


def _pixel_table(shades: int) -> _Bytes:
    """Sum of four samples → index; classes win over greys unless fewer, and greys by number."""
    sums = np.arange(_SUMS)
    total, classed = sums & 31, (sums >> 5) & 7
    missing, outside = (sums >> 8) & 7, (sums >> 11) & 7
    steps = np.rint(total * SAMPLES / np.maximum(classed, 1)).astype(np.int64)
    grey = np.where(missing >= outside, shades - 3, shades - 1)
    shade = np.where(classed >= np.maximum(missing + outside, 1), steps, grey)
    covered = classed + missing + outside
    way = np.where(covered >= SAMPLES, _PLAIN, _COAST + covered - 1)
    index = 1 + way * shades + shade
    index[(covered == 0) | (covered > SAMPLES) | (steps > max(shades - 4, 0))] = 0
    return index.astype(np.uint8)


def _nominal_pixel_table(shades: int) -> _Bytes:
    """Sum of four samples → index: the most frequent class, the first among equals; or a grey."""
    sums = np.arange(_NOMINAL_SUMS)
    counts = np.stack([sums // _BASE**digit % _BASE for digit in range(MAX_NOMINAL + 2)])
    classes, (missing, outside) = counts[:MAX_NOMINAL], counts[MAX_NOMINAL:]
    covered = counts.sum(axis=0)
    grey = np.where(missing >= outside, shades - 3, shades - 1)
    is_classed = classes.sum(axis=0) >= np.maximum(missing + outside, 1)
    shade = np.where(is_classed, classes.argmax(axis=0), grey)
    way = np.where(covered >= SAMPLES, _PLAIN, _COAST + covered - 1)
    index = 1 + way * shades + shade
    index[(covered == 0) | (covered > SAMPLES)] = 0
    return index.astype(np.uint8)


def _ways(shades: npt.NDArray[np.float64]) -> tuple[bytes, bytes]:
    """Return the colour and the opacity of each index: every shade, drawn in every way."""
    count = len(shades)
    palette, alpha = np.zeros((256, 3)), np.zeros(256)
    light = (shades @ _LUMINANCE > _LIGHT_FROM)[:, None]
    line = np.where(light, DARK_LINE, LIGHT_LINE)
    for way in range(_WAYS):
        rows = slice(1 + way * count, 1 + (way + 1) * count)
        over_dark, over_light = _STRENGTHS.get(way - _LINES + 1, (0.0, 0.0))
        palette[rows] = shades + (line - shades) * np.where(light, over_light, over_dark)
        coast = _COAST <= way < _LINES
        alpha[rows] = 255.0 * (way - _COAST + 1) / SAMPLES if coast else 255.0
    as_bytes = np.rint(palette).astype(np.uint8), np.rint(alpha).astype(np.uint8)
    return as_bytes[0].tobytes(), as_bytes[1].tobytes()


def _under_line_table(shades: int) -> _Bytes:
    """Only whole pixels go under a line; a pixel of coast stays as it is."""
    index = np.arange(256)
    table = np.tile(index, (len(_STRENGTHS) + 1, 1))
    whole = (index > 0) & (index <= shades)
    for line in _STRENGTHS:
        table[line, whole] += (_LINES + line - 1) * shades
    return table.astype(np.uint8).ravel()
