"""Where a source's file comes from: its producer, or what a person offers with ``--depuis``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from territoires.errors import InvalidRequest, TerritoiresError, UnexpectedFormat
from territoires.sources.declaration import Address, Source, Workbench
from territoires.sources.digests import digest_of
from territoires.sources.fetching import Client
from territoires.sources.opening import closest, recognise

MAX_OFFERED_FILES = 500
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
        Files of a folder that are of no source, and why, in French; empty when nothing in them
        is known. Those of sources that were not asked for are neither here nor there.
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
        return Obtained(path, source.page_url, digest_of(path), today.isoformat(), whole=False)
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
    return Obtained(path, "", digest_of(path), changed.isoformat(), whole=False)


def _download(url: str, client: Client) -> Obtained:
    name = url.partition("?")[0].rstrip("/").rpartition("/")[2] or "fichier"
    got = client.download(Address(url, name), hosts=(), max_bytes=2_000_000_000, key="offert")
    return Obtained(got.path, got.url, got.sha256, got.obtained_on, whole=False)


def _one(file: Obtained, sources: Mapping[str, Source], every: Mapping[str, Source]) -> Offer:
    found = recognise(file.path, sources)
    if found:
        return Offer({found[0].code: (file,)}, {})
    others = recognise(file.path, every)
    if others:
        raise UnexpectedFormat(_not_asked(file.path, sources, every, others))
    only = next(iter(sources.values())) if len(sources) == 1 else None
    near = only or closest(file.path, sources)
    if near is None:
        message = (
            f"{file.path.name} n'est pas {_asked(sources, every)} : aucune forme connue n'y est "
            "reconnue. Les sources et leurs pages : territoires donnees"
        )
        raise UnexpectedFormat(message)
    return Offer({near.code: (file,)}, {})  # opening it says which column is missing


def _folder(path: Path, sources: Mapping[str, Source], every: Mapping[str, Source]) -> Offer:
    files = defaultdict[str, list[Path]](list)
    changed = defaultdict[str, list[Path]](list)
    unknown: dict[Path, str] = {}
    for file in _data_files(path):
        try:
            found = recognise(file, every)
            near = None if found else closest(file, sources)
        except TerritoiresError as error:
            unknown[file] = str(error)
            continue
        asked = [one.code for one in found if one.code in sources]
        if asked:
            files[asked[0]].append(file)
        elif near:
            changed[near.code].append(file)
        elif not found:
            unknown[file] = ""
    for code in changed.keys() & files.keys():
        told = f"ressemble à {code}, sans en avoir une forme connue"
        unknown |= {file: f"{file.name} {told}." for file in changed.pop(code)}
    # A source whose only file has changed its form: opening it says which column is missing.
    offered_files = {code: tuple(map(local, paths)) for code, paths in {**changed, **files}.items()}
    return Offer(offered_files, unknown)


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


def _not_asked(
    path: Path,
    sources: Mapping[str, Source],
    every: Mapping[str, Source],
    seen: Sequence[Source],
) -> str:
    names = " ou ".join(f"{source.code} ({source.label})" for source in seen[:3])
    return (
        f"{path.name} n'est pas {_asked(sources, every)} : on y reconnaît {names}. Nommez cette "
        "source, ou donnez le bon fichier."
    )


def _asked(sources: Mapping[str, Source], every: Mapping[str, Source]) -> str:
    return " ni ".join(sources) if len(sources) < len(every) else "une source connue"
