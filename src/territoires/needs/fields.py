"""Checks of the fields of a recipe: each message starts with the field's name in the file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NoReturn

from territoires.errors import InvalidRequest


def check_weight(weight: float) -> None:
    """Refuse a weight that is negative or not a number."""
    if not math.isfinite(weight) or weight < 0:
        refuse("poids", f"un nombre positif ou nul est attendu, « {weight} » lu")


def check_finite(field: str, number: float | None) -> None:
    """Refuse a number that is infinite or not one; none is fine."""
    if number is not None and not math.isfinite(number):
        refuse(field, f"un nombre fini est attendu, « {number} » lu")


def check_choice(field: str, value: str, known: Mapping[str, object]) -> None:
    """Refuse a word that is not one of those known."""
    if value not in known:
        refuse(field, f"« {value} » inconnu. Choix : {', '.join(known)}")


def refuse(field: str, problem: str) -> NoReturn:
    """Refuse a field, in French."""
    message = f"{field} : {problem}."
    raise InvalidRequest(message)
