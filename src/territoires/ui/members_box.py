"""« Nos adhérents », in the left column: a list given once, a layer and a filter everywhere."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from territoires.candidates import MemberList, NamedMembers, members_in_force
from territoires.candidates.wording import plural
from territoires.territory import PrivateGroup
from territoires.ui.filters import EVERYWHERE, Scope, scope_filter
from territoires.ui.findings import tell_findings
from territoires.ui.markup import escape_markdown
from territoires.ui.members_form import members_form, say_problem
from territoires.ui.members_store import current_findings, current_members, replace_members
from territoires.ui.state import PageState
from territoires.ui.widgets import asked_whether, choose_whether
from territoires.workspace import Workspace

_LABEL = "Nos adhérents"
_SHOWN, _ONLY = "adherents_carte", "adherents_seuls"
_MOST_WARNED = 3


def choose_scope(state: PageState, workspace: Workspace, *, only_members: bool = False) -> Scope:
    """Draw the choice of an area, then the box of the members; return where the page looks.

    Parameters
    ----------
    only_members : bool
        Whether the page keeps to the members until the person says otherwise.
    """
    scope = scope_filter(state, workspace.register)
    members = current_members()
    st.session_state.pop(_group_key(state, _SHOWN), None)
    if members is None:
        _without_list(state, workspace, only_members)
        return scope
    here = members_in_force(members, workspace.register)
    shown, only = _with_list(state, workspace, members, here, only_members)
    if not here.communes:
        return scope
    if shown:
        _hold(state, workspace, _SHOWN, here.communes)
    return _narrowed(state, workspace, scope, here.communes) if only else scope


def shown_members(state: PageState) -> PrivateGroup | None:
    """Return the members that the maps of a page outline, if they must."""
    group: PrivateGroup | None = st.session_state.get(_group_key(state, _SHOWN))
    return group


def members_here(workspace: Workspace) -> tuple[str, ...]:
    """Return the communes of the list that are in force; none without a list."""
    members = current_members()
    return () if members is None else members_in_force(members, workspace.register).communes


def _without_list(state: PageState, workspace: Workspace, only_members: bool) -> None:
    """Offer to give a list; an address that speaks of one keeps doing so."""
    asked_whether(state, _SHOWN, default=True)
    only = asked_whether(state, _ONLY, default=only_members)
    with st.expander(_LABEL):
        members_form(state, workspace)
    say_problem()
    if only and not only_members:
        st.caption(
            "Cette adresse se limite à une liste d'adhérents, qui n'est pas dans ce navigateur : "
            "tout est montré. Donnez la vôtre ci-dessus."
        )


def _with_list(
    state: PageState, workspace: Workspace, members: NamedMembers, here: MemberList,
    only_members: bool,
) -> tuple[bool, bool]:  # fmt: skip
    """Draw what the list is and its two switches; return them."""
    st.subheader(_LABEL)
    noted = plural(members.remarques, "remarque", "remarques")
    told = f" ; {noted} à la lecture" if members.remarques else ""
    count = plural(len(here.communes), "commune", "communes")
    st.caption(f"{escape_markdown(members.nom)} : **{count}**{told}.")
    tell_findings(here.findings, _MOST_WARNED)
    if not here.communes:
        st.warning("Aucune commune de cette liste n'existe encore : donnez-la de nouveau.")
    shown = choose_whether(state, _SHOWN, "Les montrer sur la carte", default=True)
    only = choose_whether(state, _ONLY, "Se limiter à eux", default=only_members)
    with st.expander("Changer ou retirer la liste"):
        st.button(
            "Retirer la liste", key=state.key("adherents_retirer"), width="stretch",
            on_click=replace_members, args=(None,),
        )  # fmt: skip
        tell_findings(current_findings())
        members_form(state, workspace)
    say_problem()
    return shown, only


def _narrowed(
    state: PageState, workspace: Workspace, scope: Scope, members: tuple[str, ...]
) -> Scope:
    """Return the members of an area; the area alone when none is there, and say so."""
    kept = members if scope.communes is None else set(scope.communes).intersection(members)
    if not kept:
        st.warning(
            f"Aucun de vos adhérents n'est ici ({escape_markdown(scope.label)}) : tout ce lieu est "
            "pris. Choisissez-en un autre sous « Où », ou décochez « Se limiter à eux »."
        )
        return scope
    group = _hold(state, workspace, _ONLY, kept)
    label = "nos adhérents"
    if scope.code != EVERYWHERE.code:
        label = f"{label}, {scope.label}"
    return Scope(group.code, label, group.communes, area=scope.code, members=members)


def _hold(
    state: PageState, workspace: Workspace, use: str, communes: Iterable[str]
) -> PrivateGroup:
    """Keep a group for this visit: its tiles are asked by its code."""
    group = workspace.private_groups.hold(communes)
    st.session_state[_group_key(state, use)] = group
    return group


def _group_key(state: PageState, use: str) -> str:
    return state.key(f"{use}.communes")
