"""The frame of every page: its data, or the reason why they are not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from territoires.errors import DataFileError, TerritoiresError
from territoires.ui.server import shared_workspace
from territoires.ui.state import PageState
from territoires.workspace import Workspace


@contextmanager
def page(name: str) -> Iterator[tuple[Workspace, PageState]]:
    """Give a page the workspace and its state; show any error of ours in French, and go on.

    Parameters
    ----------
    name : str
        Prefix of the page's keys.
    """
    try:
        workspace = shared_workspace()
        workspace.check()
        state = PageState(name)
        _warn_of_another_version(state, workspace)
        yield workspace, state
        state.write_address(workspace.colours.version)
    except DataFileError as error:
        st.error(f"**Une donnée livrée manque ou est abîmée.** {error}")
    except TerritoiresError as error:
        st.error(str(error))


def _warn_of_another_version(state: PageState, workspace: Workspace) -> None:
    asked, here = state.asked_version(), workspace.colours.version
    if asked and asked != here:
        st.warning(
            f"Ce lien a été fait avec les données {asked[:40]} ; cette installation a la version "
            f"{here}. Les chiffres et les rangs peuvent différer."
        )
