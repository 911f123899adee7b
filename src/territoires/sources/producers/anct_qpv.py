"""Priority neighbourhoods (QPV) of 2024: how many in each commune, and their outlines.

A neighbourhood may lie in several communes: it counts in each. The codes of 2024 are ``QN…``;
those of 2015 (``QP…``) are another list, which no longer applies, and are refused.
"""

from __future__ import annotations

import re

import pandas as pd

from territoires.communes import Register
from territoires.errors import UnexpectedFormat
from territoires.sources.cells import measures_table, published
from territoires.sources.country import COMMUNE_CODE
from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench, at
from territoires.sources.opening import OpenedTable
from territoires.tables.text import plain

_YEAR = 2024
_CODE, _OLD_CODE = r"QN[0-9A-Z]{5}[A-Z]", r"QP[0-9A-Z]{6}"
_BETWEEN = re.compile(r"[;,]\s*")
_WHOLE_LIST = 1_500
_NAMES = {"identifian": "code_qp", "libelle": "lib_qp"}


def _read(file: OpenedTable, bench: Workbench) -> Reading:
    local = bool(file.columns_like("identifian"))
    places = "commune_ag" if local else file.column("insee_com")
    table = file.geodata() if file.layout.format == "geojson" else file.frame()
    table = table.rename(columns=_NAMES).drop_duplicates("code_qp")
    _check_codes(table["code_qp"].astype("str"), file.name)
    pairs = _pairs(table, places)
    codes = pairs["place"]
    if local:
        codes = _of_names(pairs, bench.register)
        codes = codes.where(codes != "", _under(pairs, table, bench.register))
    unknown = ~codes.str.fullmatch(COMMUNE_CODE)
    counts = codes[~unknown].value_counts().astype(float)
    return Reading(
        vintage=str(_YEAR),
        cog_year=_YEAR,
        measures=measures_table(counts.index.to_series(), {"qpv_nombre": published(counts)}),
        complete=len(table) >= _WHOLE_LIST,
        rows=file.rows,
        references=_outlines(table, places),
        notes=_notes(pairs[unknown]),
    )


def _pairs(table: pd.DataFrame, places: str) -> pd.DataFrame:
    """Return one row by neighbourhood and commune: ``code_qp``, ``place`` as it is written."""
    written = table[places].fillna("").map(_separated)
    pairs = pd.DataFrame({"code_qp": table["code_qp"], "place": written})
    return pairs.explode("place", ignore_index=True)


def _check_codes(codes: pd.Series, name: str) -> None:
    if codes.str.fullmatch(_OLD_CODE).any():
        message = (
            f"{name} : quartiers de la génération 2015 (codes QP…), remplacés le 1er janvier 2024. "
            "Il faut la liste 2024 (codes QN…)."
        )
        raise UnexpectedFormat(message)
    wrong = codes[~codes.str.fullmatch(_CODE)]
    if len(wrong):
        message = f"{name}, code_qp : « {wrong.iloc[0]} » n'est pas un code de quartier (QN…)."
        raise UnexpectedFormat(message)


def _separated(written: str) -> list[str]:
    """Cut a list of communes; a spreadsheet may have protected each code: ``="60057"``."""
    bare = written.replace('="', "").replace('"', "").replace("=", "")
    return [part for part in _BETWEEN.split(bare.strip()) if part] or [""]


def _of_names(pairs: pd.DataFrame, register: Register) -> pd.Series:
    """Find communes by name, in the département that the neighbourhood's code bears."""
    communes = register.communes
    departement = communes["code_departement"]
    keys = departement + " " + communes["nom"].map(plain)
    alone = ~keys.duplicated(keep=False)
    code_of = dict(zip(keys[alone], communes.index[alone], strict=True))
    # QN09506M: 095, padded to three.
    written = pairs["code_qp"].str[2:5]
    bare = written.where(written.str.startswith("97"), written.str.removeprefix("0"))
    return (bare + " " + pairs["place"].map(plain)).map(code_of).fillna("").astype("str")


def _under(pairs: pd.DataFrame, table: pd.DataFrame, register: Register) -> pd.Series:
    """Return the commune under each neighbourhood that lies in one only, ``""`` otherwise.

    A local list may spell a commune in a way of its own (« Eragny »): the map settles it.
    """
    points = table.set_index("code_qp").geometry.representative_point()
    codes = pd.Series(register.locate(points.x, points.y), index=points.index).fillna("")
    found = pairs["code_qp"].map(codes).astype("str")
    return found.where(~pairs["code_qp"].duplicated(keep=False), "")


def _outlines(table: pd.DataFrame, places: str) -> dict[str, pd.DataFrame]:
    if "geometry" not in table.columns:
        return {}
    kept = table[["code_qp", "lib_qp", places, "geometry"]].rename(columns={places: "communes"})
    return {"qpv": kept.reset_index(drop=True)}


def _notes(unplaced: pd.DataFrame) -> tuple[str, ...]:
    if unplaced.empty:
        return ()
    shown = ", ".join(f"{code} ({place or 'vide'})" for code, place in unplaced.to_numpy()[:5])
    return (f"{len(unplaced)} quartiers sans commune reconnue, laissés de côté : {shown}.",)


SOURCE = Source(
    code="anct_qpv",
    label="Quartiers prioritaires de la politique de la ville (QPV) 2024",
    producer="ANCT",
    licence="Licence Ouverte 2.0",
    page_url="https://www.data.gouv.fr/datasets/5a561801c751df42d7fca9b6",
    locate=at(
        "https://www.data.gouv.fr/api/1/datasets/r/942d4ee8-8142-4556-8ea1-335537ce1119",
        "qpv_2024.zip",
    ),
    hosts=("static.data.gouv.fr",),
    read=_read,
    layouts=(
        Layout("GeoJSON national", "geojson", ("code_qp", "lib_qp", "insee_com"),
               member="QP2024_France_Hexagonale_Outre_Mer_WGS84.geojson", verified=False),
        Layout("CSV (une ligne par quartier)", "csv", ("code_qp", "lib_qp", "insee_com"),
               verified=False),
        Layout("GeoJSON local (communes par leur nom)", "geojson",
               ("identifian", "libelle", "commune_ag")),
    ),
    measures=(Measure("qpv_nombre", "effectif", absent_is_zero=True),),
    references=("qpv",),
    gaps=(
        "Un quartier sur plusieurs communes compte dans chacune : la somme dépasse le nombre de "
        "quartiers.",
        "Un quartier prioritaire se définit par le revenu dans les villes : une commune rurale "
        "pauvre n’en a pas.",
    ),
)  # fmt: skip
