"""Who we compare with, each in the same run: one registry, one small protocol.

A peer takes postcodes and names and returns one commune code per row, ``""`` when it has none. The
national engine's family (addok) has its place here, with what starts it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import pandas as pd

from territoires.communes import Register


class Peer(Protocol):
    """What places a list of postcodes and names."""

    def geocode(self, postcodes: Sequence[str], towns: Sequence[str]) -> list[str]:
        """Return one commune code per row, ``""`` when there is none."""
        ...


class Merge:
    """``merge`` on normalised name and postcode: what a careful analyst writes in ten lines.

    Names upper-cased, accents and punctuation stripped, ``SAINT`` spelt out.
    """

    def __init__(self, register: Register) -> None:
        known = register.communes[["nom", "codes_postaux"]].reset_index()
        known["cp"] = known["codes_postaux"].str.split(";")
        known = known.explode("cp")
        known["cle"] = merge_key(known["nom"])
        self.known = known[["cle", "cp", "code_commune"]].drop_duplicates(["cle", "cp"], keep=False)

    def geocode(self, postcodes: Sequence[str], towns: Sequence[str]) -> list[str]:
        """Return one commune code per row, ``""`` when there is none."""
        names = merge_key(pd.Series(list(towns), dtype="str"))
        rows = pd.DataFrame({"cp": list(postcodes), "cle": names})
        return (
            rows.merge(self.known, how="left", on=["cle", "cp"])["code_commune"].fillna("").tolist()
        )


def merge_key(names: pd.Series) -> pd.Series:
    """Normalise names as the peer does."""
    upper = names.str.upper().str.replace("Œ", "OE", regex=False)
    ascii_only = upper.str.normalize("NFKD").str.encode("ascii", "ignore").str.decode("ascii")
    words = ascii_only.str.replace(r"[^A-Z0-9]+", " ", regex=True).str.strip()
    saints = words.str.replace(r"\bST\b", "SAINT", regex=True)
    return saints.str.replace(r"\bSTE\b", "SAINTE", regex=True)


PEERS: Mapping[str, Callable[[Register], Peer]] = {"merge de pandas": Merge}
