"""The figures that places are compared on: the embedded ones, then the official ones too."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from territoires.candidates.alike import LikenessRules, load_likeness_rules
from territoires.communes import Register
from territoires.indicators import IndicatorTable
from territoires.initiatives import Directory
from territoires.settings import load_settings
from territoires.workspace import open_workspace

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = ROOT.parent / "shared" / "samples"
_PARTIAL = 3


@dataclass(frozen=True, eq=False)
class Pack:
    """One set of figures, with everything that goes with it.

    Attributes
    ----------
    code, label : str
        ``embarque`` or ``officiel``, and its French name.
    """

    code: str
    label: str
    register: Register
    table: IndicatorTable
    directory: Directory
    rules: LikenessRules

    @property
    def indicators(self) -> tuple[str, ...]:
        """Labels of the indicators compared by default."""
        criteria = self.rules.criteria_for(self.table.catalogue)
        return tuple(self.table.catalogue[one.code].label for one in criteria)


def load_packs(folder: Path) -> list[Pack]:
    """Load the embedded figures, and the official ones where there are samples to build them."""
    packs = [_open("embarque", "données embarquées", folder / "rien")]
    if not SAMPLES.is_dir():
        print("échantillons officiels absents (../shared/samples) : données embarquées seules")
        return packs
    target = folder / "officielles"
    command = [sys.executable, "-m", "territoires", "actualiser", "--depuis", str(SAMPLES)]
    environment = {**os.environ, "TERRITOIRES_DONNEES": str(target)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, _PARTIAL):
        sys.exit(f"territoires actualiser : {done.stderr[-500:]}")
    return [*packs, _open("officiel", "données embarquées et officielles", target)]


def _open(code: str, label: str, user_data: Path) -> Pack:
    environment = {**os.environ, "TERRITOIRES_DONNEES": str(user_data)}
    workspace = open_workspace(load_settings(environment))
    rules = load_likeness_rules(workspace.settings.data_dir)
    register, directory = workspace.register, workspace.directory
    return Pack(code, label, register, workspace.indicators, directory, rules)
