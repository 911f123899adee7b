"""Long-term job seekers by zone d'emploi, the smallest territory for which they are published.

No file was at hand: the columns are those of a public description. How the lengths of registration
are worded was not known, so the wording is read; one that cannot be read is refused, never guessed.
"""

from __future__ import annotations

import pandas as pd

from territoires.errors import UnexpectedFormat
from territoires.sources.cells import measures_table, numbers, published
from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench, at
from territoires.sources.lengths import WHOLE, long_term_labels
from territoires.sources.opening import OpenedTable
from territoires.sources.zones import zone_of_communes

_PAGE = "https://data.dares.travail-emploi.gouv.fr/"
_EXPORT = "https://www.data.gouv.fr/api/1/datasets/r/d723d37a-811a-40d9-991c-c7b587e2e4fa"
_CATEGORIES = ("ABC", "A")  # the first that is given by length
_KEPT = {"Type de données": {"Brutes"}, "Sexe": {"Total"}, "Catégorie": set(_CATEGORIES)}
_MEASURES = ("part_longue_duree_ze", "demandeurs_emploi_longue_duree_ze")
_ZONES = 300


def _read(file: OpenedTable, bench: Workbench) -> Reading:
    quarter, category, rows = _latest_by_length(file)
    zones = _by_zone(rows, file.name)
    of_commune = zone_of_communes(bench.reference("appartenance"), bench.register)
    carried = zones.reindex(of_commune.to_numpy())
    codes = pd.Series(of_commune.index)
    carried.index = codes.index
    return Reading(
        vintage=quarter,
        cog_year=bench.register.cog,
        measures=measures_table(codes, {name: published(carried[name]) for name in _MEASURES}),
        complete=len(zones) > _ZONES,
        rows=file.rows,
        notes=(
            f"{len(zones)} zones d’emploi, catégorie {category} : chaque commune porte le chiffre "
            "de sa zone.",
        ),
    )


def _latest_by_length(file: OpenedTable) -> tuple[str, str, pd.DataFrame]:
    """Return the latest quarter given by length of registration, its category, its rows."""
    age, count = file.column("Tranche d.âge"), file.column("Nombre de demandeurs d.emploi")
    zone = file.column("Code zone d.emploi")
    names = {"Ancienneté": "length", count: "count", zone: "zone"}
    columns = ["Date", "Catégorie", *names]
    rows = file.frame(columns, {**_KEPT, age: {"Total"}}).rename(columns=names)
    for category in _CATEGORIES:
        one = rows[rows["Catégorie"] == category]
        detailed = one[~one["length"].str.fullmatch(WHOLE)]
        if len(detailed):
            quarter = str(detailed["Date"].max())
            return quarter, category, one[one["Date"] == quarter]
    found = ", ".join(sorted(rows["length"].unique())[:12]) or "aucune"
    message = f"{file.name} : pas d'effectif par ancienneté (valeurs trouvées : {found})."
    raise UnexpectedFormat(message)


def _by_zone(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return long-term job seekers and their share, by zone (index: four figures)."""
    values, _status = numbers(rows["count"], where=f"{name}, effectifs")
    long = rows["length"].isin(long_term_labels(rows["length"].unique(), name))
    whole = rows["length"].str.fullmatch(WHOLE)
    zone = rows["zone"].str.zfill(4)
    # A length that is not published leaves the zone unknown: min_count, and NaN spread by max.
    gone = values.isna() & (long | whole)
    counts = values.where(long).groupby(zone).sum(min_count=1)
    counts[gone.groupby(zone).max()] = float("nan")
    totals = values.where(whole).groupby(zone).sum(min_count=1)
    share = 100.0 * counts / totals.where(totals > 0)
    return pd.DataFrame(dict(zip(_MEASURES, (share, counts), strict=True)))


SOURCE = Source(
    code="dares_zones_emploi",
    label="Inscrits à France Travail par zone d’emploi et ancienneté, données brutes",
    producer="Dares, France Travail",
    licence="Licence Ouverte 2.0",
    page_url=_PAGE,
    locate=at(_EXPORT, "dares_defm_zones_emploi.csv"),
    hosts=("static.data.gouv.fr", "data.dares.travail-emploi.gouv.fr"),
    read=_read,
    layouts=(
        Layout(
            "CSV long (une ligne par zone d'emploi et ancienneté)",
            "csv",
            (
                "Date", "Code zone d.emploi", "Type de données", "Catégorie", "Sexe",
                "Tranche d.âge", "Ancienneté", "Nombre de demandeurs d.emploi",
            ),
        ),
    ),
    # A zone's count is carried by each of its communes: it is not theirs to be summed.
    measures=(
        Measure("part_longue_duree_ze", "valeur", 0.0, 100.0),
        Measure("demandeurs_emploi_longue_duree_ze", "valeur"),
    ),
    requires=("appartenance",),
    verified=False,
    gaps=(
        "Publié par zone d’emploi, non par commune : toutes les communes d’une zone portent le "
        "même chiffre, qui ne les distingue pas.",
        "L’ancienneté est celle de l’inscription à France Travail, non du chômage : une reprise "
        "d’activité suivie d’une réinscription la remet à zéro.",
        "Rupture en 2025 : les bénéficiaires du RSA sont inscrits automatiquement depuis le "
        "1er janvier 2025.",
    ),
)  # fmt: skip
