"""Candidates as a list and a map together: ticked rows are outlined, told and taken away."""

from __future__ import annotations

from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from territoires.candidates import CandidateList, Preset, why
from territoires.candidates.presets import COMMUNE, GROUP
from territoires.communes import Register
from territoires.exports import Exporter, candidate_bundle
from territoires.exports.candidate_files import TITLE as CANDIDATES_TITLE
from territoires.indicators import MISSING_TEXT, format_interval, format_share
from territoires.maps import MapSpec, legend_html
from territoires.territory import Territoire
from territoires.ui.appearance import ACCENT
from territoires.ui.candidate_points import candidates_layer, look_at_candidates
from territoires.ui.candidate_rows import NEAREST, candidate_rows, name_heading
from territoires.ui.candidate_search import DRAWS
from territoires.ui.directory_store import session_directory
from territoires.ui.export_buttons import offer_files
from territoires.ui.listing import list_mark, territory_list
from territoires.ui.map_view import draw_map
from territoires.ui.markup import axes_legend, reason
from territoires.ui.selection_store import add_to_selection
from territoires.ui.sheets import candidates_pdf
from territoires.ui.state import PageState
from territoires.workspace import Workspace

_MOST_OUTLINED = 40
_MOST_TOLD = 3


def list_and_map(
    workspace: Workspace, state: PageState, preset: Preset, found: CandidateList
) -> None:
    """Draw the table of candidates, what one does with them, their map, and why they are here."""
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        chosen = _ticked(workspace.register, state, found)
        if "rang_min" in found.frame:
            st.caption(
                "Intervalle : le rang parmi ces candidats dans neuf tirages sur dix, quand les "
                f"choix de la recette varient ({DRAWS.count} tirages)."
            )
        _actions(workspace, preset, found, chosen)
        _twin(workspace.register, found)
    with right:
        recipe = found.query.recipe
        spec = MapSpec.for_recipe(recipe, version=workspace.colours.version)
        look_at_candidates(state, workspace, found)
        points = candidates_layer(found, workspace.register)
        draw_map(state, workspace, spec, [points], _outlined(found, chosen))
        noun = found.context.noun
        dots = axes_legend([(ACCENT, f"{noun.singular} {noun.agree('candidat')} de la liste")])
        st.html(legend_html(workspace.colours, spec, recipe.name) + dots)
    st.subheader("Pourquoi ici")
    for code in chosen or list(found.frame.index[:_MOST_TOLD]):
        st.html(reason(why(found, code)))
    if not chosen and len(found.frame) > _MOST_TOLD:
        st.caption(
            f"Les trois {first_ones(found)}. Cochez des lignes de la liste pour lire les leurs."
        )


def _outlined(found: CandidateList, chosen: list[str]) -> list[Territoire]:
    """Outline the rows that are ticked; without any, the first groups, whose shape says much."""
    shown = chosen or list(found.frame.index if found.query.unit == GROUP else [])
    return [found.context.territory(str(code)) for code in shown[:_MOST_OUTLINED]]


def _ticked(register: Register, state: PageState, found: CandidateList) -> list[str]:
    """Draw the candidates; return those that are ticked."""
    columns, rows = candidate_rows(register, found)
    key = state.key(f"liste.{list_mark(found.frame.index)}")
    return territory_list(columns, rows, key=key, caption="Territoires candidats")


def _twin(register: Register, found: CandidateList) -> None:
    """Draw the same candidates as a plain table, with the codes."""
    with st.expander("Même chose en tableau"):
        st.dataframe(
            readable(register, found), hide_index=True, placeholder=MISSING_TEXT,
            column_config={
                "Habitants": st.column_config.NumberColumn(format="localized"),
                "Besoin": st.column_config.NumberColumn(format="localized"),
                NEAREST: st.column_config.NumberColumn(format="localized"),
            },
        )  # fmt: skip


def readable(register: Register, found: CandidateList) -> pd.DataFrame:
    """Return the candidates under French headings, one row each."""
    frame = found.frame
    columns: dict[str, object] = {"Rang": frame["rang"]}
    if "rang_min" in frame:
        bounds = zip(frame["rang_min"], frame["rang_max"], strict=True)
        columns["Intervalle"] = [format_interval(int(low), int(high)) for low, high in bounds]
    columns |= {
        name_heading(found): frame["nom"],
        "Dép.": frame["code_departement"],
        "Habitants": frame["population"],
        "Besoin": (frame["score"] * 100).round(1),
        NEAREST: frame["distance_km"].round(1),
        "Part connue": frame["couverture"].map(format_share),
    }
    if found.query.unit == COMMUNE:
        columns |= {"EPCI": frame["code_epci"].map(register.epci["nom"]), "Code": frame.index}
    else:
        places = [found.context.territory(str(code)) for code in frame.index]
        columns["Communes"] = [len(place.communes) for place in places]
        columns["Codes"] = [", ".join(place.communes) for place in places]
    return pd.DataFrame(columns, index=frame.index)


def _actions(workspace: Workspace, preset: Preset, found: CandidateList, ticked: list[str]) -> None:
    kept = found.only(ticked)
    places = [found.context.territory(str(code)) for code in kept.frame.index]
    which = f"cochés ({len(ticked)})" if ticked else f"de la liste ({len(places)})"
    with st.container(horizontal=True):
        st.button(
            f"Ajouter à ma sélection ({len(places)})", type="primary",
            on_click=add_to_selection, args=tuple(places),
        )  # fmt: skip
        offer_files(
            CANDIDATES_TITLE, len(places), partial(_file, workspace, preset, kept),
            "candidats.fichiers",
        )  # fmt: skip
    st.caption(f"Ces boutons prennent les candidats {which}.")


def _file(workspace: Workspace, preset: Preset, found: CandidateList, kind: Exporter) -> bytes:
    directory = session_directory(workspace)
    bundle = candidate_bundle(
        found, preset, workspace.colours.version, date.today(), with_map=kind.draws,
        booklet=partial(candidates_pdf, workspace, directory, found),
    )  # fmt: skip
    return kind.write(bundle)


def first_ones(found: CandidateList) -> str:
    """Return « premiers » or « premières », as the candidates are."""
    return "premières" if found.context.noun.is_feminine else "premiers"
