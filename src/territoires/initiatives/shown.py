"""From what is recorded to what may be shown: where an initiative stands, and how precisely."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from territoires.communes import Register
from territoires.initiatives.exposure import PUBLIC, visibility_in_force
from territoires.initiatives.schema import COLUMNS, GEO_COLUMNS, LIST_SEPARATOR, split_list

GIVEN_POINT = "coordonnees"
"""Precision of a point that somebody gave, and that may be shown."""
EXACT_PRECISIONS = ("coordonnees", "adresse", "voie", "lieu_dit")
"""Precisions of a point finer than a commune or a municipal arrondissement."""

_EXACT_COLUMNS = ["adresse", "code_postal"]


def shown_frame(frame: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Prepare geocoded initiatives for the pages.

    Parameters
    ----------
    frame : pd.DataFrame
        Text, with every column of :data:`schema.COLUMNS` and :data:`schema.GEO_COLUMNS`; ``id``
        unique. Rows may be anything else than located.
    register : Register
        The communes in force.

    Returns
    -------
    pd.DataFrame
        Index ``id``; see :class:`territoires.initiatives.directory.Directory`. Where the
        visibility is not ``publique``, address and exact point are not there any more.
    """
    shown = frame[[*COLUMNS, *GEO_COLUMNS]].fillna("").astype("str").set_index("id")
    shown["visibilite"] = visibility_in_force(shown["axes"], shown["visibilite"])
    known = shown["geo_code_commune"].isin(register.communes.index)
    shown["geo_code_commune"] = shown["geo_code_commune"].where(known, "")
    exact = shown["geo_precision"].isin(EXACT_PRECISIONS)
    hidden = shown["visibilite"] != PUBLIC
    blurred = exact & hidden
    shown["longitude"], shown["latitude"] = _points(shown, register, blurred, known)
    shown.loc[hidden, _EXACT_COLUMNS] = ""
    for coordinate in ("longitude", "latitude"):
        shown.loc[blurred, f"geo_{coordinate}"] = shown.loc[blurred, coordinate].map(
            "{:.5f}".format
        )
    shown.loc[blurred, "geo_precision"] = "commune"
    shown["communes_resolues"] = _covered(shown, register)
    return shown


def _points(
    shown: pd.DataFrame, register: Register, blurred: pd.Series[bool], known: pd.Series[bool]
) -> tuple[pd.Series[float], pd.Series[float]]:
    own = [
        pd.to_numeric(shown[column], errors="coerce")
        for column in ("geo_longitude", "geo_latitude")
    ]
    # Half a point is no point: the commune's reference point stands for both.
    coarse = blurred | own[0].isna() | own[1].isna()
    reference = register.communes[["longitude", "latitude"]].reindex(shown["geo_code_commune"])
    longitude = own[0].mask(coarse, reference["longitude"].to_numpy()).where(known)
    latitude = own[1].mask(coarse, reference["latitude"].to_numpy()).where(known)
    return longitude.astype("float64"), latitude.astype("float64")


def _covered(shown: pd.DataFrame, register: Register) -> list[str]:
    """List the current communes of each row: where it stands, then those it covers."""
    typed = [split_list(cell) for cell in shown["communes_couvertes"]]
    heirs = current_communes(register, {code for codes in typed for code in codes})
    return [
        LIST_SEPARATOR.join(
            dict.fromkeys(
                [*([code] if code else []), *(heir for old in codes for heir in heirs[old])]
            )
        )
        for code, codes in zip(shown["geo_code_commune"], typed, strict=True)
    ]


def current_communes(register: Register, codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Say which communes in force stand behind some codes.

    Parameters
    ----------
    codes : iterable of str
        Of communes, present or past, delegated, associated, of municipal arrondissements.

    Returns
    -------
    dict
        Every code given → the communes, none when the code is unknown.
    """
    wanted = set(codes)
    result: dict[str, tuple[str, ...]] = dict.fromkeys(wanted, ())
    former = register.former[register.former["code_ancien"].isin(wanted)]
    for code, heirs in zip(former["code_ancien"], former["codes_communes"], strict=True):
        result[code] = split_list(heirs)
    inferior = register.inferior[register.inferior["code"].isin(wanted)]
    for code, parent in zip(inferior["code"], inferior["code_commune"], strict=True):
        result[code] = (parent,)
    # A delegated commune may bear the code of the commune that holds it: the living code wins.
    for code in wanted & set(register.communes.index):
        result[code] = (code,)
    return result
