"""What a source says of itself: producer, where its file is, its known layouts, what it measures.

A source gives *measures*: counts, published rates and classes by commune, in the communes of its
own year. Bringing them to the communes of today, and dividing one by another to make an indicator,
is the same work for all of them and is done elsewhere (:mod:`conversion`, :mod:`combining`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

import pandas as pd

from territoires.communes import Register
from territoires.errors import AddressUnknown

if TYPE_CHECKING:
    from territoires.sources.conversion_passages import Passages
    from territoires.sources.fetching import Client
    from territoires.sources.opening import OpenedTable

MEASURE_COLUMNS = ("code_commune", "code_mesure", "valeur", "statut")
"""Columns of :attr:`Reading.measures`."""

Kind = Literal["effectif", "valeur", "classe"]
Format = Literal["csv", "parquet", "xlsx", "geojson", "json"]


@dataclass(frozen=True)
class Measure:
    """One figure by commune, as a producer publishes it.

    Attributes
    ----------
    code : str
        Shared by all the sources that publish the same figure (``chomeurs_15_64``).
    kind : str
        ``effectif``: a count, summed when communes merge. ``valeur``: a rate or a median, which
        cannot be merged. ``classe``: a class, kept when all the merged communes share it.
    lowest, highest : float
        What is outside is a mistake of reading or of the producer: the file is refused.
    floor : float or None
        Published in place of every lower value (Filosofi: 5 %); such values get ``plancher``.
    absent_is_zero : bool
        A commune that a *complete* file does not name has none of it (facilities).
    not_covered : tuple of str
        Départements that the source leaves out by construction: ``hors_champ``.
    """

    code: str
    kind: Kind = "effectif"
    lowest: float = 0.0
    highest: float = float("inf")
    floor: float | None = None
    absent_is_zero: bool = False
    not_covered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """One known form of a source's file. Columns are found by name, wherever they are.

    Attributes
    ----------
    name : str
        French, for messages: ``CSV large (un chiffre par colonne)``.
    format : str
        What the file is once out of its archive.
    columns : tuple of str
        Regular expressions, each to match one whole column name; all must be there.
    without : tuple of str
        Regular expressions that no column may match: they betray another source.
    member : str
        Glob of the file's name inside a zip, such as ``*_data.csv``.
    sheet : str
        Of a workbook; the first one when empty.
    heading_row : int
        Row of the column names, counted from 1.
    separator, encoding : str
        Of a CSV; guessed between ``;``, ``,`` and tab, UTF-8 and Windows-1252, when empty.
    verified : bool
        Whether a real file of this form has passed; if not, said beside the figures read of it.
    """

    name: str
    format: Format
    columns: tuple[str, ...]
    without: tuple[str, ...] = ()
    member: str = "*"
    sheet: str = ""
    heading_row: int = 1
    separator: str = ""
    encoding: str = ""
    verified: bool = True


@dataclass(frozen=True)
class PublishedTotal:
    """A figure that the producer publishes elsewhere, and that its file must give back.

    Attributes
    ----------
    vintage : str
        Only files of this vintage are compared.
    measure : str
        Code of the measure.
    place : str
        Code of a commune, ``dep:33``, or ``france`` (every commune).
    value : float
        As published.
    tolerance : float
        Share of the value by which the sum may differ.
    source_url : str
        Where it is published.
    """

    vintage: str
    measure: str
    place: str
    value: float
    tolerance: float = 0.0
    source_url: str = ""


@dataclass(frozen=True)
class Address:
    """Where the current file is.

    Attributes
    ----------
    url : str
        Of the producer.
    file_name : str
        Under which the download is kept.
    """

    url: str
    file_name: str


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read in a file.

    Attributes
    ----------
    vintage : str
        Of the figures: ``2023``, ``2024-T4``.
    cog_year : int
        Year of the communes the file speaks of.
    measures : DataFrame
        :data:`MEASURE_COLUMNS`: commune (text, of ``cog_year``; municipal arrondissements
        allowed), measure, value (float, NaN unless published), status. One row at most by commune
        and measure. Empty for a source of references alone.
    complete : bool
        The file is about the whole country, as far as the source goes.
    rows : int
        Rows of data in the file.
    references : mapping of str to DataFrame or GeoDataFrame
        Tables that are not figures (``appartenance``, ``contours``…): kept beside the figures.
    notes : tuple of str
        French sentences for the person who updates: what was left aside, and why.
    vintages : mapping of str to str
        Vintage of the measures that are not of the common one.
    name : str
        Of the file, for notes; filled in once it is read.
    form_verified : bool
        Whether a real file of its form has passed; filled in once it is read.
    """

    vintage: str
    cog_year: int
    measures: pd.DataFrame
    complete: bool
    rows: int
    references: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    vintages: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    form_verified: bool = True

    def vintage_of(self, measure: str) -> str:
        """Return the vintage of one measure."""
        return self.vintages.get(measure, self.vintage)


class Workbench(Protocol):
    """What a source may use while it reads: the communes, and the references read before it."""

    @property
    def register(self) -> Register:
        """The communes of today."""

    @property
    def passages(self) -> Passages:
        """What became of the communes of earlier years."""

    def reference(self, name: str) -> pd.DataFrame:
        """Return a reference table.

        Raises
        ------
        SourceUnavailable
            No source gave it yet; the message names the one to update first.
        """


Locate = Callable[["Client"], Address]
Collect = Callable[["Client", Workbench, Any], None]
Read = Callable[["OpenedTable", Workbench], Reading]


@dataclass(frozen=True)
class Source:
    """One dataset of one producer.

    Attributes
    ----------
    code : str
        What one types after ``territoires actualiser``.
    label : str
        French name of the dataset.
    producer, licence, page_url : str
        Who, under what terms, and the page that presents it.
    locate : callable
        Given the client, returns where the current file is.
    read : callable
        From an opened file to figures.
    layouts : tuple of Layout
        Known forms, the newest first.
    measures : tuple of Measure
        What it may give.
    references : tuple of str
        Names of the tables it gives besides.
    requires : tuple of str
        References it needs.
    hosts : tuple of str
        Hosts it may be redirected to, beyond that of its address.
    verified : bool
        Whether a real file has passed; if not, said wherever its figures are shown.
    totals : tuple of PublishedTotal
        Checks of the reading.
    gaps : tuple of str
        French: what the figures leave out.
    max_bytes : int
        Above, the download is refused.
    collect : callable, optional
        For a producer without a file: called with the client, the workbench and the path of the
        CSV to write, in place of a download.
    """

    code: str
    label: str
    producer: str
    licence: str
    page_url: str
    locate: Locate
    read: Read
    layouts: tuple[Layout, ...]
    measures: tuple[Measure, ...] = ()
    references: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    verified: bool = True
    totals: tuple[PublishedTotal, ...] = ()
    gaps: tuple[str, ...] = ()
    max_bytes: int = 500_000_000
    collect: Collect | None = None

    @property
    def command(self) -> str:
        """What one types to read it; a file must be given where no address is documented."""
        given = " --depuis FICHIER" if isinstance(self.locate, ByHand) and not self.collect else ""
        return f"territoires actualiser {self.code}{given}"


def at(url: str, file_name: str = "") -> Locate:
    """Return the locator of a file whose address does not change."""
    name = file_name or url.rpartition("/")[2].partition("?")[0]

    def locate(_client: Client) -> Address:
        return Address(url, name)

    return locate


@dataclass(frozen=True)
class ByHand:
    """The locator of a file that a person must fetch: no address of it is documented.

    Attributes
    ----------
    page_url : str
        Where it is found.
    """

    page_url: str

    def __call__(self, _client: Client) -> Address:
        """Refuse, and say what to do.

        Raises
        ------
        AddressUnknown
            Always.
        """
        message = (
            "aucune adresse de fichier n'est documentée. Téléchargez-le depuis "
            f"{self.page_url}, puis : territoires actualiser --depuis FICHIER"
        )
        raise AddressUnknown(message)


def by_hand(page_url: str) -> Locate:
    """Return the locator of a file that a person must fetch."""
    return ByHand(page_url)
