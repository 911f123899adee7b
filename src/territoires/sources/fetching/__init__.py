"""The outside: producers' files, fetched with patience and suspicion."""

from territoires.sources.fetching.client import Client, Downloaded
from territoires.sources.fetching.limits import Limits
from territoires.sources.fetching.posting import NoAnswer, Poster, Refused

__all__ = ["Client", "Downloaded", "Limits", "NoAnswer", "Poster", "Refused"]
