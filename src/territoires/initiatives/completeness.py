"""What the directory contains, beside what others have counted: a zero is never « none »."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from territoires.communes import Register
from territoires.initiatives.directory import Directory
from territoires.initiatives.external_counts import ExternalCount
from territoires.initiatives.vocabularies import Vocabularies

EVERY_TYPE = ""


def completeness_by_type(
    directory: Directory, vocabularies: Vocabularies, counts: Sequence[ExternalCount]
) -> pd.DataFrame:
    """Compare the directory with what others have counted, type by type.

    Returns
    -------
    pd.DataFrame
        One row per type that is recorded or counted elsewhere, most recorded first: ``type``,
        ``libelle``, ``recensees`` and ``localisees`` (int), ``connues`` (Int64, ``<NA>`` where
        nobody has counted), ``part`` (float, recorded over known), ``date``, ``source``,
        ``source_url`` (``""`` where unknown).
    """
    known = {count.type: count for count in counts if not count.departement}
    recorded = directory.frame["type"].value_counts()
    located = directory.located.frame["type"].value_counts()
    types = [*recorded.index, *(code for code in known if code not in recorded.index)]
    rows = []
    for code in types:
        external = known.get(code)
        here = int(recorded.get(code, 0))
        rows.append(
            {
                "type": code,
                "libelle": vocabularies.types.label(code),
                "recensees": here,
                "localisees": int(located.get(code, 0)),
                "connues": external.number if external else pd.NA,
                "part": here / external.number if external and external.number else float("nan"),
                "date": external.date if external else "",
                "source": external.source if external else "",
                "source_url": external.source_url if external else "",
            }
        )
    return pd.DataFrame(rows).astype({"connues": "Int64"})


def completeness_by_departement(
    directory: Directory,
    register: Register,
    counts: Sequence[ExternalCount],
    kind: str = EVERY_TYPE,
) -> pd.DataFrame:
    """Compare what is recorded in each département with what others have counted there.

    Parameters
    ----------
    kind : str
        Code of a type; :data:`EVERY_TYPE` for all of them together, which nobody counts.

    Returns
    -------
    pd.DataFrame
        As :meth:`Directory.completeness`, with ``part_localisees`` (float, NaN where nothing is
        recorded) and ``connues`` (Int64, ``<NA>`` where nobody has counted).
    """
    asked = directory if kind == EVERY_TYPE else directory.filter(types=[kind])
    table = asked.completeness(register)
    recorded = table["initiatives"].where(table["initiatives"] > 0)
    known = {
        count.departement: count.number
        for count in counts
        if count.departement and count.type == kind
    }
    counted = pd.Series(known, dtype="Int64").reindex(table.index)
    return table.assign(part_localisees=table["localisees"] / recorded, connues=counted)


def counted_in_france(counts: Sequence[ExternalCount], kind: str) -> ExternalCount | None:
    """Return the count of a type in France, if somebody has counted."""
    return next((one for one in counts if one.type == kind and not one.departement), None)
