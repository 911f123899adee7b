"""Whether a page is being run: what is asked meanwhile waits for what the page then says.

A browser that is quick tells a field and a click on a file together: the file is asked while the
page that holds the field is still to be run.
"""

from __future__ import annotations

import threading
import time
from types import TracebackType

import streamlit as st

_SESSION = "passage"
_BEGINS_WITHIN = 0.25  # seconds from what a browser tells to the run that takes it
_LONGEST_RUN = 20.0


class Passage:
    """One run of a page after another, in one session."""

    def __init__(self) -> None:
        self._done = threading.Event()
        self._done.set()

    def __enter__(self) -> None:
        self._done.clear()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()

    def wait(self) -> None:
        """Wait, outside of a run, for the one that begins now or is going on; not for ever."""
        time.sleep(_BEGINS_WITHIN)
        self._done.wait(_LONGEST_RUN)


def passage() -> Passage:
    """Return that of this session; to be called in a run."""
    kept: Passage = st.session_state.setdefault(_SESSION, Passage())
    return kept
