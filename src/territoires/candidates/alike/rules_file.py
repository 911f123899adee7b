"""Reads ``data/semblables/*.toml``, refusing what it does not understand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from territoires.candidates.alike.rules import (
    Criterion,
    LikenessRules,
    Phrases,
    Thresholds,
    Verdict,
)
from territoires.candidates.alike.sizes import SizeClasses
from territoires.errors import DataFileError, InvalidRequest
from territoires.tables.toml import read_toml_file

FOLDER = "semblables"
VERDICT_FILE = "epreuve.toml"

# Key of the file → field of Thresholds.
_SHARES = {
    "couverture_min": "min_coverage",
    "couverture_territoire_min": "min_part",
    "ecart_semblable": "close",
    "ecart_different": "far",
    "etendue_semblable": "close_spread",
    "etendue_differente": "far_spread",
}
_PHRASES = {"pareil": "same", "proche": "close", "plus": "more", "moins": "less"}


def load_likeness_rules(data_dir: Path) -> LikenessRules:
    """Load the choices that are shipped.

    Parameters
    ----------
    data_dir : Path
        Data folder, which holds ``semblables/``.

    Raises
    ------
    DataFileError
        A file is missing, is not TOML, or a field is unknown, missing or out of range.
    """
    folder = data_dir / FOLDER
    choices = _Fields(folder / "reglages.toml")
    rules = LikenessRules(
        chosen_on=choices.day("date"),
        criteria=_criteria(choices),
        thresholds=_thresholds(choices),
        sizes=_sizes(_Fields(folder / "tailles.toml")),
        phrases=_phrases(_Fields(folder / "tournures.toml")),
        verdict=_verdict(_Fields(folder / VERDICT_FILE)),
    )
    choices.refuse_unread()
    return rules


class _Fields:
    """The fields of one file; each is checked as it is read, and those never read are refused."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fields = read_toml_file(path)
        self._read: set[str] = set()

    def problem(self, key: str, what: str) -> DataFileError:
        return DataFileError(self.path, f"{key} : {what}")

    def value(self, key: str) -> Any:
        self._read.add(key)
        if key not in self._fields:
            raise self.problem(key, "ce champ est attendu")
        return self._fields[key]

    def day(self, key: str) -> datetime.date:
        value = self.value(key)
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            raise self.problem(key, "une date AAAA-MM-JJ, sans guillemets, est attendue")
        return value

    def text(self, key: str) -> str:
        value = self.value(key)
        if not isinstance(value, str) or not value.strip():
            raise self.problem(key, "un texte est attendu")
        return value

    def flag(self, key: str) -> bool:
        value = self.value(key)
        if not isinstance(value, bool):
            raise self.problem(key, "true ou false est attendu")
        return value

    def share(self, key: str) -> float:
        value = self.value(key)
        if not _is_number(value) or not 0 <= value <= 1:
            raise self.problem(key, "une part de 0 à 1 est attendue")
        return float(value)

    def count(self, key: str) -> int:
        value = self.value(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.problem(key, "un nombre entier d'au moins 1 est attendu")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.value(key)
        if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
            raise self.problem(key, "une liste de textes est attendue")
        return tuple(values)

    def tables(self, key: str) -> list[dict[str, Any]]:
        values = self.value(key)
        if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
            raise self.problem(key, f"des tables [[{key}]] sont attendues")
        return values

    def refuse_unread(self) -> None:
        unknown = [key for key in self._fields if key not in self._read]
        if unknown:
            raise DataFileError(self.path, f"champ inconnu : {unknown[0]}")


def _thresholds(fields: _Fields) -> Thresholds:
    shares = {name: fields.share(key) for key, name in _SHARES.items()}
    if shares["close"] > shares["far"]:
        raise fields.problem("ecart_semblable", "dépasse ecart_different")
    if shares["close_spread"] > shares["far_spread"]:
        raise fields.problem("etendue_semblable", "dépasse etendue_differente")
    return Thresholds(**shares, told=fields.count("phrases"))


def _criteria(fields: _Fields) -> tuple[Criterion, ...]:
    criteria = []
    for entry in fields.tables("indicateurs"):
        code, weight = entry.get("code"), entry.get("poids")
        if (
            not isinstance(code, str)
            or not isinstance(weight, int | float)
            or not entry.get("raison")
        ):
            raise fields.problem("indicateurs", "« code », « poids » et « raison » sont attendus")
        try:
            criteria.append(Criterion(code, float(weight)))
        except InvalidRequest as error:
            raise fields.problem("indicateurs", str(error).rstrip(".")) from error
    codes = [one.code for one in criteria]
    if not codes or len(set(codes)) < len(codes):
        raise fields.problem("indicateurs", "au moins un indicateur, chacun une fois")
    return tuple(criteria)


def _sizes(fields: _Fields) -> SizeClasses:
    fields.day("date")
    minimums, sources = fields.value("minimums"), fields.texts("sources")
    fields.refuse_unread()
    if (
        not isinstance(minimums, list)
        or not all(isinstance(low, int) for low in minimums)
        or minimums[:1] != [0]
        or sorted(set(minimums)) != minimums
    ):
        raise fields.problem("minimums", "des nombres entiers croissants sont attendus, depuis 0")
    if not sources:
        raise fields.problem("sources", "des classes sans source")
    return SizeClasses(tuple(minimums), sources)


def _phrases(fields: _Fields) -> Mapping[str, Phrases]:
    fields.day("date")
    tables = fields.value("tournures")
    fields.refuse_unread()
    if not isinstance(tables, dict):
        raise fields.problem("tournures", "des tables [tournures.INDICATEUR] sont attendues")
    phrases = {}
    for code, entry in tables.items():
        if not isinstance(entry, dict) or set(entry) != set(_PHRASES):
            raise fields.problem(f"tournures.{code}", f"{', '.join(_PHRASES)} sont attendus")
        phrases[code] = Phrases(**{_PHRASES[key]: str(text) for key, text in entry.items()})
    return phrases


def _verdict(fields: _Fields) -> Verdict:
    verdict = Verdict(
        tested_on=fields.day("date"),
        by_default=fields.flag("proposee_par_defaut"),
        sentence=fields.text("phrase"),
        rule=fields.text("regle"),
        measures=tuple(fields.tables("mesures")),
    )
    fields.refuse_unread()
    return verdict


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
