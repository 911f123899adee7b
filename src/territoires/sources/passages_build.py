"""Build ``data/passages_communes.csv``: how communes changed from one year to the next.

Two successive years of the official code are compared: what is gone, what is new, and who holds
them as a delegated or associated commune.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd

from territoires.errors import BuildCheckFailed
from territoires.sources.conversion_passages import (
    FUSION,
    PASSAGES_FILE,
    RENUMBERED,
    SPLIT,
)
from territoires.sources.packages import COG_BY_YEAR, Package, PackageStore, read_member
from territoires.tables.writing import write_csv, write_file

MEMBER = "package/data/communes.json"
_OVERSEAS_COLLECTIVITIES = ("975", "977", "978", "98")


@dataclass(frozen=True)
class _Year:
    """Communes of one year; who holds each former one; and the former codes they declare."""

    communes: frozenset[str]
    holders: dict[str, str]
    renamed: dict[str, str]


def build_passages(data_dir: Path, store: PackageStore) -> int:
    """Write the table; return the number of its rows.

    Raises
    ------
    SourceUnavailable
        A package cannot be had.
    BuildCheckFailed
        A commune is gone and nothing says where.
    """
    years = {year: _read(store, package) for year, package in sorted(COG_BY_YEAR.items())}
    known = list(years)
    rows = [
        row
        for before, after in pairwise(known)
        for row in _changes(after, years[before], years[after])
    ]
    table = pd.DataFrame(rows, columns=["annee", "code_avant", "code_apres", "nature"])
    write_file(data_dir / PASSAGES_FILE, write_csv(table))
    return len(table)


def _read(store: PackageStore, package: Package) -> _Year:
    records = json.load(io.BytesIO(read_member(store.path(package), MEMBER)))
    communes = {
        str(row["code"]): row
        for row in records
        if row["type"] == "commune-actuelle"
        and not str(row["code"]).startswith(_OVERSEAS_COLLECTIVITIES)
    }
    holders = {
        str(row["code"]): str(row["chefLieu"])
        for row in records
        if row["type"] in ("commune-deleguee", "commune-associee")
    }
    renamed = {
        str(old): code for code, row in communes.items() for old in row.get("anciensCodes", ())
    }
    return _Year(frozenset(communes), holders, renamed)


def _changes(year: int, before: _Year, after: _Year) -> Iterator[tuple[int, str, str, str]]:
    gone = before.communes - after.communes
    for code in sorted(gone):
        heir = after.holders.get(code) or after.renamed.get(code, "")
        if heir not in after.communes:
            message = f"Passages {year} : rien ne dit ce qu'est devenue la commune {code}."
            raise BuildCheckFailed(message)
        yield year, code, heir, FUSION if heir in before.communes else RENUMBERED
    for code in sorted(after.communes - before.communes):
        parent = before.holders.get(code)
        # The seat moved to another of its parts: the same commune, under another code.
        if parent is not None and parent not in gone:
            yield year, parent, code, SPLIT
