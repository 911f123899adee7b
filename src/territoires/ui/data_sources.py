"""The sources: what was read of each, when, and the command that reads it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from territoires.indicators import format_number
from territoires.indicators.format import french_date
from territoires.sources.declaration import Source
from territoires.sources.registry import available_sources
from territoires.ui.markup import escape_markdown, link, text
from territoires.workspace import Workspace

UNVERIFIED, UNVERIFIED_FORM = "non vérifié sur fichier réel", "non vérifiée sur fichier réel"
_SHOWN_DIGEST = 16


def sources_tab(workspace: Workspace) -> None:
    """Draw the version in use, then every known source: those that were read first."""
    version = workspace.data_version
    known = available_sources()
    read = dict(version.sources) if version else {}
    st.markdown(_version_text(workspace))
    for code, about in read.items():
        source = known.get(code)
        with st.expander(escape_markdown(_title(code, about))):
            st.html(_read_sheet(about, source))
    waiting = [source for code, source in known.items() if code not in read]
    if waiting:
        st.subheader(f"{len(waiting)} sources connues qui ne sont pas en service")
        st.html(_waiting_list(waiting))


def _title(code: str, about: Mapping[str, Any]) -> str:
    marks = [*([] if about.get("complete") else ["extrait"]), *_unverified(about)]
    return " · ".join([str(about.get("libelle", code)), str(about.get("millesime", "")), *marks])


def _unverified(about: Mapping[str, Any]) -> list[str]:
    if not about.get("verifie"):
        return [UNVERIFIED]
    return [] if about.get("forme_verifiee", True) else [f"forme du fichier {UNVERIFIED_FORM}"]


def _version_text(workspace: Workspace) -> str:
    version = workspace.data_version
    if version is None:
        return (
            "Les **données embarquées** servent seules. Pour lire les données officielles chez "
            "leurs producteurs : `territoires actualiser` ; depuis des fichiers que vous avez : "
            "`territoires actualiser --depuis DOSSIER`. Elles paraissent ici sans redémarrer."
        )
    back = "Pour revenir à la version d'avant : `territoires actualiser --revenir`."
    return (
        f"Données officielles **{escape_markdown(version.identifier)}**, écrites le "
        f"{french_date(str(version.document.get('cree_le', '')))}. {back}"
    )


def _read_sheet(about: Mapping[str, Any], source: Source | None) -> str:
    digest = str(about.get("sha256", ""))
    notes = [str(note) for note in about.get("notes", [])]
    lines = {
        "Producteur": text(about.get("producteur", "")),
        "Page": link(source.page_url, source.page_url) if source else "",
        "Licence": text(about.get("licence", "")),
        "Millésime": text(f"{about.get('millesime')}, communes de {about.get('cog')}"),
        "Obtenu le": text(french_date(str(about.get("obtenu_le", "")))),
        "Fichier": text(about.get("fichier", "")),
        "Empreinte": f"<code>{text(digest[:_SHOWN_DIGEST])}…</code>" if digest else "",
        "Lignes": text(format_number(int(about.get("lignes", 0)))),
        "Étendue": "toute la France" if about.get("complete") else "<b>extrait</b>",
        "Lecture": "".join(f"<b>{text(mark)}</b>" for mark in _unverified(about))
        or "vérifiée sur un fichier réel",
        "Remarques": "<br>".join(text(note) for note in notes),
        "Commande": f"<code>{text(source.command)}</code>" if source else "",
    }
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td class="t-words">{value}</td></tr>'
        for name, value in lines.items()
        if value
    )
    return f'<table class="t-rows t-sheet t-named">{rows}</table>'


def _waiting_list(waiting: list[Source]) -> str:
    items = []
    for source in waiting:
        mark = "" if source.verified else f" · {UNVERIFIED}"
        items.append(
            f"<li><b>{text(source.label)}</b><br>{link(source.page_url, source.producer)}{mark}"
            f"<br><code>{text(source.command)}</code></li>"
        )
    return f'<ul class="t-list t-sheet">{"".join(items)}</ul>'
