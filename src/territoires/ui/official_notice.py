"""What a visitor must know of the data in use: the embedded pack alone, or a version set aside."""

from __future__ import annotations

import streamlit as st

from territoires.ui.markup import escape_markdown
from territoires.workspace import Workspace

_CLOSED = "official_notice.closed"


def official_notice(workspace: Workspace) -> None:
    """Say that the official figures are not here, what they add, and the command that gets them.

    Closed by the visitor, it stays closed for the session. A version that cannot serve is said as
    long as it is not repaired.
    """
    if workspace.official.problem:
        st.warning(
            "Les données officielles ne peuvent pas servir ; les données embarquées prennent le "
            f"relais. {escape_markdown(workspace.official.problem)}"
        )
    elif workspace.data_version is None and not st.session_state.get(_CLOSED):
        _invitation()


def _invitation() -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="official_notice"):
        st.markdown(
            "**Données embarquées seules.** Les données officielles ajoutent, commune par commune, "
            "chômage, pauvreté, revenus, logements vacants et équipements : "
            "`territoires actualiser`",
            width="stretch",
        )
        if st.button("Masquer", key="official_notice.close", type="tertiary"):
            st.session_state[_CLOSED] = True
            st.rerun()
