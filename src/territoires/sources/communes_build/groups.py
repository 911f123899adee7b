"""Régions, départements, arrondissements, EPCI, EPT, overseas collectivities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from territoires.sources.communes_build.inputs import Inputs, Record


def build_groups(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Return the tables of groups by file name, each sorted by code."""
    inside = {row["code"] for row in inputs.communes}
    epci = [row for row in inputs.epci if inside & set(_members(row))]
    return {
        "regions.csv": _table(_in_register(inputs.regions), {"chef_lieu": "chefLieu"}),
        "departements.csv": _table(
            _in_register(inputs.departements), {"code_region": "region", "chef_lieu": "chefLieu"}
        ),
        "arrondissements.csv": _table(
            inputs.arrondissements,
            {
                "code_departement": "departement",
                "code_region": "region",
                "chef_lieu": "chefLieu",
            },
        ),
        "epci.csv": _table(epci, {"nature": "type"}),
        "ept.csv": _table(inputs.ept, {}),
        "collectivites.csv": _collectivities(inputs.collectivities),
    }


def membership(groups: Iterable[Record]) -> dict[str, str]:
    """Return the group of each commune, from the members of each group."""
    return {commune: row["code"] for row in groups for commune in _members(row)}


def _members(row: Record) -> list[str]:
    return [member["code"] for member in row["membres"]]


def _in_register(rows: Iterable[Record]) -> list[Record]:
    return [row for row in rows if row["zone"] != "com"]


def _table(rows: Iterable[Record], more: Mapping[str, str]) -> pd.DataFrame:
    fields = {"code": "code", "nom": "nom", **more}
    told: list[dict[str, Any]] = [
        {column: row[field] for column, field in fields.items()}
        for row in sorted(rows, key=lambda row: str(row["code"]))
    ]
    return pd.DataFrame(told, columns=list(fields))


def _collectivities(rows: Iterable[Record]) -> pd.DataFrame:
    told = [(row["code"], row["nom"], ";".join(row.get("codesPostaux") or ())) for row in rows]
    return pd.DataFrame(told, columns=["code", "nom", "codes_postaux"])
