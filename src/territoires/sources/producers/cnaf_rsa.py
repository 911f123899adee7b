"""Households receiving the RSA and the prime d'activité, by commune, every December.

Each December is in the communes of its own year. Paris is by arrondissement. The households that
no commune could be given to are under a blank code: said, never shared out.
"""

from __future__ import annotations

import pandas as pd

from territoires.indicators.format import format_number
from territoires.sources.cells import measures_table, number_columns
from territoires.sources.country import COMMUNE_CODE, is_whole
from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench, at
from territoires.sources.opening import OpenedTable
from territoires.sources.periods import latest_rows

_PAGE = "https://data.caf.fr/explore/dataset/s_ben_com_f/"
_EXPORT = (
    "https://data.caf.fr/api/explore/v2.1/catalog/datasets/s_ben_com_f/exports/csv"
    "?select=dtreffre,numcomdo,nomcom,indfoy_rsa,indmtt_rsa,indfoy_ppa,indmtt_ppa&delimiter=%3B"
)
_MEASURES = {"foyers_rsa": "indfoy_rsa", "foyers_ppa": "indfoy_ppa"}


def _read(file: OpenedTable, _bench: Workbench) -> Reading:
    columns = ["dtreffre", "numcomdo", *_MEASURES.values()]
    month, rows = latest_rows(file, columns, "dtreffre", r"\d{4}-\d\d")
    cells = number_columns(rows, _MEASURES, file.name)
    located = rows["numcomdo"].str.fullmatch(COMMUNE_CODE)
    table = measures_table(
        rows.loc[located, "numcomdo"],
        {code: (values[located], status[located]) for code, (values, status) in cells.items()},
    )
    return Reading(
        vintage=month,
        cog_year=int(month[:4]),
        measures=table,
        complete=is_whole(table["code_commune"]),
        rows=file.rows,
        notes=_left_aside(month, cells["foyers_rsa"][0][~located], cells["foyers_ppa"][0]),
    )


def _left_aside(month: str, rsa: pd.Series, ppa: pd.Series) -> tuple[str, ...]:
    if rsa.empty:
        return ()
    counts = format_number(rsa.sum()), format_number(ppa[rsa.index].sum())
    return (
        f"{month} : {counts[0]} foyers au RSA et {counts[1]} à la prime d’activité que la Cnaf ne "
        "situe dans aucune commune : laissés de côté.",
    )


SOURCE = Source(
    code="cnaf_rsa",
    label="Foyers allocataires du RSA et de la prime d’activité par commune",
    producer="Cnaf",
    licence="Licence Ouverte 2.0",
    page_url=_PAGE,
    locate=at(_EXPORT, "s_ben_com_f.csv"),
    read=_read,
    layouts=(
        Layout("CSV (une ligne par commune et par mois)", "csv",
               ("dtreffre", "numcomdo", "indfoy_rsa", "indfoy_ppa")),
    ),
    measures=tuple(Measure(code) for code in _MEASURES),
    gaps=(
        "Allocataires des caisses d’allocations familiales seules : ceux de la MSA (monde "
        "agricole) manquent, ce qui abaisse le chiffre des communes rurales.",
        "Foyers, non personnes : un foyer réunit l’allocataire, son conjoint et les personnes à "
        "charge.",
        "Effectifs de décembre arrondis à 5 par la Cnaf : dans une petite commune, 0 peut vouloir "
        "dire un ou deux foyers.",
        "Foyers que la Cnaf ne situe dans aucune commune : laissés de côté.",
        "Tous ceux qui ont droit au RSA ne le demandent pas.",
    ),
)  # fmt: skip
