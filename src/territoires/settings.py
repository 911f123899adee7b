"""Settings, read once from the environment.

``TERRITOIRES_DONNEES_LIVREES``
    Folder of the shipped data (default: ``data/`` of the checkout, else the wheel's ``_data``).
``TERRITOIRES_DONNEES``
    The user's data folder, where downloaded data versions go.
``TERRITOIRES_TAILLE_MAX_MO``
    Largest accepted upload, in megabytes (default 20).
``TERRITOIRES_FOND_DE_CARTE``
    ``aucun`` (default) or an XYZ tile address for the optional base map.
``TERRITOIRES_MIROIR``
    Base address asked in place of the producers of official data, each under its host's name:
    ``http://miroir.local/www.insee.fr/…``. None by default.
``TERRITOIRES_GEOCODEUR``
    Base address of the address service that ``geocoder --service`` asks (default: that of the
    Géoplateforme), or ``aucun`` to forbid it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from territoires.errors import InvalidRequest

_PACKAGE = Path(__file__).resolve().parent
DEFAULT_UPLOAD_LIMIT_MB = 20
DEFAULT_GEOCODER = "https://data.geopf.fr/geocodage"


@dataclass(frozen=True)
class Settings:
    """What may differ from one installation to the next.

    Attributes
    ----------
    data_dir : Path
        Shipped data (read only).
    user_data_dir : Path
        Downloaded data versions.
    upload_limit_bytes : int
        Size above which an upload is refused.
    base_map_url : str or None
        XYZ address of the optional base map; ``None`` asks nothing of anyone.
    mirror_url : str or None
        Base address that stands for the producers of official data.
    geocoder_url : str or None
        Base address of the address service; ``None`` forbids it. Asked only on demand.
    """

    data_dir: Path
    user_data_dir: Path
    upload_limit_bytes: int
    base_map_url: str | None
    mirror_url: str | None = None
    geocoder_url: str | None = DEFAULT_GEOCODER


def shipped_data_dir() -> Path:
    """Return ``data/`` of the checkout when there is one, else the data the wheel carries."""
    checkout = _PACKAGE.parent.parent / "data"
    if (checkout / "communes").is_dir() and (checkout.parent / "pyproject.toml").is_file():
        return checkout
    return _PACKAGE / "_data"


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from an environment.

    Parameters
    ----------
    environ : Mapping
        Usually ``os.environ``.

    Raises
    ------
    InvalidRequest
        A value cannot be understood.
    """
    given = environ.get("TERRITOIRES_DONNEES_LIVREES")
    user = environ.get("TERRITOIRES_DONNEES") or platformdirs.user_data_dir("territoires")
    base_map = environ.get("TERRITOIRES_FOND_DE_CARTE", "aucun")
    return Settings(
        data_dir=Path(given) if given else shipped_data_dir(),
        user_data_dir=Path(user),
        upload_limit_bytes=_megabytes(environ) * 1_000_000,
        base_map_url=None if base_map == "aucun" else base_map,
        mirror_url=_address("TERRITOIRES_MIROIR", environ.get("TERRITOIRES_MIROIR", "")),
        geocoder_url=_geocoder(environ),
    )


def _geocoder(environ: Mapping[str, str]) -> str | None:
    text = environ.get("TERRITOIRES_GEOCODEUR", "").strip()
    if text == "aucun":
        return None
    given = _address("TERRITOIRES_GEOCODEUR", text)
    return (given or DEFAULT_GEOCODER).rstrip("/")


def _address(name: str, value: str) -> str | None:
    text = value.strip()
    if text and not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", text):
        message = f"{name} vaut « {text} » : une adresse http ou https est attendue."
        raise InvalidRequest(message)
    return text or None


def _megabytes(environ: Mapping[str, str]) -> int:
    text = environ.get("TERRITOIRES_TAILLE_MAX_MO", str(DEFAULT_UPLOAD_LIMIT_MB))
    if not text.isdecimal() or int(text) == 0:
        message = (
            f"TERRITOIRES_TAILLE_MAX_MO vaut « {text} » : un nombre entier de mégaoctets est "
            "attendu."
        )
        raise InvalidRequest(message)
    return int(text)
