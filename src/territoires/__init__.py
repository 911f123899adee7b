"""Territoires: initiatives of the solidarity economy, unmet needs, and where to try next."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("territoires")
except PackageNotFoundError:  # running from a source tree that was never installed
    __version__ = "0+source"
