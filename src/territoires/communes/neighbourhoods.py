"""Priority neighbourhoods (QPV), parts of communes: there once the official data hold them.

``actualiser`` keeps their list beside the figures (``references/qpv.parquet``), and their
populations when a file that publishes them was read (``references/qpv_population.parquet``).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from territoires.errors import DataFileError

LIST_FILE, POPULATIONS_FILE = "qpv.parquet", "qpv_population.parquet"
COLUMNS = ("nom", "codes_communes", "population", "annee_population", "geometry")
_REMEDY = "Revenez à la version d'avant : territoires actualiser --revenir"


def read_neighbourhoods(folder: Path) -> pd.DataFrame:
    """Read the neighbourhoods of a data version.

    Parameters
    ----------
    folder : Path
        ``references/`` of the version.

    Returns
    -------
    DataFrame
        Index ``code`` (``QN…``), rising; :data:`COLUMNS`: communes of today joined by ``;``,
        inhabitants as floats (NaN where nobody published them), year of the populations as the
        file says it (``""`` when it does not), outline in EPSG:4326 or ``None``. Empty when the
        version has no neighbourhoods, or was written before their communes were told by code.

    Raises
    ------
    DataFileError
        A file is damaged.
    """
    if not (folder / LIST_FILE).is_file():
        return no_neighbourhoods()
    listed = _read(folder / LIST_FILE)
    if "codes_communes" not in listed:
        return no_neighbourhoods()
    table = pd.DataFrame(
        {
            "nom": listed["lib_qp"].astype("str").to_numpy(),
            "codes_communes": listed["codes_communes"].astype("str").to_numpy(),
            "population": np.nan,
            "annee_population": "",
            "geometry": _outlines(listed, folder / LIST_FILE),
        },
        index=pd.Index(listed["code_qp"].astype("str"), name="code"),
    ).sort_index()
    return _with_populations(table, folder / POPULATIONS_FILE)


def no_neighbourhoods() -> pd.DataFrame:
    """Return the empty table, for the embedded data alone."""
    return pd.DataFrame(columns=list(COLUMNS), index=pd.Index([], dtype="str", name="code"))


def _with_populations(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    if not path.is_file():
        return table
    known = _read(path).set_index("code_qp")
    table["population"] = known["population"].reindex(table.index).astype("float64")
    table["annee_population"] = known["annee"].reindex(table.index).fillna("").astype("str")
    return table


def _outlines(listed: pd.DataFrame, path: Path) -> list[shapely.Geometry | None]:
    if "geometry" not in listed:
        return [None] * len(listed)
    try:
        return list(shapely.from_wkb(listed["geometry"].to_numpy(dtype=object)))
    except (shapely.errors.GEOSException, TypeError) as error:
        raise DataFileError(path, f"un contour est illisible ({error})", _REMEDY) from error


def _read(path: Path) -> pd.DataFrame:
    try:
        table: pd.DataFrame = pq.read_table(path).to_pandas(ignore_metadata=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataFileError(path, f"fichier Parquet illisible ({error})", _REMEDY) from error
    return table
