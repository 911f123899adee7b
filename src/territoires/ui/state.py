"""What a page remembers: in its address for everyone, in the session from one page to the next.

Everything is kept as text, the way an address holds it. The first value of a widget comes from the
address, else from the last visit of this page in the session, else from its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

SEPARATOR = ","
MAX_VALUE_LENGTH = 7_000
"""Characters of one value: servers refuse addresses of more than eight thousand or so."""
_VERSION = "v"
_SENT = "adresse_envoyee"


@dataclass
class PageState:
    """The named values of one page.

    Attributes
    ----------
    page : str
        Prefix of this page's keys in the session.
    """

    page: str
    _values: dict[str, str] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)

    def key(self, name: str) -> str:
        """Return the session key of a widget."""
        return f"{self.page}.{name}"

    def first_value(self, name: str, default: str = "") -> str:
        """Return what the address, else the last visit, else the default says."""
        if name in st.query_params:
            text = str(st.query_params[name])
            if len(text) <= MAX_VALUE_LENGTH:
                return text
            # No half of a code is read: what follows the last whole one is left out.
            return text[:MAX_VALUE_LENGTH].rpartition(SEPARATOR)[0]
        return self._memory().get(name, default)

    def keep(self, name: str, value: str, default: str = "") -> bool:
        """Remember a value; the address only names what differs from the default.

        Returns
        -------
        bool
            Whether the address tells it: a value cut short would be another, so that one which is
            too long is not in the address at all.
        """
        self._memory()[name] = value
        self._told.add(name)
        fits = len(value) <= MAX_VALUE_LENGTH
        if value != default and fits:
            self._values[name] = value
        else:
            self._values.pop(name, None)
        return fits

    def keep_undrawn(self) -> None:
        """Let the address say what it says of what this run does not draw: more is to come."""
        told = st.query_params.to_dict()
        self._values |= {
            name: value
            for name, value in told.items()
            if name not in self._told
            and name not in self._values
            and len(value) <= MAX_VALUE_LENGTH
        }

    def show(self, fields: Mapping[str, str]) -> None:
        """Put values into the address that something else than this page remembers."""
        self._values |= fields

    def forget(self, name: str) -> None:
        """Let a value go back to its default."""
        self._memory().pop(name, None)
        self._told.add(name)
        st.query_params.pop(name, None)

    def write_address(self, data_version: str, *, is_whole: bool = True) -> None:
        """Put the values of this run, and the data version, into the address.

        A browser that was quick to click still tells the address of before: what was sent last
        counts too.

        Parameters
        ----------
        data_version : str
            Of the data in use.
        is_whole : bool
            Whether the page was drawn to its end. After a refusal, what it had not come to yet
            stays in the address as it was.
        """
        told = st.query_params.to_dict()
        unsaid = {} if is_whole else {k: v for k, v in told.items() if k not in self._told}
        wanted = {**unsaid, **self._values, _VERSION: data_version}
        sent = st.session_state.get(self.key(_SENT), told)
        if not told == sent == wanted:
            st.query_params.from_dict(wanted)
        st.session_state[self.key(_SENT)] = wanted

    def asked_version(self) -> str | None:
        """Return the data version that the address was made with, if it says one."""
        return st.query_params.get(_VERSION)

    def _memory(self) -> dict[str, str]:
        memory: dict[str, str] = st.session_state.setdefault(f"memoire.{self.page}", {})
        return memory


def split(text: str) -> tuple[str, ...]:
    """Read a list from an address."""
    return tuple(part for part in text.split(SEPARATOR) if part)


def join(values: Mapping[str, object] | tuple[str, ...] | list[str]) -> str:
    """Write a list into an address."""
    return SEPARATOR.join(values)
