"""What a sheet says, already in words: the templates only lay it out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A number that stands out, and what it is."""

    value: str
    label: str


@dataclass(frozen=True)
class Line:
    """A line of a list: what it is about, and what is known of it; empty: « non renseigné »."""

    label: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Row:
    """A line of a table of figures.

    Attributes
    ----------
    label, note : str
        The indicator; its vintage and what must be known of it.
    value : str
        With its unit, or why there is none.
    rank : str
        Rank, range over the communes, or what it brings to the score; may be empty.
    share : float or None
        0 to 1, drawn as a bar: percentile of need, or part of the score.
    is_missing : bool
        There is no value.
    """

    label: str
    note: str
    value: str
    rank: str = ""
    share: float | None = None
    is_missing: bool = False


@dataclass(frozen=True)
class Gauge:
    """Where a rank and its interval are among all: 0 for the first one, 1 for the last."""

    rank: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class IndexReading:
    """The needs index of a place.

    Attributes
    ----------
    title : str
        Name of the recipe.
    figures : tuple of Figure
        Score, rank, interval, known share.
    gauge : Gauge or None
        ``None`` for a place that is not ranked.
    rows : tuple of Row
        What each indicator brings, the most first.
    note : str
        How to read it.
    sentence : str
        The same, in a paragraph.
    """

    title: str
    figures: tuple[Figure, ...]
    gauge: Gauge | None
    rows: tuple[Row, ...]
    note: str
    sentence: str


@dataclass(frozen=True)
class NearRow:
    """An initiative around: its number on the map, or empty when it is not on it."""

    number: str
    colour: str
    name: str
    what: str
    where: str
    distance: str


@dataclass(frozen=True)
class Key:
    """A colour of the map and what it means."""

    colour: str
    label: str


@dataclass(frozen=True)
class Picture:
    """A map: SVG, and what someone who does not see it must know."""

    svg: str
    words: str


@dataclass(frozen=True)
class Imprint:
    """What makes a sheet possible to make again.

    Attributes
    ----------
    produced : str
        Day, program and version.
    versions : str
        Of the data.
    address : str
        Of the page that shows the same; empty for none.
    """

    produced: str
    versions: str
    address: str = ""


@dataclass(frozen=True)
class TerritorySheet:
    """One territory, on two pages.

    Attributes
    ----------
    title, subtitle : str
        Name; what it is and where.
    figures : tuple of Figure
        People, area, density.
    map, locator : Picture
        The territory and its neighbours; where it is in France.
    keys : tuple of Key
        Colours of the map.
    why : str
        Why here: of the search that found it, or read in its index.
    index : IndexReading or None
        ``None`` when no recipe applies.
    near : tuple of NearRow
        Nearest first.
    near_total : int
        How many there are, listed or not.
    near_title, near_note : str
        The same in words; what the list does not say.
    rows_title : str
        Among whom the ranks are.
    columns : tuple of str
        Headings of the rows: two, three or four.
    rows : tuple of Row
        Every figure.
    needs : tuple of Line
        Observed in the field.
    town_hall : tuple of Line
        How to reach it.
    unknown : tuple of str
        What the sheet does not know.
    sources : tuple of str
        Of the figures.
    imprint : Imprint
        Of the sheet.
    status, note : str
        Of the selection that it is printed from.
    """

    title: str
    subtitle: str
    figures: tuple[Figure, ...]
    map: Picture
    locator: Picture
    keys: tuple[Key, ...]
    why: str
    index: IndexReading | None
    near: tuple[NearRow, ...]
    near_total: int
    near_title: str
    near_note: str
    rows_title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    needs: tuple[Line, ...]
    town_hall: tuple[Line, ...]
    unknown: tuple[str, ...]
    sources: tuple[str, ...]
    imprint: Imprint
    status: str = ""
    note: str = ""
    kind: str = "territoire"


@dataclass(frozen=True)
class InitiativeSheet:
    """One initiative, on two pages.

    Attributes
    ----------
    title, subtitle : str
        Name; type, status, where.
    colour : str
        Of its first axis.
    facts : tuple of Line
        Short fields.
    fields : tuple of Line
        Long ones, as they were typed.
    map, locator : Picture or None
        ``None`` when nobody knows where it is.
    place_title : str
        Its territory.
    index : IndexReading or None
        Needs of its commune.
    needs : tuple of Line
        Observed in its territory.
    unknown : tuple of str
        What the sheet does not know.
    sources : tuple of str
        Of the initiative, then of the figures.
    imprint : Imprint
        Of the sheet.
    """

    title: str
    subtitle: str
    colour: str
    facts: tuple[Line, ...]
    fields: tuple[Line, ...]
    map: Picture | None
    locator: Picture | None
    place_title: str
    index: IndexReading | None
    needs: tuple[Line, ...]
    unknown: tuple[str, ...]
    sources: tuple[str, ...]
    imprint: Imprint
    kind: str = "initiative"


Sheet = TerritorySheet | InitiativeSheet
