"""Styles that QGIS opens: its own XML (QML), built as a tree so that names stay text."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from territoires.exports.style import MapStyle
from territoires.maps.palettes import MISSING, Colour

_QGIS = "3.22"  # the oldest version that these styles were opened with
_INK: Colour = (28, 40, 38)
_WHITE: Colour = (255, 255, 255)
_PLAIN: Colour = (11, 93, 87)
_NO_VALUE = -9999.0
"""Stands for a missing value in the expression that is classified: QGIS draws no NULL."""


def outline_style(style: MapStyle | None, lowest: float, highest: float, *, holes: bool) -> str:
    """Return the style of a layer of outlines.

    Parameters
    ----------
    style : MapStyle or None
        Graduated by its column; one colour without it.
    lowest, highest : float
        Least and greatest value of that column.
    holes : bool
        Whether some values are missing: they get a grey of their own.
    """
    document = _document()
    if style is None:
        _single(document, _fill_symbol("0", _PLAIN))
    else:
        _graduated(document, style, lowest, highest, holes=holes)
    return _written(document)


def point_style(label: str | None) -> str:
    """Return the style of a layer of points, labelled by a column when there is one."""
    document = _document()
    _single(document, _marker_symbol("0", _INK))
    if label is not None:
        _labelled(document, label)
    return _written(document)


def _document() -> Xml.Element:
    return Xml.Element("qgis", version=_QGIS, styleCategories="Symbology|Labeling")


def _written(document: Xml.Element) -> str:
    return Xml.tostring(document, encoding="unicode")


def _single(document: Xml.Element, symbol: Xml.Element) -> None:
    renderer = Xml.SubElement(document, "renderer-v2", type="singleSymbol", symbollevels="0")
    Xml.SubElement(renderer, "symbols").append(symbol)


def _graduated(
    document: Xml.Element, style: MapStyle, lowest: float, highest: float, *, holes: bool
) -> None:
    field = '"' + style.column.replace('"', '""') + '"'
    renderer = Xml.SubElement(
        document, "renderer-v2", type="graduatedSymbol", graduatedMethod="GraduatedColor",
        attr=f"coalesce({field}, {_NO_VALUE:g})" if holes else style.column, symbollevels="0",
    )  # fmt: skip
    ranges = Xml.SubElement(renderer, "ranges")
    symbols = Xml.SubElement(renderer, "symbols")
    classes = style.classes
    edges = (
        [*zip(classes.bounds, classes.bounds, strict=True)]
        if classes.discrete
        else [*zip((lowest, *classes.bounds), (*classes.bounds, highest), strict=True)]
    )
    rows = [*zip(edges, classes.labels, classes.colours, strict=True)]
    # The first range that fits is taken: from the top, a value equal to a limit is above it.
    rows.reverse()
    if holes:
        rows.append(((_NO_VALUE, _NO_VALUE), "non disponible", MISSING[1]))
    for number, ((low, high), label, colour) in enumerate(rows):
        Xml.SubElement(
            ranges, "range", lower=repr(float(low)), upper=repr(float(high)), label=label,
            symbol=str(number), render="true",
        )  # fmt: skip
        symbols.append(_fill_symbol(str(number), colour))


def _fill_symbol(name: str, colour: Colour) -> Xml.Element:
    return _symbol(
        name, "fill", "SimpleFill",
        color=_rgba(colour), style="solid", outline_color=_rgba(_WHITE), outline_style="solid",
        outline_width="0.2", outline_width_unit="MM", joinstyle="round",
    )  # fmt: skip


def _marker_symbol(name: str, colour: Colour) -> Xml.Element:
    return _symbol(
        name, "marker", "SimpleMarker",
        name="circle", color=_rgba(colour), size="1.8", size_unit="MM",
        outline_color=_rgba(_WHITE), outline_style="solid", outline_width="0.3",
        outline_width_unit="MM",
    )  # fmt: skip


def _symbol(symbol: str, kind: str, layer_class: str, **options: str) -> Xml.Element:
    element = Xml.Element("symbol", name=symbol, type=kind, alpha="1", clip_to_extent="1")
    layer = Xml.SubElement(element, "layer")
    layer.attrib.update({"class": layer_class, "enabled": "1", "locked": "0", "pass": "0"})
    mapped = Xml.SubElement(layer, "Option", type="Map")
    for key, value in options.items():
        Xml.SubElement(mapped, "Option", type="QString", name=key, value=value)
    for key, value in options.items():  # what versions before 3.18 read
        Xml.SubElement(layer, "prop", k=key, v=value)
    return element


def _labelled(document: Xml.Element, column: str) -> None:
    document.set("labelsEnabled", "1")
    labeling = Xml.SubElement(document, "labeling", type="simple")
    settings = Xml.SubElement(labeling, "settings", calloutType="simple")
    text = Xml.SubElement(
        settings, "text-style", fieldName=column, isExpression="0", fontFamily="Sans",
        fontSize="8", fontSizeUnit="Point", textColor=_rgba(_INK), textOpacity="1",
        fontWeight="50", multilineHeight="1",
    )  # fmt: skip
    Xml.SubElement(
        text, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM",
        bufferColor=_rgba(_WHITE), bufferOpacity="1", bufferJoinStyle="128",
    )  # fmt: skip
    # Around the point, and left out where it would cover another label.
    Xml.SubElement(settings, "placement", placement="6", dist="0.6", distUnits="MM", priority="5")
    Xml.SubElement(settings, "rendering", drawLabels="1", obstacle="1", scaleVisibility="0")


def _rgba(colour: Colour) -> str:
    return "{},{},{},255".format(*colour)
