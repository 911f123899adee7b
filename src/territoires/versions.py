"""The data versions that ``actualiser`` wrote, and which one is in use.

In the user's data folder::

    actuelle.json            names the version in use; replaced atomically
    versions/<identifier>/   one whole version, never changed once it bears its name
        version.json         what it was made from
        indicateurs/         a pack of the same shape as the embedded one
        mesures/             one file by source: what later versions start from
        references/          tables that are not figures
    telechargements/         the producers' files, with where they come from

A version is prepared under a name that starts with a dot, then renamed: what bears its final name
is whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from territoires.errors import DataFileError

POINTER = "actuelle.json"
VERSIONS = "versions"
DOCUMENT = "version.json"
IDENTIFIER = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{8}")
_REMEDY = (
    "Revenez à la version d'avant : territoires actualiser --revenir ; "
    "ou refaites celle-ci : territoires actualiser"
)


@dataclass(frozen=True, eq=False)
class DataVersion:
    """One version of the official data.

    Attributes
    ----------
    identifier : str
        Day and digest of its content: ``2026-11-23-1a2b3c4d``.
    folder : Path
        Where it is.
    document : mapping
        ``version.json``: ``identifiant``, ``precedente`` (identifier or empty), ``cree_le``,
        ``registre`` (version of the communes), ``cog``, ``sources`` (by code: ``libelle``,
        ``millesime``, ``cog``, ``obtenu_le``, ``fichier``, ``sha256``, ``adresse``, ``lignes``,
        ``complete``, ``verifie``, ``notes``).
    """

    identifier: str
    folder: Path
    document: Mapping[str, Any]

    @property
    def previous(self) -> str:
        """Identifier of the version it replaced; empty for the first."""
        return str(self.document.get("precedente", ""))

    @property
    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        """What each source gave, by code."""
        sources: Mapping[str, Mapping[str, Any]] = self.document["sources"]
        return sources


def current_identifier(user_data_dir: Path) -> str:
    """Return the identifier of the version in use; empty when there is none.

    Raises
    ------
    DataFileError
        The file that names it cannot be understood.
    """
    path = user_data_dir / POINTER
    try:
        identifier = json.loads(path.read_text(encoding="utf-8"))["version"]
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataFileError(path, "fichier illisible", _REMEDY) from error
    if identifier == "":
        return ""
    if not isinstance(identifier, str) or not IDENTIFIER.fullmatch(identifier):
        raise DataFileError(path, "nom de version inattendu", _REMEDY)
    return identifier


def current_version(user_data_dir: Path) -> DataVersion | None:
    """Return the version in use, or nothing when only the embedded pack is there.

    Raises
    ------
    DataFileError
        It is named, and missing or damaged.
    """
    identifier = current_identifier(user_data_dir)
    return open_version(user_data_dir, identifier) if identifier else None


def open_version(user_data_dir: Path, identifier: str) -> DataVersion:
    """Open one version.

    Raises
    ------
    DataFileError
        Missing or damaged.
    """
    folder = user_data_dir / VERSIONS / identifier
    path = folder / DOCUMENT
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(document["sources"], dict):
            raise TypeError
    except FileNotFoundError as error:
        raise DataFileError(path, "version absente", _REMEDY) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataFileError(path, "version illisible", _REMEDY) from error
    return DataVersion(identifier, folder, document)
