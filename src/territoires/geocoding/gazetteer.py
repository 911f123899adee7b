"""All that a French list may call a commune, looked up by code, name, postcode, département."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from territoires.communes import Register
from territoires.geocoding.names import NameIndex
from territoires.geocoding.normalise import read_town
from territoires.geocoding.thresholds import Thresholds, thresholds_beside
from territoires.geocoding.toponyms import Kind, Toponym, departement_of
from territoires.tables.text import plain

_INFERIOR_KINDS = {
    "arrondissement_municipal": Kind.ARRONDISSEMENT,
    "deleguee": Kind.DELEGUEE,
    "associee": Kind.ASSOCIEE,
}
_LEADING_CODE = re.compile(r"\(?(\d{1,3}|2[ab])\b")
_CODE_BEHIND = re.compile(r"[(\s](\d{2,3}|2[ab])\)?$")
_DEPARTEMENT_ARTICLE = re.compile(
    r"^(?:(?:departement|dept|dpt) )?(?:de la |de l |du |des |de |d |le |la |les |l )?"
)


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Names, codes and postcodes, past and present, with the current communes behind them.

    Attributes
    ----------
    register : Register
        The communes it was built from.
    thresholds : Thresholds
        From where a likeness, a distance, a population decides.
    toponyms : tuple of Toponym
        Everything that has a name; communes first.
    """

    register: Register
    thresholds: Thresholds
    toponyms: tuple[Toponym, ...]
    _by_postcode: Mapping[str, tuple[Toponym, ...]] = field(repr=False)
    _by_departement: Mapping[str, tuple[Toponym, ...]] = field(repr=False)
    _by_commune: Mapping[str, tuple[Toponym, ...]] = field(repr=False)
    _by_code: Mapping[str, Toponym] = field(repr=False)
    _indices: dict[str, NameIndex] = field(default_factory=dict, repr=False)
    _own_points: dict[tuple[Kind, str], tuple[float, float] | None] = field(
        default_factory=dict, repr=False
    )

    @classmethod
    def from_register(cls, register: Register, thresholds: Thresholds | None = None) -> Gazetteer:
        """Build the gazetteer.

        Parameters
        ----------
        register : Register
            The communes in force, their parts and their past.
        thresholds : Thresholds, optional
            By default ``geocodage/seuils.toml`` beside the register, else the shipped one.

        Raises
        ------
        DataFileError
            The shipped thresholds are missing or damaged.
        """
        toponyms = tuple(_toponyms(register))
        by_code: dict[str, Toponym] = {}
        for toponym in toponyms:
            # Delegated communes reuse the code of the new commune: the first, the living, keeps it.
            by_code.setdefault(toponym.code, toponym)
        return cls(
            register,
            thresholds or thresholds_beside(register.folder),
            toponyms,
            _grouped((code, toponym) for toponym in toponyms for code in toponym.postcodes),
            _grouped((code, toponym) for toponym in toponyms for code in toponym.departements),
            _grouped((code, toponym) for toponym in toponyms for code in toponym.communes),
            by_code,
        )

    def by_code(self, code: str) -> Toponym | None:
        """Return what a code designates: the living first, then the parts, then the past."""
        return self._by_code.get(code)

    def knows_postcode(self, postcode: str) -> bool:
        """Tell whether the post delivers some commune under this code."""
        return postcode in self._by_postcode

    def in_postcode(self, postcode: str) -> NameIndex:
        """Names of the toponyms of a postcode (none when it is unknown)."""
        return self._index(f"cp:{postcode}", self._by_postcode.get(postcode, ()))

    def in_departement(self, code: str) -> NameIndex:
        """Names of the toponyms of a département or overseas collectivity."""
        return self._index(f"dep:{code}", self._by_departement.get(code, ()))

    def in_commune(self, code: str) -> NameIndex:
        """Names of a commune, of its parts and of its past."""
        return NameIndex(self._by_commune.get(code, ()))

    @property
    def in_france(self) -> NameIndex:
        """Every name."""
        return self._index("pays", self.toponyms)

    def communes_of_postcode(self, postcode: str) -> tuple[str, ...]:
        """Codes of the communes that have a postcode, the most populated first."""
        toponyms = self._by_postcode.get(postcode, ())
        return self.by_population({code for toponym in toponyms for code in toponym.communes})

    def postcodes_of(self, code: str) -> tuple[str, ...]:
        """Postcodes of a commune in force."""
        return self._by_code[code].postcodes

    def arrondissement_of_postcode(self, postcode: str) -> Toponym | None:
        """Return the municipal arrondissement that a postcode of Paris, Lyon, Marseille is for."""
        return self._arrondissements.get(postcode)

    def position(self, toponym: Toponym, code: str) -> tuple[tuple[float, float], str]:
        """Place a toponym: inside its own outline when it has one, else where its commune is.

        Returns
        -------
        point : tuple of float
            Longitude, latitude.
        precision : str
            ``arrondissement``, ``commune_ancienne`` or ``commune``.
        """
        own = self._own_point(toponym)
        if own is None:
            return self.points[code], "commune"
        arrondissement = toponym.kind is Kind.ARRONDISSEMENT
        return own, "arrondissement" if arrondissement else "commune_ancienne"

    def by_population(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Sort commune codes, the most populated first."""
        return tuple(sorted(codes, key=lambda code: (-self.population.get(code, 0), code)))

    def read_departement(self, text: str) -> str:
        """Read ``"30"``, ``"1"``, ``"2a"``, ``"Gard"``, ``"30 - Gard"``; ``""`` when unknown."""
        folded = plain(text[:80])
        by_name = self.departement_named(folded)
        if by_name:
            return by_name
        found = _LEADING_CODE.match(folded) or _CODE_BEHIND.search(folded)
        code = found[1].upper().zfill(2) if found else ""
        return code if code in self._by_departement else ""

    def departement_named(self, text: str) -> str:
        """Read ``"Gard"``, ``"le Gard"``, ``"Département du Gard"``; ``""`` when unknown."""
        bare = _DEPARTEMENT_ARTICLE.sub("", plain(text[:80]))
        return self._departement_names.get(bare.replace(" ", ""), "")

    def toponym_of_commune(self, code: str) -> Toponym:
        """Return the toponym of a commune in force."""
        return self._by_code[code]

    def departement_name(self, code: str) -> str:
        """Name of a département, or its code when it has none here."""
        names = self.register.departements["nom"]
        return str(names[code]) if code in names.index else code

    @cached_property
    def population(self) -> dict[str, int]:
        """Population by commune code, 0 where it is not known."""
        values = self.register.communes["population"].fillna(0)
        return dict(zip(values.index, values.astype(int), strict=True))

    @cached_property
    def points(self) -> dict[str, tuple[float, float]]:
        """Reference point (longitude, latitude) by commune code."""
        communes = self.register.communes
        positions = zip(communes["longitude"], communes["latitude"], strict=True)
        return dict(zip(communes.index, positions, strict=True))

    def _own_point(self, toponym: Toponym) -> tuple[float, float] | None:
        if toponym.kind not in _INFERIOR_KINDS.values():
            return None
        key = (toponym.kind, toponym.code)
        if key not in self._own_points:
            outline = self.register.inferior_geometries[self._inferior_rows[key]]
            inside = None if outline is None else outline.representative_point()
            self._own_points[key] = None if inside is None else (inside.x, inside.y)
        return self._own_points[key]

    @cached_property
    def _inferior_rows(self) -> dict[tuple[Kind, str], int]:
        table = self.register.inferior
        kinds = table["nature"].map(_INFERIOR_KINDS)
        return {key: row for row, key in enumerate(zip(kinds, table["code"], strict=True))}

    @cached_property
    def _arrondissements(self) -> dict[str, Toponym]:
        return {
            postcode: toponym
            for toponym in self.toponyms
            if toponym.kind is Kind.ARRONDISSEMENT
            for postcode in toponym.postcodes
        }

    @cached_property
    def _departement_names(self) -> dict[str, str]:
        names = self.register.departements["nom"]
        return {
            _DEPARTEMENT_ARTICLE.sub("", plain(name)).replace(" ", ""): str(code)
            for code, name in names.items()
        }

    def _index(self, scope: str, toponyms: tuple[Toponym, ...]) -> NameIndex:
        index = self._indices.get(scope)
        if index is None:
            index = NameIndex(toponyms)
            if toponyms:
                self._indices[scope] = index
        return index


def _grouped(pairs: Iterable[tuple[str, Toponym]]) -> dict[str, tuple[Toponym, ...]]:
    groups: dict[str, list[Toponym]] = {}
    for code, toponym in pairs:
        groups.setdefault(code, []).append(toponym)
    return {code: tuple(toponyms) for code, toponyms in groups.items()}


def _toponyms(register: Register) -> Iterator[Toponym]:
    communes = register.communes
    postcodes = dict(zip(communes.index, _split(communes["codes_postaux"]), strict=True))
    for code, nom in communes["nom"].items():
        yield _toponym(str(code), nom, Kind.COMMUNE, (str(code),), postcodes[code])
    yield from _collectivites(register.collectivites)
    yield from _inferior(register.inferior, postcodes)
    yield from _former(register.former, postcodes)


def _collectivites(table: pd.DataFrame) -> Iterator[Toponym]:
    for code, nom, codes in zip(
        table.index, table["nom"], _split(table["codes_postaux"]), strict=True
    ):
        yield _toponym(code, nom, Kind.COLLECTIVITE, (), codes)


def _inferior(table: pd.DataFrame, postcodes: Mapping[str, tuple[str, ...]]) -> Iterator[Toponym]:
    columns = (table["code"], table["nom"], table["nature"], table["code_commune"])
    for code, nom, nature, parent, own in zip(
        *columns, _split(table["codes_postaux"]), strict=True
    ):
        yield _toponym(code, nom, _INFERIOR_KINDS[nature], (parent,), own or postcodes[parent])


def _former(table: pd.DataFrame, postcodes: Mapping[str, tuple[str, ...]]) -> Iterator[Toponym]:
    for code, nom, heirs in zip(
        table["code_ancien"], table["nom"], _split(table["codes_communes"]), strict=True
    ):
        alive = tuple(heir for heir in heirs if heir in postcodes)
        shared = {postcode: None for heir in alive for postcode in postcodes[heir]}
        yield _toponym(code, nom, Kind.ANCIENNE, alive, tuple(shared))


def _toponym(
    code: str, nom: str, kind: Kind, communes: tuple[str, ...], postcodes: tuple[str, ...]
) -> Toponym:
    departements = dict.fromkeys(departement_of(each) for each in (code, *communes))
    return Toponym(code, nom, kind, communes, tuple(departements), postcodes, read_town(nom).key)


def _split(column: pd.Series[str]) -> list[tuple[str, ...]]:
    return [tuple(filter(None, text.split(";"))) for text in column.fillna("")]
