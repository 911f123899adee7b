"""Read ``valeurs.parquet``: one row per indicator and commune, all of them, once."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from territoires.errors import DataFileError
from territoires.tables.shipped import read_shipped_bytes

STATUSES = ("publie", "secret", "plancher", "non_disponible", "hors_champ")
VALUE_COLUMNS = (
    "code_indicateur",
    "code_commune",
    "valeur",
    "numerateur",
    "denominateur",
    "statut",
)
DESCRIBED_FILES = ("catalogue.toml", "valeurs.parquet")
"""What ``version.json`` answers for."""
_TEXT_COLUMNS = ["code_indicateur", "code_commune", "statut"]
_FRAMES = {"values": "valeur", "numerators": "numerateur", "denominators": "denominateur"}


def status_column(codes: npt.NDArray[np.int8]) -> pd.Categorical[str]:
    """Turn positions in ``STATUSES`` into a column of their words."""
    return pd.Categorical.from_codes(codes, categories=pd.Index(STATUSES))


def read_values(path: Path, codes: Sequence[str], communes: pd.Index) -> dict[str, Any]:
    """Read the long file into one frame per field.

    Parameters
    ----------
    path : Path
        The parquet file.
    codes : sequence of str
        Indicators of the catalogue.
    communes : Index of str
        Communes of the register.

    Returns
    -------
    dict
        ``values, numerators, denominators`` (float) and ``statuses`` (categorical), all
        ``(communes, codes)``.

    Raises
    ------
    DataFileError
        Missing, damaged, incomplete, duplicated, or not about these indicators and communes.
    """
    table = _read_parquet(path)
    columns = _positions(path, table, "code_indicateur", pd.Index(codes), "indicateur")
    rows = _positions(path, table, "code_commune", communes, "commune")
    statuses = _positions(path, table, "statut", pd.Index(STATUSES), "statut")
    cells = rows * len(codes) + columns
    _check_complete(path, cells, codes, communes)
    shape = (len(communes), len(codes))
    frames: dict[str, Any] = {}
    for name, column in _FRAMES.items():
        flat = np.empty(cells.size)
        flat[cells] = table.column(column).to_numpy()
        frames[name] = pd.DataFrame(flat.reshape(shape), index=communes, columns=list(codes))
    frames["statuses"] = _status_frame(statuses, cells, codes, communes)
    return frames


def read_version(folder: Path) -> str:
    """Return the version of the pack, once its files are known to be those that it describes.

    To be called before anything is parsed: what a parser makes of damaged bytes is unforeseeable.

    Parameters
    ----------
    folder : Path
        Holds ``version.json`` and the files of ``DESCRIBED_FILES``.

    Raises
    ------
    DataFileError
        A file is missing, cannot be read, or is not the one that ``version.json`` describes.
    """
    path = folder / "version.json"
    content = read_shipped_bytes(path)
    try:
        document = json.loads(content)
        version, digests = str(document["version"]), document["fichiers"]
        expected = {name: str(digests[name]) for name in DESCRIBED_FILES}
    except (ValueError, KeyError, TypeError) as error:
        raise DataFileError(path, "fichier illisible") from error
    for name, digest in expected.items():
        if hashlib.sha256(read_shipped_bytes(folder / name)).hexdigest() != digest:
            problem = "contenu différent de celui que décrit version.json (endommagé ou modifié)"
            raise DataFileError(folder / name, problem)
    return version


def _read_parquet(path: Path) -> pa.Table:
    content = read_shipped_bytes(path)
    try:
        table = pq.read_table(io.BytesIO(content), read_dictionary=_TEXT_COLUMNS)
    except (pa.ArrowException, OSError) as error:
        raise DataFileError(path, "fichier parquet illisible ou tronqué") from error
    missing = [name for name in VALUE_COLUMNS if name not in table.column_names]
    if missing:
        raise DataFileError(path, f"colonne absente : {', '.join(missing)}")
    return table


def _positions(
    path: Path, table: pa.Table, column: str, expected: pd.Index, noun: str
) -> npt.NDArray[np.intp]:
    """Return, for each row, the position of its code in ``expected``."""
    coded = table.column(column).unify_dictionaries().combine_chunks()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.chunk(0)
    if not pa.types.is_dictionary(coded.type):
        coded = coded.dictionary_encode()
    if coded.null_count:
        raise DataFileError(path, f"{column} : valeur manquante")
    words = pd.Index(coded.dictionary.to_pylist())
    places = expected.get_indexer(words)
    if (places < 0).any():
        unknown = ", ".join(map(str, words[places < 0][:5]))
        raise DataFileError(path, f"{noun} inconnu(e) : {unknown}")
    found: npt.NDArray[np.intp] = places[coded.indices.to_numpy(zero_copy_only=False)]
    return found


def _check_complete(
    path: Path, cells: npt.NDArray[np.intp], codes: Sequence[str], communes: pd.Index
) -> None:
    seen = np.bincount(cells, minlength=len(codes) * len(communes))
    for wrong, problem in ((seen > 1, "donnée deux fois"), (seen == 0, "absente")):
        if wrong.any():
            row, column = divmod(int(np.flatnonzero(wrong)[0]), len(codes))
            count = int(wrong.sum())
            place = f"« {codes[column]} » pour la commune {communes[row]}"
            raise DataFileError(path, f"valeur {problem} : {place} ({count} en tout)")


def _status_frame(
    statuses: npt.NDArray[np.intp],
    cells: npt.NDArray[np.intp],
    codes: Sequence[str],
    communes: pd.Index,
) -> pd.DataFrame:
    flat = np.empty(cells.size, dtype=np.int8)
    flat[cells] = statuses
    grid = flat.reshape(len(communes), len(codes))
    columns = {code: status_column(grid[:, at]) for at, code in enumerate(codes)}
    return pd.DataFrame(columns, index=communes)
