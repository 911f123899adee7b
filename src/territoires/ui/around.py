"""Who acts here, and who acts within reach."""

from __future__ import annotations

from textwrap import shorten

import pandas as pd

from territoires.indicators import format_number
from territoires.initiatives import Directory, initiatives_in, within
from territoires.territory import Territoire
from territoires.ui.markup import dot, link, text
from territoires.workspace import Workspace

_SHOWN = 12
_LONGEST = 220


def initiatives_block(
    workspace: Workspace, directory: Directory, place: Territoire, radius_km: float
) -> str:
    """Return the initiatives of a place and those around it, as HTML.

    Parameters
    ----------
    directory : Directory
        Already filtered as the map is.
    radius_km : float
        Straight line from the reference point of the place.
    """
    here = initiatives_in(directory, place)
    around = within(
        workspace.register, directory, place.reference_point(workspace.register), radius_km
    )
    around = around[~around.index.isin(here.index)]
    parts = [f"<h3>Initiatives ici : {len(here)}</h3>", _list(directory, here)]
    parts.append(
        f"<h3>À moins de {format_number(radius_km)} km : {len(around)}</h3>"
        + _list(directory, around)
    )
    parts.append(
        '<p class="t-note">Distances à vol d’oiseau, de mairie à mairie. L’annuaire n’est pas '
        "exhaustif : aucune initiative recensée ne veut pas dire aucune initiative.</p>"
    )
    return f'<div class="t-sheet">{"".join(parts)}</div>'


def needs_block(workspace: Workspace, place: Territoire) -> str:
    """Return the unmet needs observed in a place, as HTML; empty when the file has none at all."""
    if not len(workspace.needs_observed):
        return ""
    rows = workspace.needs_observed.for_communes(place.communes).frame
    domains = workspace.vocabularies.need_domains
    items = "".join(
        f"<li>{text(domains.label(domain))} : {text(words)}"
        f'<br><span class="t-note">observé le {text(day)}</span></li>'
        for domain, words, day in zip(
            rows["domaine"], rows["description"], rows["observe_le"], strict=True
        )
    )
    shown = f'<ul class="t-list">{items}</ul>' if items else '<p class="t-none">aucun noté</p>'
    return f'<div class="t-sheet"><h3>Besoins observés ici : {len(rows)}</h3>{shown}</div>'


def _list(directory: Directory, rows: pd.DataFrame) -> str:
    if rows.empty:
        return '<p class="t-none">aucune initiative recensée</p>'
    items = "".join(_item(directory, row) for _, row in rows.head(_SHOWN).iterrows())
    more = len(rows) - _SHOWN
    if more > 0:
        items += f'<li class="t-note">et {more} autres, dans le tableau des initiatives</li>'
    return f'<ul class="t-list">{items}</ul>'


def _item(directory: Directory, row: pd.Series) -> str:
    vocabularies = directory.vocabularies
    kind = vocabularies.types.label(row["type"])
    axis = f"axe {row['axes'].replace(';', ', ')}" if row["axes"] else "sans axe"
    name = link(row["site_web"], row["nom"]) if row["site_web"] else text(row["nom"])
    distance = f" · {format_number(row['distance_km'], 1)} km" if "distance_km" in row else ""
    place = f" · {row['geo_commune']}" if row["geo_commune"] else ""
    if row["perimetre"]:
        place += f" · périmètre : {vocabularies.perimeters.label(row['perimetre']).lower()}"
    if row["statut"] not in {"", "inconnu"}:
        kind += f" ({vocabularies.statuses.label(row['statut']).lower()})"
    told = [text(" · ".join([kind, axis]) + place + distance), *_words(row)]
    return (
        f"<li>{dot(vocabularies.axis_colour(row['axes']))}{name}"
        f'<br><span class="t-note">{"<br>".join(told)}</span></li>'
    )


def _words(row: pd.Series) -> list[str]:
    """Return who carries it, what it is, and where that was read."""
    words = [text(f"Porteur : {row['porteur']}")] if row["porteur"] else []
    if row["description"]:
        words.append(text(shorten(row["description"], _LONGEST, placeholder="…")))
    if row["source_url"]:
        words.append(link(row["source_url"], "source"))
    return words
