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
from territoires.indicators import STATUSES, Indicator, load_catalogue
from territoires.indicators.reading import VALUE_COLUMNS
from territoires.settings import shipped_data_dir
from territoires.sources.indicateurs_checks import check_columns, check_facts
from territoires.sources.indicateurs_report import write_report
from territoires.sources.indicateurs_values import Inputs, compute_column
from territoires.sources.indicateurs_zonage import ZoneConversion, convert_zones, read_zones
from territoires.sources.packages import HOUSING_ZONES, PackageStore, read_member
from territoires.tables.writing import write_file

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
    """

    version: str
    counts: pd.DataFrame
    zones: ZoneConversion

    @property
    def lines(self) -> tuple[str, ...]:
        """French sentences for the person who runs the build."""
        published = self.counts["publie"]
        return (
            f"Indicateurs {self.version} : {len(self.counts)} indicateurs.",
            *(f"  {code} : {count} communes renseignées" for code, count in published.items()),
        )


def build_indicators(data_dir: Path, facts_dir: Path, packages: PackageStore) -> IndicatorBuild:
    """Build the embedded indicators.

    Parameters
    ----------
    data_dir : Path
        Holds ``communes/``; receives ``indicateurs/``. The catalogue is read there, or taken from
        the shipped data when the folder has none yet.
    facts_dir : Path
        Holds ``departements.csv``.
    packages : PackageStore
        Gives the package that carries the zones.

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
    catalogue_file = _catalogue_file(data_dir)
    catalogue = load_catalogue(catalogue_file)
    facts = _read_facts(facts_dir / FACTS_FILE)
    official_zones = read_zones(read_member(packages.path(HOUSING_ZONES), ZONE_MEMBER))
    zones = convert_zones(official_zones, register)
    inputs = Inputs(register, facts, zones.zones)
    check_facts(inputs, catalogue)
    columns = {code: compute_column(inputs, entry) for code, entry in catalogue.items()}
    check_columns(columns, catalogue, register)
    return _install(data_dir / "indicateurs", catalogue_file, catalogue, columns, zones, register)


def to_parquet(columns: Mapping[str, pd.DataFrame]) -> bytes:
    """Lay the columns end to end, one row per indicator and commune."""
    long = pd.concat(columns, names=["code_indicateur", "code_commune"]).reset_index()
    table = pa.Table.from_pandas(long[list(VALUE_COLUMNS)], preserve_index=False)
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(None), buffer, compression="zstd")
    return buffer.getvalue()


def _install(
    folder: Path,
    catalogue_file: Path,
    catalogue: Mapping[str, Indicator],
    columns: Mapping[str, pd.DataFrame],
    zones: ZoneConversion,
    register: Register,
) -> IndicatorBuild:
    files = {"catalogue.toml": catalogue_file.read_bytes(), "valeurs.parquet": to_parquet(columns)}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    content = hashlib.sha256("".join(digests.values()).encode()).hexdigest()
    version = f"{register.version.split('-')[0]}-{content[:8]}"
    build = IndicatorBuild(version, _counts(columns), zones)
    files["SOURCES.md"] = write_report(catalogue, build.counts, zones).encode()
    description = {"version": version, "cog": register.cog, "fichiers": digests}
    files["version.json"] = (json.dumps(description, indent=2) + "\n").encode()
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        write_file(folder / name, data)
    return build


def _counts(columns: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    counts = {code: table["statut"].value_counts() for code, table in columns.items()}
    return pd.DataFrame(counts).T.reindex(columns=list(STATUSES)).fillna(0).astype(int)


def _catalogue_file(data_dir: Path) -> Path:
    own = data_dir / "indicateurs" / "catalogue.toml"
    return own if own.is_file() else shipped_data_dir() / "indicateurs" / "catalogue.toml"


def _read_facts(path: Path) -> pd.DataFrame:
    if not path.is_file():
        message = f"{path} : fichier des faits départementaux absent. Donnez son dossier (--faits)."
        raise SourceUnavailable(message)
    return pd.read_csv(path, dtype=str, keep_default_na=False).set_index("code")
