"""Identifiers of initiatives: readable, and made of the row alone, so that they do not move."""

from __future__ import annotations

import re
from collections.abc import Iterable

from territoires.tables import plain

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
MAX_LENGTH = 120


def slug(text: str) -> str:
    """Reduce a text to lower-case letters, digits and hyphens: ``le-teil``."""
    return _NOT_SLUG.sub("-", plain(text)).strip("-")


def identifier(kind: str, name: str, commune: str) -> str:
    """Name an initiative after its type, its name and, unless the name says it, its commune.

    Nothing but the row itself counts: adding or removing another row changes nothing here.

    Parameters
    ----------
    kind : str
        Code of the type: ``tzcld``.
    name, commune : str
        ``"Colombelles"`` twice gives ``tzcld-colombelles``.
    """
    parts = [slug(kind), slug(name)]
    if parts[0] and f"{parts[1]}-".startswith(f"{parts[0]}-"):
        parts = parts[1:]
    place = slug(commune).removesuffix("-arrondissement")
    if place and f"-{place}-" not in f"-{parts[-1]}-":
        parts.append(place)
    return "-".join(part for part in parts if part)[:MAX_LENGTH].strip("-") or "initiative"


def distinct(identifiers: Iterable[str], reserved: Iterable[str] = ()) -> list[str]:
    """Suffix ``-2``, ``-3``… to identifiers already given above, or reserved."""
    given = set(reserved)
    last: dict[str, int] = {}
    result = []
    for wanted in identifiers:
        unique, number = wanted, last.get(wanted, 1)
        while unique in given:
            number += 1
            unique = f"{wanted}-{number}"
        last[wanted] = number
        given.add(unique)
        result.append(unique)
    return result
