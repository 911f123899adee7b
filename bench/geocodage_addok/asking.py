"""The two ways of asking the same engine: ours, and by hand."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pandas as pd
import requests

from territoires.geocoding.service import ServiceRules
from territoires.sources.fetching import Limits, Poster
from territoires.sources.geoplateforme import NationalService
from territoires.sources.geoplateforme.service import SEARCH


def service(url: str, rules: ServiceRules) -> NationalService:
    """Ask the engine as the command does, without its cache; no pause: the engine is ours."""
    poster = Poster(
        url + SEARCH,
        Limits(silence_seconds=300.0),
        max_bytes=rules.manners.reponse_max_octets,
        tell=print,
        per_second=1000.0,
    )
    return NationalService(poster, rules.manners, None)


def addok_alone(content: bytes, columns: Sequence[str], url: str) -> pd.DataFrame:
    """Send a whole CSV, and read what comes back: one row for each, its columns and addok's.

    Parameters
    ----------
    content : bytes
        CSV, every cell quoted.
    columns : sequence of str
        Those that make the address, in order.
    url : str
        Of the engine.
    """
    form: list[tuple[str, tuple[str | None, bytes, str]]] = [
        ("data", ("banc.csv", content, "text/csv")),
        ("delimiter", (None, b",", "text/plain")),  # it guesses, and a single column misleads it
    ]
    form += [("columns", (None, name.encode(), "text/plain")) for name in columns]
    answer = requests.post(url + SEARCH, files=form, timeout=1200)
    answer.raise_for_status()
    return pd.read_csv(io.BytesIO(answer.content), dtype={"result_citycode": "str"})
