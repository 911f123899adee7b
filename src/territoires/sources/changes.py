"""What a new data version changes, said to the person who updates."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from territoires.indicators import Indicator, format_number, load_catalogue
from territoires.versions import DataVersion

_FIELDS = ["code_indicateur", "code_commune", "valeur"]


def what_changed(before: DataVersion | None, after: DataVersion) -> tuple[str, ...]:
    """Compare two versions, indicator by indicator.

    Parameters
    ----------
    before : DataVersion or None
        The version that was in use; ``None`` for the embedded pack alone.
    after : DataVersion
        The version now in use.

    Returns
    -------
    tuple of str
        French lines, one per indicator that is new, gone or different.
    """
    if before is not None and before.identifier == after.identifier:
        return ("Rien n'a changé : la version en service est gardée.",)
    old_catalogue, old = _pack(before)
    new_catalogue, new = _pack(after)
    lines = []
    for code, indicator in new_catalogue.items():
        if code in old_catalogue:
            lines += _difference(old_catalogue[code], indicator, old, new)
        else:
            lines.append(f"+ {_name(indicator)} : nouveau, {_coverage(new, code)}.")
    gone = [one for code, one in old_catalogue.items() if code not in new_catalogue]
    lines += [f"- {_name(indicator)} : retiré." for indicator in gone]
    return tuple(lines) or ("Aucun indicateur n'a changé.",)


def _pack(version: DataVersion | None) -> tuple[dict[str, Indicator], pd.DataFrame]:
    folder = version.folder / "indicateurs" if version else Path()
    if version is None or not (folder / "catalogue.toml").is_file():
        return {}, pd.DataFrame(columns=_FIELDS)
    values = pq.read_table(folder / "valeurs.parquet", columns=_FIELDS).to_pandas()
    return load_catalogue(folder / "catalogue.toml"), values


def _difference(
    old: Indicator, new: Indicator, old_values: pd.DataFrame, new_values: pd.DataFrame
) -> list[str]:
    parts = []
    if old.vintage != new.vintage:
        parts.append(f"millésime {old.vintage} → {new.vintage}")
    if old.sources != new.sources:
        parts.append(f"source {', '.join(old.sources)} → {', '.join(new.sources)}")
    parts += _moved(_of(old_values, new.code), _of(new_values, new.code), new)
    return [f"~ {_name(new)} : {' ; '.join(parts)}."] if parts else []


def _moved(old: pd.Series, new: pd.Series, indicator: Indicator) -> list[str]:
    before, after = old.align(new, join="outer")
    appeared = int((before.isna() & after.notna()).sum())
    vanished = int((before.notna() & after.isna()).sum())
    gap = (after - before).abs()
    changed = int((gap > 0).sum())
    parts = []
    if changed:
        middle = format_number(float(gap[gap > 0].median()), max(indicator.decimals, 1))
        parts.append(f"{format_number(changed)} valeurs changent (écart médian {middle})")
    if appeared:
        parts.append(f"{format_number(appeared)} communes gagnent un chiffre")
    if vanished:
        parts.append(f"{format_number(vanished)} communes n'en ont plus")
    return parts


def _of(values: pd.DataFrame, code: str) -> pd.Series:
    rows = values[values["code_indicateur"] == code]
    column: pd.Series = rows.set_index("code_commune")["valeur"]
    return column


def _coverage(values: pd.DataFrame, code: str) -> str:
    return f"{format_number(int(_of(values, code).notna().sum()))} communes renseignées"


def _name(indicator: Indicator) -> str:
    return f"{indicator.label} ({indicator.code}, {indicator.vintage})"
