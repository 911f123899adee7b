"""A user's own list of territories ("our members"), pasted or uploaded, as commune codes.

Nothing is guessed: a code that is not understood is a finding, with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from territoires.candidates.member_codes import Answer, CodeReader
from territoires.communes import Register
from territoires.errors import InvalidRequest, InvalidTable
from territoires.geocoding import Gazetteer, geocode_table
from territoires.geocoding.decide import SURE
from territoires.tables import TypedTable
from territoires.tables.findings import Finding
from territoires.tables.text import plain

MAX_CHARACTERS = 1_000_000
_MAX_FINDINGS = 100

_SEPARATORS = re.compile(r"[\s,;|\"'’=()\[\]]+")
_SPACED_SIREN = re.compile(r"(?<!\d)(\d{3})[ \u00a0\u202f](\d{3})[ \u00a0\u202f](\d{3})(?!\d)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE_HEADINGS = (
    "code commune", "code insee", "insee com", "code insee commune", "codgeo", "depcom", "insee",
    "codes communes", "code", "siren epci", "code epci", "epci", "siren",
)  # fmt: skip
# A heading says what stands below it: it is never the name of a place.
_HEADING_WORDS = frozenset((
    "code", "codes", "commune", "communes", "insee", "com", "codgeo", "depcom", "siren", "epci",
    "cog", "nom", "noms", "libelle", "libgeo", "libcom", "departement", "dep", "dept", "region",
    "reg", "postal", "postaux", "cp", "population", "pop", "adherent", "adherents", "adherente",
    "adherentes", "membre", "membres", "territoire", "territoires", "collectivite",
    "collectivites", "ville", "villes", "numero", "id", "liste", "type", "adresse", "statut",
    "remarque", "de", "du", "des", "la", "le", "les", "nos",
))  # fmt: skip
_CELLS = re.compile(r"[,;|\t]")
_LEAST_SHARE_OF_CODES = 0.5
_SAMPLE_ROWS = 200


@dataclass(frozen=True)
class MemberList:
    """Communes of a list, and what was noticed while reading it.

    Attributes
    ----------
    communes : tuple of str
        Current commune codes, each once, in the order of the list.
    findings : tuple of Finding
        What was repaired (``information``) and what was left out (``avertissement``).
    """

    communes: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


def parse_members(
    text: str, register: Register, *, max_characters: int = MAX_CHARACTERS
) -> MemberList:
    """Read a list that a person pasted.

    Parameters
    ----------
    text : str
        Codes of communes (a lost leading zero is put back), SIREN of EPCI or of communes, typed
        codes (``epci:…``, ``dep:30``), in any order, between any separators. On a line that also
        holds words (``30350 Le Vigan 3800``), only the first code counts.
    register : Register
        The communes in force.
    max_characters : int
        Length above which the list is refused.

    Raises
    ------
    InvalidRequest
        The text is too long.
    """
    if len(text) > max_characters:
        raise InvalidRequest(
            f"La liste d'adhérents a {len(text)} caractères ; la limite est de {max_characters}. "
            "Ne gardez que la colonne des codes."
        )
    typed = text.removeprefix("\ufeff").splitlines()
    lines = [(number, line) for number, line in enumerate(typed, start=1) if line.strip()]
    if lines and _is_heading(lines[0][1]):
        lines = lines[1:]
    return _read(lines, CodeReader(register))


def members_from_table(
    table: TypedTable, register: Register, gazetteer: Gazetteer | None = None
) -> MemberList:
    """Read a list that a person uploaded.

    Parameters
    ----------
    table : TypedTable
        One column of codes, recognised by its heading (``code_commune``, ``siren``…), else by what
        it holds; without any, names, which are placed.
    register : Register
        The communes in force.
    gazetteer : Gazetteer, optional
        Places names. A name that several communes bear is a finding, never a guess.

    Raises
    ------
    InvalidTable
        No column holds codes, nor names.
    """
    reader = CodeReader(register)
    try:
        column = _code_column(table, reader)
    except InvalidTable:
        named = None if gazetteer is None else _named(table, register, gazetteer)
        if named is None:
            raise
        return named
    return _read(zip(table.lines, table.frame[column], strict=True), reader)


def _named(table: TypedTable, register: Register, gazetteer: Gazetteer) -> MemberList | None:
    """Place the names of a list; ``None`` when no column says a place."""
    try:
        placed = geocode_table(table, gazetteer)
    except InvalidTable:
        return None
    codes: dict[str, None] = {}
    findings: list[Finding] = []
    columns = ("geo_code_commune", "geo_statut", "geo_motif")
    rows = placed[list(columns)].itertuples(index=False)
    for line, (code, status, reason) in zip(table.lines, rows, strict=True):
        if status == SURE and code in register.communes.index:
            codes[str(code)] = None
        else:
            findings.append(Finding("avertissement", line, None, None, str(reason)))
    return MemberList(tuple(codes), _bounded(findings))


def _read(lines: Iterable[tuple[int, str]], reader: CodeReader) -> MemberList:
    codes: dict[str, None] = {}
    findings: list[Finding] = []
    for number, line in lines:
        answers = _read_line(line, reader)
        if not answers and line.strip():
            answers = [Answer(line.strip()[:80], problem="aucun code reconnu sur cette ligne")]
        for answer in answers:
            codes.update(dict.fromkeys(answer.codes))
            findings += _finding(number, answer)
    return MemberList(tuple(codes), _bounded(findings))


def _read_line(line: str, reader: CodeReader) -> list[Answer]:
    joined = _SPACED_SIREN.sub(r"\1\2\3", line)
    tokens = [token for token in _SEPARATORS.split(joined) if token]
    shaped = [token for token in tokens if reader.looks_like_code(token)]
    has_words = any(_WORD.search(token) for token in tokens if token not in shaped)
    kept = shaped[:1] if has_words else shaped
    ignored = [] if has_words else [token for token in tokens if token not in shaped]
    unknown = [Answer(token[:80], problem="n'a pas la forme d'un code") for token in ignored]
    return [reader.read(token) for token in kept] + unknown


def _is_heading(line: str) -> bool:
    """Tell the usual headings of a column of codes; any other words must give a finding."""
    cells = [plain(cell.strip(" \"'")) for cell in _CELLS.split(line)]
    if any(cell in _CODE_HEADINGS for cell in cells):
        return not any(character.isdigit() for character in line)
    words = " ".join(cells).strip(" .:").split()
    return bool(words) and all(word in _HEADING_WORDS for word in words)


def _finding(line: int, answer: Answer) -> list[Finding]:
    if answer.problem:
        message = f"« {answer.typed} » : {answer.problem}."
        return [Finding("avertissement", line, None, answer.typed, message)]
    if answer.note:
        message = f"« {answer.typed} » : {answer.note}."
        return [Finding("information", line, None, answer.typed, message)]
    return []


def _bounded(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Keep the first findings, warnings before information, and count the others."""
    ordered = sorted(findings, key=lambda finding: finding.level != "avertissement")
    rest = len(ordered) - _MAX_FINDINGS
    if rest <= 0:
        return tuple(ordered)
    message = f"{rest} autres remarques ne sont pas affichées."
    return (*ordered[:_MAX_FINDINGS], Finding("information", None, None, None, message))


def _code_column(table: TypedTable, reader: CodeReader) -> str:
    headings = {plain(column): column for column in reversed(list(table.frame.columns))}
    for heading in _CODE_HEADINGS:
        if heading in headings:
            return str(headings[heading])
    shares = {column: _share_of_codes(table, column, reader) for column in table.frame.columns}
    best = max(shares, key=lambda column: shares[column])
    if shares[best] < _LEAST_SHARE_OF_CODES:
        raise InvalidTable(
            "Aucune colonne de codes de commune ou d'EPCI n'est reconnue. Nommez-la "
            f"« code_commune » ou « siren ». Colonnes lues : {', '.join(shares)[:200]}."
        )
    return str(best)


def _share_of_codes(table: TypedTable, column: str, reader: CodeReader) -> float:
    cells = [cell for cell in table.frame[column].head(_SAMPLE_ROWS) if cell]
    if not cells:
        return 0.0
    return sum(bool(reader.read(cell).codes) for cell in cells) / len(cells)
