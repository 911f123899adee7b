"""Initiatives around a territory: nearest first, numbered as on the map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from territoires.candidates.wording import format_km, plural
from territoires.exports.sheets.content import Key, Line, NearRow
from territoires.exports.sheets.letters import on_one_line
from territoires.exports.sheets.source import SheetSource
from territoires.indicators import format_number
from territoires.initiatives import Directory, initiatives_in, nearest, within
from territoires.initiatives.needs_observed import NeedsObserved
from territoires.initiatives.vocabularies import Term, Vocabularies
from territoires.maps.static_ground import main_commune
from territoires.maps.static_map import Mark
from territoires.territory import Territoire

LISTED = 10
_SHORT = 90
_NOT_ALL = (
    "Distances à vol d'oiseau. L'annuaire n'est pas complet : aucune initiative recensée ne veut "
    "pas dire aucune initiative."
)


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Initiatives in a territory and within reach of it.

    Attributes
    ----------
    directory : Directory
        Where they come from.
    rows : DataFrame
        Rows of ``Directory.frame`` and ``distance_km`` (NaN when its place is unknown), nearest
        first.
    here : int
        How many stand in, or cover, the territory.
    radius_km : float
        How far one looked.
    farther : str
        The nearest one when none is within reach.
    """

    directory: Directory
    rows: pd.DataFrame
    here: int
    radius_km: float
    farther: str = ""

    @property
    def title(self) -> str:
        """Count them."""
        here = plural(self.here, "initiative recensée ici", "initiatives recensées ici")
        around = len(self.rows) - self.here
        return f"{here}, {format_number(around)} à moins de {_kilometres(self.radius_km)}"

    @property
    def note(self) -> str:
        """Say what the list does not."""
        unlocated = len(self.directory.unlocated)
        lost = (
            f" {plural(unlocated, 'initiative', 'initiatives')} de l'annuaire sans lieu connu "
            f"{'ne sont pas comptées' if unlocated > 1 else 'n’est pas comptée'}."
            if unlocated
            else ""
        )
        return f"{self.farther}{_NOT_ALL}{lost}"

    def lines(self) -> tuple[NearRow, ...]:
        """Return the first ones, as lines."""
        words = self.directory.vocabularies
        numbers = iter(range(1, LISTED + 1))
        return tuple(
            _line(words, row, str(next(numbers)) if pd.notna(row["longitude"]) else "")
            for _, row in self.rows.head(LISTED).iterrows()
        )

    def marks(self) -> tuple[Mark, ...]:
        """Return the points of the map: numbered for those that are listed."""
        located = self.rows[self.rows["longitude"].notna()]
        listed = located[located.index.isin(self.rows.index[:LISTED])]
        others = located[~located.index.isin(listed.index)]
        return (*self._numbered(listed), *(self._mark(row) for _, row in others.iterrows()))

    def keys(self) -> tuple[Key, ...]:
        """Return the colours that the map shows."""
        words = self.directory.vocabularies
        terms = {term.code: term for axes in self.rows["axes"] for term in words.axis_terms(axes)}
        ordered = (*words.axes.terms.values(), words.no_axis)
        return tuple(
            Key(term.colour, _axis_words(words, term)) for term in ordered if term.code in terms
        )

    def _numbered(self, listed: pd.DataFrame) -> list[Mark]:
        """Give one mark to all those of one point, with their numbers."""
        points: dict[tuple[float, float], list[int]] = {}
        for at, point in enumerate(zip(listed["longitude"], listed["latitude"], strict=True)):
            points.setdefault(point, []).append(at)
        return [
            self._mark(listed.iloc[same[0]], _numbers([at + 1 for at in same]))
            for same in points.values()
        ]

    def _mark(self, row: pd.Series, label: str = "") -> Mark:
        colour = self.directory.vocabularies.axis_colour(row["axes"])
        return Mark(float(row["longitude"]), float(row["latitude"]), colour, label)


def _numbers(rising: Sequence[int]) -> str:
    """Write numbers shortly: ``1–3, 5``."""
    runs: list[list[int]] = []
    for number in rising:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def surroundings(source: SheetSource, place: Territoire) -> Surroundings:
    """Find the initiatives in a territory and those around it, nearest first."""
    register, directory = source.register, source.directory
    point = place.reference_point(register)
    here = initiatives_in(directory, place)
    reached = within(register, directory, point, _everywhere(source, place))
    away = reached["distance_km"]
    around = reached[(away <= source.near_km) & ~reached.index.isin(here.index)]
    placed = here.assign(distance_km=away.reindex(here.index).to_numpy())
    rows = pd.concat([placed.sort_values("distance_km", kind="stable"), around])
    farther = "" if len(rows) else _farther(source, place)
    return Surroundings(directory, rows, len(here), source.near_km, farther)


def _everywhere(source: SheetSource, place: Territoire) -> float:
    """Return a radius that holds the whole territory and what is around."""
    area = place.superficie_km2(source.register) or 0.0
    return source.near_km + 4.0 * math.sqrt(area)


def _farther(source: SheetSource, place: Territoire) -> str:
    main = main_commune(source.register, place)
    found = nearest(source.register, source.directory, [main]).iloc[0]
    if pd.isna(found["distance_km"]):
        return ""
    name = on_one_line(source.directory.frame["nom"][found["id"]], _SHORT)
    return f"La plus proche : {name}, à {format_km(float(found['distance_km']))}. "


def _line(words: Vocabularies, row: pd.Series, number: str) -> NearRow:
    kind = words.types.label(row["type"])
    status = row["statut"] if row["statut"] != "inconnu" else ""
    told = f"{kind} ({words.statuses.label(status).lower()})" if status else kind
    axis = f"axe {row['axes'].replace(';', ', ')}" if row["axes"] else words.no_axis.label.lower()
    distance = row["distance_km"]
    return NearRow(
        number=number,
        colour=words.axis_colour(row["axes"]),
        name=on_one_line(row["nom"], _SHORT),
        what=on_one_line(f"{told} · {axis}", _SHORT),
        where=on_one_line(row["geo_commune"] or row["commune"] or "lieu inconnu", _SHORT),
        distance="" if pd.isna(distance) else format_km(float(distance)),
    )


def _kilometres(radius: float) -> str:
    return f"{format_number(radius)}\u00a0km"


def _axis_words(words: Vocabularies, term: Term) -> str:
    return term.label if term is words.no_axis else f"{term.code} · {term.label}"


def observed(needs: NeedsObserved, words: Vocabularies, codes: Sequence[str]) -> tuple[Line, ...]:
    """Return the unmet needs observed in some communes."""
    rows = needs.for_communes(codes).frame
    return tuple(
        Line(
            words.need_domains.label(domain),
            f"{said} (observé le {day})" if day else said,
            source,
        )
        for domain, said, day, source in zip(
            rows["domaine"], rows["description"], rows["observe_le"], rows["source_url"],
            strict=True,
        )
    )  # fmt: skip
