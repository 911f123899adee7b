"""What a person keeps on their own device, from one visit to the next: no account, no server.

Streamlit forgets a session when its page closes. The browser's own storage does not.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from territoires.ui.own_component import own_component

_HTML = '<div class="memoire"></div>'
MOST_KEPT = 1_000_000
"""Characters of a text worth keeping: it goes to the browser at each run of a page."""
_SESSION = "memoire.seance"


@dataclass(frozen=True)
class DeviceMemory:
    """One text kept by the browser.

    Attributes
    ----------
    name : str
        Of the text, among ours.
    adopt : callable
        Given the text that was left, or ``None`` when it was thrown away, and whether an earlier
        visit left it: once a session; afterwards another page of the same person did, just now.
    """

    name: str
    adopt: Callable[[str | None, bool], None]

    @property
    def is_read(self) -> bool:
        """Whether this session knows what earlier visits left."""
        return bool(st.session_state.get(self._key("lue")))

    @property
    def is_allowed(self) -> bool:
        """Whether the person lets their browser keep it."""
        return bool(st.session_state.get(self._key("garder"), True))

    @property
    def is_full(self) -> bool:
        """Whether the browser refused to keep it: no room, or no storage at all."""
        return bool(st.session_state.get(self._key("plein")))

    def allow(self, allowed: bool) -> None:
        """Let the browser keep the text, or make it forget."""
        st.session_state[self._key("garder")] = allowed

    def keep(self, text: str | None) -> None:
        """Give the browser the text to keep; ``None`` leaves what it has, an empty one ends it.

        To be drawn at each run of a page, once.
        """
        own_component(__package__, "memoire", _HTML)(
            data={
                "cle": f"territoires.{self.name}",
                "seance": st.session_state.setdefault(_SESSION, uuid.uuid4().hex),
                "lu": self.is_read,
                "garder": self.is_allowed,
                "plein": self.is_full,
                "texte": text,
            },
            default={"trouve": None, "plein": False},
            key=self._key("navigateur"),
            on_trouve_change=self._found,
            on_plein_change=self._filled,
        )

    def _found(self) -> None:
        found = self._told("trouve")
        if not isinstance(found, dict):
            return
        st.session_state[self._key("lue")] = True
        if found.get("refus"):
            self.allow(False)
        text = found.get("texte")
        self.adopt(text if isinstance(text, str) else None, bool(found.get("avant")))

    def _filled(self) -> None:
        st.session_state[self._key("plein")] = bool(self._told("plein"))

    def _told(self, name: str) -> Any:
        answer = st.session_state.get(self._key("navigateur")) or {}
        return answer.get(name)

    def _key(self, what: str) -> str:
        return f"memoire.{self.name}.{what}"
