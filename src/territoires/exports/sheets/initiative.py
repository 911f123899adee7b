"""The sheet of an initiative: its columns as they were typed, and the needs of its territory.

An empty field is « non renseigné »: nothing is written in the place of who knows.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

from territoires.errors import InvalidRequest
from territoires.exports.sheets.around import observed
from territoires.exports.sheets.content import IndexReading, InitiativeSheet, Line
from territoires.exports.sheets.figures import PlaceFigures, source_lines
from territoires.exports.sheets.letters import LONGEST_TITLE, on_one_line
from territoires.exports.sheets.places import (
    INITIATIVE_MAP_SIZE,
    locator_of,
    map_of,
    register_source,
    subtitle,
    web_address,
)
from territoires.exports.sheets.reading import read_index
from territoires.exports.sheets.source import SheetSource
from territoires.indicators.format import french_date
from territoires.initiatives import Vocabularies
from territoires.initiatives.exposure import COMMUNE_ONLY, PUBLIC
from territoires.maps.static_map import Mark
from territoires.needs import usable_recipe
from territoires.tables.text import plain
from territoires.territory import Territoire, territory_from_code

FIELDS = {
    "description": "Description",
    "objectifs": "Objectifs",
    "ressources": "Ressources : marché, public, dons, bénévolat",
    "partenaires": "Partenaires",
    "collectivites": "Collectivités",
    "resultats": "Résultats",
    "enseignements": "Enseignements",
}
"""Long fields, and their headings."""

_SHORT, _LONG = 120, 300
_Fields = dict[Hashable, Any]


def initiative_sheet(source: SheetSource, identifier: str) -> InitiativeSheet:
    """Write the sheet of an initiative of the directory.

    Parameters
    ----------
    source : SheetSource
        The data; its directory holds no more than may be shown.
    identifier : str
        Index of ``Directory.frame``.

    Raises
    ------
    InvalidRequest
        The directory has no such initiative.
    """
    frame, words = source.directory.frame, source.directory.vocabularies
    if identifier not in frame.index:
        raise InvalidRequest(_unknown_identifier(source, identifier))
    row: _Fields = frame.loc[[identifier]].to_dict("records")[0]
    place = _commune(source, row)
    figures = None if place is None else PlaceFigures(source, place)
    index = None if figures is None else read_index(source, figures)
    marks = [_mark(words, row)] if place is not None else []
    return InitiativeSheet(
        title=on_one_line(row["nom"] or identifier, LONGEST_TITLE),
        subtitle=_subtitle(words, row),
        colour=words.axis_colour(row["axes"]),
        facts=tuple(_facts(words, row)),
        fields=tuple(Line(label, row[column]) for column, label in FIELDS.items()),
        map=map_of(source.register, place, marks, INITIATIVE_MAP_SIZE) if place else None,
        locator=locator_of(source.register, place) if place else None,
        place_title=f"{place.nom} · {subtitle(source.register, place)}" if place else "",
        index=index,
        needs=observed(source.needs_observed, words, place.communes) if place else (),
        unknown=tuple(_unknown(row, place)),
        sources=(
            _own_source(row),
            *_figure_sources(source, index),
            register_source(source.register),
        ),
        imprint=source.imprint(place),
    )


def _unknown_identifier(source: SheetSource, identifier: str) -> str:
    wanted = plain(identifier)
    near = [code for code in source.directory.frame.index if wanted and wanted in plain(code)]
    hint = f" Proches : {', '.join(near[:5])}." if near else ""
    return (
        f"Aucune initiative de l'annuaire n'a l'identifiant « {identifier[:60]} ».{hint} Les "
        "identifiants sont la colonne « id » de la page Initiatives."
    )


def _commune(source: SheetSource, row: _Fields) -> Territoire | None:
    code = row["geo_code_commune"]
    return territory_from_code(source.register, f"com:{code}") if code else None


def _mark(words: Vocabularies, row: _Fields) -> Mark:
    colour = words.axis_colour(row["axes"])
    return Mark(float(row["longitude"]), float(row["latitude"]), colour, "•")


def _subtitle(words: Vocabularies, row: _Fields) -> str:
    parts = [
        words.types.label(row["type"]) if row["type"] else "",
        words.statuses.label(row["statut"]).lower() if row["statut"] else "",
        row["geo_commune"] or row["commune"],
    ]
    return " · ".join(on_one_line(part, _SHORT) for part in parts if part)


def _facts(words: Vocabularies, row: _Fields) -> list[Line]:
    facts = [
        Line("Axes", words.axis_label(row["axes"]) if row["axes"] else ""),
        Line("Porteur", row["porteur"]),
        Line("Réseau", row["reseau"]),
        Line("Type", words.types.label(row["type"]) if row["type"] else ""),
        Line("Statut", words.statuses.label(row["statut"]) if row["statut"] else ""),
        Line("Début", french_date(row["date_debut"])),
        Line("Lieu", _where(row)),
        Line("Périmètre", words.perimeters.label(row["perimetre"]) if row["perimetre"] else ""),
        Line("Site", row["site_web"], web_address(row["site_web"])),
    ]
    return [replace(fact, text=on_one_line(fact.text, _SHORT)) for fact in facts]


def _where(row: _Fields) -> str:
    """Say where it is, no more precisely than may be shown: the address of a public one only."""
    commune = row["geo_commune"] or row["commune"]
    if row["visibilite"] != PUBLIC:
        return f"{commune} (montré à la commune)" if commune else ""
    parts = [row["adresse"], " ".join(part for part in (row["code_postal"], commune) if part)]
    return ", ".join(part for part in parts if part)


def _unknown(row: _Fields, place: Territoire | None) -> list[str]:
    empty = [label for column, label in FIELDS.items() if not row[column]]
    told = []
    if empty:
        plural = "s" if len(empty) > 1 else ""
        told.append(
            f"{len(empty)} champ{plural} sur {len(FIELDS)} non renseigné{plural}. Qui porte ou "
            "connaît cette initiative peut les remplir, page Initiatives."
        )
    if place is None:
        told.append("Lieu inconnu : ni carte, ni besoins du territoire.")
    if row["visibilite"] == COMMUNE_ONLY:
        told.append("Lieu montré à la commune : ni adresse, ni point exact.")
    return told


def _figure_sources(source: SheetSource, index: IndexReading | None) -> tuple[str, ...]:
    if index is None or source.recipe is None:
        return ()
    return source_lines(source, usable_recipe(source.recipe, source.indicators).codes)


def _own_source(row: _Fields) -> str:
    told = on_one_line(row["source_url"], _LONG) or "source non renseignée"
    day = f", lu le {french_date(row['source_date'])}" if row["source_date"] else ""
    return f"Initiative : {told}{day}."
