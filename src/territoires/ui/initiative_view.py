"""The view « Une fiche »: what is known of an initiative, and the form that completes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

import streamlit as st

from territoires.candidates.wording import plural, shortened
from territoires.exports.csv_export import protected
from territoires.exports.sheets import initiative_sheet
from territoires.initiatives import Directory
from territoires.initiatives.own import OwnInitiatives
from territoires.tables.writing import write_csv
from territoires.ui.directory_store import (
    is_too_much_to_keep,
    keep_own_initiatives,
    may_keep_anything,
    own_initiatives,
    rows_memory,
    session_directory,
    take_rows_problem,
)
from territoires.ui.initiative_draft import (
    NEW,
    Draft,
    draft_of,
    drop_draft,
    namesake,
    open_drafts,
    save_draft,
    unsaved,
)
from territoires.ui.initiative_form import InitiativeForm, lacking_words
from territoires.ui.initiative_known import known_block
from territoires.ui.initiative_print import offer_initiative_sheet
from territoires.ui.markup import escape_markdown
from territoires.ui.recipe_widgets import hold
from territoires.ui.sheets import sheet_source
from territoires.ui.state import PageState
from territoires.ui.widgets import choose
from territoires.workspace import Workspace

CHOICE = "fiche"
_NOTHING = ""
_FILE = "mes-initiatives.csv"
_LONGEST_LABEL = 90


def initiative_tab(state: PageState, workspace: Workspace, shown: Directory) -> None:
    """Draw the choice of an initiative, what is known of it, and its form.

    Parameters
    ----------
    shown : Directory
        Filtered: among whom the initiative is chosen; the person's own are always there.
    """
    open_drafts()
    directory = session_directory(workspace)
    chosen = _choose(state, directory, shown)
    with st.container():  # comes and goes: what is below stays where it is
        problem = take_rows_problem()
        if problem:
            st.warning(escape_markdown(problem))
        _others_waiting(directory, chosen)
        own_bar(state, workspace)
    if not chosen:
        st.info(
            "Choisissez une initiative pour lire sa fiche et la compléter, ou « Une nouvelle "
            "initiative ». Ce qui n'est pas renseigné est dit tel : rien n'est inventé."
        )
        return
    draft = draft_of(directory, chosen)
    left, right = st.columns([1, 1.25], gap="large")
    with left:
        _known(state, workspace, directory, draft)
    with right:
        _form(state, workspace, directory, draft)


def _choose(state: PageState, directory: Directory, shown: Directory) -> str:
    key = state.key(CHOICE)
    asked = st.session_state.get(key, state.first_value(CHOICE))
    kept = [asked] if asked in directory.frame.index else []
    others = shown.frame.sort_values("nom", kind="stable").index
    mine = own_initiatives().identifiers
    labels = _labels(directory, dict.fromkeys([*mine, *kept, *others]), frozenset(mine))
    return choose(state, CHOICE, "Une initiative", tuple(labels), show=lambda code: labels[code])


def _labels(
    directory: Directory, codes: Iterable[str], mine: Collection[str]
) -> dict[str, str]:  # fmt: skip
    """Name each choice otherwise than the others: Streamlit tells them apart by their labels."""
    labels = {_NOTHING: "Choisir…", NEW: "Une nouvelle initiative"}
    told = Counter(labels.values())
    names = directory.frame["nom"] + " · " + directory.frame["geo_commune"]
    for code in codes:
        name = " ".join(str(names[code])[:_LONGEST_LABEL].split()).strip(" ·") or code
        label = f"✎ {name}" if code in mine else name
        told[label] += 1
        labels[code] = label if told[label] == 1 else f"{label} ({code})"
    return labels


def _others_waiting(directory: Directory, chosen: str) -> None:
    """Say which other initiatives were written in and not saved."""
    waiting = sorted(unsaved(directory) - {chosen})
    if waiting:
        names = ["la nouvelle" if one == NEW else directory.frame["nom"][one] for one in waiting]
        st.caption(f"Aussi modifié et non enregistré : {escape_markdown(shortened(names))}.")


def open_sheet(state: PageState, tab: str, identifier: str) -> None:
    """Open the sheet of an initiative, from another tab; to be called back by a button."""
    st.session_state[state.key("onglet")] = tab
    st.session_state[state.key(CHOICE)] = identifier


def _known(state: PageState, workspace: Workspace, directory: Directory, draft: Draft) -> None:
    if draft.is_new:
        st.info(
            "Rien n'est encore enregistré de cette initiative : remplissez son nom et son type, "
            "puis « Enregistrer dans ma visite ». Sa fiche apparaîtra ici."
        )
        return
    sheet = initiative_sheet(sheet_source(workspace, directory), draft.identifier)
    with st.container(horizontal=True, vertical_alignment="center"):
        offer_initiative_sheet(workspace, directory, draft.identifier, state.key("fiche_pdf"))
        if draft.changes:
            st.caption("La fiche et le PDF disent ce qui est enregistré, sans vos modifications.")
    st.html(known_block(sheet))


def _form(state: PageState, workspace: Workspace, directory: Directory, draft: Draft) -> None:
    st.markdown(
        "**Ce formulaire est fait pour être public** : aucune donnée personnelle. Ni nom de "
        "personne, ni courriel ou téléphone d'une personne, ni adresse d'un domicile ; des "
        "structures, des lieux ouverts au public, des faits et leur source."
    )
    with st.container():
        _offer_namesake(state, namesake(directory, draft))
    form = InitiativeForm(state, workspace, draft)
    _actions(state, form, "haut")
    form.draw()
    _actions(state, form, "bas")


def _offer_namesake(state: PageState, same: str) -> None:
    if same:
        st.warning(
            "Une initiative du même type, du même nom et de la même commune est déjà là. Pour la "
            "compléter, ouvrez-la plutôt que d'en faire une seconde."
        )
        st.button("L'ouvrir", on_click=_choose_now, args=(state, same), key=state.key("meme"))


def _actions(state: PageState, form: InitiativeForm, where: str) -> None:
    """Draw what can be done with a draft, above the form and below it."""
    draft = form.draft
    lacking = lacking_words(draft) if draft.changes or not draft.is_new else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Enregistrer dans ma visite", type="primary", key=state.key(f"enregistrer.{where}"),
            disabled=not draft.changes or bool(lacking),
            on_click=_save, args=(state, form),
        )  # fmt: skip
        if draft.changes:
            st.button(
                "Abandonner mes modifications", key=state.key(f"abandonner.{where}"),
                on_click=drop_draft, args=(draft.identifier,),
            )  # fmt: skip
        st.caption(lacking or _state_words(draft))


def _state_words(draft: Draft) -> str:
    if draft.changes:
        return f"{plural(len(draft.changes), 'champ modifié', 'champs modifiés')}, non enregistré."
    if draft.is_new:
        return "Un formulaire vide."
    if draft.identifier in own_initiatives():
        return "✎ Enregistrée dans votre visite."
    return "De l'annuaire livré ; vos modifications feront une ligne à vous, à sa place."


def _save(state: PageState, form: InitiativeForm) -> None:
    form.take_all()
    given = save_draft(form.workspace, form.draft.identifier)
    st.session_state[state.key(CHOICE)] = given
    st.toast("Enregistrée dans votre visite. Téléchargez vos initiatives pour les transmettre.")


def _choose_now(state: PageState, identifier: str) -> None:
    st.session_state[state.key(CHOICE)] = identifier


def own_bar(state: PageState, workspace: Workspace) -> None:
    """Draw what a person added: how many, the file that gives them back, where they are kept."""
    own = own_initiatives()
    if not len(own):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Télécharger mes initiatives (CSV)", own_file(own), _FILE, "text/csv",
            on_click="ignore", key=state.key("miennes"),
        )  # fmt: skip
        _offer_to_take_off(state, workspace, own)
        _offer_to_keep(state)
    st.caption(f"{_count_words(own)} {_kept_words()}")


def _offer_to_keep(state: PageState) -> None:
    memory, key = rows_memory(), state.key("garder")
    hold(key, memory.is_allowed)
    st.checkbox(
        "Garder dans ce navigateur", key=key, width="content", disabled=not may_keep_anything(),
        on_change=lambda: memory.allow(bool(st.session_state[key])),
    )  # fmt: skip


def own_file(own: OwnInitiatives) -> bytes:
    """Return a person's initiatives as a file like the shipped one, which the page takes back."""
    return write_csv(protected(own.frame), excel=True)


def _count_words(own: OwnInitiatives) -> str:
    return f"✎ {plural(len(own), 'initiative à vous', 'initiatives à vous')} dans cette visite."


def _kept_words() -> str:
    memory = rows_memory()
    if not may_keep_anything():
        return (
            "Ce navigateur ne garde rien, comme vous l'avez demandé page Ma sélection : "
            "téléchargez-les."
        )
    if not memory.is_allowed:
        return "Elles ne vivent que dans cette visite : téléchargez-les pour les garder."
    if memory.is_full or is_too_much_to_keep():
        return "⚠ C'est trop pour ce navigateur, ou il refuse de garder : téléchargez-les."
    return (
        "Elles restent sur cet appareil, d'une visite à l'autre ; rien n'est gardé sur le serveur. "
        "Sur un ordinateur partagé, décochez."
    )


def _offer_to_take_off(state: PageState, workspace: Workspace, own: OwnInitiatives) -> None:
    chosen = str(st.session_state.get(state.key(CHOICE), ""))
    if chosen not in own:
        return
    shipped = chosen in workspace.directory.frame.index
    st.button(
        "Revenir à celle de l'annuaire" if shipped else "Retirer cette initiative",
        key=state.key("retirer"), on_click=_take_off, args=(state, workspace, chosen),
    )  # fmt: skip


def _take_off(state: PageState, workspace: Workspace, identifier: str) -> None:
    keep_own_initiatives(workspace, own_initiatives().without(identifier))
    drop_draft(identifier)
    if identifier not in workspace.directory.frame.index:
        st.session_state[state.key(CHOICE)] = _NOTHING
