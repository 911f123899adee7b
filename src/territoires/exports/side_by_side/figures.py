"""The lines of indicators: value, rank, what must be known of it; and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from territoires.exports.side_by_side.cells import Cell, Line, Section, missing
from territoires.indicators import (
    STATUS_LABELS,
    Indicator,
    format_coverage,
    format_rank,
    format_value,
    known_for,
)
from territoires.shortlist.side_by_side import Compared, Figure, SideBySide
from territoires.territory.levels import AMONG

_ALIKE = "valeur de la commune"


def indicator_sections(comparison: SideBySide) -> tuple[Section, ...]:
    """Lay out every indicator, by family."""
    families: dict[str, list[Line]] = {}
    for code, indicator in comparison.indicators.items():
        families.setdefault(indicator.family, []).append(_line(comparison, code, indicator))
    return tuple(
        Section(f"Indicateurs : {family}", tuple(lines)) for family, lines in families.items()
    )


def _line(comparison: SideBySide, code: str, indicator: Indicator) -> Line:
    cells = tuple(
        _cell(indicator, column, column.figures[code], mark)
        for column, mark in zip(comparison.columns, comparison.marks(code), strict=True)
    )
    notes = [f"{indicator.vintage} · {indicator.producer}"]
    notes += [indicator.caution] if indicator.caution else []
    notes += [f"chiffre {indicator.of_place}"] if indicator.is_wider else []
    if indicator.rounded_to:
        notes.append(f"effectifs arrondis à {indicator.rounded_to} par le producteur")
    return Line(indicator.label, cells, tuple(notes))


def _cell(indicator: Indicator, column: Compared, figure: Figure, mark: str) -> Cell:
    shown = format_value(indicator, figure.value, figure.status)
    if not figure.is_known:
        return missing(shown, *_range(indicator, figure))
    return Cell(shown, tuple(_notes(column, figure)), mark=mark)


def _notes(column: Compared, figure: Figure) -> Iterator[str]:
    if figure.rank is not None:
        among = AMONG[column.level]
        as_one = "serait " if column.is_mean else ""
        yield f"{as_one}{format_rank(figure.rank, figure.ranked)} {among}"
    if figure.status == "hors_champ":
        yield f"{STATUS_LABELS['hors_champ']} : montré sans être classé"
    elif figure.status != "publie":
        yield STATUS_LABELS[figure.status]
    elif part := known_for(figure.coverage, is_known=True):
        yield part


def _range(indicator: Indicator, figure: Figure) -> tuple[str, ...]:
    """Say between what and what a figure that does not merge lies, over the communes."""
    if not figure.low < figure.high:  # not known, or the same everywhere
        return ()
    ends = f"de {format_value(indicator, figure.low)} à {format_value(indicator, figure.high)}"
    return (f"{ends} selon les communes",)


def missing_section(comparison: SideBySide) -> Section:
    """Lay out what is not known of each territory, and why."""
    indicators = comparison.indicators
    lines = (
        Line("Chiffres manquants", tuple(_absent(c, indicators) for c in comparison.columns)),
        Line(
            "Connus en partie", tuple(_partial(c, indicators) for c in comparison.columns),
            ("pour une partie des habitants",),
        ),
        Line(
            "D'un lieu plus large", tuple(_wider(indicators, comparison.columns)),
            ("département ou zone d'emploi",),
        ),
    )  # fmt: skip
    return Section("Ce qui manque", tuple(line for line in lines if _says_something(line)))


def _says_something(line: Line) -> bool:
    return line.label == "Chiffres manquants" or any(cell.notes for cell in line.cells)


def _absent(column: Compared, indicators: Mapping[str, Indicator]) -> Cell:
    reasons = tuple(
        f"{indicators[code].label} : "
        f"{format_value(indicators[code], None, column.figures[code].status)}"
        for code in column.missing
    )
    return _counted(reasons, "aucun : tout est connu")


def _partial(column: Compared, indicators: Mapping[str, Indicator]) -> Cell:
    shares = tuple(
        f"{indicators[code].label} : {format_coverage(column.figures[code].coverage)}"
        for code in column.partial
    )
    return _counted(shares, "aucun")


def _wider(indicators: Mapping[str, Indicator], columns: tuple[Compared, ...]) -> Iterator[Cell]:
    for column in columns:
        # A département has the figures of départements as its own.
        level = "departement" if column.level == "departement" else "commune"
        names = tuple(
            one.label
            for one in indicators.values()
            if one.is_wider and one.level != level and column.figures[one.code].is_known
        )
        yield _counted(names, "aucun")


def _counted(notes: tuple[str, ...], nothing: str) -> Cell:
    return Cell(str(len(notes)), notes) if notes else Cell(nothing)
