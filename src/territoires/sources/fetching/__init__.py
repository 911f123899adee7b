"""The outside: producers' files, fetched with patience and suspicion."""

from territoires.sources.fetching.client import Client, Downloaded, Limits

__all__ = ["Client", "Downloaded", "Limits"]
