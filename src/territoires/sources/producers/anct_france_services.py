"""France services: how many in each commune, and how far the nearest one is.

Addresses, telephones and e-mails are not read. Distances are straight lines, in the local
projected system, between the commune's reference point and the position of the place.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from territoires.communes import Register
from territoires.communes.projection import project
from territoires.errors import UnexpectedFormat
from territoires.indicators.format import format_number
from territoires.sources.cells import measures_table, numbers, published
from territoires.sources.declaration import Layout, Measure, Reading, Source, Workbench, at
from territoires.sources.indicateurs_distances import distance_to_nearest
from territoires.sources.opening import OpenedTable

_COLUMNS = ("insee_com", "latitude", "longitude", "format_fs", "labellisation_fs")
_DAY = r"(\d\d)/(\d\d)/(\d{4})"
_MOVING = ("Bus_équivalent", "Itinérante")
_NUMBER, _DISTANCE = "france_services_nombre", "distance_france_services"
_FAR_KM = 20.0
_DECIMALS = 3  # kilometres to the metre
_WHOLE_LIST = 2_000


def _read(file: OpenedTable, bench: Workbench) -> Reading:
    rows = file.frame(_COLUMNS)
    places = _positioned(rows, file.name)
    known = _in_communes(places, bench.register)
    near = known[known["kilometres"] <= known["believed_km"]]
    complete = len(rows) >= _WHOLE_LIST
    counts = known["code_commune"].value_counts().astype(float)
    tables = [measures_table(counts.index.to_series(), {_NUMBER: published(counts)})]
    if complete:  # in an extract, the nearest one is not the nearest
        distances = distance_to_nearest(bench.register.communes, near).round(_DECIMALS)
        codes = distances.index.to_series()
        tables.append(measures_table(codes, {_DISTANCE: published(distances)}))
    return Reading(
        vintage=_latest_label(rows["labellisation_fs"], file.name),
        cog_year=bench.register.cog,
        measures=pd.concat(tables, ignore_index=True),
        complete=complete,
        rows=file.rows,
        notes=_notes(rows, places, known),
    )


def _positioned(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the position (degrees, NaN where missing) and the written commune of each place."""
    longitude, _ = numbers(rows["longitude"], where=f"{name}, longitude")
    latitude, _ = numbers(rows["latitude"], where=f"{name}, latitude")
    return pd.DataFrame(
        {"written": rows["insee_com"], "longitude": longitude, "latitude": latitude}
    )


def _in_communes(places: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Return the places of a present commune, with their distance to its reference point.

    A code that is not of a present commune (arrondissement of Paris, Lyon or Marseille, commune
    that merged) gives way to the commune under the position.
    """
    below = register.locate(places["longitude"], places["latitude"])
    present = places["written"].isin(register.communes.index)
    kept = places.assign(code_commune=places["written"].where(present, below))
    kept = kept[kept["code_commune"].notna()]
    of = register.communes.loc[kept["code_commune"]].set_axis(kept.index)
    x, y = _projected(kept, of["epsg_local"])
    away = np.hypot(x - of["x_local"], y - of["y_local"]) / 1000.0
    # A commune of Guyane is as wide as a département elsewhere.
    believed = np.maximum(_FAR_KM, 2.0 * np.sqrt(of["superficie_km2"]))
    return kept.assign(
        x_local=x, y_local=y, epsg_local=of["epsg_local"],
        code_departement=of["code_departement"], kilometres=away, believed_km=believed,
    )  # fmt: skip


def _projected(places: pd.DataFrame, epsg: pd.Series) -> tuple[pd.Series, pd.Series]:
    x, y = pd.Series(np.nan, places.index), pd.Series(np.nan, places.index)
    for system in sorted(epsg.unique()):
        of = epsg == system
        x[of], y[of] = project(places["longitude"][of], places["latitude"][of], int(system))
    return x, y


def _latest_label(labels: pd.Series, name: str) -> str:
    """Return the month of the latest opening: the file does not say its own."""
    days = labels.str.extract(_DAY).dropna()
    if days.empty:
        message = f"{name}, labellisation_fs : aucune date de labellisation."
        raise UnexpectedFormat(message)
    return str((days[2] + "-" + days[1]).max())


def _notes(rows: pd.DataFrame, places: pd.DataFrame, known: pd.DataFrame) -> tuple[str, ...]:
    moving = int(rows["format_fs"].isin(_MOVING).sum())
    counted = {
        "sans position : comptées, mais ignorées pour les distances": int(
            known["longitude"].isna().sum()
        ),
        "à une position trop éloignée de leur commune : comptées, mais ignorées pour les "
        "distances": int((known["kilometres"] > known["believed_km"]).sum()),
        "hors des départements : laissées de côté": len(places) - len(known),
        "itinérantes (bus), situées à leur adresse de rattachement": moving,
    }
    told = {what: count for what, count in counted.items() if count}
    return tuple(f"{format_number(count)} France services {what}." for what, count in told.items())


SOURCE = Source(
    code="anct_france_services",
    label="Liste des France services",
    producer="ANCT",
    licence="Licence Ouverte 2.0",
    page_url="https://www.data.gouv.fr/datasets/liste-des-structures-france-services",
    locate=at(
        "https://www.data.gouv.fr/api/1/datasets/r/f49fe9e1-f9bb-4dbd-8dfe-b9fad31899ef",
        "france_services.csv",
    ),
    hosts=("static.data.gouv.fr",),
    read=_read,
    layouts=(Layout("CSV (une ligne par lieu)", "csv", ("id_fs", *_COLUMNS)),),
    measures=(
        Measure(_NUMBER, "effectif", absent_is_zero=True),
        Measure(_DISTANCE, "valeur", 0.0, 500.0),
    ),
    gaps=(
        "Distance à vol d’oiseau : ni routes, ni relief, ni horaires.",
        "Un bus itinérant est situé à son adresse de rattachement, non à ses arrêts.",
        "Lieux ouverts à la date de la liste ; d’autres ont pu ouvrir ou fermer depuis.",
    ),
)
