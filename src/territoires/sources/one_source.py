"""Reads one source: its files, opened, read, checked, brought to the communes of today."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd
import pyarrow as pa

from territoires.communes import Register
from territoires.errors import (
    AddressUnknown,
    DataFileError,
    SourceUnavailable,
    TerritoiresError,
    UnexpectedFormat,
)
from territoires.indicators import format_number
from territoires.sources.checking import check_reading
from territoires.sources.combining import Given, vintage_order
from territoires.sources.conversion import Passages, to_current
from territoires.sources.declaration import Reading, Source
from territoires.sources.obtaining import Obtained
from territoires.sources.opening import open_file
from territoires.sources.registry import available_sources

State = Literal["lue", "refusée", "à fournir", "ignorée"]
# What a file that nobody foresaw may raise while it is being read. It must not stop the others.
_UNFORESEEN = (ValueError, KeyError, TypeError, IndexError, OSError, pa.ArrowException)


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
        French: what was read, or what is wrong and what to do; an empty one when nothing is known
        of an ignored file.
    """

    name: str
    state: State
    lines: tuple[str, ...]


@dataclass(eq=False)
class Bench:
    """The state of an update: what earlier sources gave is there for the next.

    Attributes
    ----------
    register : Register
        Communes of today.
    passages : Passages
        What became of the others.
    references : dict of str to DataFrame
        By name.
    given : dict of str to Given
        By source, those of the version in use included.
    about : dict of str to mapping
        What the version will say of each source.
    """

    register: Register
    passages: Passages
    references: dict[str, pd.DataFrame]
    given: dict[str, Given] = field(default_factory=dict)
    about: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def reference(self, name: str) -> pd.DataFrame:
        """Return a reference table; see :class:`~territoires.sources.declaration.Workbench`."""
        if name not in self.references:
            givers = [s.code for s in available_sources().values() if name in s.references]
            message = f"il manque « {name} ». D'abord : territoires actualiser {' '.join(givers)}"
            raise SourceUnavailable(message)
        return self.references[name]


@dataclass(frozen=True)
class ToRead:
    """A source, and how its files are had: only when its turn comes."""

    source: Source
    files: Callable[[], Sequence[Obtained]]


def attempt(one: ToRead, bench: Bench) -> Outcome:
    """Read a source; what is wrong with it is told, and does not stop the others.

    Raises
    ------
    DataFileError
        The shipped data are damaged: that is ours, not the producer's.
    """
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


def _read(one: ToRead, bench: Bench) -> list[str]:
    source = one.source
    files = one.files()
    reading = united([_reading(source, file, bench) for file in files])
    check_reading(source, reading, whole=any(file.whole for file in files))
    _check_no_country_is_lost(source, reading, bench)
    converted = to_current(reading, source, bench.register, bench.passages)
    bench.references.update(reading.references)
    if len(converted.table):
        bench.given[source.code] = Given(
            source, reading.vintage, reading.cog_year, reading.complete,
            min(file.obtained_on for file in files), converted.table, reading.vintages,
            form_verified=reading.form_verified,
        )  # fmt: skip
    bench.about[source.code] = _about(
        source, reading, files, has_measures=bool(len(converted.table))
    )
    return [_summary(reading), *reading.notes, *converted.lines]


def _check_no_country_is_lost(source: Source, reading: Reading, bench: Bench) -> None:
    """Refuse an extract where the whole country is in use: half a file looks just like one."""
    in_use = bench.given.get(source.code)
    if in_use is None or not in_use.complete or reading.complete or reading.measures.empty:
        return
    places = format_number(reading.measures["code_commune"].nunique())
    message = (
        f"{source.label} ({source.code}) : extrait, ou fichier coupé ({places} communes). La "
        f"France entière, déjà en service (millésime {in_use.vintage}), est gardée. Donnez le "
        "fichier entier ; pour lire un extrait, revenez d'abord : territoires actualiser --revenir"
    )
    raise UnexpectedFormat(message)


def _summary(reading: Reading) -> str:
    kind = "" if reading.complete else ", extrait"
    rows = format_number(reading.rows)
    return f"millésime {reading.vintage}, communes de {reading.cog_year}, {rows} lignes{kind}"


def _reading(source: Source, file: Obtained, bench: Bench) -> Reading:
    with open_file(file.path, source) as opened:
        reading = source.read(opened, bench)
        if opened.layout.verified or not source.verified:
            return replace(reading, name=file.path.name)
        note = f"{opened.layout.name} : forme non vérifiée sur un fichier réel."
        return replace(
            reading, name=file.path.name, notes=(*reading.notes, note), form_verified=False
        )


def united(readings: Sequence[Reading]) -> Reading:
    """Put together the files of one source: a whole country before extracts, then the newest.

    A commune and measure given twice keeps the first; a second file of the same vintage may add
    what the first leaves out (Mayotte). What is of another vintage is left aside, and said.
    """
    if len(readings) == 1:
        return readings[0]
    best = max(readings, key=lambda one: (one.complete, vintage_order(one.vintage), one.rows))
    same = [one for one in readings if vintage_order(one.vintage) == vintage_order(best.vintage)]
    kept = sorted(same, key=lambda one: (not one.complete, -one.rows))
    measures = pd.concat([one.measures for one in kept], ignore_index=True)
    names = dict.fromkeys(name for one in kept for name in one.references)
    return replace(
        best,
        measures=measures.drop_duplicates(["code_commune", "code_mesure"], ignore_index=True),
        rows=sum(one.rows for one in kept),
        references={name: _stacked(kept, name) for name in names},
        notes=(*_notes_of_each(kept), *_left_aside(readings, kept, best)),
        form_verified=all(one.form_verified for one in kept),
    )


def _notes_of_each(readings: Sequence[Reading]) -> list[str]:
    return [f"{one.name} : {note}" for one in readings for note in one.notes]


def _left_aside(readings: Sequence[Reading], kept: Sequence[Reading], best: Reading) -> list[str]:
    return [
        f"{one.name} : millésime {one.vintage}{'' if one.complete else ', extrait'} ; laissé de "
        f"côté pour {best.name} ({best.vintage})."
        for one in readings
        if one not in kept
    ]


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
        "forme_verifiee": reading.form_verified,
        "mesures": has_measures,
        "references": sorted(reading.references),
        "notes": list(reading.notes),
    }
