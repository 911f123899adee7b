"""Lays a comparison out in sections: sizes, index, contributions, indicators, initiatives, gaps."""

from __future__ import annotations

import math

from territoires.candidates.wording import format_km
from territoires.exports.side_by_side.cells import Cell, Line, Section, missing
from territoires.exports.side_by_side.figures import indicator_sections, missing_section
from territoires.indicators import (
    MISSING_TEXT,
    format_interval,
    format_number,
    format_rank,
    format_share,
)
from territoires.initiatives import NO_AXIS, Vocabularies
from territoires.needs import DrawPlan
from territoires.needs.rule import VERDICT_WORDS
from territoires.shortlist.side_by_side import Compared, SideBySide
from territoires.territory.levels import AMONG

_UNRANKED = "non classé"
PENDING = "en cours de calcul"


def layout(
    comparison: SideBySide, vocabularies: Vocabularies, *, no_interval: str = "non calculé"
) -> tuple[Section, ...]:
    """Lay out everything that is compared, in French.

    Parameters
    ----------
    vocabularies : Vocabularies
        Names of the axes.
    no_interval : str
        Why an interval is not there, where a rank is.
    """
    return (
        _sizes(comparison),
        _index(comparison, no_interval),
        _contributions(comparison),
        *indicator_sections(comparison),
        _initiatives(comparison, vocabularies),
        missing_section(comparison),
    )


def remarks(comparison: SideBySide, plan: DrawPlan | None = None) -> tuple[str, ...]:
    """Say what must be known to read the table, one sentence each.

    Parameters
    ----------
    plan : DrawPlan, optional
        How the intervals were drawn.
    """
    told = [
        "▲ ▽ : le plus grand et le plus petit besoin parmi les territoires comparés ici ; "
        "rien quand les valeurs ne se comparent pas.",
        "Rang 1 : le plus grand besoin, parmi les communes, les EPCI ou les départements de "
        "France selon le territoire.",
    ]
    if any(column.is_mean for column in comparison.columns):
        told.append(
            "Groupe, partie ou autre territoire : un taux est la somme des numérateurs sur celle "
            "des dénominateurs ; l'indice est la moyenne de ses communes, pondérée par leurs "
            "habitants ; le rang est celui que cette valeur aurait parmi les communes."
        )
    if not comparison.is_of_one_level:
        told.append(
            "Ces territoires ne sont pas de même niveau : leurs scores, faits chacun parmi les "
            "siens, ne se comparent pas entre eux ; les valeurs des indicateurs, si."
        )
    if plan is not None:
        told.append(
            f"Intervalle : le rang dans neuf tirages sur dix, quand les choix de la recette "
            f"varient ({format_number(plan.count)} tirages, graine {plan.seed})."
        )
    told.append(
        "Distances à vol d'oiseau, depuis la mairie de la commune la plus peuplée. L'annuaire "
        "n'est pas exhaustif : aucune initiative recensée ne veut pas dire aucune initiative."
    )
    return tuple(told)


def _sizes(comparison: SideBySide) -> Section:
    columns = comparison.columns
    return Section(
        "Tailles",
        (
            Line("Communes", tuple(Cell(format_number(len(c.place.communes))) for c in columns)),
            Line("Habitants", tuple(_size(c.place.population) for c in columns)),
            Line("Superficie", tuple(_size(c.area_km2, 1, " km²") for c in columns)),
            Line("Habitants au km²", tuple(_size(c.density, 1) for c in columns)),
        ),
    )


def _size(value: float | None, decimals: int = 0, unit: str = "") -> Cell:
    return missing(MISSING_TEXT) if value is None else Cell(format_number(value, decimals) + unit)


def _index(comparison: SideBySide, no_interval: str) -> Section:
    columns = comparison.columns
    is_rule = comparison.recipe.is_rule
    scores = tuple(
        _score(column, mark) for column, mark in zip(columns, comparison.need_marks(), strict=True)
    )
    lines = [
        Line("Score", scores, ("part des critères remplis" if is_rule else "sur 100",)),
        Line("Rang", tuple(_rank(column) for column in columns)),
        Line("Intervalle du rang", tuple(_interval(column, no_interval) for column in columns)),
        Line(
            "Part connue", tuple(_known(column) for column in columns),
            ("des critères" if is_rule else "du poids de la recette",),
        ),
    ]  # fmt: skip
    if is_rule:
        lines.insert(0, Line("Verdict", tuple(_verdict(column) for column in columns)))
    return Section(f"Indice : {comparison.recipe.name}", tuple(lines))


def _score(column: Compared, mark: str) -> Cell:
    score = column.need.score
    if math.isnan(score):
        return missing(_UNRANKED)
    averaged = column.is_mean and len(column.place.communes) > 1
    notes = ("moyenne de ses communes",) if averaged else ()
    return Cell(format_number(score * 100, 1), notes, share=max(0.0, min(1.0, score)), mark=mark)


def _rank(column: Compared) -> Cell:
    need = column.need
    if need.rank is None:
        return missing(_UNRANKED)
    among = f"{AMONG[column.level]} classés" if column.level != "commune" else "communes classées"
    notes = [f"sur {format_number(need.ranked)} {among}"]
    notes += ["rang que ce score aurait"] if column.is_mean else []
    return Cell(format_rank(need.rank), tuple(notes))


def _interval(column: Compared, no_interval: str) -> Cell:
    need = column.need
    if need.rank is None:
        return missing(_UNRANKED)
    if need.interval is None:
        return missing(no_interval)
    return Cell(format_interval(*need.interval))


def _known(column: Compared) -> Cell:
    known = column.need.coverage
    return missing(MISSING_TEXT) if math.isnan(known) else Cell(format_share(known))


def _verdict(column: Compared) -> Cell:
    verdict = column.need.verdict
    if not verdict:
        return missing("sans objet", "jugé par commune")
    return Cell(VERDICT_WORDS[verdict])


def _contributions(comparison: SideBySide) -> Section:
    lines = tuple(
        Line(
            comparison.indicators[item.code].label,
            tuple(_points(column, item.code) for column in comparison.columns),
        )
        for item in comparison.recipe.items
        if item.weight > 0
    )
    return Section("Contributions au score, en points", lines)


def _points(column: Compared, code: str) -> Cell:
    points = column.need.contributions.get(code, math.nan)
    if math.isnan(points):
        return missing(_UNRANKED if math.isnan(column.need.score) else MISSING_TEXT)
    score = column.need.score
    return Cell(format_number(points * 100, 1), share=points / score if score > 0 else 0.0)


def _initiatives(comparison: SideBySide, vocabularies: Vocabularies) -> Section:
    columns, radius = comparison.columns, format_number(comparison.radius_km)
    present = {
        axis
        for column in columns
        for axis in (*column.presence.here_by_axis, *column.presence.near_by_axis)
    }
    lines = [
        Line("Ici", tuple(Cell(format_number(c.presence.here)) for c in columns)),
        Line(
            f"À moins de {radius} km",
            tuple(Cell(format_number(c.presence.near)) for c in columns),
            ("hors du territoire",),
        ),
        *(
            Line(_axis_name(axis, vocabularies), tuple(_by_axis(c, axis) for c in columns))
            for axis in sorted(present)
        ),
        Line(
            "La plus proche", tuple(_nearest(c) for c in columns), ("hors du territoire",)
        ),
    ]  # fmt: skip
    return Section("Initiatives recensées", tuple(lines))


def _axis_name(axis: str, vocabularies: Vocabularies) -> str:
    name = vocabularies.axis_label("" if axis == NO_AXIS else axis)
    return name if axis == NO_AXIS else f"Axe {name}"


def _by_axis(column: Compared, axis: str) -> Cell:
    here = column.presence.here_by_axis.get(axis, 0)
    near = column.presence.near_by_axis.get(axis, 0)
    return Cell(f"{format_number(here)} ici · {format_number(near)} autour")


def _nearest(column: Compared) -> Cell:
    presence = column.presence
    if math.isnan(presence.nearest_km):
        return missing("aucune recensée", "pas de distance entre l'hexagone et l'outre-mer")
    return Cell(format_km(presence.nearest_km), (presence.nearest,))


def column_notes(column: Compared) -> tuple[str, ...]:
    """Say, under the name of a territory, what it is and what its figures are not."""
    notes = [column.where]
    if column.place.partiel:
        alone = len(column.place.communes) == 1
        whole = "de la commune entière" if alone else "des communes entières"
        notes.append(f"Indicateurs et indice : ceux {whole}")
    return tuple(note for note in notes if note)
