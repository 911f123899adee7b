"""What each threshold accepts and mistakes: the measurement behind ``geocodage/seuils.toml``."""

from __future__ import annotations

import random

import numpy as np

from bench.geocodage.noise import typo
from bench.geocodage.rows import SEED
from territoires.geocoding import Gazetteer
from territoires.geocoding.normalise import read_town
from territoires.geocoding.toponyms import Kind


def measure_thresholds(gazetteer: Gazetteer) -> None:
    """Print, by threshold and margin, what would be accepted and what of it would be wrong."""
    communes = [
        toponym
        for toponym in gazetteer.toponyms
        if toponym.kind is Kind.COMMUNE and toponym.postcodes
    ]
    for scope in ("code postal", "département"):
        for typos in (1, 2):
            likeness = _likenesses(communes, scope, typos, gazetteer)
            print(f"{scope}, {typos} faute(s), {len(likeness)} noms mal écrits")
            for limit in (0.7, 0.75, 0.8, 0.85, 0.9):
                for margin in (0.0, 0.1, 0.2):
                    kept = likeness[(likeness[:, 0] >= limit) & (likeness[:, 1] >= margin)]
                    wrong = int((kept[:, 2] == 0).sum())
                    print(
                        f"  ressemblance {limit:.2f}, marge {margin:.1f} : acceptés "
                        f"{len(kept) / len(likeness):.2%}, faux {wrong / max(1, len(kept)):.3%}"
                    )


def _likenesses(communes: list, scope: str, typos: int, gazetteer: Gazetteer) -> np.ndarray:
    chance = random.Random(SEED + typos)
    rows = []
    for toponym in chance.sample(communes, 15_000):
        name = toponym.nom
        for _ in range(typos):
            name = typo(name, chance)
        index = (
            gazetteer.in_postcode(chance.choice(toponym.postcodes))
            if scope == "code postal"
            else gazetteer.in_departement(toponym.departements[0])
        )
        town = read_town(name)
        if index.spelt(town):
            continue
        found = index.alike(town, 0.5)
        right = found is not None and {c for t in found.alive for c in t.communes} == {toponym.code}
        rows.append((found.likeness, found.margin, right) if found else (0.0, 0.0, False))
    return np.array(rows, dtype=float)
