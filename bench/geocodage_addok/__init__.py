"""A service of addresses: our way of asking, against the service taken at its word, same rows.

``python -m bench geocodage_addok``; ``python -m bench.geocodage_addok --seuils`` prints instead the
measurement behind ``data/geocodage/service.toml``. Needs Redis and addok (``tests/addok``): an
engine of the family of the national service, loaded with every commune and with streets made for
the purpose, so that the truth of each row is known.

- The peer is addok itself, as it is used by hand: the file is sent whole and each row that comes
  back with coordinates is taken.
- Ours is the command: offline commune first, then the cleaned address, asked within that commune,
  and judged.
- An address is right when its street (and its number, where the street has it) is the one meant;
  wrong when another one is given for sure. Rows of a kind "voie absente" name a street that the
  commune does not have: any street given for sure is wrong.
- Communes without a street: ``bench geocodage`` asks addok its own lists.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.addok import missing, running_engine, write_documents

from bench.geocodage_addok import addresses
from bench.geocodage_addok.cases import cases
from territoires.communes import load_register
from territoires.geocoding import Gazetteer
from territoires.geocoding.service import load_service_rules
from territoires.settings import shipped_data_dir


def main() -> None:
    """Run the engine, then the comparisons or the thresholds."""
    if reason := missing():
        print(f"sauté : {reason}")
        return
    register = load_register(shipped_data_dir())
    rules = load_service_rules(shipped_data_dir())
    gazetteer = Gazetteer.from_register(register)
    register.locate([2.35], [48.85])  # outlines decoded before anything is timed
    rows = cases(register)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_engine(Path(folder), lambda path: write_documents(path, register)) as engine,
    ):
        print(f"addok chargé en {engine.loading_seconds:.0f} s ; {len(rows)} adresses")
        if "--seuils" in sys.argv[1:]:
            addresses.thresholds(rows, engine.url, rules)
            return
        addresses.compare(rows, gazetteer, engine.url, rules)
