"""The need index of one place: score, rank, what is known, and what it is made of."""

from __future__ import annotations

import math

from territoires.indicators import format_number, format_rank, format_share
from territoires.needs import NeedIndex, Recipe, index_of
from territoires.territory import Territoire
from territoires.ui.markup import bar, missing, text
from territoires.workspace import Workspace

_AMONG = {"commune": "communes", "epci": "EPCI", "departement": "départements"}


def index_block(workspace: Workspace, place: Territoire, recipe: Recipe) -> str:
    """Return the index of a place among those of its level in France, as HTML.

    Returns
    -------
    str
        Empty for a level that the map does not compare (a région, a group of communes).
    """
    level, code = place.niveau, place.code.partition(":")[2]
    if level not in _AMONG:
        return ""
    index = index_of(workspace.indicators_by(level), recipe)
    if code not in index.score.index:
        return ""
    body = _ranked(workspace, index, code, _AMONG[level])
    return f'<div class="t-sheet"><h3>Indice : {text(recipe.name)}</h3>{body}</div>'


def _ranked(workspace: Workspace, index: NeedIndex, code: str, among: str) -> str:
    known = f"part du poids connue : {format_share(float(index.coverage[code]))}"
    score = float(index.score[code])
    if math.isnan(score):
        return f"<p>{missing(f'non classé, {known}')}</p>"
    rank = format_rank(int(index.rank[code]), index.count)
    points = index.contributions.loc[[code]].iloc[0].sort_values(ascending=False)
    parts = "".join(
        _part(workspace, str(item), float(points[item]), score) for item in points.index
    )
    return (
        f"<p><b>{format_number(score * 100, 1)} sur 100</b> · {text(rank)} {among} en France "
        f'(1er : le plus grand besoin) · {text(known)}</p><table class="t-rows">{parts}</table>'
    )


def _part(workspace: Workspace, item: str, points: float, score: float) -> str:
    label = text(workspace.indicators.indicator(item).label)
    if math.isnan(points):
        return f'<tr><th scope="row">{label}</th><td>{missing()}</td></tr>'
    shown = f"{format_number(points * 100, 1)} points"
    gauge = bar(points / score if score else 0.0)
    return f'<tr><th scope="row">{label}</th><td>{text(shown)}{gauge}</td></tr>'
