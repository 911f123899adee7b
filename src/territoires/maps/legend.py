"""The legend of a choropleth, as HTML that stands alone: what, unit, classes, what is missing."""

from __future__ import annotations

from html import escape

from territoires.candidates.quadrants import Crossed
from territoires.indicators import STATUS_LABELS, STATUSES, Indicator, format_number
from territoires.initiatives import Vocabularies
from territoires.maps.colouring import Colouring, MapColours
from territoires.maps.palettes import MISSING, OUTSIDE, to_hex
from territoires.maps.quadrant_words import (
    INCOMPLETE,
    NEVER_ADDED,
    capacity_sentence,
    need_sentence,
)
from territoires.maps.spec import FRANCE, OUTLINES, MapSpec
from territoires.needs import Recipe
from territoires.territory.levels import AMONG, LEVEL_NAMES

_STYLE = """<style>
.t-legend{font-size:.82rem;line-height:1.35;color:#1c2826;margin:.3rem 0}
.t-legend p{margin:0 0 .3rem}.t-legend b{font-weight:600}
.t-legend ul{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1rem;margin:.2rem 0 .3rem;
padding:0}
.t-legend li{display:flex;align-items:center;gap:.4rem;margin:0;padding:0;white-space:nowrap;
font-variant-numeric:tabular-nums}
.t-legend i{flex:none;width:1.5rem;height:.9rem;border-radius:2px;box-shadow:inset 0 0 0 1px #0003}
.t-legend small{color:#5a6664;font-size:.75rem}
.t-legend a{color:#0b5d57}
</style>"""


def legend_html(colours: MapColours, spec: MapSpec, title: str | None = None) -> str:
    """Return the legend of a map.

    Parameters
    ----------
    colours : MapColours
        What the tiles are coloured with: the legend cannot say anything else.
    spec : MapSpec
        What is shown.
    title : str, optional
        Name to show, for an index; an indicator has its own.

    Returns
    -------
    str
        HTML, every text escaped, without script; empty when nothing but outlines is shown.

    Raises
    ------
    InvalidRequest
        As :meth:`MapColours.colouring`.
    """
    if spec.subject == OUTLINES:
        return ""
    colouring = colours.colouring(spec)
    sentences = _sentences(colouring)
    if colouring.crossed is not None and spec.quadrants is not None:
        words = colours.directory_of(spec.quadrants).vocabularies
        sentences = [escape(told) for told in _crossed_sentences(colouring.crossed, words)]
    parts = [_heading(colouring, title), _classes(colouring), _notes(sentences)]
    return f'{_STYLE}<div class="t-legend" role="group" aria-label="Légende">{"".join(parts)}</div>'


def _heading(colouring: Colouring, title: str | None) -> str:
    indicator = colouring.indicator
    if indicator is None:
        name, unit = title or "Indice de besoins", _unit_of_index(colouring.spec)
    else:
        name, unit = title or indicator.label, indicator.unit
    of_unit = f", en {escape(unit)}" if indicator and unit else f", {unit}" if unit else ""
    level = LEVEL_NAMES[colouring.spec.level]
    if colouring.crossed is not None:
        where = ", toute la France" if colouring.spec.universe == FRANCE else ""
        return f"<p><b>Besoin et capacité</b>, par {level}{where} : {escape(name)}</p>"
    if colouring.spec.statuses:
        return f"<p><b>Où ce chiffre existe : {escape(name)}</b>, par {level}</p>"
    return f"<p><b>{escape(name)}</b>{of_unit}, par {level}</p>"


def _unit_of_index(spec: MapSpec) -> str:
    recipe = spec.subject
    if isinstance(recipe, Recipe) and recipe.is_rule:
        return f"critères remplis, en % ({recipe.at_least} suffisent sur {len(recipe.items)})"
    return "score de 0 à 100"


def _classes(colouring: Colouring) -> str:
    classes, level = colouring.classes, colouring.spec.level
    rows = [
        _row(f"background:{to_hex(colour)}", label, _count(count, level))
        for colour, label, count in zip(
            classes.colours, classes.labels, classes.counts, strict=True
        )
    ]
    if not classes.labels:
        rows.append("<li><b>Aucune valeur ici pour cet indicateur.</b></li>")
    if classes.missing_count:
        rows.append(_row(_hatch(), _missing_label(colouring), _count(classes.missing_count, level)))
    if colouring.spec.universe != FRANCE:
        rows.append(_row(f"background:{to_hex(OUTSIDE)}", "hors du territoire comparé", ""))
    return f"<ul>{''.join(rows)}</ul>"


def _missing_label(colouring: Colouring) -> str:
    if colouring.crossed is not None:
        return "non classé"
    if colouring.not_comparable == 0:
        return "non disponible"
    if colouring.not_comparable == colouring.classes.missing_count:
        return "non comparable"
    return "non disponible ou non comparable"


def _row(style: str, label: str, count: str) -> str:
    small = f" <small>{escape(count)}</small>" if count else ""
    return f'<li><i style="{style}" aria-hidden="true"></i><span>{escape(label)}{small}</span></li>'


def _hatch() -> str:
    ground, stripe = (to_hex(colour) for colour in MISSING)
    return f"background:repeating-linear-gradient(-45deg,{stripe} 0 2px,{ground} 2px 6px)"


def _count(count: int, level: str) -> str:
    return f"{format_number(count)} {AMONG[level] if count > 1 else LEVEL_NAMES[level]}"


def _notes(sentences: list[str]) -> str:
    return f"<p><small>{' '.join(sentences)}</small></p>"


def _crossed_sentences(crossed: Crossed, words: Vocabularies) -> list[str]:
    return [need_sentence(crossed), capacity_sentence(crossed, words), INCOMPLETE, NEVER_ADDED]


def _sentences(colouring: Colouring) -> list[str]:
    indicator = colouring.indicator
    if indicator is None:
        weights = len(getattr(colouring.spec.subject, "items", ()))
        return [
            f"Indice de {weights} indicateur{'s' if weights > 1 else ''} : plus la couleur est "
            "foncée, plus le besoin est grand. Une valeur qui manque est retirée du calcul, jamais "
            "comptée comme nulle."
        ]
    if colouring.spec.statuses:
        return [_source(indicator)]
    sentences = [_reading(indicator, two_sides=colouring.classes.two_sides), _source(indicator)]
    if indicator.is_wider:
        place = escape(indicator.of_place)
        sentences.insert(0, f"Chiffre {place} : toutes ses communes portent le même.")
    if indicator.caution:
        sentences.insert(0, f"<b>{escape(indicator.caution.capitalize())}.</b>")
    if colouring.not_comparable:
        count = _count(colouring.not_comparable, colouring.spec.level)
        sentences.insert(0, f"Chiffre d'une autre enquête, montré sans être classé : {count}.")
    sentences[:0] = _exceptions(colouring)
    return [sentence for sentence in sentences if sentence]


def _exceptions(colouring: Colouring) -> list[str]:
    """Say why figures are missing, where it is not only that they are; and which are floors."""
    level, silent = colouring.spec.level, colouring.silent
    reasons = [
        f"{STATUS_LABELS[status]}, {_count(silent[status], level)}"
        for status in STATUSES
        if silent.get(status)
    ]
    told = [f"Sans chiffre : {' ; '.join(reasons)}."] if set(silent) - {"non_disponible"} else []
    if colouring.floors:
        count = _count(colouring.floors, level)
        told.append(f"{count} à la valeur plancher : la valeur réelle peut être plus basse.")
    return told


def _reading(indicator: Indicator, *, two_sides: bool) -> str:
    if indicator.direction == 0:
        return ""
    if indicator.is_ordinal:
        return "Plus la couleur est foncée, plus le besoin est grand."
    value = "haute" if indicator.direction > 0 else "basse"
    if two_sides:
        return f"Couleurs chaudes : valeur {value}, besoin plus grand."
    return f"Plus la couleur est foncée, plus la valeur est {value} et le besoin grand."


def _source(indicator: Indicator) -> str:
    producer, vintage = escape(indicator.producer), escape(indicator.vintage)
    source = escape(indicator.source)
    if indicator.source_url.startswith("https://"):
        address = escape(indicator.source_url)
        source = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{source}</a>'
    return f"{producer}, {vintage}. Source : {source} ({escape(indicator.licence)})."
