"""Put data into the scripts of a map so that they stay data.

A folium script goes through three readers: Jinja twice (branca makes a template of what a template
gave), HTML, then JavaScript. What people typed must be inert for all of them.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy.typing as npt

_DECIMALS = 5
_INERT = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "'": "\\u0027",
    "`": "\\u0060",
    "{": "\\u007b",
    "}": "\\u007d",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def to_script(value: Any) -> str:
    """Write lists, numbers and texts as JavaScript.

    Parameters
    ----------
    value : list, tuple, str, number, bool or None, nested
        No dictionary: the braces that would delimit it are escaped as those of a text are.

    Raises
    ------
    TypeError
        There is a dictionary in it.
    ValueError
        There is a number that is not finite.
    """
    _refuse_mappings(value)
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return "".join(_INERT.get(character, character) for character in text)


def for_leaflet(positions: npt.NDArray[np.float64]) -> list[list[float]]:
    """Return latitudes and longitudes, as Leaflet takes them, to a metre.

    Parameters
    ----------
    positions : ndarray of float, shape (points, 2)
        Longitude and latitude, degrees (EPSG:4326).
    """
    written: list[list[float]] = np.round(positions[:, ::-1], _DECIMALS).tolist()
    return written


def _refuse_mappings(value: Any) -> None:
    if isinstance(value, dict):
        message = "only lists, numbers and texts go into a script"
        raise TypeError(message)
    if isinstance(value, list | tuple):
        for part in value:
            _refuse_mappings(part)
