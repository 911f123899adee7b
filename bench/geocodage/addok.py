"""addok, the engine of the family of the national service, on the same rows and the same core.

It is the engine of ``tests/addok``, set as the national service is, loaded with every commune of
the register under its present name and all its postcodes. It is taken at its word, as by hand: the
list is sent whole, and each code that comes back is its answer.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.addok import missing, running_engine, write_documents

from bench.geocodage_addok.asking import addok_alone
from territoires.communes import Register
from territoires.geocoding import Gazetteer

__all__ = ["ROWS", "AddokCommunes", "RunningAddok", "missing", "running_addok"]

ROWS = 500
"""Of each list, drawn: addok answers some hundreds a second."""
_PROCESSES = Path("/proc")


@dataclass(frozen=True)
class RunningAddok:
    """A running engine.

    Attributes
    ----------
    url : str
        Its base address.
    """

    url: str

    def processor_seconds(self) -> float:
        """Return the processor time of addok and Redis, children of this process, and our own.

        Where the system does not tell (no ``/proc``), the time of this process alone.
        """
        return sum(os.times()[:2]) + _time_of_children(os.getpid())


@contextmanager
def running_addok(register: Register) -> Iterator[RunningAddok]:
    """Run the engine, loaded with the communes, until the block ends."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_engine(Path(folder), lambda path: write_documents(path, register)) as engine,
    ):
        print(f"addok chargé en {engine.loading_seconds:.0f} s")
        yield RunningAddok(engine.url)


class AddokCommunes:
    """Places rows in their communes.

    Parameters
    ----------
    url : str
        Of the engine.
    gazetteer : Gazetteer
        To bring the code of an arrondissement to its commune.
    """

    def __init__(self, url: str, gazetteer: Gazetteer) -> None:
        self._url = url
        self._gazetteer = gazetteer

    def geocode(self, postcodes: Sequence[str], towns: Sequence[str]) -> list[str]:
        """Return one commune code per row, ``""`` when addok finds nothing."""
        stream = io.StringIO()
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(("cp", "ville"))
        writer.writerows(zip(postcodes, towns, strict=True))
        answer = addok_alone(stream.getvalue().encode(), ("cp", "ville"), self._url)
        known = {
            code: toponym.communes[0]
            for code in answer["result_citycode"].dropna().unique()
            if (toponym := self._gazetteer.by_code(code)) and toponym.communes
        }
        return answer["result_citycode"].map(known).fillna("").tolist()


def _time_of_children(parent: int) -> float:
    """Add the processor time of the living descendants of a process."""
    total = 0.0
    for path in _PROCESSES.glob("[0-9]*/stat"):
        try:
            # After the name, in parentheses: state, parent, …, user and system ticks.
            cells = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(cells[1]) == parent:
            ticks = int(cells[11]) + int(cells[12])
            total += ticks / os.sysconf("SC_CLK_TCK") + _time_of_children(int(path.parent.name))
    return total
