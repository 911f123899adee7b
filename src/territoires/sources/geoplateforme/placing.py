"""What takes a geocoded list to its addresses, for the command line and the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.errors import InvalidRequest
from territoires.geocoding import Columns, Gazetteer
from territoires.geocoding.service import Refined, load_service_rules, refine
from territoires.initiatives.exposure import PUBLIC, visibility_in_force
from territoires.settings import Settings
from territoires.sources.fetching import Limits, Poster
from territoires.sources.geoplateforme.cache import AnswerCache
from territoires.sources.geoplateforme.service import SEARCH, NationalService

_CACHE = Path("geocodage") / "adresses.sqlite"
# A batch of a thousand takes seconds, not minutes; half an hour for one would help nobody.
LIMITS = Limits(silence_seconds=120.0, whole_seconds=300.0)


class AddressGuide:
    """Asks the address service about geocoded lists, and judges what it answers.

    One for a whole list, read by pieces or not: a service that broke down is left alone for good.

    Parameters
    ----------
    gazetteer : Gazetteer
        That lists are placed with.
    settings : Settings
        Address of the service, data folders.
    keep : bool
        Use the cache of the user's data folder.
    tell : callable
        Receives French lines: who is asked, what goes wrong on the way.
    progress : callable, optional
        Receives the share that is done, of each list.
    limits : Limits
        Patience.

    Raises
    ------
    InvalidRequest
        The settings forbid the service.
    SourceUnavailable
        The cache cannot be opened.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        settings: Settings,
        *,
        keep: bool = True,
        tell: Callable[[str], None],
        progress: Callable[[float], None] | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        url = settings.geocoder_url
        if url is None:
            message = (
                "Le service d'adresses est interdit ici (TERRITOIRES_GEOCODEUR vaut « aucun »). "
                "Relancez sans --service, ou donnez son adresse."
            )
            raise InvalidRequest(message)
        self._gazetteer = gazetteer
        self._rules = load_service_rules(settings.data_dir)
        manners = self._rules.manners
        tell(f"Adresses demandées à {urlsplit(url).hostname} ; rien d'autre n'y va.")
        poster = Poster(
            url + SEARCH,
            limits,
            max_bytes=manners.reponse_max_octets,
            tell=tell,
            per_second=manners.requetes_par_seconde,
        )
        self._cache = None
        if keep:
            file = settings.user_data_dir / _CACHE
            self._cache = AnswerCache(file, url, date.today(), manners.cache_jours)
        self._service = NationalService(poster, manners, self._cache, progress)

    def place(self, placed: pd.DataFrame, columns: Columns | None = None) -> Refined:
        """Take a list, or a piece of one, to its addresses.

        Parameters
        ----------
        placed : pd.DataFrame
            From :func:`territoires.geocoding.geocode_table`.
        columns : Columns, optional
            Which column says what; recognised by default.

        Returns
        -------
        Refined
            Never fails for the service: a row that it did not answer keeps its offline place, and
            says so. ``failed`` counts them.
        """
        hidden = withheld_rows(placed)
        return refine(
            placed, self._gazetteer, self._service, self._rules, columns=columns, withheld=hidden
        )

    def close(self) -> None:
        """Let go of the cache."""
        if self._cache is not None:
            self._cache.close()

    def __enter__(self) -> AddressGuide:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


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
    in_force = visibility_in_force(placed.get("axes", none), placed.get("visibilite", none))
    return (in_force != PUBLIC).to_numpy(bool)
