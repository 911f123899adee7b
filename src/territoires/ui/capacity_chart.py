"""The chart of need and capacity for the candidates of a list: numbers and words made ready."""

from __future__ import annotations

import math

import numpy as np

from territoires.candidates import QUADRANTS, CandidateCrossing
from territoires.candidates.wording import plural
from territoires.indicators import format_number
from territoires.maps import QUADRANT_COLOURS
from territoires.maps.quadrants import quadrant_numbers
from territoires.ui.charts import Candidate, Cloud, Corner, as_image, quadrant_chart
from territoires.ui.markup import dot, text

_MOST_IN_KEY = 60


def chart_html(crossing: CandidateCrossing) -> str:
    """Return the chart and how to read it, as HTML; a sentence when nothing can be drawn."""
    cloud = _cloud(crossing)
    if not cloud.need.size or math.isnan(crossing.field.limits.need):
        return "<p class=\"t-sheet\">Aucun lieu n'est classé ici : il n'y a rien à dessiner.</p>"
    limits = crossing.field.limits
    description = _description(crossing)
    drawn = quadrant_chart(
        cloud, (limits.need * 100, limits.capacity), _corners(crossing), _candidates(crossing),
        description,
    )  # fmt: skip
    return (
        f'<figure class="t-figure">{as_image(drawn, description)}<p>Plus c\'est foncé, plus il y '
        "a de lieux ; la bande de gauche est sans rien de recensé. Présence : 1, une initiative "
        "sur place, ou deux à mi-distance. Les numéros sont les rangs de la liste :</p>"
        f"{_key(crossing)}</figure>"
    )


def _key(crossing: CandidateCrossing) -> str:
    """Return the candidates by quadrant, each with its number: what the chart has no room for."""
    shown = crossing.found.frame.head(_MOST_IN_KEY)
    quadrant = crossing.candidates["quadrant"].reindex(shown.index)
    rows = ""
    for code in QUADRANTS:
        inside = shown[quadrant == code]
        if not inside.empty:
            pairs = zip(inside["rang"], inside["nom"], strict=True)
            names = ", ".join(f"<b>{rank}</b> {text(name)}" for rank, name in pairs)
            label = crossing.rules.label(code)
            rows += f"<li>{dot(QUADRANT_COLOURS[code])}<b>{text(label)}</b> : {names}</li>"
    rest = len(crossing.found.frame) - len(shown)
    more = f"<li>et {format_number(rest)} autres, dans le tableau</li>" if rest else ""
    return f'<ul class="t-list">{rows}{more}</ul>'


def _cloud(crossing: CandidateCrossing) -> Cloud:
    numbers = quadrant_numbers(crossing.field.quadrant).to_numpy()
    kept = crossing.inside & ~np.isnan(numbers)
    return Cloud(
        crossing.field.need.to_numpy(dtype=float)[kept] * 100,
        crossing.field.capacity.to_numpy(dtype=float)[kept],
        numbers[kept].astype(np.int64),
    )


def _candidates(crossing: CandidateCrossing) -> list[Candidate]:
    frame, rows = crossing.found.frame, crossing.candidates
    return [
        Candidate(int(rank), str(name), float(need) * 100, float(presence))
        for rank, name, need, presence in zip(
            frame["rang"], frame["nom"], rows["besoin"], rows["presence"], strict=True
        )
        if not math.isnan(need)
    ]


def _corners(crossing: CandidateCrossing) -> list[Corner]:
    return [
        Corner(
            f"{crossing.rules.need_words(code)},", crossing.rules.capacity_words(code),
            _counts(crossing, code), QUADRANT_COLOURS[code],
        )
        for code in QUADRANTS
    ]  # fmt: skip


def _counts(crossing: CandidateCrossing, quadrant: str) -> str:
    noun, counts = crossing.found.asked.noun, crossing.by_quadrant
    places = plural(int(counts["lieux"][quadrant]), noun.singular, noun.plural)
    candidates = plural(int(counts["candidats"][quadrant]), "candidat", "candidats")
    return f"{places}, {candidates}"


def _description(crossing: CandidateCrossing) -> str:
    told = [f"{crossing.rules.label(code)} : {_counts(crossing, code)}" for code in QUADRANTS]
    return f"{'. '.join(told)}."
