"""Offline geocoding: accuracy and speed on real lists and on noise, against peers in the same run.

- ``python -m bench geocodage`` prints; ``python -m bench.geocodage --ecrire`` also writes
  ``docs/geocodage.md`` and its plot; ``--seuils`` prints the measurement behind
  ``data/geocodage/seuils.toml``. The process is kept on one core where the system allows it, and
  speed is counted in time of that core: another process beside does not change it.
- Register: communes drawn with replacement, under their official name and one of their postcodes,
  then spoilt by one noise at a time (:mod:`bench.geocodage.noise`).
- Real lists, when they are here: lycées (a package), France services and a sample of directories
  (official samples beside the checkout). Each is judged on what it says itself and that is hidden
  from the geocoder.
- Peers: :mod:`bench.geocodage.peers`. Their tables are prepared before anything is timed, as our
  gazetteer is. addok (``make service``, Redis) is started on the same core, and asked a sample of
  each list; where it is not installed, that is said and the rest is measured.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.geocodage import lists, outlines, report, rows, study, thresholds
from bench.geocodage.peers import running_peers
from territoires.communes import load_register
from territoires.geocoding import Gazetteer
from territoires.settings import shipped_data_dir


def main() -> None:
    """Measure, and write when asked to."""
    with one_core():
        _measure()


def _measure() -> None:
    register = load_register(shipped_data_dir())
    start = time.process_time()
    gazetteer = Gazetteer.from_register(register)
    built = time.process_time() - start
    print(f"index des noms : {len(gazetteer.toponyms)} noms, construit en {built:.2f} s")
    if "--seuils" in sys.argv[1:]:
        thresholds.measure_thresholds(gazetteer)
        outlines.measure_outlines(register)
        return
    register.locate([2.35], [48.85])  # outlines are decoded before anything is timed
    results = []
    with running_peers(gazetteer) as peers:
        for trial in (*rows.trials(register), *lists.trials(gazetteer)):
            results.append(study.run(trial, gazetteer, peers))
            report.show(results[-1])
    if "--ecrire" in sys.argv[1:]:
        report.write(results, gazetteer)


@contextmanager
def one_core() -> Iterator[None]:
    """Keep the process on one core, where the system allows it."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
