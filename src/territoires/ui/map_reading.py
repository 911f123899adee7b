"""How the map is read: its classes, and among whom places are compared."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from territoires.errors import InvalidRequest
from territoires.maps import METHODS, MapSpec
from territoires.maps.limits import (
    DEFAULT_CLASSES,
    MANUAL,
    MAX_CLASSES,
    MIN_CLASSES,
    check_manual,
    shown_decimals,
)
from territoires.maps.spec import FRANCE
from territoires.ui.filters import Scope
from territoires.ui.markup import escape_markdown
from territoires.ui.state import PageState
from territoires.ui.widgets import choose
from territoires.ui.written_number import read_written, write_number

_EVERYWHERE, _HERE = "france", "ici"
_DEFAULT_METHOD = "quantiles"
_MAX_TYPED = 200


@dataclass(frozen=True)
class MapReading:
    """Choices that change how a map is read, not what it shows.

    Attributes
    ----------
    method : str
        A key of ``METHODS``.
    classes : int
        Classes wanted; not looked at with limits of one's own.
    limits : tuple of float
        Limits of one's own; empty for any other method.
    universe : str
        Typed code of the territory in which places are compared.
    """

    method: str = _DEFAULT_METHOD
    classes: int = DEFAULT_CLASSES
    limits: tuple[float, ...] = ()
    universe: str = FRANCE

    def of(self, spec: MapSpec) -> MapSpec:
        """Return a map read this way."""
        return replace(
            spec, method=self.method, classes=self.classes, limits=self.limits,
            universe=self.universe,
        )  # fmt: skip


def choose_reading(state: PageState, scope: Scope) -> MapReading:
    """Draw the choice of classes and of the territory compared, folded; the address keeps it."""
    with st.expander("Lire la carte"):
        method = choose(
            state, "methode", "Classes", tuple(METHODS), show=lambda code: METHODS[code].label,
            default=_DEFAULT_METHOD,
        )  # fmt: skip
        st.caption(METHODS[method].description)
        limits: tuple[float, ...] = ()
        classes = DEFAULT_CLASSES
        if method == MANUAL:
            limits = _choose_limits(state)
        else:
            classes = _choose_count(state)
        universe = _choose_universe(state, scope)
    if method == MANUAL and not limits:
        method = _DEFAULT_METHOD
    return MapReading(method, classes, limits, universe)


def _choose_count(state: PageState) -> int:
    options = tuple(str(count) for count in range(MIN_CLASSES, MAX_CLASSES + 1))
    chosen = choose(state, "classes", "Nombre de classes", options, default=str(DEFAULT_CLASSES))
    return int(chosen)


def _choose_limits(state: PageState) -> tuple[float, ...]:
    """Read limits as a French person types them; say beside the field what is wrong with them."""
    key = state.key("limites")
    if key not in st.session_state:
        st.session_state[key] = _typed_again(state.first_value("limites"))
    typed = st.text_input(
        "Limites, séparées par des points-virgules", key=key, max_chars=_MAX_TYPED,
        placeholder="2,5 ; 5 ; 10",
    )  # fmt: skip
    if not typed.strip():
        st.caption("Sans limite, la carte garde des effectifs égaux.")
        return ()
    try:
        limits = _read(typed)
    except InvalidRequest as error:
        st.warning(f"{escape_markdown(str(error))} La carte garde des effectifs égaux.")
        return ()
    state.keep("limites", ";".join(f"{one:.{shown_decimals([one], 0)}f}" for one in limits))
    return limits


def _read(typed: str) -> tuple[float, ...]:
    numbers = []
    for part in filter(str.strip, typed.split(";")):
        number = read_written(part)
        if number is None:
            raise InvalidRequest(f"« {part.strip():.20} » n'est pas un nombre.")
        numbers.append(number)
    return check_manual(numbers)


def _typed_again(kept: str) -> str:
    """Write the limits of an address the way they are typed; as they are, to be said, if wrong."""
    try:
        return " ; ".join(write_number(limit) for limit in _read(kept))
    except InvalidRequest:
        return kept


def _choose_universe(state: PageState, scope: Scope) -> str:
    if scope.communes is None:
        st.caption("Les limites des classes sont celles de toute la France. Choisissez un lieu "
                   "sous « Où » pour comparer à l'intérieur.")  # fmt: skip
        return FRANCE
    labels = {_EVERYWHERE: "Toute la France", _HERE: scope.label}
    chosen = choose(
        state, "comparer", "Comparer dans", tuple(labels), show=lambda code: labels[code],
        default=_EVERYWHERE,
    )  # fmt: skip
    return scope.code if chosen == _HERE else FRANCE
