"""Reads ``data/communes/`` and refuses, with the file and the remedy, whatever is not whole.

Every file is compared with the digest that ``version.json`` gives for it, then with the columns
and rows that :mod:`territoires.communes.schema` promises. Boundaries are checked here and decoded
later, by :meth:`Register.geometries`: half of the commands never look at them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from territoires.communes import schema
from territoires.communes.register import Register
from territoires.errors import DataFileError
from territoires.tables.shipped import read_shipped_bytes


@dataclass(frozen=True)
class _Version:
    name: str
    cog: int
    digests: Mapping[str, str]


def load_register(data_dir: Path) -> Register:
    """Load the register of communes.

    Parameters
    ----------
    data_dir : Path
        The shipped data; the register is its folder ``communes``.

    Returns
    -------
    Register
        All communes in force on 1 January of its ``cog`` year.

    Raises
    ------
    DataFileError
        A file is missing, damaged, of another version, or does not agree with the others.
    """
    folder = data_dir / "communes"
    version = _read_version(folder / schema.VERSION_FILE)
    for name in schema.REQUIRED_FILES:
        _check_digest(folder / name, version)
    register = _assemble(folder, version)
    pa.default_memory_pool().release_unused()
    return register


def _assemble(folder: Path, version: _Version) -> Register:
    communes = _read_communes(folder / schema.COMMUNES_FILE)
    _check_outlines(folder / schema.OUTLINES_FILE, len(communes))
    tables = {name: _read_csv(folder / name) for name in schema.CSV_COLUMNS}
    return Register(
        communes=communes,
        regions=tables["regions.csv"].set_index("code"),
        departements=tables["departements.csv"].set_index("code"),
        arrondissements=tables["arrondissements.csv"].set_index("code"),
        epci=tables["epci.csv"].set_index("code"),
        ept=tables["ept.csv"].set_index("code"),
        former=tables["anciennes_communes.csv"],
        inferior=_read_parquet(folder / schema.INFERIOR_FILE, schema.INFERIOR_COLUMNS),
        collectivites=tables["collectivites.csv"].set_index("code"),
        borders=_read_parquet(folder / schema.NEIGHBOURS_FILE, schema.NEIGHBOUR_COLUMNS),
        version=version.name,
        cog=version.cog,
        folder=folder,
    )


def _read_version(path: Path) -> _Version:
    try:
        content = json.loads(read_shipped_bytes(path))
        return _Version(
            str(content["version"]),
            int(content["cog"]),
            {str(name): str(digest) for name, digest in content["fichiers"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataFileError(path, "le fichier de version est illisible ou incomplet") from error


def _check_digest(path: Path, version: _Version) -> None:
    content = read_shipped_bytes(path)
    expected = version.digests.get(path.name)
    if expected is None:
        raise DataFileError(path, f"fichier inconnu de la version {version.name} des données")
    if hashlib.sha256(content).hexdigest() != expected:
        problem = f"ce fichier n'est pas celui de la version {version.name} (endommagé ou modifié)"
        raise DataFileError(path, problem)


def _read_communes(path: Path) -> pd.DataFrame:
    communes = _read_parquet(path, schema.COMMUNE_COLUMNS).set_index("code_commune")
    if communes.empty:
        raise DataFileError(path, "aucune commune")
    if not (communes.index.is_unique and communes.index.is_monotonic_increasing):
        raise DataFileError(path, "les codes de commune ne sont pas uniques et croissants")
    return communes


def _read_parquet(path: Path, columns: Mapping[str, str]) -> pd.DataFrame:
    try:
        with pq.ParquetFile(path) as file:
            _check_columns(path, file.schema_arrow.names, list(columns))
            frame: pd.DataFrame = file.read(columns=list(columns)).to_pandas()
        return frame[list(columns)].astype(dict(columns))
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        raise DataFileError(path, f"fichier Parquet illisible ({error})") from error


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:  # what the parser and the decoder raise is a ValueError
        raise DataFileError(path, f"fichier CSV illisible ({error})") from error
    expected = schema.CSV_COLUMNS[path.name]
    _check_columns(path, list(frame.columns), expected)
    key = expected[0]
    if frame[key].isna().any():
        raise DataFileError(path, f"la colonne « {key} » a des cases vides")
    return frame


def _check_columns(path: Path, found: Sequence[str], expected: Sequence[str]) -> None:
    missing = [column for column in expected if column not in found]
    if missing:
        raise DataFileError(path, f"colonnes absentes : {', '.join(missing)}")


def _check_outlines(path: Path, communes: int) -> None:
    try:
        with pq.ParquetFile(path) as file:
            columns, rows = file.schema_arrow.names, file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataFileError(path, f"fichier Parquet illisible ({error})") from error
    _check_columns(path, columns, schema.OUTLINE_COLUMNS)
    if rows != communes:
        raise DataFileError(path, f"{rows} contours pour {communes} communes")
