"""Who may see where an initiative stands: what its list says, else what is careful."""

from __future__ import annotations

import pandas as pd

from territoires.initiatives.schema import split_list

PUBLIC = "publique"
COMMUNE_ONLY = "commune"
NETWORK_ONLY = "reseau"
_EXPOSED_AXIS = "4"  # informal activities: an exact place can expose people


def is_exposed(axes: str) -> bool:
    """Tell whether the exact place of an initiative can expose people, from its cell of axes."""
    return _EXPOSED_AXIS in split_list(axes)


def visibility_in_force(axes: pd.Series[str], typed: pd.Series[str]) -> pd.Series[str]:
    """Return the visibility of each initiative.

    Parameters
    ----------
    axes, typed : pd.Series of str
        Its cells; same index, nothing missing.

    Returns
    -------
    pd.Series of str
        As typed; ``commune`` for a word that means nothing, the more careful one. None typed:
        ``commune`` where the place can expose people, ``publique`` elsewhere.
    """
    said = typed.str.strip()
    default = axes.map(is_exposed).map({True: COMMUNE_ONLY, False: PUBLIC})
    understood = said.isin([PUBLIC, COMMUNE_ONLY, NETWORK_ONLY])
    return said.where(understood, COMMUNE_ONLY).where(said != "", default).astype("str")
