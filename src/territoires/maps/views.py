"""Where to look: the mainland and each overseas département, one click away."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class QuickView:
    """A box worth a button.

    Attributes
    ----------
    code : str
        Typed code of the territory; ``metropole`` for the mainland and Corsica.
    label : str
        French name.
    bounds : tuple of float
        West, south, east, north, in degrees (EPSG:4326).
    """

    code: str
    label: str
    bounds: tuple[float, float, float, float]


QUICK_VIEWS = (
    QuickView("metropole", "France métropolitaine", (-5.2, 41.3, 9.6, 51.1)),
    QuickView("dep:971", "Guadeloupe", (-61.82, 15.82, -60.99, 16.52)),
    QuickView("dep:972", "Martinique", (-61.24, 14.38, -60.80, 14.89)),
    QuickView("dep:973", "Guyane", (-54.61, 2.10, -51.61, 5.78)),
    QuickView("dep:974", "La Réunion", (55.21, -21.40, 55.84, -20.87)),
    QuickView("dep:976", "Mayotte", (45.01, -13.01, 45.30, -12.63)),
)
MAINLAND = QUICK_VIEWS[0]
