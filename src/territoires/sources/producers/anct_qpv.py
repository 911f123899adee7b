"""Priority neighbourhoods (QPV) of 2024: how many in each commune, and their outlines.

A neighbourhood may lie in several communes: it counts in each. The codes of 2024 are ``QN…``;
those of 2015 (``QP…``) are another list, which no longer applies, and are refused.
"""

from __future__ import annotations

import re

import pandas as pd

from territoires.communes import Register
from territoires.sources.cells import measures_table, published
from territoires.sources.country import COMMUNE_CODE
from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench, at
from territoires.sources.opening import OpenedTable
from territoires.sources.present_codes import present_codes
from territoires.sources.qpv_codes import check_qpv_codes
from territoires.tables.text import plain

_YEAR = 2024
_BETWEEN = re.compile(r"[;,]\s*")
_WHOLE_LIST = 1_500
_NAMES = {"identifian": "code_qp", "libelle": "lib_qp"}


def _read(file: OpenedTable, bench: Workbench) -> Reading:
    local = bool(file.columns_like("identifian"))
    places = "commune_ag" if local else file.column("insee_com")
    table = file.geodata() if file.layout.format == "geojson" else file.frame()
    table = table.rename(columns=_NAMES).drop_duplicates("code_qp")
    check_qpv_codes(table["code_qp"].astype("str"), file.name)
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
        references={"qpv": _list(table, places, _communes_of_today(pairs, codes, bench))},
        notes=_notes(pairs[unknown]),
    )


def _pairs(table: pd.DataFrame, places: str) -> pd.DataFrame:
    """Return one row by neighbourhood and commune: ``code_qp``, ``place`` as it is written."""
    written = table[places].fillna("").map(_separated)
    pairs = pd.DataFrame({"code_qp": table["code_qp"], "place": written})
    return pairs.explode("place", ignore_index=True)


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


def _communes_of_today(pairs: pd.DataFrame, codes: pd.Series, bench: Workbench) -> pd.Series:
    """Return the communes of each neighbourhood (index), joined by ``;``; the known ones only."""
    known = codes.str.fullmatch(COMMUNE_CODE)
    today = present_codes(codes[known], _YEAR, bench.register, bench.passages)
    today = today[today.isin(bench.register.communes.index)]
    by_neighbourhood = today.groupby(pairs["code_qp"].reindex(today.index))
    return by_neighbourhood.agg(lambda places: ";".join(sorted(set(places))))


def _list(table: pd.DataFrame, places: str, today: pd.Series) -> pd.DataFrame:
    """Return the neighbourhoods, with their outline when the file has it."""
    kept = ["code_qp", "lib_qp", places, *(["geometry"] if "geometry" in table else [])]
    listed = table[kept].rename(columns={places: "communes"}).reset_index(drop=True)
    codes = listed["code_qp"].astype("str")
    listed.insert(3, "codes_communes", codes.map(today).fillna("").astype("str"))
    return listed


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
        "La liste ne donne pas la population des quartiers : l’Insee la publie à part "
        "(insee_qpv_population).",
        "Un quartier sur plusieurs communes compte dans chacune : la somme dépasse le nombre de "
        "quartiers.",
        "Un quartier prioritaire se définit par le revenu dans les villes : une commune rurale "
        "pauvre n’en a pas.",
    ),
)  # fmt: skip
