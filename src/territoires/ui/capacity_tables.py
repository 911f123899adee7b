"""Need and capacity in tables: how many in each quadrant, and where each candidate is."""

from __future__ import annotations

import pandas as pd

from territoires.candidates import QUADRANTS, UNPLACED, CandidateCrossing
from territoires.candidates.wording import sentence_start
from territoires.indicators import format_number, format_share
from territoires.maps import QUADRANT_COLOURS
from territoires.ui.markup import dot, text

QUADRANT, NEED, AROUND, PRESENCE = "Quadrant", "Besoin", "Initiatives", "Présence"
CODES = "Codes des communes"
_UNRANKED = "Non classé"


def counts_html(crossing: CandidateCrossing) -> str:
    """Return what each quadrant holds, as an HTML table that is also a key to the colours."""
    counts = crossing.by_quadrant
    total = int(counts["lieux"].sum())
    noun = crossing.found.asked.noun
    head = (
        '<tr><th scope="col">Quadrant</th><td>Candidats</td>'
        f"<td>{text(sentence_start(noun.plural))}</td><td>Part</td><td>Habitants</td></tr>"
    )
    rows = "".join(
        _count_row(crossing, str(code), row, total)
        for code, row in zip(counts.index, counts.to_dict("records"), strict=True)
        if code in QUADRANTS or row["lieux"]
    )
    return f'<div class="t-sheet"><table class="t-rows">{head}{rows}</table></div>'


def _count_row(crossing: CandidateCrossing, code: str, row: dict[object, int], total: int) -> str:
    mark, label = "", _UNRANKED
    if code != UNPLACED:
        mark, label = dot(QUADRANT_COLOURS[code]), crossing.rules.label(code)
    share = format_share(row["lieux"] / total) if total else "–"
    cells = (
        format_number(row["candidats"]), format_number(row["lieux"]), share,
        format_number(row["habitants"]),
    )  # fmt: skip
    numbers = "".join(f"<td>{text(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{mark}{text(label)}</th>{numbers}</tr>'


def candidate_rows(crossing: CandidateCrossing) -> pd.DataFrame:
    """Return the candidates with their quadrant, under French headings."""
    frame, rows = crossing.found.frame, crossing.candidates
    context = crossing.found.context
    return pd.DataFrame(
        {
            "Rang": frame["rang"],
            "Candidat": frame["nom"],
            QUADRANT: _labels(crossing, rows["quadrant"]),
            NEED: (rows["besoin"] * 100).round(1),
            AROUND: rows["initiatives"],
            PRESENCE: rows["presence"].round(2),
            "Habitants": frame["population"],
            CODES: [";".join(context.territory(str(code)).communes) for code in frame.index],
        },
        index=frame.index,
    )


def place_rows(crossing: CandidateCrossing) -> pd.DataFrame:
    """Return every place of the area of the search with its quadrant, greatest need first."""
    field = crossing.field
    places = field.need.index[crossing.inside]
    described = crossing.found.asked.described(places)
    table = pd.DataFrame(
        {
            "Code": places,
            "Nom": described["nom"],
            "Département": described["code_departement"],
            "Habitants": described["population"],
            QUADRANT: _labels(crossing, field.quadrant.reindex(places)),
            NEED: (field.need.reindex(places) * 100).round(1),
            PRESENCE: field.capacity.reindex(places).round(3),
        },
        index=places,
    )
    return table.sort_values(NEED, ascending=False, na_position="last", kind="stable")


def _labels(crossing: CandidateCrossing, quadrant: pd.Series) -> pd.Series:
    names = {code: crossing.rules.label(code) for code in QUADRANTS} | {UNPLACED: _UNRANKED}
    return quadrant.map(names)
