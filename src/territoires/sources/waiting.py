"""What a shipped recipe waits for, and the sources that would give it."""

from __future__ import annotations

from collections.abc import Sequence

from territoires.sources.combining import load_declared
from territoires.sources.registry import available_sources
from territoires.workspace import Workspace


def waiting_sentence(workspace: Workspace, codes: Sequence[str]) -> str:
    """Say which indicators a recipe waits for, and how to get them.

    Parameters
    ----------
    workspace : Workspace
        The data in use.
    codes : sequence of str
        Indicators, as :attr:`Workspace.waiting_recipes` names them.

    Returns
    -------
    str
        French, one sentence or two.
    """
    unverified = [code for code in codes if code in workspace.indicators.catalogue]
    absent = [code for code in codes if code not in unverified]
    declared = load_declared(workspace.settings.data_dir)
    labels = {code: str(one.entry["libelle"]) for code, one in declared.items()}
    parts = []
    if absent:
        names = ", ".join(labels.get(code, code) for code in absent)
        needed = [set(declared[code].formula.measures) for code in absent if code in declared]
        command = " ".join(["territoires actualiser", *_sources_of(needed)])
        parts.append(f"Il lui manque : {names}. Pour l'avoir : {command}")
    if unverified:
        names = ", ".join(labels.get(code, code) for code in unverified)
        parts.append(f"Elle attend un fichier vérifié pour : {names}.")
    return " ".join(parts)


def _sources_of(needed: Sequence[set[str]]) -> list[str]:
    """Return one verified source for each figure: the first that gives all it is made of."""
    verified = [one for one in available_sources().values() if one.verified]
    chosen = []
    for measures in needed:
        for source in verified:
            if measures <= {measure.code for measure in source.measures}:
                chosen.append(source.code)
                break
    return list(dict.fromkeys(chosen))
