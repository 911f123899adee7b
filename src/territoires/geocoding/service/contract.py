"""What is asked of an address service, and what it may answer: the contract of both sides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

HOUSE, STREET, HAMLET = "housenumber", "street", "locality"


@dataclass(frozen=True, slots=True)
class Question:
    """One address, cleaned.

    Attributes
    ----------
    text : str
        Number, street, postcode and town, on one line.
    code : str
        Code of the commune (or municipal arrondissement) to search in; ``""`` for anywhere.
    """

    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The best address that the service knows: not necessarily the one that was meant.

    Attributes
    ----------
    label : str
        The address in full, as the service writes it.
    kind : str
        ``housenumber``, ``street``, ``locality``, or anything else: not an address.
    street : str
        Name of the street or hamlet alone.
    number : str
        House number, ``""`` without one.
    code : str
        Commune code that the service gives, past or present, or of an arrondissement.
    longitude, latitude : float
        EPSG:4326; NaN when the service gave nothing readable.
    score : float
        0 to 1, of the service.
    next_score : float
        Of the second best address; 0 when there is none.
    """

    label: str
    kind: str
    street: str
    number: str
    code: str
    longitude: float
    latitude: float
    score: float
    next_score: float = 0.0


@dataclass(frozen=True, slots=True)
class Unknown:
    """The service answered, and knows no such address."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The service did not answer.

    Attributes
    ----------
    reason : str
        What happened, in French, without a full stop: ``"le serveur répond 429"``.
    """

    reason: str


Reply = Found | Unknown | Failure

AddressService = Callable[[Sequence[Question]], Sequence[Reply]]
"""Answers each question, in order. Never raises for a service that fails: says :class:`Failure`."""
