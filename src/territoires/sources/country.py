"""The communes of the country, in any file: what their codes look like, how many make it whole."""

from __future__ import annotations

import pandas as pd

COMMUNE_CODE = r"(?:\d\d|2[AB])\d{3}"
"""A commune or a municipal arrondissement: what an aggregate row (``Total``) is not."""

WHOLE_COUNTRY = 30_000
"""Communes above which a file is about the whole country, overseas left out or not."""


def is_whole(codes: pd.Series) -> bool:
    """Whether as many communes are there as the country has."""
    return int(codes.nunique()) > WHOLE_COUNTRY
