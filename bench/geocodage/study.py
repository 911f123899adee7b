"""Places a list, judges each row, and times it on its core."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bench.geocodage.peers import Peer
from bench.geocodage.rows import SEED, Trial
from territoires.geocoding import NOT_FOUND, SURE, Gazetteer, geocode_table
from territoires.geocoding.toponyms import departement_of
from territoires.tables import TypedTable

ROUNDS = 3
RIGHT, WRONG, PROPOSED, LISTED, MISLED, LOST = (
    "sûre et juste",
    "sûre et fausse",
    "à vérifier, la bonne proposée",
    "à vérifier, la bonne parmi les candidates",
    "à vérifier, sans la bonne",
    "non trouvée",
)
OUTCOMES = (RIGHT, PROPOSED, LISTED, MISLED, LOST, WRONG)
# Why a row is not sure and right, by what its reason says; the first that is said counts.
CAUSES = {
    "contradiction entre les cellules": r"Contradiction",
    "outre-mer : collectivité sans contour ici": r"Collectivité d'outre-mer",
    "intercommunalité au lieu d'une commune": r"Intercommunalité",
    "homonymes, sans rien pour choisir": r"homonymes|communes possibles",
    "nom trop éloigné pour être accepté seul": r"Nom proche",
    "nom incomplet, trop long, ou entouré de mots": r"Nom incomplet|Mots non reconnus",
    "nom d'une ancienne commune, seul": r"ancienne commune",
    "nom non reconnu, code postal seul": r"Code postal \d+ seul",
    "ni nom ni code postal reconnus": r"non reconnu|inconnu|illisible",
    "point seul, trop près d'une limite": r"ne départagent pas",
    "point hors des communes, ou de l'autre côté d'un contour simplifié": r"point",
}


@dataclass(frozen=True, eq=False)
class PeerResult:
    """What a peer made of the same rows, and what we made of them.

    Attributes
    ----------
    rows : int
        How many it was asked: all, or a sample.
    right, wrong : float
        Shares of these rows that it put in the right commune, in another.
    speed : float
        Rows per second of processor time.
    ours_right, ours_wrong : float
        Of the same rows, those that we put in the right commune (sure or proposed), and those that
        we put in another one and held for sure.
    """

    rows: int
    right: float
    wrong: float
    speed: float
    ours_right: float
    ours_wrong: float


@dataclass(frozen=True, eq=False)
class Result:
    """What became of a list.

    Attributes
    ----------
    trial : Trial
        The list.
    outcomes : Counter
        Rows by outcome, of :data:`OUTCOMES`.
    causes : Counter
        Rows that are not sure and right, by cause, of :data:`CAUSES`.
    speed : float
        Rows per second of one core.
    peers : mapping
        By name; empty where the list has no postcode and name.
    failures : DataFrame
        Rows that were lost or sure and wrong, with their ``geo_*`` columns.
    """

    trial: Trial
    outcomes: Counter[str]
    causes: Counter[str]
    speed: float
    peers: Mapping[str, PeerResult] = field(default_factory=dict)
    failures: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return sum(self.outcomes.values())

    def share(self, *outcomes: str) -> float:
        """Share of the rows of these outcomes."""
        return sum(self.outcomes[each] for each in outcomes) / max(1, self.rows)

    @property
    def right(self) -> float:
        """Share of rows whose commune is the right one, sure or proposed."""
        return self.share(RIGHT, PROPOSED)

    @property
    def wrong_among_sure(self) -> float:
        """Share of the sure rows whose commune is not the right one."""
        sure = self.outcomes[RIGHT] + self.outcomes[WRONG]
        return self.outcomes[WRONG] / max(1, sure)


def run(trial: Trial, gazetteer: Gazetteer, peers: Mapping[str, Peer]) -> Result:
    """Place a list and judge it."""
    table = TypedTable(trial.cells, "utf-8", ",")
    placed = geocode_table(table, gazetteer)
    outcome = _outcomes(placed, trial)
    unhappy = placed["geo_motif"][outcome != RIGHT]
    lost = np.isin(outcome, (LOST, WRONG))
    return Result(
        trial,
        Counter(outcome.tolist()),
        Counter(unhappy.map(cause_of)),
        len(placed) / seconds(lambda: geocode_table(table, gazetteer)),
        {name: _peer(trial, peer, outcome) for name, peer in peers.items() if trial.towns},
        placed[lost],
    )


def cause_of(reason: str) -> str:
    """Return the cause that a reason says."""
    return next((cause for cause, said in CAUSES.items() if re.search(said, reason)), "autre")


def seconds(task: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Shortest time on the core over the rounds, after one for warmth.

    Neighbours on the machine take from its caches: the shortest is the work's own.
    """
    task()
    durations = []
    for _ in range(ROUNDS):
        start = clock()
        task()
        durations.append(clock() - start)
    return max(min(durations), 1e-9)


def _outcomes(placed: pd.DataFrame, trial: Trial) -> np.ndarray:
    codes = placed["geo_code_commune"].map(lambda code: _judged(code, trial))
    candidates = placed["geo_candidats"].map(
        lambda cell: {_judged(code, trial) for code in cell.split(";")}
    )
    right = codes.to_numpy(object) == trial.truth.to_numpy(object)
    listed = np.array([each in some for each, some in zip(trial.truth, candidates, strict=True)])
    status = placed["geo_statut"].to_numpy(object)
    conditions = [
        (status == SURE) & right,
        status == SURE,
        status == NOT_FOUND,
        right,
        listed,
    ]
    return np.select(conditions, [RIGHT, WRONG, LOST, PROPOSED, LISTED], default=MISLED)


def _judged(code: str, trial: Trial) -> str:
    return departement_of(code) if code and trial.judged_on == "departement" else code


def _peer(trial: Trial, peer: Peer, ours: np.ndarray) -> PeerResult:
    at = _asked(len(trial.towns), peer.most_rows)
    postcodes, towns = [trial.postcodes[row] for row in at], [trial.towns[row] for row in at]
    codes = peer.geocode(postcodes, towns)
    took = seconds(lambda: peer.geocode(postcodes, towns), peer.clock)
    answers = np.array([_judged(code, trial) for code in codes], dtype=object)
    right = answers == trial.truth.to_numpy(object)[at]
    wrong = ~right & (answers != "")
    return PeerResult(
        len(at),
        float(right.mean()),
        float(wrong.mean()),
        len(at) / took,
        float(np.isin(ours[at], (RIGHT, PROPOSED)).mean()),
        float((ours[at] == WRONG).mean()),
    )


def _asked(count: int, most: int | None) -> list[int]:
    """Return the rows that a peer is asked: all, or some, the same at each run."""
    if most is None or count <= most:
        return list(range(count))
    return sorted(random.Random(SEED).sample(range(count), most))
