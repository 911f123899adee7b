"""``actualiser``: read the sources one by one, and write a new data version when one was read.

A source that fails is said and left as it was in the version before; the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from territoires.communes import Register, load_register
from territoires.errors import (
    InvalidRequest,
    SourceUnavailable,
)
from territoires.settings import Settings
from territoires.sources.changes import what_changed
from territoires.sources.combining import Given, combine, load_declared
from territoires.sources.conversion import Passages, load_passages
from territoires.sources.declaration import Source
from territoires.sources.estimation import estimated
from territoires.sources.fetching import Client
from territoires.sources.obtaining import Obtained, fetch, offered
from territoires.sources.one_source import Bench, Outcome, ToRead, attempt
from territoires.sources.registry import available_sources, chosen_sources
from territoires.sources.version_store import (
    DOWNLOADS,
    Content,
    one_update_at_a_time,
    read_given,
    read_references,
    write_version,
)
from territoires.versions import DataVersion, current_version

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    """What is asked of an update.

    Attributes
    ----------
    codes : tuple of str
        Sources; empty for all of them.
    offered : str
        File, folder or address given in place of the producers; empty for the producers.
    estimates : bool or None
        Whether estimates are computed besides published figures; ``None`` keeps the last choice.
    """

    codes: tuple[str, ...] = ()
    offered: str = ""
    estimates: bool | None = None


@dataclass(frozen=True)
class UpdateReport:
    """What an update did.

    Attributes
    ----------
    outcomes : tuple of Outcome
        By source.
    version : DataVersion or None
        The version now in use; ``None`` when nothing could be read.
    changes : tuple of str
        French: what the new version changes.
    """

    outcomes: tuple[Outcome, ...]
    version: DataVersion | None
    changes: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a source was refused."""
        return any(outcome.state == "refusée" for outcome in self.outcomes)


def update(
    settings: Settings, request: Request, client: Client, tell: Tell, today: date
) -> UpdateReport:
    """Bring the official data up to date.

    Parameters
    ----------
    settings : Settings
        Where the shipped data and the user's are.
    request : Request
        Which sources, from where.
    client : Client
        Reaches the producers.
    tell : callable
        Receives French lines as the work goes on.
    today : date
        Day that the version bears.

    Raises
    ------
    InvalidRequest
        Unknown source, nothing offered there, or another update is running.
    UnexpectedFormat
        A single offered file is not what was asked.
    DataFileError
        The shipped data, or the version in use, is damaged.
    """
    sources = chosen_sources(request.codes)
    with one_update_at_a_time(settings.user_data_dir):
        register = load_register(settings.data_dir)
        before = _version_to_start_from(settings, register, tell)
        bench = _start(register, load_passages(settings.data_dir), before)
        outcomes = _read_all(_files(sources, request, client, bench, today), bench, tell)
        estimates = _estimates_wanted(request, before)
        if not any(outcome.state == "lue" for outcome in outcomes) and request.estimates is None:
            return UpdateReport(outcomes, None)
        content = _content(bench, settings, tell, estimates=estimates)
        if request.estimates and not _has_estimates(content):
            outcomes = (*outcomes, Outcome("estimations", "refusée", ()))
        version = write_version(settings.user_data_dir, content, register, today)
        return UpdateReport(outcomes, version, what_changed(before, version))


def downloads_folder(settings: Settings) -> Path:
    """Return where the producers' files are kept."""
    return settings.user_data_dir / DOWNLOADS


def _version_to_start_from(
    settings: Settings, register: Register, tell: Tell
) -> DataVersion | None:
    """Return the version in use, unless its figures are of other communes."""
    before = current_version(settings.user_data_dir)
    if before is not None and before.document.get("registre") != register.version:
        tell(
            f"La version {before.identifier} a été faite pour d'autres communes "
            f"({before.document.get('registre')}) : elle n'est pas reprise, toutes les sources "
            "voulues sont à relire."
        )
        return None
    return before


def _start(register: Register, passages: Passages, before: DataVersion | None) -> Bench:
    bench = Bench(register, passages, {} if before is None else read_references(before))
    known = available_sources()
    for code, about in (before.sources if before else {}).items():
        if before is None or code not in known:
            continue
        bench.about[code] = about
        if about.get("mesures"):
            bench.given[code] = read_given(before, known[code])
    return bench


def _files(
    sources: Mapping[str, Source], request: Request, client: Client, bench: Bench, today: date
) -> tuple[list[ToRead], list[Outcome]]:
    """Say what will be read, in order; files are only fetched when their turn comes."""
    if not request.offered:
        chosen = [one for one in sources.values() if request.codes or one.collect is None]
        return [ToRead(one, _fetching(one, client, bench, today)) for one in chosen], []
    offer = offered(request.offered, sources, available_sources(), client)
    if not offer.files:
        message = f"{request.offered} : aucun fichier n'y est celui d'une source connue."
        raise InvalidRequest(message)
    told = [Outcome(path.name, "ignorée", (why,)) for path, why in offer.unknown.items()]
    told += [_not_offered(code, request) for code in request.codes if code not in offer.files]
    asked = [one for one in sources.values() if one.code in offer.files]
    return [ToRead(one, _given_files(offer.files[one.code])) for one in asked], told


def _not_offered(code: str, request: Request) -> Outcome:
    return Outcome(code, "refusée", (f"{code} : aucun de ses fichiers dans {request.offered}.",))


def _fetching(
    source: Source, client: Client, bench: Bench, today: date
) -> Callable[[], Sequence[Obtained]]:
    return lambda: [fetch(source, client, bench, today)]


def _given_files(files: Sequence[Obtained]) -> Callable[[], Sequence[Obtained]]:
    return lambda: files


def _read_all(
    work: tuple[list[ToRead], list[Outcome]], bench: Bench, tell: Tell
) -> tuple[Outcome, ...]:
    to_read, already_told = work
    outcomes = []
    for one in to_read:
        tell(f"{one.source.code} : {one.source.label}…")
        outcomes.append(attempt(one, bench))
        for line in outcomes[-1].lines:
            tell(f"  {line}")
    for outcome in already_told:
        if outcome.state == "refusée":
            tell(outcome.lines[0])
    return (*outcomes, *already_told)


def _estimates_wanted(request: Request, before: DataVersion | None) -> bool:
    if request.estimates is not None:
        return request.estimates
    return bool(before and before.document.get("options", {}).get("estimations"))


def _content(bench: Bench, settings: Settings, tell: Tell, *, estimates: bool) -> Content:
    given = list(bench.given.values())
    declared = load_declared(settings.data_dir)
    if estimates:
        given += _estimated(bench, tell)
    else:
        declared = {code: one for code, one in declared.items() if not one.entry.get("modele")}
    return Content(
        given=bench.given,
        references=bench.references,
        indicators=combine(declared, given, bench.register.communes.index),
        sources=bench.about,
        options={"estimations": estimates},
    )


def _has_estimates(content: Content) -> bool:
    return any(one.entry.get("modele") for one in content.indicators.values())


def _estimated(bench: Bench, tell: Tell) -> list[Given]:
    """Return the estimates, or say which published figures they still need."""
    try:
        return [estimated(list(bench.given.values()), bench.references, bench.register)]
    except SourceUnavailable as error:
        tell(f"Estimations non calculées : {error}")
        return []
