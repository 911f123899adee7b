"""Brings measures to the communes of today.

Counts are summed over the communes that merged; rates and medians are not averaged: they are lost
for a merged commune. What was split since the file was made is marked, on both sides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
import pandas as pd

from territoires.communes import Register
from territoires.errors import UnexpectedFormat
from territoires.sources.conversion_passages import Passages, load_passages
from territoires.sources.declaration import MEASURE_COLUMNS, Measure, Reading, Source
from territoires.sources.present_codes import beside_their_city, present_codes

_KEY = ["code_commune", "code_mesure"]
_KNOWN = ("publie", "plancher")
_OVERSEAS_COLLECTIVITIES = ("975", "977", "978", "98")
_SHOWN = 8
# Some codes of a file lead nowhere (old ones, foreign countries); many are a damaged column.
_LOST_CODES, _LOST_SHARE = 10, 0.02


@dataclass(frozen=True, eq=False)
class Converted:
    """What a source gave, in the communes of today.

    Attributes
    ----------
    table : DataFrame
        :data:`MEASURE_COLUMNS`: one row for every present commune and every measure read; NaN
        unless there is a figure.
    lines : tuple of str
        French: what was merged, marked, left aside.
    """

    table: pd.DataFrame
    lines: tuple[str, ...]


def to_current(
    reading: Reading, source: Source, register: Register, passages: Passages
) -> Converted:
    """Convert a reading.

    Parameters
    ----------
    reading : Reading
        In the communes of its own year.
    source : Source
        Declares the measures.
    register : Register
        Communes of today.
    passages : Passages
        What became of the others.

    Raises
    ------
    UnexpectedFormat
        The file is of communes newer than the register's, names a commune twice, holds a value out
        of bounds, or has too many codes that are of no commune.
    """
    if reading.measures.empty:
        return Converted(reading.measures, ())
    if reading.cog_year > register.cog:
        _refuse(
            source,
            f"communes de {reading.cog_year}, plus récentes que celles d'ici ({register.cog}). "
            "Mettez d'abord Territoires à jour",
        )
    measures = {measure.code: measure for measure in source.measures}
    table = reading.measures[list(MEASURE_COLUMNS)].copy()
    _check(source, table, measures)
    _mark_floors(table, measures)
    _mark_scope(table, measures)
    lines: list[str] = []
    table, unknown = _placed(table, reading.cog_year, register, passages)
    _tell_or_refuse(source, unknown, reading.measures["code_commune"].nunique(), lines)
    merged = _merged(table, measures, lines)
    _mark_splits(merged, set(reading.measures["code_commune"]), reading, passages, lines)
    return Converted(_complete(merged, register, reading, measures), tuple(lines))


def _check(source: Source, table: pd.DataFrame, measures: Mapping[str, Measure]) -> None:
    twice = table.duplicated(_KEY)
    if twice.any():
        code, measure = table.loc[twice, _KEY].iloc[0]
        _refuse(source, f"la commune {code} a deux fois « {measure} »")
    lowest = table["code_mesure"].map({code: one.lowest for code, one in measures.items()})
    highest = table["code_mesure"].map({code: one.highest for code, one in measures.items()})
    wrong = (table["valeur"] < lowest) | (table["valeur"] > highest) | np.isinf(table["valeur"])
    if wrong.any():
        row = table[wrong].iloc[0]
        _refuse(
            source,
            f"{row['code_mesure']} vaut {row['valeur']:g} à {row['code_commune']} : hors des "
            "bornes possibles",
        )


def _mark_floors(table: pd.DataFrame, measures: Mapping[str, Measure]) -> None:
    floors = table["code_mesure"].map({code: one.floor for code, one in measures.items()})
    at_floor = (table["statut"] == "publie") & (table["valeur"] <= floors.astype(float))
    table.loc[at_floor, "statut"] = "plancher"


def _mark_scope(table: pd.DataFrame, measures: Mapping[str, Measure]) -> None:
    """Say of a row without a figure that the source leaves its département out by construction."""
    for code, measure in measures.items():
        if measure.not_covered:
            outside = table["code_commune"].str.startswith(measure.not_covered)
            silent = (table["code_mesure"] == code) & table["valeur"].isna()
            table.loc[outside & silent, "statut"] = "hors_champ"


def _placed(
    table: pd.DataFrame, year: int, register: Register, passages: Passages
) -> tuple[pd.DataFrame, pd.Series]:
    """Give each row its commune of today; return the rows placed, and the codes of the others."""
    codes = table["code_commune"]
    # A city and its arrondissements in one file: the city's own row is the figure.
    redundant = beside_their_city(codes, register)
    placed = present_codes(codes, year, register, passages)
    unknown = ~placed.isin(register.communes.index) & ~redundant
    kept = table.assign(code_commune=placed, origine=codes)[~redundant & ~unknown]
    return kept.reset_index(drop=True), codes[unknown]


def _tell_or_refuse(source: Source, codes: pd.Series, given: int, lines: list[str]) -> None:
    """Tell the codes of the rows left aside; too many, among those given, are a damaged column."""
    overseas = codes.str.startswith(_OVERSEAS_COLLECTIVITIES)
    blank = codes.str.strip() == ""
    others = sorted(set(codes[~overseas & ~blank]))
    if overseas.any():
        count = codes[overseas].nunique()
        lines.append(f"Collectivités d'outre-mer laissées de côté : {count} communes.")
    if blank.any():
        lines.append(f"Lignes sans commune laissées de côté : {int(blank.sum())}.")
    shown = ", ".join(others[:_SHOWN]) + ("…" if len(others) > _SHOWN else "")
    if len(others) > max(_LOST_CODES, _LOST_SHARE * given):
        _refuse(
            source,
            f"{len(others)} codes sur {given} ne sont d'aucune commune ({shown}) ; un tableur a "
            "peut-être ôté les zéros du début",
        )
    if others:
        lines.append(f"Codes inconnus laissés de côté ({len(others)}) : {shown}.")


def _merged(table: pd.DataFrame, measures: Mapping[str, Measure], lines: list[str]) -> pd.DataFrame:
    """Put together the rows that are now of one commune."""
    shared = table.duplicated(_KEY, keep=False)
    alone, parts = table[~shared], table[shared]
    if parts.empty:
        return alone.drop(columns="origine").reset_index(drop=True)
    kinds = parts["code_mesure"].map({code: one.kind for code, one in measures.items()})
    together = [_KIND[kind](rows) for kind, rows in parts.groupby(kinds)]
    lines.append(
        f"Communes réunies (fusions, arrondissements) : {parts['code_commune'].nunique()} ; "
        "effectifs additionnés, taux et médianes non publiés."
    )
    return pd.concat([alone.drop(columns="origine"), *together], ignore_index=True)


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum counts: known when every part is, secret as soon as one part is."""
    groups = rows.groupby(_KEY, sort=False)
    values = groups["valeur"].sum(min_count=1)
    status = _worst(rows)
    return _rows(values.where(status.isin(_KNOWN)), status)


def _lost(rows: pd.DataFrame) -> pd.DataFrame:
    groups = rows.groupby(_KEY, sort=False)
    values = groups["valeur"].first() * np.nan
    return _rows(values, pd.Series("non_disponible", index=values.index))


def _shared_class(rows: pd.DataFrame) -> pd.DataFrame:
    groups = rows.groupby(_KEY, sort=False)
    status = _worst(rows)
    same = (groups["valeur"].min() == groups["valeur"].max()) & status.isin(_KNOWN)
    values = groups["valeur"].first().where(same)
    return _rows(values, status.where(same | ~status.isin(_KNOWN), "non_disponible"))


_KIND = {"effectif": _summed, "valeur": _lost, "classe": _shared_class}


def _worst(rows: pd.DataFrame) -> pd.Series:
    """Return the status that weighs most in each group."""
    order = {"publie": 0, "plancher": 1, "hors_champ": 2, "non_disponible": 3, "secret": 4}
    weights = rows["statut"].map(order)
    worst = weights.groupby([rows[name] for name in _KEY], sort=False).max()
    return worst.map({weight: status for status, weight in order.items()})


def _rows(values: pd.Series, status: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"valeur": values, "statut": status}).reset_index()[list(MEASURE_COLUMNS)]


def _mark_splits(
    table: pd.DataFrame, given: set[str], reading: Reading, passages: Passages, lines: list[str]
) -> None:
    """Forget the figures of communes that were split since: they speak of the whole."""
    heirs = passages.merged(reading.cog_year)
    split = {
        child: parent
        for child, parent in passages.split(reading.cog_year).items()
        if child not in given and parent in given
    }
    touched = {heirs.get(code, code) for pair in split.items() for code in pair}
    rows = table["code_commune"].isin(touched)
    if rows.any():
        table.loc[rows, "valeur"] = np.nan
        table.loc[rows, "statut"] = "non_disponible"
    if split:
        told = ", ".join(f"{child} sortie de {parent}" for child, parent in sorted(split.items()))
        lines.append(f"Communes divisées depuis, sans chiffre : {told}.")


def _complete(
    table: pd.DataFrame, register: Register, reading: Reading, measures: Mapping[str, Measure]
) -> pd.DataFrame:
    """Give every present commune a row for every measure that was read."""
    codes = list(dict.fromkeys(table["code_mesure"]))
    index = pd.MultiIndex.from_product([codes, register.communes.index])
    index.names = ["code_mesure", "code_commune"]
    whole = table.set_index(["code_mesure", "code_commune"]).reindex(index).reset_index()
    absent = whole["statut"].isna()
    whole["statut"] = whole["statut"].astype(object).where(~absent, "non_disponible").astype("str")
    for code, measure in measures.items():
        outside = whole["code_commune"].str.startswith(measure.not_covered or ("?",))
        whole.loc[absent & outside & (whole["code_mesure"] == code), "statut"] = "hors_champ"
    if reading.complete:
        zero = absent & whole["code_mesure"].isin(
            [code for code, measure in measures.items() if measure.absent_is_zero]
        )
        whole.loc[zero, "valeur"] = 0.0
        whole.loc[zero, "statut"] = "publie"
    return whole[list(MEASURE_COLUMNS)]


def _refuse(source: Source, problem: str) -> NoReturn:
    message = f"{source.label} ({source.code}) : {problem}."
    raise UnexpectedFormat(message)


__all__ = ["Converted", "Passages", "load_passages", "to_current"]
