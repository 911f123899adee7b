"""The sheet of a place: each indicator with its ranks, what is missing, the mairie."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from territoires.candidates.wording import sentence_start
from territoires.communes import Register
from territoires.indicators import (
    MISSING_TEXT,
    NOT_MERGED_WORDS,
    STATUS_LABELS,
    WEIGHTED_MEAN,
    Indicator,
    format_number,
    format_rank,
    format_value,
    known_for,
)
from territoires.territory import Territoire
from territoires.territory.levels import LEVEL_NAMES
from territoires.territory.territoire import QPV_LEVEL
from territoires.ui.markup import bar, key_figures, link, missing, text
from territoires.ui.places_shown import code_of
from territoires.workspace import Workspace

_MOST_UNFOLDED = 15


@dataclass(frozen=True, eq=False)
class Standing:
    """Where a place stands in a universe.

    Attributes
    ----------
    label : str
        The universe in a sentence: ``en France``.
    table : DataFrame
        As :meth:`IndicatorTable.standing`.
    among_communes : bool
        Whether it is ranked with communes.
    """

    label: str
    table: pd.DataFrame
    among_communes: bool


def heading(workspace: Workspace, place: Territoire) -> str:
    """Return the name of a place, where it is, and its key figures, as HTML."""
    register = workspace.register
    code = code_of(place)
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
    standings = _standings(workspace, place)
    blocks: dict[str, list[str]] = {}
    for code, indicator in workspace.indicators.catalogue.items():
        row = _indicator_row(indicator, rows[code], standings)
        blocks.setdefault(indicator.family, []).append(row)
    # With the official figures a sheet is three screens long: families fold, the first is open.
    fold = len(workspace.indicators.catalogue) > _MOST_UNFOLDED
    tables = "".join(
        _family(family, lines, is_open=not fold or at == 0)
        for at, (family, lines) in enumerate(blocks.items())
    )
    return f'<div class="t-sheet">{tables}</div>'


def _family(name: str, lines: Sequence[str], *, is_open: bool) -> str:
    count = f" <small>{len(lines)} indicateur{'s' if len(lines) > 1 else ''}</small>"
    return (
        f'<details class="t-family"{" open" if is_open else ""}>'
        f"<summary><h3>{text(name.capitalize())}{count}</h3></summary>"
        f'<table class="t-rows">{"".join(lines)}</table></details>'
    )


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
    register = workspace.register
    told = f"Données {text(register.version)}. Communes au 1er janvier {register.cog}."
    return (
        f'<div class="t-sheet"><h3>Sources</h3><ul class="t-list">{items}</ul>'
        f'<p class="t-note">{told}</p></div>'
    )


def belonging(register: Register, place: Territoire) -> str:
    """Say in a few words what a place is part of."""
    if place.niveau != "commune":
        count = len(place.communes)
        plural = "s" if count > 1 else ""
        kind = sentence_start(LEVEL_NAMES[place.niveau])
        return f"{kind} · {format_number(count)} commune{plural}"
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
    area = place.superficie_km2(register)
    return [
        (population, f"habitants ({_population_year(register, rows, place)})"),
        (MISSING_TEXT if area is None else f"{format_number(area, 1)} km²", "superficie"),
    ]


def _population_year(register: Register, communes: pd.DataFrame, place: Territoire) -> str:
    if place.niveau == QPV_LEVEL:  # its inhabitants are not counted with those of its commune
        year = str(register.neighbourhoods["annee_population"][code_of(place)])
        return year or ("année non dite" if place.population else "population du quartier")
    return ", ".join(sorted({str(year) for year in communes["population_millesime"].dropna()}))


def _standings(workspace: Workspace, place: Territoire) -> tuple[Standing, ...]:
    level, code = place.niveau, code_of(place)
    if level not in ("commune", "epci", "departement"):
        return ()
    table = workspace.indicators_by(level)
    if code not in table.values.index:
        return ()
    universes: dict[str, tuple[str, ...] | None] = {"en France": None}
    if level == "commune":
        register = workspace.register
        row = register.communes.loc[code]
        for around, label in (("region", "dans la région"), ("departement", "dans le département")):
            universes[label] = register.codes_of(around, str(row[f"code_{around}"]))
    return tuple(
        Standing(label, table.standing(code, codes), level == "commune")
        for label, codes in universes.items()
    )


def _indicator_row(
    indicator: Indicator, row: Mapping[Hashable, Any], standings: Sequence[Standing]
) -> str:
    status = str(row["statut"])
    value = None if pd.isna(row["valeur"]) else float(row["valeur"])
    shown = format_value(indicator, value, status)
    cell = missing(shown) if value is None else text(shown)
    notes = [text(f"{indicator.vintage} · {indicator.producer}")]
    if indicator.caution:
        notes.append(f"<b>{text(indicator.caution)}</b>")
    if indicator.is_wider:
        notes.append(f"<b>{text(_wider_note(indicator, row, standings))}</b>")
    notes.extend(_status_notes(indicator, row, status, is_known=value is not None))
    ranks, gauge = _ranks(indicator, standings)
    notes.extend([text(ranks)] if ranks else [])
    return (
        f'<tr><th scope="row"><span title="{text(indicator.definition)}">{text(indicator.label)}'
        f"</span><small>{'<br>'.join(notes)}</small></th><td>{cell}{gauge}</td></tr>"
    )


def _status_notes(
    indicator: Indicator, row: Mapping[Hashable, Any], status: str, *, is_known: bool
) -> list[str]:
    """Say what must be known of a figure: its range where it does not merge, rounding, status."""
    if row["methode"] == NOT_MERGED_WORDS and row["couverture"] > 0:
        return [text(NOT_MERGED_WORDS), *_range_note(indicator, row)]
    part = known_for(float(row["couverture"]), is_known=is_known)
    notes = [text(part)] if part else []
    if not is_known:
        return [*_range_note(indicator, row), *notes]
    if row["methode"] == WEIGHTED_MEAN:
        notes.append(text(WEIGHTED_MEAN))
    if indicator.rounded_to:
        notes.append(text(f"effectifs arrondis à {indicator.rounded_to} par le producteur"))
    if status != "publie":
        unranked = " : montré sans être classé" if status == "hors_champ" else ""
        notes.append(text(STATUS_LABELS[status] + unranked))
    return notes


def _range_note(indicator: Indicator, row: Mapping[Hashable, Any]) -> list[str]:
    """Say between what and what a figure that does not merge lies, over the communes."""
    low, high = row["minimum"], row["maximum"]
    if pd.isna(low) or low == high:
        return []
    ends = f"de {format_value(indicator, float(low))} à {format_value(indicator, float(high))}"
    return [text(f"{ends} selon les communes")]


def _wider_note(
    indicator: Indicator, row: Mapping[Hashable, Any], standings: Sequence[Standing]
) -> str:
    if all(standing.among_communes for standing in standings) and standings:
        return f"chiffre {indicator.of_place}"
    return str(row["methode"])


def _ranks(indicator: Indicator, standings: Sequence[Standing]) -> tuple[str, str]:
    """Return the ranks in words, and the percentile in France as a bar."""
    told, gauge = [], ""
    if indicator.is_ordinal:  # thousands share each class: its name says more than a rank
        return "", ""
    for standing in standings:
        # Every commune of a wider place carries its figure: ranking them would mean nothing.
        if indicator.is_wider and standing.among_communes:
            continue
        row = standing.table.loc[[indicator.code]].iloc[0]
        if pd.isna(row["rang"]):
            continue
        told.append(f"{format_rank(int(row['rang']), int(row['classes']))} {standing.label}")
        gauge = gauge or bar(float(row["centile"]) / 100)
    return " · ".join(told), gauge


def _known(value: Any) -> str:
    return "" if pd.isna(value) else str(value).strip()


def _line(label: str, value: str) -> str:
    shown = text(value).replace("\n", "<br>") if value else missing("non renseigné")
    return f"<li><b>{text(label)}</b> : {shown}</li>"


def _site_line(site: str) -> str:
    shown = link(site, site.split("//")[-1].rstrip("/")) if site else missing("non renseigné")
    return f"<li><b>Site</b> : {shown}</li>"
