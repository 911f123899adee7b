"""How properties are tried on data that are read once: as many cases as asked, at any speed."""

from __future__ import annotations

from hypothesis import HealthCheck, settings


def cases(count: int) -> settings:
    """Return the settings of a property tried on module or session fixtures."""
    return settings(
        max_examples=count,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
