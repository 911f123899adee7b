"""What the ranking by likeness is worth: said beside it, from the file of the test."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from territoires.candidates.alike import Verdict
from territoires.candidates.wording import format_date
from territoires.indicators import MISSING_TEXT, format_number, format_share
from territoires.ui.markup import escape_markdown, text

EMBEDDED, OFFICIAL = "embarque", "officiel"
_DATA = {EMBEDDED: "embarquées", OFFICIAL: "embarquées et officielles"}
_UNIVERSES = {
    "taille": "mêmes tailles que les territoires connus",
    "france": "toutes les communes",
    "bornes": "taille que vise le dispositif",
}
_METHODS = {
    "ressemblance": "Ressemblance", "population_seule": "Population seule", "hasard": "Au hasard",
}  # fmt: skip
_EXPLAINED = (
    "On fait semblant d'ignorer la moitié de ces territoires, on range les communes par "
    "ressemblance à l'autre moitié, et l'on compte les communes cachées qui arrivent dans les "
    "premiers 10\u00a0% : médiane de vingt tirages et, entre crochets, ce qui en contient "
    "dix-neuf. Méthode complète : docs/methode/semblables.md, livré avec le logiciel."
)


def say_verdict(verdict: Verdict, data: str) -> None:
    """Draw the result of the test, then how it was made and all its figures.

    Parameters
    ----------
    data : str
        ``EMBEDDED`` or ``OFFICIAL``: the figures in use here.
    """
    sentence = escape_markdown(verdict.sentence)
    if verdict.by_default:
        st.caption(sentence)
    else:
        st.warning(
            f"**À lire avant de s'y fier.** {sentence} C'est pourquoi ce classement n'est pas "
            "celui que cette page propose d'abord."
        )
    with st.expander("Comment ce classement a été éprouvé"):
        st.html(verdict_html(verdict, data))


def verdict_html(verdict: Verdict, data: str) -> str:
    """Return the rule, whether it is met, and the figures of the test, those of here marked."""
    met = "remplie" if verdict.by_default else "non remplie"
    head = "".join(f"<td>{text(label)}</td>" for label in _METHODS.values())
    rows = "".join(_row(one, is_here=one.get("donnees") == data) for one in verdict.measures)
    return (
        f'<div class="t-sheet"><p>{text(_EXPLAINED)}</p>'
        f"<p><b>Règle, {met} :</b> {text(verdict.rule)}</p>"
        f'<table class="t-rows"><tr><th scope="col">Communes comparées</th>{head}</tr>{rows}'
        f'</table><p class="t-note">Épreuve du {text(format_date(verdict.tested_on))}. Lignes '
        "foncées : les données en service ici.</p></div>"
    )


def _row(measure: Mapping[str, object], *, is_here: bool) -> str:
    universe, data = str(measure.get("univers", "")), str(measure.get("donnees", ""))
    count = measure.get("communes_comparees")
    compared = format_number(count) if isinstance(count, int) else MISSING_TEXT
    cells = "".join(f"<td>{_share(measure, method)}</td>" for method in _METHODS)
    return (
        f'<tr{" class=t-chosen" if is_here else ""}><th scope="row">'
        f"{text(_UNIVERSES.get(universe, universe))} ({compared})"
        f"<small>données {text(_DATA.get(data, data))}</small></th>{cells}</tr>"
    )


def _share(measure: Mapping[str, object], method: str) -> str:
    """Write a recall and its interval; what the file does not give is said missing."""
    share, interval = measure.get(method), measure.get(f"{method}_intervalle")
    if not isinstance(share, float):
        return MISSING_TEXT
    if not isinstance(interval, list):
        return format_share(share)
    bounds = " à ".join(format_share(float(bound)) for bound in interval)
    return f"{format_share(share)}<small>[{bounds}]</small>"
