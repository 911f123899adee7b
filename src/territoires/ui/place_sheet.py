"""The sheet of a place: each indicator with its ranks, what is missing, the mairie."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from territoires.communes import Register
from territoires.indicators import (
    MISSING_TEXT,
    STATUS_LABELS,
    Indicator,
    format_number,
    format_rank,
    format_value,
)
from territoires.territory import Territoire
from territoires.ui.markup import bar, key_figures, link, missing, text
from territoires.workspace import Workspace

_LEVEL_NAMES = {
    "epci": "EPCI", "ept": "Établissement public territorial", "departement": "Département",
    "region": "Région", "arrondissement": "Arrondissement", "pays": "Pays",
    "arrondissement_municipal": "Arrondissement municipal", "groupe": "Groupe de communes",
    "partie": "Partie de commune",
}  # fmt: skip


@dataclass(frozen=True)
class RankedIn:
    """A universe in which a place is ranked: its name in the sentence, its communes."""

    label: str
    codes: tuple[str, ...]


def heading(workspace: Workspace, place: Territoire) -> str:
    """Return the name of a place, where it is, and its key figures, as HTML."""
    register = workspace.register
    code = place.code.partition(":")[2]
    parts = [f"<h2>{text(place.nom)} <small>({text(code)})</small></h2>"]
    parts.append(f'<p class="t-sub">{text(belonging(register, place))}</p>')
    parts.append(key_figures(_key_figures(register, place)))
    if place.partiel:
        parts.append('<p class="t-note">Partie de commune : les indicateurs sont ceux de la ')
        parts.append("commune entière.</p>")
    return f'<div class="t-sheet">{"".join(parts)}</div>'


def indicators_block(workspace: Workspace, place: Territoire) -> str:
    """Return every indicator of a place by family, with ranks, vintage and what is missing."""
    table = workspace.indicators.for_territory(place.communes)
    rows = {str(row["code"]): row for row in table.to_dict("records")}
    universes = _universes(workspace.register, place)
    blocks: dict[str, list[str]] = {}
    for code, indicator in workspace.indicators.catalogue.items():
        row = _indicator_row(workspace, place, indicator, rows[code], universes)
        blocks.setdefault(indicator.family, []).append(row)
    tables = "".join(
        f'<h3>{text(family.capitalize())}</h3><table class="t-rows">{"".join(lines)}</table>'
        for family, lines in blocks.items()
    )
    return f'<div class="t-sheet">{tables}</div>'


def mairie_block(register: Register, place: Territoire) -> str:
    """Return how to reach the town hall, as HTML; empty for anything but one commune."""
    if len(place.communes) != 1:
        return ""
    row = register.communes.loc[place.communes[0]]
    lines = [
        _line("Adresse", _known(row["mairie_adresse"])),
        _line("Téléphone", _known(row["mairie_telephone"])),
        _line("Horaires", _known(row["mairie_horaires"])),
        _site_line(_known(row["mairie_site"])),
    ]
    return f'<div class="t-sheet"><h3>Mairie</h3><ul class="t-list">{"".join(lines)}</ul></div>'


def sources_block(workspace: Workspace) -> str:
    """Return where the figures of a sheet come from, as HTML."""
    items = "".join(
        f"<li>{link(ind.source_url, ind.label)} : {text(ind.producer)}, {text(ind.vintage)}, "
        f"{text(ind.licence)}</li>"
        for ind in workspace.indicators.catalogue.values()
    )
    version = text(workspace.register.version)
    return (
        f'<div class="t-sheet"><h3>Sources</h3><ul class="t-list">{items}</ul>'
        f'<p class="t-note">Données {version}. Communes au 1er janvier 2026.</p></div>'
    )


def belonging(register: Register, place: Territoire) -> str:
    """Say in a few words what a place is part of."""
    if place.niveau != "commune":
        count = len(place.communes)
        plural = "s" if count > 1 else ""
        return f"{_LEVEL_NAMES[place.niveau]} · {format_number(count)} commune{plural}"
    row = register.communes.loc[place.communes[0]]
    epci = _known(row["code_epci"])
    return " · ".join(
        (
            register.name_of("epci", epci) if epci else "hors EPCI",
            register.name_of("departement", str(row["code_departement"])),
            register.name_of("region", str(row["code_region"])),
        )
    )


def _key_figures(register: Register, place: Territoire) -> list[tuple[str, str]]:
    rows = register.communes.loc[list(place.communes)]
    population = MISSING_TEXT if place.population is None else format_number(place.population)
    vintages = sorted({str(year) for year in rows["population_millesime"].dropna()})
    return [
        (population, f"habitants ({', '.join(vintages)})"),
        (f"{format_number(float(rows['superficie_km2'].sum()), 1)} km²", "superficie"),
    ]


def _universes(register: Register, place: Territoire) -> tuple[RankedIn, ...]:
    if place.niveau != "commune":
        return ()
    row = register.communes.loc[place.communes[0]]
    region, departement = str(row["code_region"]), str(row["code_departement"])
    return (
        RankedIn("en France", tuple(register.communes.index)),
        RankedIn("dans la région", register.codes_of("region", region)),
        RankedIn("dans le département", register.codes_of("departement", departement)),
    )


def _indicator_row(
    workspace: Workspace, place: Territoire, indicator: Indicator, row: Mapping[Hashable, Any],
    universes: Sequence[RankedIn],
) -> str:  # fmt: skip
    status = str(row["statut"])
    value = None if pd.isna(row["valeur"]) else float(row["valeur"])
    shown = format_value(indicator, value, status)
    cell = missing(shown) if value is None else text(shown)
    notes = [text(f"{indicator.vintage} · {indicator.producer}")]
    if indicator.level == "departement":
        notes.append("<b>chiffre du département</b>")
    if value is not None and status != "publie":
        notes.append(text(STATUS_LABELS[status]))
    ranks, share = (
        _ranks(workspace, place, indicator, universes) if value is not None else ("", None)
    )
    notes.extend([text(ranks)] if ranks else [])
    gauge = "" if share is None else bar(share)
    title = text(indicator.definition)
    return (
        f'<tr><th scope="row"><span title="{title}">{text(indicator.label)}</span>'
        f"<small>{'<br>'.join(notes)}</small></th><td>{cell}{gauge}</td></tr>"
    )


def _ranks(
    workspace: Workspace, place: Territoire, indicator: Indicator, universes: Sequence[RankedIn]
) -> tuple[str, float | None]:
    # Every commune of a département carries the same figure: a rank among communes means nothing.
    if indicator.level == "departement" or not indicator.rankable:
        return "", None
    told, share = [], None
    for universe in universes:
        ranking = workspace.indicators.rank(indicator.code, universe.codes)
        rank = ranking.ranks[place.communes[0]]
        if pd.isna(rank):
            continue
        told.append(f"{format_rank(int(rank), ranking.count)} {universe.label}")
        share = float(ranking.percentiles[place.communes[0]]) / 100 if share is None else share
    return " · ".join(told), share


def _known(value: Any) -> str:
    return "" if pd.isna(value) else str(value).strip()


def _line(label: str, value: str) -> str:
    shown = text(value).replace("\n", "<br>") if value else missing("non renseigné")
    return f"<li><b>{text(label)}</b> : {shown}</li>"


def _site_line(site: str) -> str:
    shown = link(site, site.split("//")[-1].rstrip("/")) if site else missing("non renseigné")
    return f"<li><b>Site</b> : {shown}</li>"
