"""A person's member list: in the session, and on their own device from visit to visit."""

from __future__ import annotations

import streamlit as st

from territoires.candidates import NamedMembers, members_from_json, members_to_json
from territoires.errors import TerritoiresError
from territoires.tables.findings import Finding
from territoires.ui import selection_store
from territoires.ui.memory import DeviceMemory

_KEY, _FINDINGS, _PROBLEM = "adherents", "adherents.remarques", "adherents.probleme"
_NOTHING = ""  # what throws away the text that a browser keeps


def current_members() -> NamedMembers | None:
    """Return the list of this visit, if it has one."""
    members: NamedMembers | None = st.session_state.get(_KEY)
    return members


def current_findings() -> tuple[Finding, ...]:
    """Return what was noticed while the list was read, in this visit."""
    findings: tuple[Finding, ...] = st.session_state.get(_FINDINGS, ())
    return findings


def replace_members(members: NamedMembers | None, findings: tuple[Finding, ...] = ()) -> None:
    """Keep a list in place of the one before; ``None`` throws it away, on the device too."""
    st.session_state[_KEY] = members
    st.session_state[_FINDINGS] = findings
    tell_problem("")


def tell_problem(problem: str) -> None:
    """Have the box say what is wrong with what was given, until something else is given."""
    st.session_state[_PROBLEM] = problem


def current_problem() -> str:
    """Return what is wrong with what was given last; empty when nothing is."""
    return str(st.session_state.get(_PROBLEM, ""))


def keep_on_device() -> None:
    """Have the browser keep the list; to be drawn once by every page."""
    memory = device_memory()
    # Whoever keeps no list of places on this device keeps no list of members either.
    memory.allow(selection_store.device_memory().is_allowed)
    members = current_members()
    if members is not None:
        memory.keep(members_to_json(members))
    else:
        memory.keep(_NOTHING if _KEY in st.session_state else None)


def device_memory() -> DeviceMemory:
    """Return what keeps the list on the device."""
    return DeviceMemory("adherents", _adopt)


def _adopt(text: str | None, is_first: bool) -> None:
    """Take the list of an earlier visit; or what another page of the same person has just done."""
    if is_first and _KEY in st.session_state:
        return  # this visit was quicker than its memory: what it says is newer
    if text is None:
        if device_memory().is_allowed and not is_first:
            replace_members(None)
        return
    try:
        replace_members(members_from_json(text))
    except TerritoiresError as error:
        tell_problem(
            f"La liste d'adhérents gardée par ce navigateur n'a pas pu être reprise : {error} "
            "Donnez-la de nouveau."
        )
