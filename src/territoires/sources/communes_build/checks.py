"""What must be true of the register before it replaces the one that is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import shapely

from territoires.errors import BuildCheckFailed
from territoires.sources.communes_build.outlines import gaps
from territoires.sources.communes_build.product import Product

COMMUNES = 34_875
INFERIOR = {"arrondissement_municipal": 45, "deleguee": 2_105, "associee": 471}
GROUPS = {
    "regions.csv": 18,
    "departements.csv": 101,
    "arrondissements.csv": 333,
    "epci.csv": 1_255,
    "ept.csv": 11,
    "collectivites.csv": 94,
}
POPULATION = 68_350_798
DESERTED = ("55039", "55050", "55139", "55189", "55239", "55307")
"""Communes of the Meuse destroyed in 1916: population 0, and kept."""
POPULATION_2016 = 66_361_658
"""INSEE, populations légales 2016, France without Mayotte."""
AREA_KM2 = (630_000.0, 640_000.0)
"""INSEE's cadastral total is 632,7xx km²; IGN's outlines add lakes and estuaries (+0.8 %)."""
COMMUNE_AREA_KM2 = (0.01, 19_000.0)
SLIVER_KM2 = 0.2
"""Overlaps and changes above this are not due to the simplification of the outlines."""
ENCLAVES = ((1.98, 42.47),)
"""Llívia, Spanish, inside the Pyrénées-Orientales: the only real hole."""
_NEAR = 0.05
_INSIDE = 0.99

Check = Callable[[Product], Iterator[str]]


def run_checks(product: Product) -> None:
    """Check the product as a whole.

    Raises
    ------
    BuildCheckFailed
        One check or more fails; the message lists them all.
    """
    problems = [problem for check in CHECKS for problem in check(product)]
    if problems:
        message = f"Le registre ne passe pas {len(problems)} vérification(s), rien n'est installé :"
        raise BuildCheckFailed("\n- ".join([message, *problems]))


def _counts(product: Product) -> Iterator[str]:
    if len(product.communes) != COMMUNES:
        yield f"{len(product.communes)} communes, {COMMUNES} attendues"
    for nature, expected in INFERIOR.items():
        found = int((product.inferior["nature"] == nature).sum())
        if found != expected:
            yield f"{found} unités « {nature} », {expected} attendues"
    for name, expected in GROUPS.items():
        if len(product.groups[name]) != expected:
            yield f"{name} : {len(product.groups[name])} lignes, {expected} attendues"


def _codes(product: Product) -> Iterator[str]:
    communes = product.communes["code_commune"]
    if not (communes.is_unique and communes.is_monotonic_increasing):
        yield "les codes de commune ne sont pas uniques et croissants"
    if product.inferior.duplicated(["code", "nature"]).any():
        yield "des unités inférieures sont en double"
    if not product.inferior["code_commune"].isin(communes).all():
        yield "des unités inférieures ont une commune inconnue"
    for name in GROUPS:
        if not product.groups[name]["code"].is_unique:
            yield f"{name} : codes en double"


def _links(product: Product) -> Iterator[str]:
    links = {
        "code_departement": "departements.csv",
        "code_region": "regions.csv",
        "code_arrondissement": "arrondissements.csv",
        "code_epci": "epci.csv",
        "code_ept": "ept.csv",
    }
    for column, name in links.items():
        used, known = product.communes[column].dropna(), product.groups[name]["code"]
        if not used.isin(known).all():
            yield f"{column} : des codes ne sont pas dans {name}"
        if not known.isin(used).all():
            yield f"{name} : des lignes n'ont aucune commune"


def _former(product: Product) -> Iterator[str]:
    table, known = product.former.table, set(product.communes["code_commune"])
    told = {code for codes in table["codes_communes"] for code in codes.split(";")}
    if not told <= known:
        yield f"anciennes communes menant hors du registre : {sorted(told - known)[:5]}"
    if table.duplicated(["code_ancien", "nom"]).any():
        yield "anciennes communes en double"


def _populations(product: Product) -> Iterator[str]:
    communes = product.communes
    total = int(communes["population"].sum())
    if total != POPULATION:
        yield f"population totale {total}, {POPULATION} attendue"
    empty = tuple(communes.loc[communes["population"] == 0, "code_commune"])
    if empty != DESERTED:
        yield f"communes sans habitant : {empty}"
    if product.populations.source_total != POPULATION_2016:
        yield f"population de 2016 : {product.populations.source_total} dans la source"
    lost = sum(population for population, _ in product.populations.lost.values())
    if int(communes["population_2016"].sum()) + lost != POPULATION_2016:
        yield "la population de 2016 n'est pas conservée par le passage aux communes de 2026"


def _areas(product: Product) -> Iterator[str]:
    areas = product.communes["superficie_km2"]
    if not AREA_KM2[0] < areas.sum() < AREA_KM2[1]:
        yield f"superficie totale {areas.sum():.0f} km²"
    if areas.min() < COMMUNE_AREA_KM2[0] or areas.max() > COMMUNE_AREA_KM2[1]:
        yield f"superficies de {areas.min()} à {areas.max()} km²"


def _shapes(product: Product) -> Iterator[str]:
    outlines = product.outlines.snapped
    if shapely.is_missing(outlines).any() or shapely.is_empty(outlines).any():
        yield "des communes n'ont pas de contour"
    if not shapely.is_valid(outlines).all():
        yield "des contours ne sont pas valides"
    if not set(shapely.get_type_id(outlines)) <= {3, 6}:
        yield "des contours ne sont pas des polygones"
    inferior = product.inferior.geometry.dropna()
    if not (inferior.is_valid.all() and not inferior.is_empty.any()):
        yield "des contours d'unités inférieures ne sont pas valides"


def _coverage(product: Product) -> Iterator[str]:
    outlines = product.outlines.snapped
    if not shapely.coverage_is_valid(outlines):
        edges = shapely.coverage_invalid_edges(outlines)
        wrong = np.flatnonzero(~shapely.is_empty(edges))
        names = [product.outlines.codes[row] for row in wrong[:10]]
        yield f"{len(wrong)} contours ne s'ajustent pas à leurs voisins : {names}"
    for area, longitude, latitude in gaps(outlines):
        known = any(np.hypot(longitude - x, latitude - y) < _NEAR for x, y in ENCLAVES)
        if not known:
            yield f"un trou de {area:.4f} km² en {longitude:.5f}, {latitude:.5f}"


def _repairs(product: Product) -> Iterator[str]:
    """Find overlaps too large to be slivers: a commune drawn with what it lost or never had."""
    for left, right, area in product.outlines.overlaps_before:
        if area > SLIVER_KM2:
            yield f"{left} et {right} se recouvrent de {area:.3f} km² dans les sources"
    for code, change in product.outlines.moved_km2.items():
        if abs(change) > SLIVER_KM2:
            yield f"{code} : l'ajustement change sa superficie de {change:.3f} km²"


def _nesting(product: Product) -> Iterator[str]:
    """Find units outside their commune: they would tell of a merger that is not drawn."""
    inferior = product.inferior[product.inferior.geometry.notna()]
    outlines = pd.Series(product.outlines.snapped, index=list(product.outlines.codes))
    parents = outlines.reindex(inferior["code_commune"]).to_numpy()
    units = inferior.geometry.to_numpy()
    inside = shapely.area(shapely.intersection(units, parents)) / shapely.area(units)
    outside = inferior.loc[inside < _INSIDE, "code"].tolist()
    if outside:
        yield f"des unités inférieures sortent de leur commune : {outside[:10]}"


def _neighbours(product: Product) -> Iterator[str]:
    table = product.neighbours
    there = table.rename(columns={"code_commune": "code_voisin", "code_voisin": "code_commune"})
    both = table.merge(there, on=["code_commune", "code_voisin"], suffixes=("", "_retour"))
    if len(both) != len(table):
        yield "des voisines ne le sont pas dans les deux sens"
    if (both["frontiere_m"] - both["frontiere_m_retour"]).abs().max() > 1:
        yield "une frontière n'a pas la même longueur des deux côtés"
    if not (table["frontiere_m"] > 0).all():
        yield "des frontières sont de longueur nulle"


def _points(product: Product) -> Iterator[str]:
    columns = ["longitude", "latitude", "x_local", "y_local"]
    located: pd.DataFrame = product.communes[columns]
    if not np.isfinite(located.to_numpy()).all():
        yield "des communes n'ont pas de point de référence"


CHECKS: tuple[Check, ...] = (
    _counts,
    _codes,
    _links,
    _former,
    _populations,
    _areas,
    _shapes,
    _coverage,
    _repairs,
    _nesting,
    _neighbours,
    _points,
)
