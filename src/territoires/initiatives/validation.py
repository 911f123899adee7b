"""Checks a file of initiatives, or of needs, and says each problem with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rapidfuzz import fuzz, process

from territoires.communes import Register
from territoires.geocoding.gazetteer import Gazetteer
from territoires.initiatives import checks_words as words
from territoires.initiatives.checks_places import Atlas, check_code, check_place
from territoires.initiatives.checks_points import check_points
from territoires.initiatives.rows import Row, rows_of
from territoires.initiatives.schema import (
    COLUMNS,
    DATE_COLUMNS,
    GEO_COLUMNS,
    NEED_COLUMNS,
    PLACE_COLUMNS,
    REQUIRED,
    URL_COLUMNS,
    canonical_headings,
    need_headings,
)
from territoires.initiatives.vocabularies import Vocabularies
from territoires.tables import Finding, TypedTable, plain

_CLOSE_ENOUGH = 60
_IDENTIFIER = re.compile(r"[\w.:-]{1,120}")

RowCheck = Callable[[Row, Vocabularies, Atlas], Iterable[Finding]]

INITIATIVE_CHECKS: tuple[RowCheck, ...] = (
    lambda row, _vocabularies, _atlas: words.check_required(row, REQUIRED),
    lambda row, vocabularies, _atlas: words.check_vocabularies(row, vocabularies),
    lambda row, _vocabularies, atlas: check_place(row, atlas),
    lambda row, _vocabularies, _atlas: words.check_dates(row, DATE_COLUMNS),
    lambda row, _vocabularies, _atlas: words.check_urls(row, URL_COLUMNS),
    lambda row, _vocabularies, _atlas: words.check_private_details(row),
    lambda row, _vocabularies, _atlas: words.check_lengths(row),
    lambda row, _vocabularies, _atlas: words.check_exposure(row),
)
"""Everything that is checked on one row of initiatives, in the order it is said."""


def validate_initiatives(
    table: TypedTable,
    vocabularies: Vocabularies,
    register: Register,
    gazetteer: Gazetteer | None = None,
) -> list[Finding]:
    """Check a file of initiatives.

    Parameters
    ----------
    table : TypedTable
        As read; its own findings are not repeated.
    gazetteer : Gazetteer, optional
        When the caller has one already; else it is built from the register.

    Returns
    -------
    list of Finding
        By line; those on the file as a whole first. ``erreur``: the cell cannot be used as it is;
        ``avertissement``: to be looked at; ``information``: what will be done.
    """
    columns = canonical_headings(list(table.frame.columns))
    rows = list(rows_of(table, columns))
    atlas = Atlas(gazetteer or Gazetteer.from_register(register))
    findings = [
        *_check_headings(table, columns, (*COLUMNS, *GEO_COLUMNS), REQUIRED),
        *_check_place_headings(table, columns),
        *_check_identifiers(rows),
        *_check_doubles(rows),
        *check_points(rows, atlas),
    ]
    for row in rows:
        for check in INITIATIVE_CHECKS:
            findings.extend(check(row, vocabularies, atlas))
    return _by_line(findings)


def validate_needs(
    table: TypedTable,
    vocabularies: Vocabularies,
    register: Register,
    gazetteer: Gazetteer | None = None,
) -> list[Finding]:
    """Check a file of needs observed in the field; see :func:`validate_initiatives`."""
    columns = need_headings(list(table.frame.columns))
    rows = list(rows_of(table, columns))
    atlas = Atlas(gazetteer or Gazetteer.from_register(register))
    findings = [
        *_check_headings(table, columns, NEED_COLUMNS, NEED_COLUMNS),
        *_check_identifiers(rows),
    ]
    for row in rows:
        findings.extend(_check_need(row, vocabularies, atlas))
    return _by_line(findings)


def _check_need(row: Row, vocabularies: Vocabularies, atlas: Atlas) -> Iterator[Finding]:
    yield from words.check_required(row, ("id", "code_commune", "domaine"))
    yield from words.unknown_word(row, "domaine", row.get("domaine"), vocabularies.need_domains)
    yield from check_code(row, "code_commune", row.get("code_commune"), atlas)
    yield from words.check_dates(row, ("observe_le",))
    yield from words.check_urls(row, ("source_url",))
    yield from words.check_private_details(row)
    yield from words.check_lengths(row)


def _check_headings(
    table: TypedTable,
    columns: Mapping[str, str],
    known: Sequence[str],
    required: Sequence[str],
) -> Iterator[Finding]:
    line = table.heading_line
    for column in required:
        if column not in columns.values():
            yield Finding("erreur", line, column, None, f"La colonne « {column} » manque.")
    for heading in table.frame.columns:
        read_as = columns.get(heading)
        if read_as is None:
            message = f"Colonne inconnue, ignorée.{_suggest_column(heading, known, columns)}"
            yield Finding("avertissement", line, heading, None, message)
        elif read_as != heading:
            message = f"Cette colonne est lue comme « {read_as} »."
            yield Finding("information", line, heading, None, message)


def _suggest_column(heading: str, known: Sequence[str], columns: Mapping[str, str]) -> str:
    free = [column for column in known if column not in columns.values()]
    near = process.extractOne(heading, free, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    return f" Vouliez-vous dire « {near[0]} » ?" if near else ""


def _check_place_headings(table: TypedTable, columns: Mapping[str, str]) -> Iterator[Finding]:
    if not set(PLACE_COLUMNS) & set(columns.values()):
        message = (
            "Aucune colonne de lieu : donnez code_commune, ou code_postal et commune, "
            "ou adresse, ou longitude et latitude."
        )
        yield Finding("avertissement", table.heading_line, None, None, message)


def _check_identifiers(rows: Sequence[Row]) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for row in rows:
        typed = row.get("id")
        if not typed:
            continue
        if not _IDENTIFIER.fullmatch(typed):
            message = "Identifiant attendu : lettres, chiffres et tirets, 120 caractères au plus."
            yield row.finding("erreur", "id", message, typed[:80])
        if typed in first:
            message = f"Identifiant déjà donné à la ligne {first[typed]}."
            yield row.finding("erreur", "id", message)
        first.setdefault(typed, row.line)


def _check_doubles(rows: Sequence[Row]) -> Iterator[Finding]:
    """Report the same name in the same commune: most often the same initiative, typed twice."""
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        name = plain(row.get("nom"))
        place = row.get("code_commune") or plain(row.get("commune"))
        if not name or not place:
            continue
        if (name, place) in first:
            message = f"Même nom et même commune qu'à la ligne {first[name, place]} : un doublon ?"
            yield row.finding("avertissement", "nom", message)
        first.setdefault((name, place), row.line)


def _by_line(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.line or 0)
