"""Checks on the words of one row: vocabularies, dates, web addresses, private details, length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import urlsplit

from rapidfuzz import fuzz, process

from territoires.initiatives.exposure import PUBLIC, is_exposed
from territoires.initiatives.rows import Row
from territoires.initiatives.schema import FREE_TEXT
from territoires.initiatives.vocabularies import NO_AXIS, Vocabularies, Vocabulary
from territoires.tables import Finding, plain

LONGEST_NAME = 200
LONGEST_TEXT = 5_000
FIRST_YEAR = 1800
LAST_YEAR = 2100
_CLOSE_ENOUGH = 60
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_FRENCH_DATE = re.compile(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)33[\s.]?(?:\(0\))?|0)[67](?:[\s.-]?\d{2}){4}(?!\d)")
_SHARED_MAILBOXES = (
    "accueil", "adherent", "admin", "amap", "asso", "association", "bonjour", "bureau", "cafe",
    "communication", "contact", "coordination", "direction", "hello", "info", "jardin", "mairie",
    "presse", "reseau", "secretariat", "siege",
)  # fmt: skip


def check_required(row: Row, columns: Iterable[str]) -> Iterator[Finding]:
    """Report cells that may not be empty."""
    for column in columns:
        if column in row.headings and not row.get(column):
            yield row.finding("erreur", column, "Cette case est obligatoire.")


def check_vocabularies(row: Row, vocabularies: Vocabularies) -> Iterator[Finding]:
    """Report codes that their vocabulary has not, and suggest the nearest."""
    for column, vocabulary in (
        ("type", vocabularies.types),
        ("statut", vocabularies.statuses),
        ("perimetre", vocabularies.perimeters),
        ("visibilite", vocabularies.visibilities),
    ):
        yield from unknown_word(row, column, row.get(column), vocabulary)
    axes = row.get("axes")
    for code in filter(None, re.split(r"[;,/|\s]+", axes)):
        yield from _check_axis(row, code, vocabularies)
    if re.search(r"\w[,/|\s]+\w", axes):
        yield row.finding(
            "erreur", "axes", "Plusieurs axes se séparent par un point-virgule : 2;5."
        )


def _check_axis(row: Row, code: str, vocabularies: Vocabularies) -> Iterator[Finding]:
    if code == NO_AXIS:
        yield row.finding("erreur", "axes", "Sans axe, laissez la case vide.")
    else:
        yield from unknown_word(row, "axes", code, vocabularies.axes)


def unknown_word(row: Row, column: str, code: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Report a code that the vocabulary has not."""
    if code and code not in vocabulary:
        message = f"« {code[:40]} » n'est pas dans le vocabulaire. {_suggestion(code, vocabulary)}"
        yield row.finding("erreur", column, message, code)


def _suggestion(code: str, vocabulary: Vocabulary) -> str:
    # Both codes and labels are compared, for people type either.
    choices = {f"{own}|{way}": plain(text) for own, term in vocabulary.terms.items()
               for way, text in enumerate((own, term.label))}  # fmt: skip
    near = process.extractOne(plain(code), choices, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    if near:
        return f"Vouliez-vous dire « {near[2].partition('|')[0]} » ?"
    return f"Valeurs possibles : {', '.join(vocabulary.codes)}."


def check_dates(row: Row, columns: Iterable[str]) -> Iterator[Finding]:
    """Report dates that do not exist, or are not ``AAAA``, ``AAAA-MM`` or ``AAAA-MM-JJ``."""
    for column in columns:
        typed = row.get(column)
        if typed and not is_date(typed):
            yield row.finding("erreur", column, _date_message(typed))


def is_date(text: str) -> bool:
    """Tell whether a text is a year, a month or a day written the ISO way."""
    found = _DATE.fullmatch(text)
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return False
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return False
    return True


def _date_message(typed: str) -> str:
    message = "Date attendue : AAAA, AAAA-MM ou AAAA-MM-JJ."
    found = _FRENCH_DATE.fullmatch(typed)
    if found:
        parts = [found[3], found[2].zfill(2), *([found[1].zfill(2)] if found[1] else [])]
        meant = "-".join(parts)
        if is_date(meant):
            return f"{message} Écrivez {meant}."
    return message


def check_urls(row: Row, columns: Iterable[str]) -> Iterator[Finding]:
    """Report addresses of pages that are not in ``http://`` or ``https://``."""
    for column in columns:
        typed = row.get(column)
        if typed and not is_web_address(typed):
            message = "Adresse de page attendue, en http:// ou https://."
            if is_web_address(f"https://{typed}") and "." in typed.split("/")[0]:
                message += f" Écrivez https://{typed[:80]}."
            yield row.finding("erreur", column, message)


def is_web_address(text: str) -> bool:
    """Tell whether a text is one ``http`` or ``https`` address, and nothing around it."""
    if any(character.isspace() or character in '<>"' for character in text):
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc


def check_private_details(row: Row) -> Iterator[Finding]:
    """Report personal e-mails and mobile numbers in free text."""
    for column in FREE_TEXT:
        text = row.get(column)
        for found in _EMAIL.finditer(text):
            if not plain(found[0]).startswith(_SHARED_MAILBOXES):
                yield _private(row, column, found[0], "une adresse électronique personnelle")
        for found in _MOBILE.finditer(text):
            yield _private(row, column, found[0], "un numéro de téléphone mobile")


def _private(row: Row, column: str, value: str, what: str) -> Finding:
    message = f"Ceci ressemble à {what} : à retirer, sauf accord de la personne."
    return row.finding("avertissement", column, message, value)


def check_lengths(row: Row) -> Iterator[Finding]:
    """Report texts too long to be shown."""
    for column in FREE_TEXT:
        count, longest = len(row.get(column)), LONGEST_NAME if column == "nom" else LONGEST_TEXT
        if count > longest:
            message = f"Texte de {count} caractères ; {longest} au plus seront lisibles."
            yield row.finding("avertissement", column, message, f"{row.get(column)[:60]}…")


def check_exposure(row: Row) -> Iterator[Finding]:
    """Report informal activities asked to be shown exactly: that can expose people."""
    if is_exposed(row.get("axes")) and row.get("visibilite") == PUBLIC:
        message = (
            "Axe 4 : un lieu exact peut exposer des personnes. "
            "Laissez la case vide pour ne montrer que la commune."
        )
        yield row.finding("avertissement", "visibilite", message)
