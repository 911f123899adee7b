"""A producer's file read as ``territoires actualiser`` reads it, without a folder to keep it."""

from __future__ import annotations

from pathlib import Path

from territoires.sources.checking import check_reading
from territoires.sources.declaration import Reading, Workbench
from territoires.sources.opening import open_file
from territoires.sources.registry import available_sources


def read(code: str, path: Path, bench: Workbench) -> Reading:
    """Read and check a file that may hold only some communes."""
    source = available_sources()[code]
    with open_file(path, source) as opened:
        reading = source.read(opened, bench)
    check_reading(source, reading, whole=False)
    return reading
