"""Who we compare with, each in the same run: one registry, one small concept.

A peer takes postcodes and names and returns one commune code per row, ``""`` when it has none.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass

import pandas as pd

from bench.geocodage.addok import ROWS as ADDOK_ROWS
from bench.geocodage.addok import AddokCommunes, missing, running_addok
from territoires.communes import Register
from territoires.geocoding import Gazetteer

MERGE, ADDOK = "merge", "addok"


@dataclass(frozen=True, eq=False)
class Peer:
    """What places a list of postcodes and names.

    Attributes
    ----------
    geocode : callable
        Takes postcodes and names, aligned; returns one commune code per row, ``""`` for none.
    clock : callable
        Seconds of processor time that it has used so far.
    most_rows : int or None
        Rows of a list that it is asked: a slow one is asked a sample.
    """

    geocode: Callable[[Sequence[str], Sequence[str]], list[str]]
    clock: Callable[[], float] = time.process_time
    most_rows: int | None = None


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


def _merge(gazetteer: Gazetteer) -> AbstractContextManager[Peer]:
    return nullcontext(Peer(Merge(gazetteer.register).geocode))


@contextmanager
def _addok(gazetteer: Gazetteer) -> Iterator[Peer]:
    with running_addok(gazetteer.register) as engine:
        asked = AddokCommunes(engine.url, gazetteer)
        yield Peer(asked.geocode, engine.processor_seconds, ADDOK_ROWS)


PEERS: Mapping[str, Callable[[Gazetteer], AbstractContextManager[Peer]]] = {
    MERGE: _merge,
    ADDOK: _addok,
}


@contextmanager
def running_peers(gazetteer: Gazetteer) -> Iterator[Mapping[str, Peer]]:
    """Start the peers that this machine can run, say which it cannot, and stop them in the end."""
    with ExitStack() as stack:
        peers = {}
        for name, start in PEERS.items():
            if name == ADDOK and (reason := missing()):
                print(f"addok n’est pas comparé : {reason}")
                continue
            peers[name] = stack.enter_context(start(gazetteer))
        yield peers
