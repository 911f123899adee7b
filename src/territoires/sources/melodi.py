"""INSEE's Melodi catalogue: the current product of a dataset is read there, never written here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from territoires.errors import SourceUnavailable
from territoires.sources.declaration import Address, Layout, Locate
from territoires.sources.fetching import Client

CATALOGUE = "https://api.insee.fr/melodi/catalog"
HOSTS = ("api.insee.fr", "www.insee.fr")
_YEAR = re.compile(r"\d{4}")


def melodi(dataset: str, ending: str = "_CSV_FR") -> Locate:
    """Return the locator of a Melodi dataset.

    Parameters
    ----------
    dataset : str
        Identifier: ``DS_BPE``.
    ending : str
        Of the product wanted; its beginning is the dataset's name, its middle the vintage.
    """

    def locate(client: Client) -> Address:
        url = f"{CATALOGUE}/{dataset}"
        products = _products(client.get_json(url, hosts=HOSTS), dataset, url)
        fitting = [
            one for one in products
            if str(one.get("id", "")).startswith(dataset) and str(one["id"]).endswith(ending)
        ]  # fmt: skip
        if not fitting:
            names = ", ".join(str(one.get("id")) for one in products) or "aucun"
            message = f"{url} : pas de produit « {dataset}…{ending} ». Produits trouvés : {names}."
            raise SourceUnavailable(message)
        newest = max(fitting, key=_order)
        return Address(str(newest["accessURL"]), f"{newest['id']}.zip")

    return locate


def melodi_layout(*dimensions: str, verified: bool = True) -> Layout:
    """Return the form of every file of Melodi: one row by figure, at every level, of every year.

    Parameters
    ----------
    *dimensions : str
        Columns of the dataset beside those that all have; the file may have more.
    verified : bool
        As :attr:`Layout.verified`.
    """
    columns = ("GEO", "GEO_OBJECT", *dimensions, "TIME_PERIOD", "OBS_VALUE")
    return Layout("CSV long de Melodi", "csv", columns, member="*_data.csv", verified=verified)


def _products(document: Any, dataset: str, url: str) -> list[Mapping[str, Any]]:
    """Return the products of a dataset, whether one or all of the datasets were answered."""
    records = document if isinstance(document, list) else [document]
    for record in records:
        if isinstance(record, dict) and record.get("identifier") == dataset:
            products = record.get("product") or []
            return [one for one in products if isinstance(one, dict) and one.get("accessURL")]
    message = f"{url} : « {dataset} » n'est pas dans la réponse. Le catalogue a peut-être changé."
    raise SourceUnavailable(message)


def _order(product: Mapping[str, Any]) -> tuple[str, str]:
    years = _YEAR.findall(str(product["id"]))
    return (max(years) if years else "", str(product.get("modified", "")))
