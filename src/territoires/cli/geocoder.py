"""``territoires geocoder``: a list of places, each given its commune."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, NamedTuple

import click
import pandas as pd

from territoires.cli.addresses import AddressStep, address_options
from territoires.cli.context import current_workspace
from territoires.cli.findings import describe
from territoires.cli.french import FrenchCommand
from territoires.cli.output import check_csv_name, excel_option
from territoires.cli.place_file import read_pieces
from territoires.cli.reviewing import ReviewStep, check_apart, review_option
from territoires.cli.telling import show_progress
from territoires.geocoding import Columns, geocode_table, geocoding_summary, recognise_columns
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.table import typed_headings
from territoires.tables.findings import Finding
from territoires.tables.writing import whole_file, write_csv

_ROWS_AT_A_TIME = 20_000


@click.command(cls=FrenchCommand)
@click.argument("entree", metavar="ENTREE")
@click.argument("sortie", metavar="SORTIE")
@excel_option
@address_options
@review_option
def geocoder(
    entree: str, sortie: str, excel: bool, service: bool, sans_cache: bool, revue: str | None
) -> int:
    """Place chaque ligne d'une liste (CSV, XLSX, ODS, GeoJSON) dans sa commune.

    Sans réseau, sauf avec --service. Les colonnes d'entrée et l'ordre des lignes sont gardés ; les
    colonnes geo_* disent la commune trouvée, la méthode, le doute et son motif. Un gros CSV est lu
    et écrit par morceaux.
    """
    check_csv_name(sortie)
    check_apart(revue, entree, sortie)
    workspace = current_workspace()
    statuses: list[pd.Series] = []
    findings: list[Finding] = []
    review = ReviewStep(revue, workspace.gazetteer)
    step = AddressStep(workspace, asked=service, keep=not sans_cache)
    with step as to_the_address, whole_file(Path(sortie)) as partial, partial.open("wb") as stream:
        for piece in _placed(entree, workspace.gazetteer, review):
            decided = review.decide(piece.frame, piece.columns)
            placed = review.settle(to_the_address(decided, piece.columns))
            _append(stream, placed, excel=excel, first=not statuses)
            statuses.append(placed["geo_statut"])
            findings += piece.findings
    for finding in findings:
        click.echo(describe(finding), err=True)
    click.echo(geocoding_summary(pd.concat(statuses).to_frame()))
    review.write(excel=excel)
    return step.status


class _Piece(NamedTuple):
    """Rows of a file, placed; which column says what; what reading them noticed."""

    frame: pd.DataFrame
    columns: Columns
    findings: Sequence[Finding]


def _placed(path: str, gazetteer: Gazetteer, review: ReviewStep) -> Iterator[_Piece]:
    """Yield the rows of a file, placed, some thousands at a time."""
    show = show_progress("Géocodage")
    before, columns = 0.0, None
    for table, share in read_pieces(path):
        columns = columns or _understood(table.frame, review)
        rows = len(table.frame)
        for start in range(0, max(rows, 1), _ROWS_AT_A_TIME):
            some = table.frame.iloc[start : start + _ROWS_AT_A_TIME].reset_index(drop=True)
            placed = geocode_table(replace(table, frame=some), gazetteer, columns)
            yield _Piece(placed, columns, table.findings if start == 0 else ())
            if show:
                done = min(1.0, (start + len(some)) / max(rows, 1))
                show(before + (share - before) * done)
        before = share


def _understood(frame: pd.DataFrame, review: ReviewStep) -> Columns:
    headings = typed_headings(frame)
    columns = review.columns_of(headings) or recognise_columns(headings)
    click.echo(columns.description, err=True)
    return columns


def _append(stream: IO[bytes], placed: pd.DataFrame, *, excel: bool, first: bool) -> None:
    """Write rows after those that are there, under one line of headings."""
    content = write_csv(placed, excel=excel)
    headings = 0 if first else len(write_csv(placed.iloc[:0], excel=excel))
    stream.write(content[headings:])
