"""The digests of the small shipped files, so that half a file is never taken for a whole one.

``data/version.json`` covers what ``communes/`` and ``indicateurs/`` do not check themselves: the
directory, vocabularies, recipes, presets and thresholds. ``besoins.csv`` is left out: it is there
to be filled. Files that the manifest does not name (a recipe of one's own) are welcome.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from territoires.errors import DataFileError

MANIFEST = "version.json"
REFRESH = "territoires construire-donnees empreintes"
_COVERED = (
    "initiatives.csv",
    "initiatives_externes.csv",
    "passages_communes.csv",
    "vocabulaires/*.csv",
    "preuves/*",
    "recettes/*",
    "besoin_capacite/*",
    "croissance/*",
    "presets/*",
    "semblables/*",
    "geocodage/*.toml",
    "indicateurs/classes_densite.toml",
    "indicateurs/territoires.toml",
    "indicateurs/lycees_revus.csv",
    "indicateurs/officiels/*.toml",
)
_REMEDY = (
    f"Réinstallez Territoires ; si vous avez vous-même changé ce fichier, dites-le par : {REFRESH}"
)


def covered_files(data_dir: Path) -> list[Path]:
    """Return the files the manifest answers for, sorted."""
    return sorted(file for pattern in _COVERED for file in data_dir.glob(pattern))


def write_manifest(data_dir: Path) -> int:
    """Write the digests of the files as they are; return how many there are."""
    files = covered_files(data_dir)
    digests = {file.relative_to(data_dir).as_posix(): _digest(file) for file in files}
    content = json.dumps({"fichiers": digests}, indent=1, ensure_ascii=False) + "\n"
    temporary = data_dir / f".{MANIFEST}.tmp"
    temporary.write_text(content, encoding="utf-8")
    temporary.replace(data_dir / MANIFEST)
    return len(files)


def check_manifest(data_dir: Path) -> None:
    """Compare every file with its digest.

    Raises
    ------
    DataFileError
        The manifest, or a file that it names, is missing or is not the one that was shipped.
    """
    for name, digest in _read(data_dir / MANIFEST).items():
        file = data_dir / name
        if not file.is_file():
            raise DataFileError(file, "fichier absent", _REMEDY)
        if _digest(file) != digest:
            problem = "ce n'est pas le fichier livré (abîmé, coupé ou modifié)"
            raise DataFileError(file, problem, _REMEDY)


def _read(path: Path) -> dict[str, str]:
    try:
        digests = json.loads(path.read_text(encoding="utf-8"))["fichiers"]
    except FileNotFoundError as error:
        raise DataFileError(path, "fichier absent", _REMEDY) from error
    except (ValueError, KeyError, TypeError) as error:
        raise DataFileError(path, "empreintes illisibles", _REMEDY) from error
    if not isinstance(digests, dict):
        raise DataFileError(path, "empreintes illisibles", _REMEDY)
    return {str(name): str(digest) for name, digest in digests.items()}


def _digest(path: Path) -> str:
    # Line endings of a checkout on Windows are not a damage.
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
