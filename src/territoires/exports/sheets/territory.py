"""The sheet of a territory: a commune, an EPCI, a group of communes, a candidate."""

from __future__ import annotations

import re

from territoires.candidates.wording import listing, plural
from territoires.exports.sheets.around import Surroundings, observed, surroundings
from territoires.exports.sheets.content import IndexReading, TerritorySheet
from territoires.exports.sheets.figures import PlaceFigures, source_lines
from territoires.exports.sheets.letters import LONGEST_TITLE, on_one_line
from territoires.exports.sheets.places import (
    MAP_SIZE,
    locator_of,
    map_of,
    register_source,
    size_figures,
    subtitle,
    town_hall,
)
from territoires.exports.sheets.reading import read_index
from territoires.exports.sheets.source import SheetSource
from territoires.territory import Territoire

_MISSING_NAMED = 6
_MOST_GAPS = 5


def territory_sheet(
    source: SheetSource, place: Territoire, *, title: str = "", why: str = "", status: str = "",
    note: str = "",
) -> TerritorySheet:  # fmt: skip
    """Write the sheet of a territory.

    Parameters
    ----------
    source : SheetSource
        The data.
    place : Territoire
        Any set of communes.
    title : str
        Name that a person gave it; its own by default.
    why : str
        Why here, of the search that found it (:func:`territoires.candidates.why`); without it, its
        index is read.
    status, note : str
        Of the selection it is printed from, as they were typed.

    Raises
    ------
    InvalidRequest
        The recipe does not apply to these data.
    """
    figures, around = PlaceFigures(source, place), surroundings(source, place)
    index = read_index(source, figures)
    return TerritorySheet(
        title=on_one_line(title or place.nom, LONGEST_TITLE),
        subtitle=subtitle(source.register, place),
        figures=size_figures(source.register, place),
        map=map_of(source.register, place, around.marks(), MAP_SIZE),
        locator=locator_of(source.register, place),
        keys=around.keys(),
        why=why or (index.sentence if index else ""),
        index=index,
        near=around.lines(),
        near_total=len(around.rows),
        near_title=around.title,
        near_note=around.note,
        rows_title=figures.title,
        columns=figures.columns,
        rows=figures.rows(),
        needs=observed(source.needs_observed, source.directory.vocabularies, place.communes),
        town_hall=town_hall(source.register, place),
        unknown=tuple(_unknown(source, figures, index, around)),
        sources=(*source_lines(source), register_source(source.register)),
        imprint=source.imprint(place),
        status=status,
        note=note,
    )


def _unknown(
    source: SheetSource, figures: PlaceFigures, index: IndexReading | None, around: Surroundings
) -> list[str]:
    told = [
        *_of_the_place(figures.place),
        *_missing_figures(source, figures),
        *_wider_figures(source, figures),
        *_local_gaps(source, figures),
        *([] if index else ["Aucun indice de besoins ne s'applique à ce territoire."]),
    ]
    if not around.here:
        told.append("Aucune initiative recensée ici : cela ne veut pas dire qu'il n'y en a pas.")
    return told


def _of_the_place(place: Territoire) -> list[str]:
    told = []
    if place.partiel:
        told.append("Partie de commune : les chiffres sont ceux de la commune entière.")
    if place.population is None:
        told.append("La population n'est pas connue.")
    elif place.population == 0:
        told.append("Commune sans habitant : les taux n'y ont pas de sens.")
    return told


def _missing_figures(source: SheetSource, figures: PlaceFigures) -> list[str]:
    catalogue = source.indicators.catalogue
    missing = [one.label for one in catalogue.values() if figures.is_missing(one)]
    if not missing:
        return []
    shown = missing[:_MISSING_NAMED]
    rest = len(missing) - len(shown)
    named = listing([*shown, plural(rest, "autre", "autres")] if rest else shown)
    return [f"Sans chiffre ici : {named}."]


def _wider_figures(source: SheetSource, figures: PlaceFigures) -> list[str]:
    if len(figures.place.communes) > 1:
        return []
    wider = [one for one in source.indicators.catalogue.values() if one.is_wider]
    if not wider:
        return []
    named = listing([one.label for one in wider[:_MISSING_NAMED]])
    return [f"Chiffres d'un territoire plus large que la commune : {named}."]


def _local_gaps(source: SheetSource, figures: PlaceFigures) -> list[str]:
    """Tell what the catalogue says of the figures of this département alone, vintage or survey."""
    communes = source.register.communes.iloc[source.register.positions(figures.place.communes)]
    here = {
        source.register.name_of("departement", str(code))
        for code in communes["code_departement"].unique()
    }
    told = []
    for indicator in source.indicators.catalogue.values():
        for gap in [] if figures.is_missing(indicator) else indicator.gaps:
            where, _, what = gap.partition(" : ")
            if what and here.intersection(re.split(r", | et ", where)):
                told.append(f"{indicator.label} : {what.rstrip('.')}.")
    return told[:_MOST_GAPS]
