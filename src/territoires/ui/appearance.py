"""How the pages look: Streamlit's options, one accent colour, French where it is English."""

from __future__ import annotations

import streamlit as st
from streamlit import config

ACCENT = "#0b5d57"

# Set in code, not in a config.toml: the checkout and the wheel start alike, from any folder.
OPTIONS: dict[str, object] = {
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "theme.base": "light",
    "theme.primaryColor": ACCENT,
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#f4f6f5",
    "theme.textColor": "#1c2826",
    "theme.borderColor": "#d5dcda",
    "theme.showWidgetBorder": True,
    "theme.baseRadius": "6px",
    "theme.baseFontSize": 15,
}

STYLE = """
<style>
[data-testid="stMainBlockContainer"] {padding: 4.2rem 1.6rem 2rem; max-width: 1800px}
[data-testid="stSidebarUserContent"] {padding: 0 0 1rem}
[data-testid="stSidebarHeader"] {height: 2.6rem; padding-bottom: 0; margin-bottom: 0}
[data-testid="stSidebar"] [data-testid="stVerticalBlock"] {gap: .7rem}
[data-testid="InputInstructions"], [data-testid="stElementToolbar"],
[data-testid="stStatusWidget"], [data-testid="stAppDeployButton"] {display: none}
[data-testid="stFileUploaderDropzoneInstructions"] > *, /* sizes in MB */
[data-testid="stFileChipName"] + div {display: none}
[data-testid="stFileUploaderDropzoneInstructions"]::after {
  content: "Déposez un fichier ici"; font-size: .9rem; color: #4a5755}
.st-key-initiatives-fichier [data-testid="stFileUploaderDropzoneInstructions"]::after {
  content: "Déposez ici une liste : CSV, TSV, XLSX, ODS, GeoJSON"}
[class*="revue-reprendre"] [data-testid="stFileUploaderDropzoneInstructions"]::after {
  content: "Déposez la revue ici"}
h1 {font-size: 1.55rem !important; padding: 0 0 .2rem !important}
h2 {font-size: 1.2rem !important; padding: .4rem 0 .2rem !important}
h3 {font-size: 1.02rem !important; padding: .3rem 0 .1rem !important}
iframe {display: block}
[data-stale="true"] {opacity: 1 !important; transition: none !important}
[data-testid="stSidebar"] [data-testid="stButtonGroup"] button {
  padding: .2rem .55rem; min-height: 2rem}
[data-testid="stSidebar"] [data-testid="stButtonGroup"] p {font-size: .85rem}
.st-key-official_notice {background: #eef4f2; border-left: 3px solid #0b5d57;
  padding: .3rem .8rem; border-radius: 4px}
.st-key-official_notice p {font-size: .88rem}
.t-axes, .t-list {padding: 0 !important; list-style: none}
.t-axes li, .t-list li {margin-left: 0 !important; padding-left: 0 !important}
.t-axes {display: flex; flex-wrap: wrap; gap: .2rem 1rem;
  margin: .2rem 0; font-size: .82rem}
.t-why {margin: 0 0 .7rem; padding: .1rem 0 .1rem .8rem; border-left: 3px solid #0b5d57;
  font-size: .95rem; line-height: 1.45; max-width: 75rem}
[data-testid="stBaseButton-tertiary"] {min-height: 1.5rem; padding: 0 .1rem; font-size: .88rem}
[data-testid="stBaseButton-tertiary"] p {font-size: .88rem}
.t-sheet {font-size: .92rem; line-height: 1.35}
.t-sheet h2 {margin: 0 0 .1rem; padding: 0 !important}
.t-sub {color: #4a5755; margin: 0 0 .5rem}
.t-key {display: flex; flex-wrap: wrap; gap: .35rem 1.2rem; margin: .3rem 0 .7rem}
.t-key b {font-size: 1.15rem; font-variant-numeric: tabular-nums}
.t-key span {display: block; color: #4a5755; font-size: .8rem}
.t-rows {width: 100%; border-collapse: collapse; margin: .2rem 0 .6rem}
.t-rows th {text-align: left; font-weight: 500; padding: .28rem .4rem .28rem 0; vertical-align: top}
.t-rows td {text-align: right; padding: .28rem 0 .28rem .6rem; vertical-align: top;
  white-space: nowrap;
  font-variant-numeric: tabular-nums}
.t-rows td.t-words {text-align: left; white-space: normal}
.t-named th {width: 9.5rem}
.t-rows tr {border-bottom: 1px solid #e6ebe9}
.t-rows small, .t-note {color: #5a6664; font-size: .78rem; font-weight: 400}
.t-rows small {display: block; white-space: normal}
.t-bar {height: 4px; border-radius: 2px; background: #e6ebe9; margin-top: .25rem; min-width: 4rem}
.t-bar i {display: block; height: 4px; border-radius: 2px; background: #0b5d57}
.t-rows .t-dim th, .t-rows .t-dim td {padding-top: .8rem; font-weight: 600}
.t-rows .t-dim small {display: inline; margin-left: .5rem}
.t-item {display: grid; grid-template-columns: 1fr auto; gap: 0 .6rem; font-size: .9rem;
  line-height: 1.3; margin: .5rem 0 0}
.t-item b {font-weight: 600}
.t-item span {font-variant-numeric: tabular-nums; color: #0b5d57; font-weight: 600}
.t-item small {grid-column: 1 / -1; color: #5a6664; font-size: .78rem}
.t-figures {display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr));
  gap: 1.6rem 2rem}
.t-figure {margin: 0; font-size: .88rem}
.t-figure figcaption {font-size: .95rem; margin-bottom: .3rem}
.t-figure figcaption small {display: block; color: #5a6664; font-size: .78rem}
.t-figure p {margin: .15rem 0; color: #4a5755}
.t-chart {display: block; width: 100%; max-width: 29rem; height: auto}
.t-interval {position: relative; height: .55rem; min-width: 5rem; max-width: 12rem;
  border-radius: 2px; background: #e6ebe9; margin: .15rem 0}
.t-interval i {position: absolute; top: 0; height: 100%; min-width: 2px; background: #a9cbc6;
  border-radius: 2px}
.t-interval b {position: absolute; top: -.15rem; width: 3px; height: .85rem; margin-left: -1px;
  background: #0b5d57; border-radius: 1px}
.t-first td, .t-first th {text-align: left; white-space: normal; vertical-align: middle;
  padding: .35rem .6rem .35rem 0}
.t-first td:first-child {text-align: right; font-variant-numeric: tabular-nums}
.t-first td small {display: inline}
.t-first td span {font-size: .78rem; color: #5a6664}
.t-chosen {background: #eef4f2}
.t-scroll {max-height: 21rem; overflow-y: auto}
.t-story {max-width: 52rem; line-height: 1.55}
.t-story p {margin: .2rem 0 .5rem}
.t-story details {border-bottom: 1px solid #e6ebe9; padding: .35rem 0}
.t-story summary {cursor: pointer}
.t-story a {color: #0b5d57; overflow-wrap: anywhere}
.t-family summary {cursor: pointer}
.t-family summary h3 {display: inline}
.t-card {border: 1px solid #d5dcda; border-radius: 6px; padding: .9rem 1.1rem}
.t-card h2, .t-card h4, .t-card p, .t-card td {overflow-wrap: anywhere}
.t-card h4 {margin: .7rem 0 .1rem; padding: 0 !important; font-size: .92rem; color: #0b5d57}
.t-card p {margin: .1rem 0 .3rem}
.t-finding {font-size: .84rem; line-height: 1.3; margin: -.4rem 0 .2rem; padding-left: .5rem;
  border-left: 3px solid #8a9492; color: #33403e; overflow-wrap: anywhere}
.t-under {margin: -.7rem 0 0; line-height: 1.35}
.t-erreur {border-color: #b3261e; color: #8c1d18}
.t-avertissement {border-color: #c77700; color: #6b4000}
.t-doubt .t-why {margin: .5rem 0 0}
.t-doubt details {margin: 0 0 .4rem; font-size: .88rem}
.t-doubt summary {cursor: pointer; color: #0b5d57}
.st-key-initiatives-candidates {gap: .45rem}
.st-key-initiatives-candidates .stButton button > div,
.st-key-initiatives-candidates .stButton button span[data-has-shortcut] {
  justify-content: flex-start; text-align: left}
.t-typed {white-space: pre-wrap}
.t-none {color: #5a6664; font-style: italic}
.t-list {list-style: none; margin: .2rem 0 .6rem; padding: 0}
.t-list li {padding: .3rem 0; border-bottom: 1px solid #e6ebe9; margin: 0}
.t-dot {display: inline-block; width: .7rem; height: .7rem; border-radius: 50%; margin-right: .4rem;
  border: 1px solid #fff; box-shadow: 0 0 0 1px #8a9492}
.t-sheet a, .t-why a, .t-note a {color: #0b5d57}
.t-why summary {cursor: pointer; color: #0b5d57; font-size: .88rem}
.t-why .t-rows {max-width: 46rem; font-size: .88rem}
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] {padding: 3.8rem .7rem 2rem}
  [data-testid="stExpandSidebarButton"] {width: auto; padding-right: .6rem}
  [data-testid="stExpandSidebarButton"]::after {content: "Pages et filtres"; font-size: .95rem}
}
</style>
"""

# The page of the recipe: sliders, boxes and names side by side need room, where there is some.
WIDER_SIDEBAR = """
<style>
@media (min-width: 1100px) {
  [data-testid="stSidebar"][data-collapsed="false"] {width: 344px !important}
}
[data-testid="stSidebar"] [data-testid="stSliderTickBar"],
[data-testid="stSidebar"] [class*="st-key-indice-poids"] [data-testid="stSliderThumbValue"] {
  display: none}
[data-testid="stSidebar"] [class*="st-key-indice-poids"] input {text-align: right}
[data-testid="stSidebar"] [class*="st-key-indice-retirer-"] {flex: none; width: auto}
[data-testid="stSidebar"] [class*="st-key-indice-retirer-"] button p {font-size: 0}
[data-testid="stSidebar"] [class*="st-key-indice-retirer-"] button p::after {content: "✕";
  font-size: .85rem; color: #5a6664}
[class*="st-key-indice-item-"] {border-bottom: 1px solid #e6ebe9; padding-bottom: .3rem}
@media (max-width: 640px) {
  [data-testid="stExpandSidebarButton"]::after {content: "Pages et recette"}
}
</style>
"""


def apply_options() -> None:
    """Set Streamlit's options; call once, before the server answers."""
    for name, value in OPTIONS.items():
        config.set_option(name, value)
    if not config.is_manually_set("browser.serverAddress"):
        # Without it, a server without a screen asks another machine for its own address.
        config.set_option("browser.serverAddress", "localhost")


LOGO = """<svg xmlns="http://www.w3.org/2000/svg" width="150" height="28" viewBox="0 0 150 28">
<path d="M3 9 9 4l6 3 6-3v14l-6 3-6-3-6 5z" fill="#0b5d57"/>
<circle cx="12" cy="12.5" r="3" fill="#fff"/>
<text x="29" y="20" font-family="Helvetica, Arial, sans-serif"
 font-size="19" font-weight="700" fill="#1c2826">Territoires</text></svg>"""


def apply_style() -> None:
    """Add our name and our few rules to the page being drawn."""
    st.logo(LOGO, size="large")
    st.html(STYLE)
