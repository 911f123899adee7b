"""Where a source's file comes from: its producer, or what a person offers with ``--depuis``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from territoires.errors import InvalidRequest, TerritoiresError, UnexpectedFormat
from territoires.sources.declaration import Address, Source, Workbench
from territoires.sources.fetching import Client
from territoires.sources.opening import recognise

MAX_OFFERED_FILES = 500
_CHUNK = 1 << 20
_NOT_DATA = {".md", ".pdf", ".html", ".txt", ".py", ".lock"}


@dataclass(frozen=True)
class Obtained:
    """A file, and where it comes from.

    Attributes
    ----------
    path : Path
        On this machine.
    address : str
        Of the producer; empty when a person offered the file.
    sha256 : str
        Of its bytes.
    obtained_on : str
        ISO date.
    whole : bool
        It comes from the producer: an extract would be a mistake.
    """

    path: Path
    address: str
    sha256: str
    obtained_on: str
    whole: bool


@dataclass(frozen=True)
class Offer:
    """What was found in what a person offered.

    Attributes
    ----------
    files : mapping of str to tuple of Obtained
        By source, in the order of their names.
    unknown : mapping of Path to str
        Files left aside, and why, in French.
    """

    files: Mapping[str, tuple[Obtained, ...]]
    unknown: Mapping[Path, str]


def fetch(source: Source, client: Client, bench: Workbench, today: date) -> Obtained:
    """Get the current file of a source from its producer.

    Raises
    ------
    AddressUnknown
        No address is documented.
    SourceUnavailable
        It cannot be had.
    """
    if source.collect is not None:
        path = client.cache_dir / source.code / f"{source.code}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        source.collect(client, bench, path)
        return Obtained(path, source.page_url, file_digest(path), today.isoformat(), whole=False)
    address = source.locate(client)
    got = client.download(address, hosts=source.hosts, max_bytes=source.max_bytes, key=source.code)
    return Obtained(got.path, got.url, got.sha256, got.obtained_on, whole=True)


def offered(
    place: str, sources: Mapping[str, Source], every: Mapping[str, Source], client: Client
) -> Offer:
    """Sort what a person offers by the source that it comes from.

    Parameters
    ----------
    place : str
        A file, a folder, or an address.
    sources : mapping
        Those that were asked for.
    every : mapping
        All that are known: to say what a file is, when it is not what was asked.
    client : Client
        Downloads an address.

    Raises
    ------
    InvalidRequest
        There is no such file.
    UnexpectedFormat
        A single file is none of the sources asked for.
    SourceUnavailable
        The address does not answer.
    """
    if place.startswith(("http://", "https://")):
        return _one(_download(place, client), sources, every)
    path = Path(place)
    if path.is_dir():
        return _folder(path, sources, every)
    if not path.is_file():
        message = f"{place} : fichier ou dossier introuvable. Vérifiez le chemin."
        raise InvalidRequest(message)
    return _one(local(path), sources, every)


def local(path: Path) -> Obtained:
    """Describe a file that is already here; its date is that of its last change."""
    changed = datetime.fromtimestamp(path.stat().st_mtime).date()
    return Obtained(path, "", file_digest(path), changed.isoformat(), whole=False)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _download(url: str, client: Client) -> Obtained:
    name = url.partition("?")[0].rstrip("/").rpartition("/")[2] or "fichier"
    got = client.download(Address(url, name), hosts=(), max_bytes=2_000_000_000, key="offert")
    return Obtained(got.path, got.url, got.sha256, got.obtained_on, whole=False)


def _one(file: Obtained, sources: Mapping[str, Source], every: Mapping[str, Source]) -> Offer:
    found = recognise(file.path, sources)
    if found:
        return Offer({found[0].code: (file,)}, {})
    raise UnexpectedFormat(_not_asked(file.path, sources, every))


def _folder(path: Path, sources: Mapping[str, Source], every: Mapping[str, Source]) -> Offer:
    files: dict[str, tuple[Obtained, ...]] = {}
    unknown: dict[Path, str] = {}
    for file in _data_files(path):
        try:
            found = recognise(file, sources)
        except TerritoiresError as error:
            unknown[file] = str(error)
            continue
        if found:
            files[found[0].code] = (*files.get(found[0].code, ()), local(file))
        else:
            unknown[file] = _not_asked(file, sources, every)
    return Offer(files, unknown)


def _data_files(folder: Path) -> Iterator[Path]:
    found: Sequence[Path] = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix.lower() not in _NOT_DATA and path.name[0] != "."
    )
    if len(found) > MAX_OFFERED_FILES:
        message = f"{folder} : {len(found)} fichiers, plus que les {MAX_OFFERED_FILES} admis."
        raise InvalidRequest(message)
    return iter(found)


def _not_asked(path: Path, sources: Mapping[str, Source], every: Mapping[str, Source]) -> str:
    asked = ", ".join(sources) if len(sources) < len(every) else "une source connue"
    seen = recognise(path, every)
    if seen:
        names = " ou ".join(f"{source.code} ({source.label})" for source in seen[:3])
        return (
            f"{path.name} n'est pas {asked} : on y reconnaît {names}. Nommez cette source, ou "
            "donnez le bon fichier."
        )
    return (
        f"{path.name} n'est pas {asked} : aucune forme connue n'y est reconnue. Les sources et "
        "leurs pages : territoires donnees"
    )
