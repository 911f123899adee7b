"""All communes ranked by likeness, against scikit-learn on the same figures.

Before anything is timed, the distances are checked: those of ``NearestNeighbors`` on the same
ranks must be the same. The peer timed is what an analyst would write: ``StandardScaler``, means in
the place of what is missing, ``NearestNeighbors``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
import sklearn
from sklearn.impute import SimpleImputer
from sklearn.neighbors import NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bench.semblables.packs import Pack
from bench.semblables.study import known_territories
from bench.timing import median_ms
from territoires.candidates.alike import AlikeList, AlikeQuery, find_alike, profiles_of
from territoires.territory import Territoire, territory_from_code

ONE = "com:34142"
ROUNDS = 9
BOUND_MS = 500.0
_COUNT = 20


def measure(packs: Sequence[Pack]) -> float:
    """Print the times; return the worst of ours, in milliseconds."""
    worst = 0.0
    print(f"toutes les communes par ressemblance, médiane de {ROUNDS} ; borne : {BOUND_MS:.0f} ms")
    for pack in packs:
        one = [territory_from_code(pack.register, ONE)]
        many = list(known_territories(pack).values())
        check(ours(pack, one), pack)
        for territories in (one, many):
            mine = median_ms(partial(ours, pack, territories), ROUNDS)
            peer = median_ms(partial(peers, pack, territories), ROUNDS)
            worst = max(worst, mine)
            print(
                f"  {pack.label}, {len(pack.indicators)} indicateurs, "
                f"{len(territories)} référence(s) : {mine:.0f} ms ; "
                f"scikit-learn {sklearn.__version__} : {peer:.0f} ms ; rapport {peer / mine:.2f} ×"
            )
    return worst


def ours(pack: Pack, territories: Sequence[Territoire]) -> AlikeList:
    criteria = pack.rules.criteria_for(pack.table.catalogue)
    references = profiles_of(pack.table, territories, pack.rules.thresholds.min_part)
    return find_alike(pack.table, references, AlikeQuery(criteria, sizes="toutes"), pack.rules)


def peers(pack: Pack, territories: Sequence[Territoire]) -> pd.Index:
    """Return the nearest communes to each reference, by the usual means."""
    codes = [one.code for one in pack.rules.criteria_for(pack.table.catalogue)]
    references = profiles_of(pack.table, territories, pack.rules.thresholds.min_part)
    values = pack.table.comparable[codes]
    scale = make_pipeline(StandardScaler(), SimpleImputer())
    places = scale.fit_transform(values.to_numpy())
    asked = scale.transform(np.array([one.values[codes].to_numpy(float) for one in references]))
    neighbours = NearestNeighbors(n_neighbors=_COUNT + 1).fit(places)
    return values.index[np.unique(neighbours.kneighbors(asked, return_distance=False))]


def check(found: AlikeList, pack: Pack) -> None:
    """Check our distances against those of scikit-learn on the same ranks, complete rows only."""
    codes = list(found.query.codes)
    complete = found.ranked.index[found.ranked["couverture"] > 1 - 1e-9]
    positions = found.scale.positions(pack.table.comparable.loc[complete, codes])
    peer = NearestNeighbors(n_neighbors=len(complete)).fit(positions)
    apart, order = peer.kneighbors(found.target_positions)
    expected = pd.Series(apart[0] / np.sqrt(len(codes)), index=complete[order[0]])
    assert np.allclose(found.ranked["distance"][expected.index], expected, atol=1e-9)
