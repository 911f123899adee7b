"""``actualiser``: read the sources one by one, and write a new data version when one was read.

A source that fails is said and left as it was in the version before; the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa

from territoires.communes import Register, load_register
from territoires.errors import (
    AddressUnknown,
    DataFileError,
    InvalidRequest,
    SourceUnavailable,
    TerritoiresError,
)
from territoires.settings import Settings
from territoires.sources.changes import what_changed
from territoires.sources.checking import check_reading
from territoires.sources.combining import Given, combine, load_declared, vintage_order
from territoires.sources.conversion import Passages, load_passages, to_current
from territoires.sources.declaration import Reading, Source
from territoires.sources.estimation import estimated
from territoires.sources.fetching import Client
from territoires.sources.obtaining import Obtained, fetch, offered
from territoires.sources.opening import open_file
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
State = Literal["lue", "refusée", "à fournir", "ignorée"]
# What a file that nobody foresaw may raise while it is being read. It must not stop the others.
_UNFORESEEN = (ValueError, KeyError, TypeError, IndexError, OSError, pa.ArrowException)


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
class Outcome:
    """What became of one source, or of one offered file.

    Attributes
    ----------
    name : str
        Code of the source, or name of the file.
    state : str
        ``lue``; ``refusée``; ``à fournir`` (no address is documented); ``ignorée`` (a file of a
        folder that is not a source).
    lines : tuple of str
        French: what was read, or what is wrong and what to do.
    """

    name: str
    state: State
    lines: tuple[str, ...]


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


@dataclass(eq=False)
class _Bench:
    """The state of an update: what earlier sources gave is there for the next."""

    register: Register
    passages: Passages
    references: dict[str, pd.DataFrame]
    given: dict[str, Given] = field(default_factory=dict)
    about: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def reference(self, name: str) -> pd.DataFrame:
        if name not in self.references:
            givers = [s.code for s in available_sources().values() if name in s.references]
            message = f"il manque « {name} ». D'abord : territoires actualiser {' '.join(givers)}"
            raise SourceUnavailable(message)
        return self.references[name]


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


def _start(register: Register, passages: Passages, before: DataVersion | None) -> _Bench:
    bench = _Bench(register, passages, {} if before is None else read_references(before))
    known = available_sources()
    for code, about in (before.sources if before else {}).items():
        if before is None or code not in known:
            continue
        bench.about[code] = about
        if about.get("mesures"):
            bench.given[code] = read_given(before, known[code])
    return bench


@dataclass(frozen=True)
class _ToRead:
    source: Source
    files: Callable[[], Sequence[Obtained]]


def _files(
    sources: Mapping[str, Source], request: Request, client: Client, bench: _Bench, today: date
) -> tuple[list[_ToRead], list[Outcome]]:
    """Say what will be read, in order; files are only fetched when their turn comes."""
    if not request.offered:
        chosen = [one for one in sources.values() if request.codes or one.collect is None]
        return [_ToRead(one, _fetching(one, client, bench, today)) for one in chosen], []
    offer = offered(request.offered, sources, available_sources(), client)
    if not offer.files:
        message = f"{request.offered} : aucun fichier n'y est celui d'une source connue."
        raise InvalidRequest(message)
    aside = [Outcome(p.name, "ignorée", (why,)) for p, why in offer.unknown.items()]
    asked = [one for one in sources.values() if one.code in offer.files]
    return [_ToRead(one, _given_files(offer.files[one.code])) for one in asked], aside


def _fetching(
    source: Source, client: Client, bench: _Bench, today: date
) -> Callable[[], Sequence[Obtained]]:
    return lambda: [fetch(source, client, bench, today)]


def _given_files(files: Sequence[Obtained]) -> Callable[[], Sequence[Obtained]]:
    return lambda: files


def _read_all(
    work: tuple[list[_ToRead], list[Outcome]], bench: _Bench, tell: Tell
) -> tuple[Outcome, ...]:
    to_read, aside = work
    outcomes = []
    for one in to_read:
        tell(f"{one.source.code} : {one.source.label}…")
        outcomes.append(_attempt(one, bench))
        for line in outcomes[-1].lines:
            tell(f"  {line}")
    return (*outcomes, *aside)


def _attempt(one: _ToRead, bench: _Bench) -> Outcome:
    code = one.source.code
    try:
        lines = _read(one, bench)
    except AddressUnknown as error:
        return Outcome(code, "à fournir", (str(error),))
    except DataFileError:
        raise  # ours, not the producer's
    except TerritoiresError as error:
        return Outcome(code, "refusée", (str(error),))
    except _UNFORESEEN as error:
        reason = f"lecture impossible ({type(error).__name__} : {error!s:.200})"
        return Outcome(code, "refusée", (f"{reason}. Signalez ce fichier.",))
    return Outcome(code, "lue", tuple(lines))


def _read(one: _ToRead, bench: _Bench) -> list[str]:
    source = one.source
    files = one.files()
    readings = [_reading(source, file, bench) for file in files]
    reading = united(readings)
    check_reading(source, reading, whole=any(file.whole for file in files))
    converted = to_current(reading, source, bench.register, bench.passages)
    bench.references.update(reading.references)
    if len(converted.table):
        bench.given[source.code] = Given(
            source, reading.vintage, reading.cog_year, reading.complete,
            min(file.obtained_on for file in files), converted.table, reading.vintages,
        )  # fmt: skip
    bench.about[source.code] = _about(
        source, reading, files, has_measures=bool(len(converted.table))
    )
    kind = "" if reading.complete else ", extrait"
    head = (
        f"millésime {reading.vintage}, communes de {reading.cog_year}, {reading.rows} lignes{kind}"
    )
    return [head, *reading.notes, *converted.lines]


def _reading(source: Source, file: Obtained, bench: _Bench) -> Reading:
    with open_file(file.path, source) as opened:
        return source.read(opened, bench)


def united(readings: Sequence[Reading]) -> Reading:
    """Put together the files of one source: the newest vintage, whole files before extracts.

    A commune and measure given twice keeps the first; a second file may add what the first leaves
    out (Mayotte).
    """
    newest = max(vintage_order(reading.vintage) for reading in readings)
    kept = [one for one in readings if vintage_order(one.vintage) == newest]
    kept.sort(key=lambda one: (not one.complete, -one.rows))
    if len(kept) == 1:
        return kept[0]
    measures = pd.concat([one.measures for one in kept], ignore_index=True)
    names = dict.fromkeys(name for one in kept for name in one.references)
    return Reading(
        vintage=kept[0].vintage,
        cog_year=kept[0].cog_year,
        measures=measures.drop_duplicates(["code_commune", "code_mesure"], ignore_index=True),
        complete=kept[0].complete,
        rows=sum(one.rows for one in kept),
        references={name: _stacked(kept, name) for name in names},
        notes=tuple(dict.fromkeys(note for one in kept for note in one.notes)),
        vintages=kept[0].vintages,
    )


def _stacked(readings: Sequence[Reading], name: str) -> pd.DataFrame:
    tables = [one.references[name] for one in readings if name in one.references]
    together = pd.concat(tables)
    if together.index.name:
        return together[~together.index.duplicated()]
    key = str(together.columns[0])
    return together.drop_duplicates(key, ignore_index=True)


def _about(
    source: Source, reading: Reading, files: Sequence[Obtained], *, has_measures: bool
) -> dict[str, Any]:
    return {
        "libelle": source.label,
        "producteur": source.producer,
        "licence": source.licence,
        "millesime": reading.vintage,
        "millesimes": dict(reading.vintages),
        "cog": reading.cog_year,
        "obtenu_le": min(file.obtained_on for file in files),
        "fichier": " ; ".join(file.path.name for file in files),
        "sha256": " ; ".join(file.sha256 for file in files),
        "adresse": " ; ".join(filter(None, (file.address for file in files))),
        "lignes": reading.rows,
        "complete": reading.complete,
        "verifie": source.verified,
        "mesures": has_measures,
        "references": sorted(reading.references),
        "notes": list(reading.notes),
    }


def _estimates_wanted(request: Request, before: DataVersion | None) -> bool:
    if request.estimates is not None:
        return request.estimates
    return bool(before and before.document.get("options", {}).get("estimations"))


def _content(bench: _Bench, settings: Settings, tell: Tell, *, estimates: bool) -> Content:
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


def _estimated(bench: _Bench, tell: Tell) -> list[Given]:
    """Return the estimates, or say which published figures they still need."""
    try:
        return [estimated(list(bench.given.values()), bench.references, bench.register)]
    except SourceUnavailable as error:
        tell(f"Estimations non calculées : {error}")
        return []
