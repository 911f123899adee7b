"""Builds ``data/initiatives.csv`` from the sourced facts that the project was given.

Facts are carried over, never completed: what the source does not say stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from territoires.communes import load_register
from territoires.errors import BuildCheckFailed, InvalidTable, SourceUnavailable
from territoires.geocoding.gazetteer import Gazetteer
from territoires.initiatives import COLUMNS, load_vocabularies, validate_initiatives
from territoires.initiatives.checks_words import is_web_address
from territoires.initiatives.directory import FILE_NAME
from territoires.initiatives.exposure import COMMUNE_ONLY, PUBLIC, is_exposed
from territoires.initiatives.identifiers import identifier
from territoires.initiatives.placing import place_initiatives
from territoires.initiatives.schema import split_list
from territoires.tables import Finding, TypedTable, read_table_file, write_csv, write_file

_LIMIT = 10_000_000
_FACT_COLUMNS = {
    "tzcld.csv": (
        "nom", "communes", "codes_communes", "departement", "perimetre", "vague",
        "date_habilitation", "statut", "source_url", "note",
    ),
    "initiatives.csv": (
        "nom", "type", "axe", "porteur", "adresse", "code_postal", "commune", "code_commune",
        "longitude", "latitude", "date_debut", "site_web", "source_url", "note",
    ),
}  # fmt: skip
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})")
_TZCLD_STATUS = {"habilité": "habilite"}

Facts = Mapping[str, str]


@dataclass(frozen=True)
class InitiativesSummary:
    """What was built.

    Attributes
    ----------
    path : Path
        The file written.
    rows, located, without_axis : int
        Initiatives, those with a commune, those without axis.
    """

    path: Path
    rows: int
    located: int
    without_axis: int

    def __str__(self) -> str:
        return (
            f"{self.path.name} : {self.rows} initiatives, dont {self.located} localisées, "
            f"{self.rows - self.located} non localisées et {self.without_axis} sans axe."
        )


def default_facts_dir(data_dir: Path) -> Path:
    """Return the folder of facts that stands beside the checkout."""
    return data_dir.resolve().parent.parent / "shared" / "facts"


def build_initiatives(data_dir: Path, facts_dir: Path) -> InitiativesSummary:
    """Make ``initiatives.csv`` again from the facts.

    Parameters
    ----------
    data_dir : Path
        Shipped data: its register and vocabularies are read, its ``initiatives.csv`` replaced.
    facts_dir : Path
        Folder of ``tzcld.csv``, ``initiatives.csv`` and ``SOURCES.md``.

    Raises
    ------
    SourceUnavailable
        The facts are not there, or not as expected; the file already there is kept.
    BuildCheckFailed
        The result does not pass its own check; the file already there is kept.
    DataFileError
        The register or the vocabularies are missing or damaged.
    """
    path = data_dir / FILE_NAME
    try:
        frame = _identified(_records(facts_dir))
    except SourceUnavailable as error:
        raise SourceUnavailable(f"{error}. {_what_remains(path)}") from error
    register = load_register(data_dir)
    gazetteer = Gazetteer.from_register(register)
    table = TypedTable(frame, "utf-8", ",")
    _check(validate_initiatives(table, load_vocabularies(data_dir), register, gazetteer))
    placed = frame.join(place_initiatives(frame, gazetteer))
    write_file(path, write_csv(placed))
    located = int((placed["geo_code_commune"] != "").sum())
    return InitiativesSummary(path, len(placed), located, int((placed["axes"] == "").sum()))


def _records(facts_dir: Path) -> list[dict[str, str]]:
    surveyed = _survey_date(facts_dir / "SOURCES.md")
    records = [_from_tzcld(row, surveyed) for row in _read_facts(facts_dir, "tzcld.csv")]
    records += [
        _from_initiative(row, surveyed) for row in _read_facts(facts_dir, "initiatives.csv")
    ]
    return records


def _what_remains(path: Path) -> str:
    """Say what becomes of the directory when it cannot be made again."""
    if path.is_file():
        return (
            f"L'annuaire déjà là ({path.name}) est gardé tel quel ; donnez le dossier des faits "
            "pour le reconstruire."
        )
    return (
        f"Il n'y a pas encore d'annuaire ({path.name}) : donnez le dossier des faits pour le "
        "construire, ou réinstallez Territoires pour retrouver celui qui est livré."
    )


def _read_facts(facts_dir: Path, name: str) -> list[dict[str, str]]:
    path = facts_dir / name
    try:
        frame = read_table_file(path, _LIMIT).frame
    except InvalidTable as error:
        raise SourceUnavailable(f"{_unusable(path)} ({_reason(path, error)})") from error
    missing = [column for column in _FACT_COLUMNS[name] if column not in frame.columns]
    if missing:
        raise SourceUnavailable(f"{_unusable(path)} (colonnes absentes : {', '.join(missing)})")
    columns = [str(column) for column in frame.columns]
    return [dict(zip(columns, cells, strict=True)) for cells in frame.to_numpy().tolist()]


def _unusable(path: Path) -> str:
    return f"{path} : faits absents ou inattendus"


def _reason(path: Path, error: InvalidTable) -> str:
    return str(error).removeprefix(f"{path} : ").rstrip(".")


def _survey_date(path: Path) -> str:
    """Read in SOURCES.md the day the sources were read, as ``AAAA-MM-JJ``."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceUnavailable(_unusable(path)) from error
    found = _DAY.search(text, max(text.find("Relevé fait le"), 0))
    if found is None:
        raise SourceUnavailable(f"{_unusable(path)} (la date du relevé manque)")
    return _iso_day(found)


def _iso_day(found: re.Match[str]) -> str:
    return f"{found[3]}-{_MONTHS.index(found[2]) + 1:02d}-{int(found[1]):02d}"


def _from_tzcld(row: Facts, surveyed: str) -> dict[str, str]:
    communes, codes = split_list(row["communes"]), split_list(row["codes_communes"])
    sentences = [f"Expérimentation de la loi de {row['vague']}.", row["note"]]
    if not codes:
        sentences.append(f"Département : {row['departement']}.")
    return {
        "nom": row["nom"],
        "type": "tzcld",
        "axes": "5",
        "reseau": "TZCLD",
        "statut": _TZCLD_STATUS.get(row["statut"], "inconnu"),
        # The first commune of the source stands for all: it is the one that gives its name, or
        # the main one, and does not change with a census.
        "commune": communes[0] if communes else "",
        "code_commune": codes[0] if codes else "",
        "perimetre": row["perimetre"],
        "communes_couvertes": ";".join(codes),
        "date_debut": row["date_habilitation"],
        "description": " ".join(filter(None, sentences)),
        "visibilite": PUBLIC,
        "source_url": row["source_url"],
        "source_date": surveyed,
    }


def _from_initiative(row: Facts, surveyed: str) -> dict[str, str]:
    exposed = is_exposed(row["axe"])
    same = ("nom", "type", "porteur", "commune", "code_commune", "date_debut", "site_web")
    # Where the place can expose people, neither address nor point is carried over.
    place = ("adresse", "code_postal", "longitude", "latitude")
    return {
        **{column: row[column] for column in same},
        **{column: "" if exposed else row[column] for column in place},
        "axes": row["axe"],
        "statut": "inconnu",
        "visibilite": COMMUNE_ONLY if exposed else PUBLIC,
        **_source(row, surveyed),
    }


def _source(row: Facts, surveyed: str) -> dict[str, str]:
    """Return description, address and date of the source; a report has a date but no address."""
    source = row["source_url"]
    if not source or is_web_address(source):
        return {"description": row["note"], "source_url": source, "source_date": surveyed}
    dated = _DAY.search(source)
    return {
        "description": " ".join(filter(None, [row["note"], f"Source : {source}."])),
        "source_url": "",
        "source_date": _iso_day(dated) if dated else "",
    }


def _identified(records: list[dict[str, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(records, columns=list(COLUMNS), dtype="str").fillna("")
    frame["id"] = [
        identifier(*cells)
        for cells in zip(frame["type"], frame["nom"], frame["commune"], strict=True)
    ]
    repeated = frame.loc[frame["id"].duplicated(), "nom"].tolist()
    if repeated:
        message = (
            f"Même type, même nom et même commune que d'autres lignes : {', '.join(repeated)}."
        )
        raise BuildCheckFailed(message)
    return frame.sort_values("id", ignore_index=True)


def _check(findings: list[Finding]) -> None:
    errors = [finding for finding in findings if finding.level == "erreur"]
    if errors:
        told = " ".join(
            f"{finding.field} « {finding.value} » : {finding.message}" for finding in errors[:5]
        )
        raise BuildCheckFailed(f"{len(errors)} erreurs dans les faits repris. {told}")
