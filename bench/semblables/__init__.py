"""Places alike: how fast, and what the ranking is worth on territories that are known.

``python -m bench semblables`` prints; ``python -m bench.semblables --ecrire`` also writes what is
published: ``docs/methode/semblables.md``, its curve, and ``data/semblables/epreuve.toml``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.semblables import report, scales, speed, study
from bench.semblables.packs import load_packs


def main() -> None:
    """Measure, and write when asked to."""
    with tempfile.TemporaryDirectory() as folder:
        packs = load_packs(Path(folder))
        worst = speed.measure(packs)
        results = [study.run(pack) for pack in packs]
        report.show(results)
        measured = scales.quality(packs[-1])
        scales.show(measured)
        if "--ecrire" in sys.argv:
            report.write(results, measured)
    if worst > speed.BOUND_MS:
        sys.exit(f"borne dépassée : {worst:.0f} ms")
