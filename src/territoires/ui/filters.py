"""Filters of the left column: which initiatives, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from territoires.communes import Register
from territoires.initiatives import NO_AXIS, Directory, Vocabularies
from territoires.tables.text import plain
from territoires.ui.area_drawing import drawn_area, offer_to_draw
from territoires.ui.state import PageState
from territoires.ui.widgets import choose, choose_many

_NO_CHOICE = ""


@dataclass(frozen=True)
class InitiativeFilter:
    """Which initiatives are shown; an empty choice means all of them."""

    axes: tuple[str, ...]
    types: tuple[str, ...]
    statuses: tuple[str, ...]

    def apply(self, directory: Directory, communes: tuple[str, ...] | None = None) -> Directory:
        """Return the part of a directory that passes."""
        return directory.filter(
            axes=self.axes or None,
            types=self.types or None,
            statuses=self.statuses or None,
            communes=communes,
        )


@dataclass(frozen=True)
class Scope:
    """The area a page looks at.

    Attributes
    ----------
    code : str
        Typed code (``pays:FR``, ``reg:76``, ``dep:30``, ``epci:200034601``, ``zone:…``,
        ``prive:…`` for the members of a list).
    label : str
        Its name.
    communes : tuple of str or None
        Its communes; ``None`` for all of France.
    area : str
        When a list of members narrows it: typed code of the area in which they are taken.
    members : tuple of str or None
        Communes of that list, in the area or not.
    """

    code: str
    label: str
    communes: tuple[str, ...] | None
    area: str = ""
    members: tuple[str, ...] | None = None

    @property
    def public_code(self) -> str:
        """Typed code of the area, members aside: anyone can make the territory from it."""
        return self.area or self.code


EVERYWHERE = Scope("pays:FR", "France", None)


def initiative_filter(state: PageState, vocabularies: Vocabularies) -> InitiativeFilter:
    """Draw the choice of axes, types and statuses."""
    axes = {**vocabularies.axes.labels, NO_AXIS: vocabularies.no_axis.label}
    chosen_axes = choose_many(
        state, "axes", "Axes du réseau", tuple(axes),
        show=lambda code: axes[code] if code == NO_AXIS else f"{code} · {axes[code]}",
    )  # fmt: skip
    types = _choose_from(state, "types", "Types d'initiative", vocabularies.types.labels)
    statuses = _choose_from(state, "statuts", "Statuts", vocabularies.statuses.labels)
    return InitiativeFilter(chosen_axes, types, statuses)


def scope_filter(state: PageState, register: Register) -> Scope:
    """Draw région, département and EPCI, each limited by the one before; or an area of one's own.

    An area in use takes their place.
    """
    area = drawn_area(state, register)
    if area is not None:
        return Scope(area.code, area.nom, area.communes)
    regions = _sorted_names(_names(register.regions))
    region = _choose_place(state, "region", "Région", regions, "Toute la France")
    departements = register.departements
    if region:
        departements = departements[departements["code_region"] == region]
    names = {code: f"{name} ({code})" for code, name in _names(departements).items()}
    departement = _choose_place(state, "departement", "Département", names, "Tous")
    scope = _with_epci(state, register, region, departement)
    offer_to_draw(state, register)
    return scope


def _with_epci(state: PageState, register: Register, region: str, departement: str) -> Scope:
    epci = ""
    if departement:
        inside = register.communes.loc[list(register.codes_of("departement", departement))]
        present = sorted(set(inside["code_epci"].dropna()))
        names = _sorted_names({code: register.name_of("epci", code) for code in present})
        epci = _choose_place(state, "epci", "EPCI", names, "Tous")
    for level, prefix, code in (
        ("epci", "epci", epci), ("departement", "dep", departement), ("region", "reg", region),
    ):  # fmt: skip
        if code:
            name = register.name_of(level, code)
            return Scope(f"{prefix}:{code}", name, register.codes_of(level, code))
    return EVERYWHERE


def _choose_place(
    state: PageState, name: str, label: str, names: Mapping[str, str], everywhere: str
) -> str:
    shown = {_NO_CHOICE: everywhere, **names}
    return choose(state, name, label, tuple(shown), show=lambda code: shown[code])


def _choose_from(
    state: PageState, name: str, label: str, labels: Mapping[str, str]
) -> tuple[str, ...]:
    return choose_many(state, name, label, tuple(labels), show=lambda code: labels[code])


def _names(table: pd.DataFrame) -> dict[str, str]:
    return {str(code): str(name) for code, name in table["nom"].items()}


def _sorted_names(names: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(names.items(), key=lambda item: plain(item[1])))
