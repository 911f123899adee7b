"""What a file is, from its first bytes; and the file inside an archive, within bounds."""

from __future__ import annotations

import fnmatch
import gzip
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal

from territoires.errors import UnexpectedFormat
from territoires.sources.opening.refusing import refuse
from territoires.tables.system_errors import french_reason

Nature = Literal["zip", "gzip", "xlsx", "parquet", "json", "text"]

MAX_MEMBERS = 200
MAX_UNPACKED_BYTES = 3_000_000_000
# Text compresses 10 to 30 times; what is far above is made to fill a disk.
MAX_RATIO = 200
RATIO_MATTERS_ABOVE = 50_000_000
_DAMAGE = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, RuntimeError)
_CHUNK = 1 << 20
_HEAD = 4096


def nature(path: Path) -> Nature:
    """Say what a file is.

    Raises
    ------
    UnexpectedFormat
        Empty, a web page, a PDF, or binary data of no known kind.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        refuse(path.name, "fichier vide")
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return "xlsx" if _is_workbook(path) else "zip"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"%PDF"):
        refuse(path.name, "c'est un PDF, pas un tableau")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        refuse(
            path.name, "c'est une page web, pas un tableau (le producteur l'a peut-être déplacé)"
        )
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        refuse(path.name, "texte en UTF-16 ; enregistrez-le en CSV UTF-8")
    if b"\x00" in head:
        refuse(path.name, "données binaires d'une forme inconnue")
    return "json" if start.startswith((b"{", b"[")) else "text"


def unpack(path: Path, members: tuple[str, ...], folder: Path) -> Path:
    """Take one file out of a zip or of a gzip.

    Parameters
    ----------
    path : Path
        The archive.
    members : tuple of str
        Globs of the wanted member, in order of preference (zip only).
    folder : Path
        Receives it.

    Returns
    -------
    Path
        The file, under its own name.

    Raises
    ------
    UnexpectedFormat
        The archive is damaged, too large once unpacked, or has no such member.
    """
    try:
        if nature(path) == "gzip":
            target = folder / (path.stem if path.suffix == ".gz" else f"{path.name}.contenu")
            with gzip.open(path, "rb") as packed:
                _copy(path, packed, target, path.stat().st_size)
            return target
        return _unzip(path, members, folder)
    except (*_DAMAGE, OSError) as error:
        raise _unopened(path, error) from error


def members_of(path: Path) -> list[str]:
    """Return the names of the files of a zip.

    Raises
    ------
    UnexpectedFormat
        The archive is damaged, or unreasonable.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (*_DAMAGE, OSError) as error:
        raise _unopened(path, error) from error
    if len(infos) > MAX_MEMBERS:
        refuse(path.name, f"{len(infos)} fichiers dans l'archive, plus que les {MAX_MEMBERS} admis")
    return [info.filename for info in infos]


def fitting(names: list[str], pattern: str) -> list[str]:
    """Return the members whose file name fits a glob, whatever their folder and case."""
    wanted = pattern.lower()
    return [name for name in names if fnmatch.fnmatch(name.rpartition("/")[2].lower(), wanted)]


def _unopened(path: Path, error: Exception) -> UnexpectedFormat:
    """Say that an archive is damaged, or what the disk refuses: only the first is in the file."""
    if isinstance(error, OSError) and not isinstance(error, _DAMAGE):
        return UnexpectedFormat(f"{path.name} : archive non ouverte, {french_reason(error)}.")
    return UnexpectedFormat(
        f"{path.name} : archive endommagée ou coupée ({error}). Téléchargez-la de nouveau."
    )


def _unzip(path: Path, members: tuple[str, ...], folder: Path) -> Path:
    names = members_of(path)
    found = [name for pattern in members for name in fitting(names, pattern)]
    if not found:
        told = ", ".join(names[:8])
        refuse(path.name, f"aucun fichier attendu dans l'archive, qui contient {told}")
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(found[0])
        if info.flag_bits & 0x1:
            refuse(path.name, f"« {info.filename} » est chiffré")
        _check_size(path, info.file_size, info.compress_size)
        target = folder / Path(info.filename).name
        with archive.open(info) as packed:
            _copy(path, packed, target, info.compress_size)
    return target


def _copy(path: Path, packed: IO[bytes] | gzip.GzipFile, target: Path, packed_size: int) -> None:
    """Unpack piece by piece: the size that an archive declares may be a lie."""
    size = 0
    with target.open("wb") as file:
        for chunk in _chunks(packed):
            size += len(chunk)
            _check_size(path, size, packed_size)
            file.write(chunk)


def _chunks(packed: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    while chunk := packed.read(_CHUNK):
        yield chunk


def _check_size(path: Path, size: int, packed_size: int) -> None:
    bomb = size > RATIO_MATTERS_ABOVE and size > MAX_RATIO * max(packed_size, 1)
    if size > MAX_UNPACKED_BYTES or bomb:
        refuse(path.name, f"archive refusée : plus de {size // 1_000_000} Mo une fois ouverte")


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False
