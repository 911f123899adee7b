"""What a person decided of doubtful rows: in the session, and on their own device afterwards."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from territoires.errors import TerritoiresError
from territoires.geocoding.review import Review
from territoires.geocoding.review.file import review_from_json, review_to_json
from territoires.ui import selection_store
from territoires.ui.memory import DeviceMemory
from territoires.ui.server import shared_workspace

_KEY, _TEXT, _PROBLEM = "revue", "revue.texte", "revue.probleme"
_BEFORE, _TOUCHED = "revue.avant", "revue.touchee"
_MOST_KEPT = 1_000_000  # characters: it goes to the browser at each run of the page
_NOTHING = ""  # what throws away the text that a browser keeps


def current_review() -> Review:
    """Return the decisions of this visit, and those of earlier ones that the browser kept."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Review()
    review: Review = st.session_state[_KEY]
    return review


def change_review(change: Callable[[Review], Review]) -> bool:
    """Change what is kept, or have the page say why it cannot be; tell whether it is done."""
    try:
        _keep(change(current_review()))
    except TerritoiresError as error:
        tell_problem(str(error))
        return False
    st.session_state.pop(_BEFORE, None)
    return True


def decide(change: Callable[[Review], Review]) -> bool:
    """Change the decisions, in a way that :func:`undo` takes back; tell whether it is done."""
    before = current_review()
    done = change_review(change)
    if done:
        st.session_state[_BEFORE] = before
    return done


def can_undo() -> bool:
    """Tell whether the last change may be taken back."""
    return _BEFORE in st.session_state


def undo() -> None:
    """Come back to what was decided before the last change."""
    if can_undo():
        _keep(st.session_state.pop(_BEFORE))


def tell_problem(problem: str) -> None:
    """Have the page say, once, what went wrong with the decisions."""
    st.session_state[_PROBLEM] = problem


def take_problem() -> str:
    """Return what went wrong, once."""
    return str(st.session_state.pop(_PROBLEM, ""))


def keep_on_device() -> None:
    """Have the browser keep the decisions; to be drawn once by the page that uses them."""
    memory, text = device_memory(), _as_text()
    # Whoever keeps no list of places on this device keeps no decisions either.
    if not may_keep_anything():
        memory.allow(False)
    untouched = _TOUCHED not in st.session_state and not memory.is_read
    memory.keep(None if untouched or is_too_much_to_keep() else text)


def device_memory() -> DeviceMemory:
    """Return what keeps the decisions on the device."""
    return DeviceMemory("revue", _adopt)


def may_keep_anything() -> bool:
    """Tell whether this device may keep lists."""
    return selection_store.device_memory().is_allowed


def is_too_much_to_keep() -> bool:
    """Tell whether the decisions are more than a browser should be given each time."""
    return len(_as_text()) > _MOST_KEPT


def _keep(review: Review) -> None:
    st.session_state[_KEY] = review
    st.session_state[_TOUCHED] = True
    st.session_state.pop(_TEXT, None)


def _as_text() -> str:
    if _TEXT not in st.session_state:
        review = current_review()
        empty = not (review.choices or review.layouts)
        gazetteer = shared_workspace().gazetteer
        text = _NOTHING if empty else review_to_json(review, (), gazetteer, compact=True)
        st.session_state[_TEXT] = text
    return str(st.session_state[_TEXT])


def _adopt(text: str | None, is_first: bool) -> None:
    """Take the decisions of an earlier visit, with those of this one; or those of a page."""
    if text is None:
        if not is_first and device_memory().is_allowed:
            _keep(Review())  # another page of this person has just forgotten everything
        return
    try:
        kept = review_from_json(text).review
        _keep(kept.joined(current_review()) if is_first else kept)
    except TerritoiresError as error:
        tell_problem(f"Les décisions gardées par ce navigateur n'ont pas pu être reprises. {error}")
