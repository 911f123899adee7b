"""What the columns of an export mean: heading, description, unit, vintage, source, licence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import pandas as pd

from territoires.indicators import STATUS_LABELS, Indicator
from territoires.shortlist.identity import CODE, NAME, NOTE, STATUS, TAGS

CODE_KIND, TEXT, WHOLE, NUMBER, SHARE = "code", "texte", "entier", "nombre", "part"
"""Kinds of columns: a code is text whatever its digits; a share is between 0 and 1."""

VALUE, VALUE_STATUS, CONTRIBUTION = "valeur_", "statut_", "contribution_"
"""What begins the name of a column that is about an indicator."""

_DECIMALS_OF_A_SCORE = 4
_DECIMALS_UNKNOWN = 2


@dataclass(frozen=True)
class Column:
    """What one column means.

    Attributes
    ----------
    name : str
        Name in the table, the key that machines use.
    heading, description : str
        French, for people.
    kind : str
        ``code``, ``texte``, ``entier``, ``nombre`` or ``part`` (between 0 and 1, read in %).
    unit : str
        Empty when there is none.
    decimals : int
        Shown, for ``nombre``.
    vintage, source, licence : str
        Of a figure that somebody published; empty for the rest.
    """

    name: str
    heading: str
    description: str = ""
    kind: str = TEXT
    unit: str = ""
    decimals: int = 0
    vintage: str = ""
    source: str = ""
    licence: str = ""

    @property
    def is_numeric(self) -> bool:
        """Whether its cells are numbers."""
        return self.kind in (WHOLE, NUMBER, SHARE)

    @property
    def indicator_code(self) -> str:
        """The indicator whose value it holds; empty for any other column."""
        return self.name.removeprefix(VALUE) if self.name.startswith(VALUE) else ""


def _known(*columns: Column) -> Mapping[str, Column]:
    return MappingProxyType({column.name: column for column in columns})


KNOWN = _known(
    Column(CODE, "code_territoire",
           "Code qui permet de reprendre ce fichier dans Territoires : com:30350, epci:…, "
           "groupe:…", CODE_KIND),
    Column("code_commune", "code_commune", "Code officiel géographique de la commune", CODE_KIND),
    Column("codes_communes", "Codes des communes", "Communes du territoire, séparées par « ; »",
           CODE_KIND),
    Column("ordre", "Ordre", "Place choisie dans la sélection", WHOLE),
    Column("rang", "Rang",
           "Place parmi les candidats : 1 est le plus grand besoin ; les ex æquo ont la même",
           WHOLE),
    Column("rang_candidat", "Rang parmi les candidats",
           "Place dans la dernière recherche ; vide si le territoire n'en est pas", WHOLE),
    Column(NAME, "Nom", "Nom du territoire"),
    Column("nature", "Nature", "commune, groupe de communes, partie de commune ou EPCI"),
    Column("niveau", "Niveau", "commune, EPCI, département, groupe…"),
    Column("departement", "Département",
           "Département qui contient le territoire, ou sa commune principale"),
    Column("region", "Région", "Région qui contient le territoire, ou sa commune principale"),
    Column("epci", "EPCI", "Intercommunalité à fiscalité propre"),
    Column("population", "Population", "Habitants", WHOLE, "hab."),
    Column("score", "Score de besoin",
           "Indice de la recette, de 0 à 1 : 1 est le plus grand besoin", NUMBER,
           decimals=_DECIMALS_OF_A_SCORE),
    Column("rang_min", "Rang, au mieux",
           "Bas de l'intervalle du rang : neuf tirages sur dix, quand les choix de la recette "
           "varient", WHOLE),
    Column("rang_max", "Rang, au pire",
           "Haut de l'intervalle du rang : neuf tirages sur dix", WHOLE),
    Column("couverture", "Part connue", "Part du poids de la recette dont la valeur est connue",
           SHARE),
    Column("rang_reference", "Rang dans la référence",
           "Place parmi tous les territoires auxquels les scores sont comparés", WHOLE),
    Column("initiative_proche", "Initiative la plus proche",
           "Parmi celles de l'annuaire qui sont choisies ; l'annuaire n'est pas exhaustif"),
    Column("distance_km", "Distance à cette initiative",
           "À vol d'oiseau, de point de référence à point de référence", NUMBER, "km", 1),
    Column("motif", "Pourquoi ici", "Ce qui pèse le plus, ce qui est proche, ce qui manque"),
    Column("pourquoi_ici", "Pourquoi ici",
           "Ce qui pèse le plus, ce qui est proche, ce qui manque"),
    Column(STATUS, "Statut", "Où en est la démarche, dit par vous"),
    Column(NOTE, "Note", "Votre note, telle que vous l'avez tapée"),
    Column(TAGS, "Étiquettes", "Vos étiquettes, séparées par « ; »"),
)  # fmt: skip
"""The columns of our own tables that are no indicator's."""


def describe(table: pd.DataFrame, catalogue: Mapping[str, Indicator]) -> tuple[Column, ...]:
    """Say what each column of a table means.

    Parameters
    ----------
    table : DataFrame
        Of an export.
    catalogue : mapping of str to Indicator
        Where the columns ``valeur_…``, ``statut_…``, ``contribution_…`` find their words.

    Returns
    -------
    tuple of Column
        One per column, in order, headings all different. A column that nobody described is called
        by its name, and its kind is that of its cells.
    """
    columns = [_column(str(name), table[name], catalogue) for name in table.columns]
    return tuple(_told_apart(columns))


def _column(name: str, cells: pd.Series, catalogue: Mapping[str, Indicator]) -> Column:
    for start, of_indicator in _OF_INDICATOR.items():
        code = name.removeprefix(start)
        if code != name and code in catalogue:
            return of_indicator(name, catalogue[code])
    known = KNOWN.get(name)
    if known is None:
        return _guessed(name, cells)
    if name in catalogue:  # population
        return _sourced(known, catalogue[name])
    return known


def _value_column(name: str, indicator: Indicator) -> Column:
    kind = TEXT if indicator.is_ordinal else NUMBER if indicator.decimals else WHOLE
    column = Column(
        name, indicator.label, _definition(indicator), kind, indicator.unit, indicator.decimals
    )
    return _sourced(column, indicator)


def _status_column(name: str, indicator: Indicator) -> Column:
    meanings = " ; ".join(f"{code} : {label}" for code, label in STATUS_LABELS.items())
    return Column(name, f"{indicator.label} (statut du chiffre)", meanings, CODE_KIND)


def _contribution_column(name: str, indicator: Indicator) -> Column:
    told = "Ce que cet indicateur apporte au score ; vide quand sa valeur n'est pas connue"
    heading = f"{indicator.label} (part du score)"
    return Column(name, heading, told, NUMBER, decimals=_DECIMALS_OF_A_SCORE)


_OF_INDICATOR = {
    VALUE: _value_column,
    VALUE_STATUS: _status_column,
    CONTRIBUTION: _contribution_column,
}


def _definition(indicator: Indicator) -> str:
    parts = [indicator.definition.rstrip(".")]
    if indicator.numerator and indicator.denominator:
        parts.append(f"Numérateur : {indicator.numerator} ; dénominateur : {indicator.denominator}")
    if indicator.is_wider:
        parts.append(f"Chiffre {indicator.of_place}, porté par toutes ses communes")
    parts += [indicator.caution.capitalize()] if indicator.caution else []
    parts += [gap.rstrip(".") for gap in indicator.gaps]
    return ". ".join(" ".join(part.split()) for part in parts) + "."


def _sourced(column: Column, indicator: Indicator) -> Column:
    source = f"{indicator.producer}, {indicator.source}, {indicator.source_url}"
    return replace(column, vintage=indicator.vintage, source=source, licence=indicator.licence)


def _guessed(name: str, cells: pd.Series) -> Column:
    heading = name.replace("_", " ")
    heading = heading[:1].upper() + heading[1:]
    types = pd.api.types
    if types.is_bool_dtype(cells.dtype) or not types.is_numeric_dtype(cells.dtype):
        return Column(name, heading)
    if types.is_integer_dtype(cells.dtype):
        return Column(name, heading, kind=WHOLE)
    return Column(name, heading, kind=NUMBER, decimals=_DECIMALS_UNKNOWN)


def _told_apart(columns: Iterable[Column]) -> list[Column]:
    """Add the name of a column to a heading that another one has already."""
    seen: set[str] = set()
    apart = []
    for column in columns:
        twice = column.heading in seen
        one = replace(column, heading=f"{column.heading} [{column.name}]") if twice else column
        seen.add(one.heading)
        apart.append(one)
    return apart
