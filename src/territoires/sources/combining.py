"""From measures to indicators: which source is used for each, and one number divided by another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.errors import DataFileError
from territoires.sources.declaration import Source
from territoires.tables.toml import read_toml_file

FloatArray = npt.NDArray[np.float64]
TextArray = npt.NDArray[np.object_]

DECLARED_FOLDER = Path("indicateurs") / "officiels"
_VINTAGE = re.compile(r"(\d{4})(?:\D+T?(\d{1,2}))?")
_KNOWN = ("publie", "plancher")
# When figures meet, the reason that weighs most is the one that is told.
_REASONS = ("hors_champ", "secret", "non_disponible")


@dataclass(frozen=True)
class Formula:
    """How an indicator is made of measures.

    Attributes
    ----------
    numerator, denominator : str
        Measures divided one by the other; both empty otherwise.
    value : str
        Measure taken as it is; empty otherwise.
    present : tuple of str
        Measures of which one counts how many are above zero; empty otherwise.
    """

    numerator: str = ""
    denominator: str = ""
    value: str = ""
    present: tuple[str, ...] = ()

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure it needs."""
        return tuple(filter(None, (self.numerator, self.denominator, self.value, *self.present)))


@dataclass(frozen=True)
class Declared:
    """An indicator of the official catalogue, before anything is known of its source.

    Attributes
    ----------
    entry : mapping
        Its fields in the catalogue, without ``calcul``.
    formula : Formula
        What it is made of.
    """

    entry: Mapping[str, Any]
    formula: Formula

    @property
    def code(self) -> str:
        """Identifier."""
        return str(self.entry["code"])


@dataclass(frozen=True, eq=False)
class Given:
    """What one source gave, brought to the communes of today.

    Attributes
    ----------
    source : Source
        Who.
    vintage : str
        Of the figures.
    cog_year : int
        Year of the communes in which they were published.
    complete : bool
        Whether the whole country was there.
    obtained_on : str
        ISO date.
    table : DataFrame
        :data:`MEASURE_COLUMNS`, one row per present commune and measure.
    vintages : mapping of str to str
        Vintage of the measures that are not of the common one.
    form_verified : bool
        Whether a real file of the form that was read has passed.
    """

    source: Source
    vintage: str
    cog_year: int
    complete: bool
    obtained_on: str
    table: pd.DataFrame
    vintages: Mapping[str, str] = field(default_factory=dict)
    form_verified: bool = True

    def vintage_of(self, measure: str) -> str:
        """Return the vintage of one measure."""
        return self.vintages.get(measure, self.vintage)

    def measures(self) -> frozenset[str]:
        """Return the codes of what it gave."""
        return frozenset(map(str, self.table["code_mesure"].unique()))

    def column(self, measure: str, communes: pd.Index) -> tuple[FloatArray, TextArray]:
        """Return values and statuses of one measure, aligned with the communes."""
        rows = self.table[self.table["code_mesure"] == measure].set_index("code_commune")
        rows = rows.reindex(communes)
        statuses = rows["statut"].astype(object).fillna("non_disponible").to_numpy(dtype=object)
        return rows["valeur"].to_numpy(dtype=float), statuses


@dataclass(frozen=True, eq=False)
class Combined:
    """One indicator, made.

    Attributes
    ----------
    entry : mapping
        Complete entry of a catalogue, provenance included.
    column : DataFrame
        Index code_commune; ``valeur, numerateur, denominateur`` (float), ``statut``.
    """

    entry: Mapping[str, Any]
    column: pd.DataFrame


def load_declared(data_dir: Path) -> dict[str, Declared]:
    """Read ``data/indicateurs/officiels/*.toml``.

    Raises
    ------
    DataFileError
        An entry has no code, no formula, or is defined twice.
    """
    found: dict[str, Declared] = {}
    for path in sorted((data_dir / DECLARED_FOLDER).glob("*.toml")):
        for position, fields in enumerate(read_toml_file(path).get("indicateurs", []), start=1):
            declared = _declared(path, position, dict(fields))
            if declared.code in found:
                raise DataFileError(path, f"indicateur « {declared.code} » défini deux fois")
            found[declared.code] = declared
    return found


def _declared(path: Path, position: int, fields: dict[str, Any]) -> Declared:
    formula = fields.pop("calcul", None)
    if not isinstance(fields.get("code"), str) or not isinstance(formula, dict):
        raise DataFileError(path, f"indicateur n° {position} : « code » ou « calcul » absent")
    asked = Formula(
        numerator=str(formula.get("numerateur", "")),
        denominator=str(formula.get("denominateur", "")),
        value=str(formula.get("valeur", "")),
        present=tuple(map(str, formula.get("presents", ()))),
    )
    ways = (bool(asked.numerator and asked.denominator), bool(asked.value), bool(asked.present))
    if sum(ways) != 1 or bool(asked.numerator) != bool(asked.denominator):
        expected = "numerateur et denominateur, ou valeur, ou presents"
        raise DataFileError(path, f"{fields['code']} : calcul : {expected}")
    return Declared(fields, asked)


def combine(
    declared: Mapping[str, Declared], given: Sequence[Given], communes: pd.Index
) -> dict[str, Combined]:
    """Make every indicator whose measures are there.

    Parameters
    ----------
    declared : mapping
        The official catalogue.
    given : sequence of Given
        What the sources gave.
    communes : Index of str
        Communes of today.

    Returns
    -------
    dict
        Indicators by code, in the order of the catalogue.
    """
    made = {}
    for code, indicator in declared.items():
        chosen = choose(indicator.formula, given)
        if chosen:
            column = _column(indicator, chosen, communes)
            made[code] = Combined(_entry(indicator, chosen), column)
    return made


def choose(formula: Formula, given: Sequence[Given]) -> dict[str, Given]:
    """Choose who is read for each measure of a formula; nothing when one of them is missing.

    One source for the whole formula rather than two; a whole country rather than an extract; the
    newest. Figures of two vintages are never mixed within one column.
    """
    needed = formula.measures
    whole = [one for one in given if set(needed) <= one.measures()]
    if whole:
        best = max(whole, key=lambda one: _preference(one, needed[0]))
        return dict.fromkeys(needed, best)
    chosen = {}
    for measure in needed:
        able = [one for one in given if measure in one.measures()]
        if not able:
            return {}
        chosen[measure] = max(able, key=lambda one: _preference(one, measure))
    return chosen


def _preference(given: Given, measure: str) -> tuple[bool, bool, tuple[int, int]]:
    return given.complete, given.source.verified, vintage_order(given.vintage_of(measure))


def vintage_order(vintage: str) -> tuple[int, int]:
    """Return what sorts vintages by time: ``2023`` < ``2024-T1`` < ``2024-T4``."""
    found = _VINTAGE.findall(vintage)
    year, part = found[-1] if found else ("0", "")
    return int(year), int(part or 0)


def _column(indicator: Declared, chosen: Mapping[str, Given], communes: pd.Index) -> pd.DataFrame:
    columns = {code: given.column(code, communes) for code, given in chosen.items()}
    status = _together([statuses for _values, statuses in columns.values()])
    figures = {code: values for code, (values, _statuses) in columns.items()}
    value, top, bottom = _computed(indicator, figures)
    # Nobody to whom the rate could apply: it has no meaning, which is not the same as unknown.
    status[np.isin(status, _KNOWN) & (bottom == 0)] = "hors_champ"
    known = np.isin(status, _KNOWN)
    # A figure out of scope may be shown without being ranked, when the producer gives one.
    shown = known | ((status == "hors_champ") & bool(indicator.formula.value))
    return pd.DataFrame(
        {
            "valeur": np.where(shown, value, np.nan),
            "numerateur": np.where(known, top, np.nan),
            "denominateur": np.where(known, bottom, np.nan),
            "statut": status,
        },
        index=communes,
    )


def _computed(
    indicator: Declared, figures: Mapping[str, FloatArray]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return value, numerator and denominator of each commune, NaN where there is none."""
    formula = indicator.formula
    nothing = np.full(len(next(iter(figures.values()))), np.nan)
    if formula.numerator:
        top, bottom = figures[formula.numerator], figures[formula.denominator]
        value = np.divide(top, bottom, out=nothing.copy(), where=bottom > 0)
        return value * float(indicator.entry.get("facteur", 1.0)), top, bottom
    if formula.value:
        value = figures[formula.value]
        return value, value if indicator.entry.get("agregation") == "somme" else nothing, nothing
    counts = np.stack([figures[code] for code in formula.present])
    return (counts > 0).sum(axis=0).astype(float), nothing, nothing


def _together(statuses: Sequence[TextArray]) -> TextArray:
    """Return the status of a figure made of several."""
    result = np.full(len(statuses[0]), "publie", dtype=object)
    stacked = np.stack(statuses)
    for word in ("plancher", *reversed(_REASONS)):
        result[(stacked == word).any(axis=0)] = word
    return result


def _entry(indicator: Declared, chosen: Mapping[str, Given]) -> dict[str, Any]:
    used = list(dict.fromkeys(chosen.values()))
    first = used[0]
    gaps = [*indicator.entry.get("lacunes", ()), *(gap for one in used for gap in one.source.gaps)]
    if not all(one.complete for one in used):
        gaps.append("Extrait : le fichier lu ne couvre pas toute la France.")
    if not all(one.form_verified for one in used):
        gaps.append("Forme du fichier lu non vérifiée sur fichier réel, seulement décrite.")
    return {
        **{key: value for key, value in indicator.entry.items() if key != "lacunes"},
        "producteur": ", ".join(dict.fromkeys(one.source.producer for one in used)),
        "source": " ; ".join(one.source.label for one in used),
        "source_url": first.source.page_url,
        "licence": ", ".join(dict.fromkeys(one.source.licence for one in used)),
        "millesime": " / ".join(
            dict.fromkeys(one.vintage_of(measure) for measure, one in chosen.items())
        ),
        "cog": first.cog_year,
        "verifie": all(one.source.verified for one in used),
        "sources": [one.source.code for one in used],
        "obtenu_le": min(one.obtained_on for one in used),
        "lacunes": list(dict.fromkeys(gaps)),
    }
