"""Build ``data/indicateurs/``: compute, check, then install; nothing is written half."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from territoires.communes import Register, load_register
from territoires.errors import SourceUnavailable
from territoires.indicators import STATUSES, load_catalogue
from territoires.indicators.reading import VALUE_COLUMNS
from territoires.settings import shipped_data_dir
from territoires.sources.indicateurs_checks import check_columns, check_facts, check_lycees
from territoires.sources.indicateurs_lycees import (
    REVIEWED_FILE,
    UNPLACED_FILE,
    PlacedLycees,
    place_lycees,
    read_lycees,
    read_reviewed,
)
from territoires.sources.indicateurs_report import write_report
from territoires.sources.indicateurs_values import Inputs, compute_column
from territoires.sources.indicateurs_zonage import ZoneConversion, convert_zones, read_zones
from territoires.sources.packages import HOUSING_ZONES, PackageStore, read_member
from territoires.tables.writing import write_csv, write_file

ZONE_MEMBER = "openfisca_france/assets/zonage-communes/zonage-abc-juillet-2024.csv"
FACTS_FILE = "departements.csv"


@dataclass(frozen=True, eq=False)
class IndicatorBuild:
    """What was built.

    Attributes
    ----------
    version : str
        Version of the pack.
    counts : DataFrame of int
        Index: indicator; columns: statuses.
    zones : ZoneConversion
        What became of the zones of July 2024.
    lycees : PlacedLycees
        What became of the list of lycées.
    """

    version: str
    counts: pd.DataFrame
    zones: ZoneConversion
    lycees: PlacedLycees

    @property
    def lines(self) -> tuple[str, ...]:
        """French sentences for the person who runs the build."""
        published = self.counts["publie"]
        return (
            f"Indicateurs {self.version} : {len(self.counts)} indicateurs.",
            *(f"  {code} : {count} communes renseignées" for code, count in published.items()),
            *self.lycees.lines,
        )


def build_indicators(data_dir: Path, facts_dir: Path, packages: PackageStore) -> IndicatorBuild:
    """Build the embedded indicators.

    Parameters
    ----------
    data_dir : Path
        Holds ``communes/``; receives ``indicateurs/``. The catalogue and the reviewed decisions are
        read there, or taken from the shipped data when the folder has none yet.
    facts_dir : Path
        Holds ``departements.csv``.
    packages : PackageStore
        Gives the packages that carry the zones and the lycées.

    Raises
    ------
    SourceUnavailable
        A source is missing or damaged.
    BuildCheckFailed
        A check failed; nothing was written.
    DataFileError
        The register or the catalogue is missing or damaged.
    """
    register = load_register(data_dir)
    catalogue_file = _own_or_shipped(data_dir, "catalogue.toml")
    catalogue = load_catalogue(catalogue_file)
    facts = _read_facts(facts_dir / FACTS_FILE)
    official_zones = read_zones(read_member(packages.path(HOUSING_ZONES), ZONE_MEMBER))
    zones = convert_zones(official_zones, register)
    lycees = _lycees(data_dir, packages, register)
    inputs = Inputs(register, facts, zones.zones, lycees.places)
    check_facts(inputs, catalogue)
    columns = {code: compute_column(inputs, entry) for code, entry in catalogue.items()}
    check_columns(columns, catalogue, register)
    counts = _counts(columns)
    files = {
        "catalogue.toml": catalogue_file.read_bytes(),
        "valeurs.parquet": to_parquet(columns),
        UNPLACED_FILE: write_csv(lycees.unplaced),
    }
    version = _install(
        data_dir / "indicateurs", files, write_report(catalogue, counts, zones, lycees), register
    )
    return IndicatorBuild(version, counts, zones, lycees)


def to_parquet(columns: Mapping[str, pd.DataFrame]) -> bytes:
    """Lay the columns end to end, one row per indicator and commune."""
    long = pd.concat(columns, names=["code_indicateur", "code_commune"]).reset_index()
    table = pa.Table.from_pandas(long[list(VALUE_COLUMNS)], preserve_index=False)
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(None), buffer, compression="zstd")
    return buffer.getvalue()


def _lycees(data_dir: Path, packages: PackageStore, register: Register) -> PlacedLycees:
    reviewed = read_reviewed(_own_or_shipped(data_dir, REVIEWED_FILE))
    lycees = place_lycees(read_lycees(packages), reviewed, register)
    check_lycees(lycees)
    return lycees


def _install(folder: Path, files: Mapping[str, bytes], report: str, register: Register) -> str:
    """Write the files, their report and their version; return the version."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    content = hashlib.sha256("".join(digests.values()).encode()).hexdigest()
    version = f"{register.version.split('-')[0]}-{content[:8]}"
    description = {"version": version, "cog": register.cog, "fichiers": digests}
    described = {
        "SOURCES.md": report.encode(),
        "version.json": (json.dumps(description, indent=2) + "\n").encode(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in {**files, **described}.items():
        write_file(folder / name, data)
    return version


def _counts(columns: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    counts = {code: table["statut"].value_counts() for code, table in columns.items()}
    return pd.DataFrame(counts).T.reindex(columns=list(STATUSES)).fillna(0).astype(int)


def _own_or_shipped(data_dir: Path, name: str) -> Path:
    own = data_dir / "indicateurs" / name
    return own if own.is_file() else shipped_data_dir() / "indicateurs" / name


def _read_facts(path: Path) -> pd.DataFrame:
    if not path.is_file():
        message = f"{path} : fichier des faits départementaux absent. Donnez son dossier (--faits)."
        raise SourceUnavailable(message)
    return pd.read_csv(path, dtype=str, keep_default_na=False).set_index("code")
