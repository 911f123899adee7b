"""Tiles as PNG files with a palette: small, and quick to write."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image


def palette_png(
    pixels: npt.NDArray[np.uint8], palette: bytes, alpha: bytes, compression: int
) -> bytes:
    """Write an image.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (rows, columns)
        Index of the colour of each pixel.
    palette, alpha : bytes
        RGB, then opacity, of each index.
    compression : int
        0 to 9: the higher, the smaller and the slower.
    """
    image = Image.fromarray(pixels, mode="P")
    image.putpalette(palette)
    file = io.BytesIO()
    image.save(file, "PNG", transparency=alpha, compress_level=compression)
    return file.getvalue()
