"""Writes data versions: prepared beside, renamed when whole, then named as the one in use.

A process killed at any moment leaves the version in use as it was: the folder being prepared has
another name, and the file that names the version in use is replaced in one operation.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import tomli_w
from filelock import FileLock, Timeout

from territoires.communes import Register
from territoires.errors import DataFileError, InvalidRequest
from territoires.sources.combining import Combined, Given
from territoires.sources.declaration import Source
from territoires.sources.digests import digest_of
from territoires.sources.indicateurs_build import to_parquet
from territoires.tables.writing import write_file
from territoires.versions import (
    DOCUMENT,
    POINTER,
    VERSIONS,
    DataVersion,
    current_identifier,
    open_version,
)

LOCK = "mise-a-jour.verrou"
DOWNLOADS = "telechargements"
MEASURES, REFERENCES, PACK = "mesures", "references", "indicateurs"
KEPT_VERSIONS = 5
_PREPARING = ".en-cours-"


@dataclass(frozen=True, eq=False)
class Content:
    """What a version is made of.

    Attributes
    ----------
    given : mapping of str to Given
        By source.
    references : mapping of str to DataFrame
        By name.
    indicators : mapping of str to Combined
        By code.
    sources : mapping of str to mapping
        What ``version.json`` says of each source.
    options : mapping
        What was asked of the update, kept for the next one.
    """

    given: Mapping[str, Given]
    references: Mapping[str, pd.DataFrame]
    indicators: Mapping[str, Combined]
    sources: Mapping[str, Mapping[str, Any]]
    options: Mapping[str, Any]


@contextmanager
def one_update_at_a_time(user_data_dir: Path) -> Iterator[None]:
    """Hold the lock of the data folder; a process that dies lets go of it.

    Raises
    ------
    InvalidRequest
        Another update is running.
    """
    user_data_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(user_data_dir / LOCK, timeout=0)
    try:
        with lock:
            _forget_unfinished(user_data_dir)
            yield
    except Timeout as error:
        message = "Une autre mise à jour est en cours dans ce dossier : attendez qu'elle finisse."
        raise InvalidRequest(message) from error


def write_version(
    user_data_dir: Path, content: Content, register: Register, today: date
) -> DataVersion:
    """Write a version and make it the one in use.

    Parameters
    ----------
    user_data_dir : Path
        The user's data folder, locked by the caller.
    content : Content
        Everything.
    register : Register
        The communes of the figures.
    today : date
        Part of the identifier.

    Returns
    -------
    DataVersion
        The new one; or the one in use when its content is the same.
    """
    previous = current_identifier(user_data_dir)
    folder = user_data_dir / VERSIONS
    folder.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=_PREPARING, dir=folder))
    try:
        digest = _fill(draft, content, register)
        if previous.endswith(digest):
            return open_version(user_data_dir, previous)
        identifier = f"{today.isoformat()}-{digest}"
        document = _document(identifier, previous, content, register, today)
        write_file(draft / DOCUMENT, _json(document))
        _settle(draft, folder / identifier)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    use_version(user_data_dir, identifier)
    _forget_oldest(user_data_dir)
    return open_version(user_data_dir, identifier)


def use_version(user_data_dir: Path, identifier: str) -> None:
    """Name the version in use; an empty identifier leaves the embedded pack alone."""
    write_file(user_data_dir / POINTER, _json({"version": identifier}))


def go_back(user_data_dir: Path) -> str:
    """Return to the version before the one in use.

    Returns
    -------
    str
        Identifier of the version now in use; empty for the embedded pack alone.

    Raises
    ------
    InvalidRequest
        There is nothing to come back from.
    """
    try:
        identifier = current_identifier(user_data_dir)
        previous = open_version(user_data_dir, identifier).previous if identifier else ""
        if previous:
            open_version(user_data_dir, previous)
    except DataFileError:
        # Damaged: the newest whole version there is, else the embedded pack.
        use_version(user_data_dir, newest_whole(user_data_dir))
        return current_identifier(user_data_dir)
    if not identifier:
        message = "Aucune mise à jour n'est en service : il n'y a rien à défaire."
        raise InvalidRequest(message)
    use_version(user_data_dir, previous)
    return previous


def newest_whole(user_data_dir: Path) -> str:
    """Return the newest version that opens; empty when there is none."""
    for identifier in _identifiers(user_data_dir):
        try:
            open_version(user_data_dir, identifier)
        except DataFileError:
            continue
        return identifier
    return ""


def read_given(version: DataVersion, source: Source) -> Given:
    """Read back what a source gave to a version.

    Raises
    ------
    DataFileError
        The file is missing or damaged.
    """
    about = version.sources[source.code]
    table = read_table(version, f"{MEASURES}/{source.code}.parquet")
    return Given(
        source=source,
        vintage=str(about["millesime"]),
        cog_year=int(about["cog"]),
        complete=bool(about["complete"]),
        obtained_on=str(about["obtenu_le"]),
        table=table,
        vintages=dict(about.get("millesimes", {})),
        form_verified=bool(about.get("forme_verifiee", True)),
    )


def read_table(version: DataVersion, name: str) -> pd.DataFrame:
    """Read a table of a version, geographic or not.

    Raises
    ------
    DataFileError
        The file is missing or damaged.
    """
    path = version.folder / name
    try:
        if b"geo" in (pq.read_schema(path).metadata or {}):
            geographic: pd.DataFrame = gpd.read_parquet(path)
            return geographic
        return pd.read_parquet(path)
    except (OSError, ValueError) as error:
        remedy = "Revenez à la version d'avant : territoires actualiser --revenir"
        raise DataFileError(path, "fichier absent ou illisible", remedy) from error


def read_references(version: DataVersion) -> dict[str, pd.DataFrame]:
    """Read every reference table of a version, by name."""
    names = sorted(path.stem for path in (version.folder / REFERENCES).glob("*.parquet"))
    return {name: read_table(version, f"{REFERENCES}/{name}.parquet") for name in names}


def _fill(draft: Path, content: Content, register: Register) -> str:
    """Write every table; return the digest of all of them."""
    for name in (MEASURES, REFERENCES, PACK):
        (draft / name).mkdir()
    for code, given in content.given.items():
        given.table.to_parquet(draft / MEASURES / f"{code}.parquet", compression="zstd")
    for name, table in content.references.items():
        table.to_parquet(draft / REFERENCES / f"{name}.parquet", compression="zstd")
    if content.indicators:
        _write_pack(draft / PACK, content.indicators, register)
    files = sorted(path for path in draft.rglob("*") if path.is_file())
    digests = [f"{path.relative_to(draft).as_posix()} {digest_of(path)}" for path in files]
    told = json.dumps([content.sources, content.options], sort_keys=True, default=str)
    return hashlib.sha256("\n".join([*digests, told]).encode()).hexdigest()[:8]


def _write_pack(folder: Path, indicators: Mapping[str, Combined], register: Register) -> None:
    entries = [dict(combined.entry) for combined in indicators.values()]
    files = {
        "catalogue.toml": tomli_w.dumps({"indicateurs": entries}).encode(),
        "valeurs.parquet": to_parquet({code: one.column for code, one in indicators.items()}),
    }
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    mark = hashlib.sha256("".join(digests.values()).encode()).hexdigest()[:8]
    description = {
        "version": f"{register.cog}-{mark}",
        "cog": register.cog,
        "fichiers": digests,
    }
    files["version.json"] = _json(description)
    for name, data in files.items():
        write_file(folder / name, data)


def _document(
    identifier: str, previous: str, content: Content, register: Register, today: date
) -> dict[str, Any]:
    return {
        "identifiant": identifier,
        "precedente": previous,
        "cree_le": today.isoformat(),
        "registre": register.version,
        "cog": register.cog,
        "options": dict(content.options),
        "sources": {code: dict(about) for code, about in content.sources.items()},
    }


def _settle(draft: Path, final: Path) -> None:
    """Give the draft its name, once its bytes are on the disk."""
    for path in draft.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    if final.exists():  # same day, same content: a version that was gone back from
        shutil.rmtree(final)
    draft.replace(final)


def _forget_unfinished(user_data_dir: Path) -> None:
    for folder in (user_data_dir / VERSIONS).glob(f"{_PREPARING}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _forget_oldest(user_data_dir: Path) -> None:
    """Keep the version in use and those it came from, some steps back."""
    kept = _lineage(user_data_dir)
    for identifier in _identifiers(user_data_dir):
        if identifier not in kept:
            shutil.rmtree(user_data_dir / VERSIONS / identifier, ignore_errors=True)


def _lineage(user_data_dir: Path) -> list[str]:
    found: list[str] = []
    identifier = current_identifier(user_data_dir)
    while identifier and identifier not in found and len(found) < KEPT_VERSIONS:
        found.append(identifier)
        try:
            identifier = open_version(user_data_dir, identifier).previous
        except DataFileError:
            break
    return found


def _identifiers(user_data_dir: Path) -> list[str]:
    """Return the versions there are, the newest first."""
    folders = [path for path in (user_data_dir / VERSIONS).glob("[0-9]*") if path.is_dir()]
    return [path.name for path in sorted(folders, key=lambda path: -path.stat().st_mtime_ns)]


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
