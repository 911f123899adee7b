"""One call to take a geocoded list to its addresses, for the command line and the pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, nullcontext
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.errors import InvalidRequest
from territoires.geocoding import Columns, Gazetteer
from territoires.geocoding.service import Manners, Refined, load_service_rules, refine
from territoires.settings import Settings
from territoires.sources.fetching import Limits, Poster
from territoires.sources.geoplateforme.cache import AnswerCache
from territoires.sources.geoplateforme.service import SEARCH, NationalService

_CACHE = Path("geocodage") / "adresses.sqlite"
_PUBLIC = "publique"
_EXPOSED_AXIS = "4"
# A batch of a thousand takes seconds, not minutes; half an hour for one would help nobody.
LIMITS = Limits(silence_seconds=120.0, whole_seconds=300.0)


def place_addresses(
    placed: pd.DataFrame,
    gazetteer: Gazetteer,
    settings: Settings,
    *,
    keep: bool = True,
    tell: Callable[[str], None],
    progress: Callable[[float], None] | None = None,
    columns: Columns | None = None,
    limits: Limits = LIMITS,
) -> Refined:
    """Ask the address service about the rows of a geocoded list, and judge what it answers.

    Parameters
    ----------
    placed : pd.DataFrame
        From :func:`territoires.geocoding.geocode_table`.
    gazetteer : Gazetteer
        That it was placed with.
    settings : Settings
        Address of the service, data folders.
    keep : bool
        Use the cache of the user's data folder.
    tell : callable
        Receives French lines: who is asked, what goes wrong on the way.
    progress : callable, optional
        Receives the share that is done.
    columns : Columns, optional
        Which column says what; recognised by default.
    limits : Limits
        Patience.

    Returns
    -------
    Refined
        Never fails for the service: a row that it did not answer keeps its offline place, and
        says so. ``failed`` counts them.

    Raises
    ------
    InvalidRequest
        The settings forbid the service.
    SourceUnavailable
        The cache cannot be opened.
    """
    if settings.geocoder_url is None:
        message = (
            "Le service d'adresses est interdit ici (TERRITOIRES_GEOCODEUR vaut « aucun »). "
            "Relancez sans --service, ou donnez son adresse."
        )
        raise InvalidRequest(message)
    rules = load_service_rules(settings.data_dir)
    tell(f"Adresses demandées à {urlsplit(settings.geocoder_url).hostname} ; rien d'autre n'y va.")
    poster = Poster(
        settings.geocoder_url + SEARCH,
        limits,
        max_bytes=rules.manners.reponse_max_octets,
        tell=tell,
        per_second=rules.manners.requetes_par_seconde,
    )
    with _cache(settings, rules.manners, settings.geocoder_url) if keep else nullcontext() as cache:
        service = NationalService(poster, rules.manners, cache, progress)
        return refine(
            placed, gazetteer, service, rules, columns=columns, withheld=withheld_rows(placed)
        )


def _cache(settings: Settings, manners: Manners, url: str) -> closing[AnswerCache]:
    path = settings.user_data_dir / _CACHE
    return closing(AnswerCache(path, url, date.today(), manners.cache_jours))


def withheld_rows(placed: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which rows of a list of initiatives are not shown at their address: it stays here.

    Parameters
    ----------
    placed : pd.DataFrame
        Any list; one without the columns ``visibilite`` and ``axes`` withholds nothing.

    Returns
    -------
    np.ndarray of bool, shape (n,)
        As the pages do: any visibility but ``publique``; none said, and axis 4.
    """
    none = pd.Series("", index=placed.index, dtype="str")
    said = placed.get("visibilite", none).str.strip()
    axes = placed.get("axes", none)
    exposed = axes.str.split(";").map(lambda codes: _EXPOSED_AXIS in {c.strip() for c in codes})
    hidden = ((said != "") & (said != _PUBLIC)) | ((said == "") & exposed)
    return hidden.to_numpy(bool)
