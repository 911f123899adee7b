"""A person's own initiatives, kept as they typed them: from a file, from a form, and back.

A :class:`Directory` holds no more than may be shown: the address of what is shown at its commune is
not in it. What its author typed must come back whole, so it stands here, and the directory of the
pages is made from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from territoires.communes import Register
from territoires.geocoding.gazetteer import Gazetteer
from territoires.initiatives.directory import Directory
from territoires.initiatives.identifiers import distinct, identifier
from territoires.initiatives.placing import place_initiatives
from territoires.initiatives.schema import COLUMNS, GEO_COLUMNS
from territoires.initiatives.shown import shown_frame
from territoires.initiatives.uploads import upload_frame
from territoires.initiatives.validation import validate_initiatives
from territoires.initiatives.vocabularies import Vocabularies
from territoires.tables import Finding, TypedTable

MOST_LETTERS = 131_000
"""Characters of one cell: a little less than what a reader of CSV files takes."""
FIELDS = tuple(column for column in COLUMNS if column != "id")
"""What a person may write of an initiative."""

Fields = Mapping[str, str]
_WHOLE = [*COLUMNS, *GEO_COLUMNS]
_TYPED_POINT = "coordonnees"
_POINT = ("longitude", "latitude")
# What no file of text gives back: see tables/decoding.py.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\ud800-\udfff]")


@dataclass(frozen=True, eq=False)
class OwnInitiatives:
    """Initiatives that one person added.

    Attributes
    ----------
    frame : pd.DataFrame
        RangeIndex; the columns of :data:`schema.COLUMNS` as they were typed, then those of
        :data:`schema.GEO_COLUMNS`; all text, ``""`` where nothing is known; ``id`` unique.
    """

    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self.identifiers

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Their identifiers, in order."""
        return tuple(self.frame["id"])

    def fields(self, identifier: str) -> dict[str, str]:
        """Return what was typed of one of them: column of :data:`FIELDS` → text."""
        row = self.frame.loc[self.frame["id"] == identifier, list(FIELDS)].iloc[0]
        return {str(column): str(cell) for column, cell in row.items()}

    def joined(self, newer: OwnInitiatives) -> OwnInitiatives:
        """Add others; the same identifier twice: the newer, where the older one was."""
        found = {row["id"]: row for row in self.frame.to_dict("records")}
        found |= {row["id"]: row for row in newer.frame.to_dict("records")}
        return OwnInitiatives(pd.DataFrame(list(found.values()), columns=_WHOLE, dtype="str"))

    def without(self, identifier: str) -> OwnInitiatives:
        """Leave one out."""
        kept = self.frame[self.frame["id"] != identifier]
        return OwnInitiatives(kept.reset_index(drop=True))

    def rows(self) -> list[dict[str, str]]:
        """Return what was typed, empty cells left out; :func:`own_from_rows` takes it back."""
        return [
            {str(column): cell for column, cell in row.items() if cell}
            for row in self.frame[list(COLUMNS)].to_dict("records")
        ]

    def directory(self, register: Register, vocabularies: Vocabularies) -> Directory:
        """Return them as the pages show them, those reserved to the network included."""
        return Directory(shown_frame(self.frame, register), vocabularies)


def no_initiatives() -> OwnInitiatives:
    """Return the initiatives of who added none."""
    return OwnInitiatives(pd.DataFrame(columns=_WHOLE, dtype="str"))


def own_from_table(
    table: TypedTable, register: Register, geocoded: pd.DataFrame | None = None
) -> OwnInitiatives:
    """Take the initiatives of a file; see :func:`directory_from_table`."""
    frame = upload_frame(table, register, geocoded)
    return OwnInitiatives(frame[_WHOLE].fillna("").astype("str"))


def own_from_rows(rows: Sequence[Fields], gazetteer: Gazetteer) -> OwnInitiatives:
    """Take initiatives typed otherwise than in a file, and place them.

    Parameters
    ----------
    rows : sequence of mapping
        Column of :data:`schema.COLUMNS` → text; what is left out is empty. Missing identifiers are
        made.
    gazetteer : Gazetteer
        Of the communes.
    """
    if not rows:
        return no_initiatives()
    table = one_table(rows)
    return own_from_table(table, gazetteer.register, place_initiatives(table.frame, gazetteer))


def one_table(rows: Sequence[Fields]) -> TypedTable:
    """Return rows as the table of a file that has every column of the schema."""
    cells = [{column: row.get(column, "") for column in COLUMNS} for row in rows]
    return TypedTable(pd.DataFrame(cells, columns=list(COLUMNS), dtype="str"), "utf-8", ",")


def typed_fields(directory: Directory, identifier: str) -> dict[str, str]:
    """Return what a directory lets know of what was typed of an initiative.

    Returns
    -------
    dict
        Column of :data:`FIELDS` → text. A point only where one was typed: that of a commune was
        put there by us.
    """
    row = directory.frame.loc[identifier]
    fields = {column: str(row[column]) for column in FIELDS if column not in _POINT}
    typed = row["geo_precision"] == _TYPED_POINT
    return fields | {one: str(row[f"geo_{one}"]) if typed else "" for one in _POINT}


def written(text: str) -> str:
    """Return a text as a file gives it back: no blanks around, no control characters, bounded."""
    return _UNWRITABLE.sub(" ", text[:MOST_LETTERS]).strip()


def free_identifier(fields: Fields, taken: Iterable[str]) -> str:
    """Name a new initiative after its type, name and commune, as none is named yet."""
    return distinct([natural_identifier(fields)], taken)[0]


def natural_identifier(fields: Fields) -> str:
    """Return the identifier that an initiative has when no other wants it."""
    return identifier(fields["type"], fields["nom"], fields["commune"])


def findings_by_field(
    fields: Fields, vocabularies: Vocabularies, gazetteer: Gazetteer
) -> dict[str, list[Finding]]:
    """Check one initiative as a file of one row is checked.

    Returns
    -------
    dict
        Column → findings on it, ``""`` → those on the row as a whole; only what has some.
    """
    found: dict[str, list[Finding]] = {}
    table = one_table([fields])
    for finding in validate_initiatives(table, vocabularies, gazetteer.register, gazetteer):
        found.setdefault(finding.field or "", []).append(finding)
    return found
