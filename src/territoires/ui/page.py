"""The frame of every page: its data, or the reason why they are not there."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest

import streamlit as st

from territoires.errors import DataFileError, TerritoiresError
from territoires.ui import directory_store, members_store, selection_store
from territoires.ui.markup import escape_markdown
from territoires.ui.passage import passage
from territoires.ui.server import shared_workspace
from territoires.ui.state import PageState
from territoires.workspace import Workspace

_PARTS = ("les communes et leurs contours", "les indicateurs")


Finish = Callable[[], None]
"""What remains to be done of a page once it is drawn and remembered."""


def run_page(name: str, draw: Callable[[Workspace, PageState], Finish | None]) -> None:
    """Draw a page; show any error of ours in French, and go on.

    Parameters
    ----------
    name : str
        Prefix of the page's keys.
    draw : callable
        Given the workspace, whole, and the state of the page; may return what is long to show,
        which is called last.
    """
    with passage():
        try:
            _run(PageState(name), draw)
        except DataFileError as error:
            st.error(f"**Une donnée livrée manque ou est abîmée.** {error}")
        except TerritoiresError as error:
            st.error(escape_markdown(str(error)))


def _run(state: PageState, draw: Callable[[Workspace, PageState], Finish | None]) -> None:
    workspace = shared_workspace(now=True)
    workspace.check()
    _warn_of_another_version(state, workspace)
    finish, is_whole = _drawn(draw, workspace, state)
    state.write_address(workspace.colours.version, is_whole=is_whole)
    selection_store.keep_on_device()
    members_store.keep_on_device()
    directory_store.keep_on_device()
    if finish is not None:
        finish()


def _drawn(
    draw: Callable[[Workspace, PageState], Finish | None], workspace: Workspace, state: PageState
) -> tuple[Finish | None, bool]:
    """Draw a page; tell whether it was drawn to its end, or ended in a refusal, which is shown."""
    try:
        return draw(workspace, state), True
    except DataFileError:
        raise
    except TerritoiresError as error:
        st.error(escape_markdown(str(error)))
        return None, False


def _warn_of_another_version(state: PageState, workspace: Workspace) -> None:
    asked, here = state.asked_version(), workspace.colours.version
    if asked and asked != here:
        st.warning(
            f"Ce lien a été fait avec les données {escape_markdown(asked[:60])} ; cette "
            f"installation a la version {escape_markdown(here)}. Ce qui a changé : "
            f"{changed_parts(asked, here)}. Les chiffres et les rangs peuvent différer."
        )


def changed_parts(asked: str, here: str) -> str:
    """Say which parts differ between two data versions (``communes+indicateurs``).

    Returns
    -------
    str
        In French.
    """
    pairs = zip_longest(asked.split("+"), here.split("+"))
    names = [name for name, (one, other) in zip(_PARTS, pairs, strict=False) if one != other]
    return " et ".join(names) or "rien qui soit suivi"
