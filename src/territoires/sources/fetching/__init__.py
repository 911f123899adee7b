"""The outside: producers' files, fetched with patience and suspicion."""

from territoires.sources.fetching.client import Client, Downloaded
from territoires.sources.fetching.limits import Limits

__all__ = ["Client", "Downloaded", "Limits"]
