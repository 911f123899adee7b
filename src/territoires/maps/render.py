"""Colour an identifier tile: look-up, smoothing, lines, PNG.

Everything is looked up, nothing is computed per pixel in floating point. Edges come out smooth, and
a tile of France seen from afar shows the mean class under each pixel, not whichever commune came
first; classes without order have no mean, the most frequent shows.
"""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image

from territoires.maps.colouring import MapColours
from territoires.maps.identifiers import MARGIN, SAMPLES_PER_PIXEL, TILE_PIXELS, IdentifierTiles
from territoires.maps.ink import (
    FULL_STRONG,
    FULL_THIN,
    HALF_STRONG,
    HALF_THIN,
    SAMPLES,
    Ink,
    ink_for,
    pack,
)
from territoires.maps.lines import STRONG, THIN, Lines, draw_lines, line_plan
from territoires.maps.png import palette_png
from territoires.maps.spec import MapSpec

PNG_COMPRESSION = 2
_HATCH_PERIOD, _HATCH_WIDTH = 8, 3

_Bytes = npt.NDArray[np.uint8]
_Shorts = npt.NDArray[np.uint16]


def render_tile(
    tiles: IdentifierTiles, colours: MapColours, spec: MapSpec,
    position: tuple[int, int, int], *, fine: bool = False,
) -> bytes:  # fmt: skip
    """Draw a tile of a choropleth.

    Parameters
    ----------
    tiles : IdentifierTiles
        Commune of each sample.
    colours : MapColours
        Colour of each commune.
    spec : MapSpec
        What is shown.
    position : tuple of int
        Zoom, column, row.
    fine : bool
        512 × 512 pixels, for screens of two points a pixel; else 256 × 256.

    Returns
    -------
    bytes
        PNG with a palette and transparency.

    Raises
    ------
    InvalidRequest
        As :meth:`MapColours.colouring`.
    """
    colouring = colours.colouring(spec)
    identifiers = tiles.tile(*position)
    inner = identifiers[MARGIN:-MARGIN, MARGIN:-MARGIN]
    if not inner.any():
        return _empty_png(TILE_PIXELS * (SAMPLES_PER_PIXEL if fine else 1))
    plan = line_plan(spec.level, position[0])
    wanted = {level for level in (plan.thin, plan.strong) if level not in (None, "commune")}
    groups = {level: colours.groups(level) for level in wanted if level}
    lines = draw_lines(identifiers, plan, groups)
    classes = colouring.classes
    ink = ink_for(classes.colours, nominal=classes.nominal)
    samples = pack(colouring.table, nominal=classes.nominal).take(inner)
    pixels = _compose(samples, lines, ink, fine=fine)
    return palette_png(pixels, ink.palette, ink.alpha, PNG_COMPRESSION)


def _compose(samples: _Shorts, lines: Lines, ink: Ink, *, fine: bool) -> _Bytes:
    """Return the index of the colour of each pixel."""
    if fine:
        pixels = ink.pixel.take(samples * np.uint16(SAMPLES))
        under = _LINE_OF_SAMPLE.take(lines)
    else:
        pixels = ink.pixel.take(_sum_by_pixel(samples))
        under = _LINE_OF_PIXEL.take(_sum_by_pixel(_LINE_COUNTS.take(lines)))
    _hatch(pixels, ink, step=SAMPLES_PER_PIXEL if fine else 1)
    return ink.under_line.take(under | pixels)


def _sum_by_pixel(samples: _Shorts) -> npt.NDArray[np.uint32]:
    """Add up squares of 2 × 2 samples.

    Two neighbours are read as one 32-bit number: no sum carries from one into the other.
    """
    pairs = samples.view(np.uint32)
    columns = pairs[0::2] + pairs[1::2]
    sums: npt.NDArray[np.uint32] = (columns + (columns >> np.uint32(16))) & np.uint32(0xFFFF)
    return sums


def _hatch(pixels: _Bytes, ink: Ink, *, step: int) -> None:
    """Turn some of the “non disponible” ground into stripes that go on from tile to tile."""
    ground = pixels == ink.ground
    if ground.any():
        along = np.arange(pixels.shape[0]) // step
        stripes = (along[:, None] + along[None, :]) % _HATCH_PERIOD < _HATCH_WIDTH
        pixels[ground & stripes] = ink.stripe


@lru_cache(maxsize=2)
def _empty_png(side: int) -> bytes:
    image = Image.new("P", (side, side), 0)
    image.putpalette(bytes(3))
    file = io.BytesIO()
    image.save(file, "PNG", transparency=b"\x00", bits=1, optimize=True)
    return file.getvalue()


def _line_tables() -> tuple[_Shorts, _Shorts, _Shorts]:
    """Return the tables that turn lines of samples into lines of pixels.

    Returns
    -------
    tuple of ndarray of uint16
        What a sample counts (thin 1, strong 8); the line of a pixel by the sum of its four
        samples; the line of a sample that is itself a pixel. Lines are in the high byte.
    """
    counts, of_sample = np.zeros(3, dtype=np.uint16), np.zeros(3, dtype=np.uint16)
    counts[THIN], counts[STRONG] = 1, 8
    of_sample[THIN], of_sample[STRONG] = FULL_THIN, FULL_STRONG
    of_pixel = np.zeros(8 * SAMPLES + 8, dtype=np.uint16)
    for thin in range(SAMPLES + 1):
        of_pixel[thin] = 0 if thin == 0 else HALF_THIN if thin <= SAMPLES // 2 else FULL_THIN
        for strong in range(1, SAMPLES + 1 - thin):
            of_pixel[thin + 8 * strong] = HALF_STRONG if strong <= SAMPLES // 2 else FULL_STRONG
    high_byte = np.uint16(8)
    return counts, of_pixel << high_byte, of_sample << high_byte


_LINE_COUNTS, _LINE_OF_PIXEL, _LINE_OF_SAMPLE = _line_tables()
