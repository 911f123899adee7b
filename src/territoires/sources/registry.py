"""The sources there are: every file of :mod:`territoires.sources.producers`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence

from territoires.errors import InvalidRequest
from territoires.sources import producers
from territoires.sources.declaration import Source


def available_sources() -> dict[str, Source]:
    """Return every source by code, sorted; those that others require come first.

    Files added to ``producers.__path__`` are found too.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(producers.__path__))
    found: dict[str, Source] = {}
    for name in names:
        module = importlib.import_module(f"{producers.__name__}.{name}")
        source = getattr(module, "SOURCE", None)
        if isinstance(source, Source):
            found[source.code] = source
    giving = {reference for source in found.values() for reference in source.requires}
    first = [code for code, source in found.items() if giving & set(source.references)]
    return {code: found[code] for code in [*first, *(c for c in sorted(found) if c not in first)]}


def chosen_sources(codes: Sequence[str]) -> dict[str, Source]:
    """Return the sources that were named, or all of them when none was.

    Raises
    ------
    InvalidRequest
        No source has this code.
    """
    every = available_sources()
    unknown = [code for code in codes if code not in every]
    if unknown:
        message = f"Source inconnue : « {unknown[0]} ». Connues : {', '.join(every)}."
        raise InvalidRequest(message)
    return {code: source for code, source in every.items() if not codes or code in codes}
