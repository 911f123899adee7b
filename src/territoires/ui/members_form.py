"""How a member list is given: codes that are pasted, or a file; read once, then kept."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from territoires.candidates import MemberList, NamedMembers, members_from_table, parse_members
from territoires.errors import InvalidRequest, TerritoiresError
from territoires.tables.reading import read_table
from territoires.ui.markup import escape_markdown
from territoires.ui.members_store import (
    current_problem,
    device_memory,
    replace_members,
    tell_problem,
)
from territoires.ui.state import PageState
from territoires.workspace import Workspace

_TURN = "adherents.tour"  # the fields of a list that was taken are empty again
_MOST_TYPED = 200_000
_PASTED = "Liste collée"

Given = tuple[str, MemberList]


def members_form(state: PageState, workspace: Workspace) -> None:
    """Draw the two ways to give a list, and whose it stays."""
    turn = st.session_state.get(_TURN, 0)
    pasted, given = state.key(f"adherents.{turn}"), state.key(f"adherents_fichier.{turn}")
    st.text_area(
        "Codes de communes ou SIREN d'EPCI", key=pasted, height=100, max_chars=_MOST_TYPED,
        placeholder="30350, 2A004, 243000643…", on_change=_take,
        args=(lambda: _read_pasted(workspace, pasted),),
    )  # fmt: skip
    st.file_uploader(
        "Ou une liste d'adhérents (CSV) : codes, SIREN, ou noms avec département ou code postal",
        key=given, on_change=_take, args=(lambda: _read_file(workspace, given),),
    )  # fmt: skip
    st.caption(_whose())


def say_problem() -> None:
    """Say what is wrong with what was given last, if something is."""
    if problem := current_problem():
        st.warning(escape_markdown(problem))


def _whose() -> str:
    memory = device_memory()
    kept = "ce navigateur la garde d'une visite à l'autre"
    if not memory.is_allowed or memory.is_full:
        kept = "elle sert pour cette visite seulement, ce navigateur ne la garde pas"
    return (
        f"Votre liste reste à vous : {kept}. Elle n'est ni dans l'adresse de la page, ni "
        "enregistrée sur le serveur."
    )


def _take(read: Callable[[], Given | None]) -> None:
    """Keep what a field gives, or say what is wrong with it."""
    try:
        given = read()
        if given is not None:
            name, listed = given
            replace_members(_named(name, listed), listed.findings)
            st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    except TerritoiresError as error:
        tell_problem(str(error))


def _named(name: str, listed: MemberList) -> NamedMembers:
    if listed.communes:
        return NamedMembers(name, listed.communes, len(listed.findings))
    why = f" {listed.findings[0].message}" if listed.findings else ""
    raise InvalidRequest(
        f"{name} : aucune commune reconnue.{why} Donnez des codes INSEE ou des SIREN d'EPCI ; un "
        "fichier peut donner des noms, avec le département ou le code postal."
    )


def _read_pasted(workspace: Workspace, key: str) -> Given | None:
    typed = str(st.session_state.get(key) or "")
    return (_PASTED, parse_members(typed, workspace.register)) if typed.strip() else None


def _read_file(workspace: Workspace, key: str) -> Given | None:
    upload = st.session_state.get(key)
    if upload is None:
        return None
    limit = workspace.settings.upload_limit_bytes
    table = read_table(upload.getvalue(), upload.name, limit_bytes=limit)
    return upload.name, members_from_table(table, workspace.register, workspace.gazetteer)
