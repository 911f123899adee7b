"""The zone d'emploi of each commune, from the table of memberships."""

from __future__ import annotations

import pandas as pd

from territoires.communes import Register
from territoires.errors import UnexpectedFormat


def zone_of_communes(memberships: pd.DataFrame, register: Register) -> pd.Series:
    """Return the zone of each present commune.

    Parameters
    ----------
    memberships : DataFrame
        The reference ``appartenance``: ``code_commune`` (index or column) and ``ZE2020``.
    register : Register
        The communes of today.

    Returns
    -------
    Series of str
        Index code_commune, every present commune; four figures, ``""`` where unknown.

    Raises
    ------
    UnexpectedFormat
        The table does not give the zones.
    """
    table = memberships
    if "code_commune" in table.columns:
        table = table.set_index("code_commune")
    if "ZE2020" not in table.columns:
        message = "La table d'appartenance ne donne pas la zone d'emploi (ZE2020)."
        raise UnexpectedFormat(message)
    zones = table["ZE2020"][~table.index.duplicated()].reindex(register.communes.index)
    known = zones.notna() & (zones.astype("str").str.strip() != "")
    return zones.astype("str").str.strip().str.zfill(4).where(known, "").rename("zone_emploi")
