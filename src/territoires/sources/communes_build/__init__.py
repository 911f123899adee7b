"""Builds ``data/communes/``: read the packages, make, check, write, install."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from territoires.sources.communes_build.checks import run_checks
from territoires.sources.communes_build.credits import credits_text
from territoires.sources.communes_build.files import write_product
from territoires.sources.communes_build.inputs import read_inputs
from territoires.sources.communes_build.product import make_product
from territoires.sources.communes_build.report import report
from territoires.sources.packages import PackageStore

__all__ = ["build_communes"]


def build_communes(data_dir: Path, store: PackageStore, tell: Callable[[str], None]) -> str:
    """Build the register and put it in place of the one that is there.

    Parameters
    ----------
    data_dir : Path
        Receives ``communes/``.
    store : PackageStore
        Where the packages come from.
    tell : callable
        Receives French lines as the work goes on.

    Returns
    -------
    str
        The version of the register.

    Raises
    ------
    SourceUnavailable
        A package cannot be had or read.
    BuildCheckFailed
        The result is not as it should be; what was there is kept.
    """
    tell("Communes : lecture des paquets…")
    inputs = read_inputs(store)
    tell("Communes : contours, rattachements, populations, mairies, voisinages…")
    product = make_product(inputs)
    tell("Communes : vérifications…")
    run_checks(product)
    data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data_dir, prefix=".communes-") as temporary:
        folder = Path(temporary) / "communes"
        folder.mkdir()
        version = write_product(product, folder)
        (folder / "rapport.md").write_text(report(product, version), encoding="utf-8")
        (folder / "SOURCES.md").write_text(credits_text(), encoding="utf-8")
        _install(folder, data_dir / "communes", Path(temporary) / "avant")
    tell(f"Communes : version {version}, {len(product.communes)} communes.")
    return version


def _install(new: Path, place: Path, aside: Path) -> None:
    """Swap whole folders: a reader sees the former register or the new one, never a mixture."""
    if not place.exists():
        new.replace(place)
        return
    place.replace(aside)
    try:
        new.replace(place)
    except OSError:
        aside.replace(place)
        raise
    shutil.rmtree(aside)
