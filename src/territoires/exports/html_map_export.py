"""A map in one file: opened from an e-mail, without network, by any browser.

folium makes the map; Leaflet, outlines, table and sources are inside, and the page forbids itself
any request (Content-Security-Policy). Values are read by its script from JSON and from its own
table, as text: nothing that a person typed is ever part of a script or of the HTML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from importlib.resources import files
from typing import Any

import folium
from branca.element import Figure, MacroElement
from folium.template import Template

from territoires.errors import DataFileError, InvalidRequest
from territoires.exports.bundle import Backdrop, ExportBundle
from territoires.exports.html_map_page import PAGE, SCRIPT
from territoires.exports.html_map_shapes import STEPS_PER_DEGREE, pack
from territoires.exports.html_map_table import table_html
from territoires.indicators import format_number
from territoires.maps import MAINLAND
from territoires.maps.palettes import MISSING, PALETTES, to_hex
from territoires.shortlist.identity import IDENTITY

SELECTION_ID = "territoires-selection"
"""Identifier of the JSON that :mod:`territoires.exports.reading` takes back."""

_PACKAGE = "js_lib_leaflet"
_NO_CLASS = to_hex(MISSING[1])
_ONE_COLOUR = PALETTES["ocean"].stops[5]
_BACKDROP_POINTS = 15_000
_LEAFLET_IMAGES = re.compile(r"url\(images/[^)]*\)")
_SOURCE_MAP = re.compile(r"//# sourceMappingURL=.*")
_IN_A_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


class _Page(Figure):
    """The page around the map; its parts go in as they are, and are not read as templates."""

    _template = Template(PAGE)

    def __init__(self, parts: Mapping[str, str]) -> None:
        super().__init__()
        self.parts = parts


class _Drawing(MacroElement):
    """What our own script draws on the map, from the JSON of the page."""

    _template = Template(
        "{% macro script(this, kwargs) %}territoires({{ this._parent.get_name() }});{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._id = "dessin"


class _Map(folium.Map):
    """A folium map that loads nothing: the page holds Leaflet already."""

    def __init__(self) -> None:
        super().__init__(location=(46.6, 2.5), zoom_start=6, tiles=None, zoom_control=False,
                         zoomSnap=0.25, font_size="13px")  # fmt: skip
        self._id = "carte"
        self.default_js, self.default_css = [], []


def write_html_map(bundle: ExportBundle) -> bytes:
    """Write the map, its legend, its table and its sources as one HTML file.

    Returns
    -------
    bytes
        UTF-8. Outlines are simplified to :data:`html_map_shapes.MOST_POINTS` points in all, so that
        500 territories fit in 3 MB; longer notes than those make the file larger, and come back.

    Raises
    ------
    InvalidRequest
        The export has neither outlines nor points.
    DataFileError
        Leaflet is not installed whole.
    """
    has_points = any(point is not None for point in bundle.points or ())
    if not bundle.has_outlines and not has_points:
        raise InvalidRequest("Cet export n'a pas de contours : choisissez un format de tableau.")
    colours, classes = _colours(bundle)
    page = _Page(
        {
            "titre": escape(bundle.title),
            "nombre": _counted(len(bundle.table)),
            "leaflet_css": _leaflet("leaflet.css"),
            "leaflet_js": _leaflet("leaflet.js"),
            "script": SCRIPT,
            "dessin": _json(_drawing(bundle, classes, colours)),
            "identifiant": SELECTION_ID,
            "selection": _json(_selection(bundle)),
            "legende": _legend(bundle, colours),
            "tableau": table_html(bundle, classes, colours),
            "sources": "".join(f"<li>{escape(line)}</li>" for line in bundle.provenance),
        }
    )
    drawn = _Map()
    page.add_child(drawn)
    drawn.add_child(_Drawing())
    html: str = page.render()
    return html.encode("utf-8")


def _colours(bundle: ExportBundle) -> tuple[list[str], list[int]]:
    """Return the colour of each class, then that of none; and the class of each row."""
    style = bundle.style
    if style is None:
        return [_ONE_COLOUR, _NO_CLASS], [0] * len(bundle.table)
    colours = [to_hex(colour) for colour in style.classes.colours]
    return [*colours, _NO_CLASS], [int(found) for found in style.of(bundle.table)]


def _drawing(bundle: ExportBundle, classes: list[int], colours: list[str]) -> dict[str, Any]:
    west, south, east, north = MAINLAND.bounds
    backdrop = bundle.backdrop() if bundle.backdrop else Backdrop((), ())
    return {
        "pas": STEPS_PER_DEGREE,
        "metropole": [[south, west], [north, east]],
        "fond": pack(backdrop.outlines, _BACKDROP_POINTS),
        "noms": list(backdrop.names),
        "formes": pack(bundle.outlines or [None] * len(bundle.table)),
        "points": [
            None if at is None else [round(at[1], 5), round(at[0], 5)]
            for at in bundle.points or [None] * len(bundle.table)
        ],
        "classes": classes,
        "couleurs": colours,
    }


def _selection(bundle: ExportBundle) -> dict[str, Any]:
    """Return what makes a selection of the file again, exactly as it was typed."""
    columns = [name for name in IDENTITY if name in bundle.table.columns]
    cells = bundle.table[columns].astype("object")
    rows = cells.where(cells.notna(), "").astype("str")
    return {"titre": bundle.title, "colonnes": columns, "lignes": rows.to_numpy().tolist()}


def _legend(bundle: ExportBundle, colours: list[str]) -> str:
    style = bundle.style
    if style is None:
        return ""
    counts = [*style.classes.counts, style.classes.missing_count]
    labels = [*style.classes.labels, "non disponible"]
    rows = [
        f'<li><i style="background:{colour}" aria-hidden="true"></i>'
        f"<span>{escape(label)} <small>{format_number(count)}</small></span></li>"
        for colour, label, count in zip(colours, labels, counts, strict=True)
        if count
    ]
    return f"<p><b>{escape(style.title)}</b></p><ul>{''.join(reversed(rows))}</ul>"


def _counted(count: int) -> str:
    return f"{format_number(count)} territoire{'s' if count > 1 else ''}"


def _json(value: Any) -> str:
    """Write JSON that stays inside its script element whatever it holds."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return "".join(_IN_A_SCRIPT.get(letter, letter) for letter in text)


@lru_cache(maxsize=2)
def _leaflet(name: str) -> str:
    """Return a file of Leaflet, without what it would ask elsewhere (images that we do not use)."""
    file = files(_PACKAGE).joinpath("static", _PACKAGE, name)
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError as error:
        raise DataFileError(name, "fichier de Leaflet absent", "Réinstallez Territoires") from error
    return _SOURCE_MAP.sub("", _LEAFLET_IMAGES.sub("none", text)).strip()
