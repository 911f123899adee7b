"""The outline of any set of communes as tiles over a map, whatever their number.

Where a sample of an identifier tile is inside and its neighbour is not, the outline passes: a
thousand communes scattered over France cost no more than one, and nothing is sent but small images.
Seen from afar, where a commune is a pixel wide, its outline is a dot.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from territoires.maps.identifiers import MARGIN, SAMPLES_PER_PIXEL, IdentifierTiles
from territoires.maps.palettes import parse
from territoires.maps.png import palette_png

OUTLINE_COLOUR = "#c2166b"
"""Not the accent colour of the pages, which is lost over the blues and greens of the maps."""

STYLE = "1"
"""Changes with the drawing itself, since browsers keep tiles."""

_LINE_SAMPLES, _HALO_SAMPLES = 4, 3
_SAMPLES = SAMPLES_PER_PIXEL**2
_LINE, _HALO = _SAMPLES + 1, 1  # added over the samples of a pixel, neither carries into the other
_PNG_COMPRESSION = 4

_Bools = npt.NDArray[np.bool_]
_Bytes = npt.NDArray[np.uint8]


def render_outline_tile(
    tiles: IdentifierTiles, inside: _Bools, position: tuple[int, int, int], *, fine: bool = False
) -> bytes:
    """Draw a tile of an outline: a line inside the border, a light halo outside.

    Parameters
    ----------
    tiles : IdentifierTiles
        Commune of each sample.
    inside : ndarray of bool, shape (communes,)
        Which communes are in the set.
    position : tuple of int
        Zoom, column, row.
    fine : bool
        512 × 512 pixels, for screens of two points a pixel; else 256 × 256.

    Returns
    -------
    bytes
        PNG with a palette and transparency.
    """
    samples = np.append(False, inside)[tiles.tile(*position)]
    line = samples & _grown(~samples, _LINE_SAMPLES)
    halo = _grown(samples, _HALO_SAMPLES) & ~samples
    drawn = np.where(line, _LINE, np.where(halo, _HALO, 0)).astype(np.uint8)
    inner = drawn[MARGIN:-MARGIN, MARGIN:-MARGIN]
    pixels = inner * np.uint8(_SAMPLES) if fine else _sums(inner)
    return palette_png(pixels, _PALETTE, _ALPHA, _PNG_COMPRESSION)


def _grown(samples: _Bools, by: int) -> _Bools:
    """Widen what is marked by a number of samples, along rows then along columns."""
    for axis in (0, 1):
        along = np.moveaxis(samples, axis, 0)
        wider = along.copy()
        for step in range(1, by + 1):
            wider[step:] |= along[:-step]
            wider[:-step] |= along[step:]
        samples = np.moveaxis(wider, 0, axis)
    return samples


def _sums(drawn: _Bytes) -> _Bytes:
    """Add up the samples of each pixel."""
    step = SAMPLES_PER_PIXEL
    parts = [drawn[row::step, column::step] for row in range(step) for column in range(step)]
    sums: _Bytes = np.sum(parts, axis=0, dtype=np.uint8)
    return sums


def _palette() -> tuple[bytes, bytes]:
    """Return the colour and the opacity of each sum of samples."""
    sums = np.arange(_SAMPLES * _LINE + 1)
    line, halo = sums // _LINE, sums % _LINE
    covered = np.maximum(line + halo, 1e-9)[:, None]
    colours = (line[:, None] * np.array(parse(OUTLINE_COLOUR)) + halo[:, None] * 255.0) / covered
    alpha = np.minimum((line + halo) / _SAMPLES, 1.0) * 255.0
    rgb, opacity = np.rint(colours).astype(np.uint8), np.rint(alpha).astype(np.uint8)
    return rgb.tobytes(), opacity.tobytes()


_PALETTE, _ALPHA = _palette()
