"""How patient the client is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How long one waits, and how often one asks again.

    Attributes
    ----------
    connect_seconds, silence_seconds : float
        To be answered; between two pieces.
    whole_seconds : float
        For one file, attempts included.
    attempts : int
        In all.
    first_wait_seconds, longest_wait_seconds : float
        Before asking again; doubles each time. ``Retry-After`` counts when it is longer.
    json_bytes : int
        Largest JSON answer.
    """

    connect_seconds: float = 15.0
    silence_seconds: float = 60.0
    whole_seconds: float = 1800.0
    attempts: int = 4
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    json_bytes: int = 5_000_000
