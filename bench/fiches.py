"""Two hundred sheets as one booklet, against headless Chromium printing the same content.

Run with ``python -m bench fiches``. The peer gets what a web application usually does: one HTML
page per sheet with the same texts, tables and vector maps, all in one document with a page break
between sheets, printed by one ``chromium --headless --print-to-pdf``. It neither fits the text to
two pages nor makes a contents page. Before anything is timed, both files are checked to hold every
title, and ours to be two pages a sheet. A third line is typst started from nothing for every
sheet, as a script that calls it in a loop does.
"""

from __future__ import annotations

import io
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from html import escape
from pathlib import Path

import font_source_sans_pro
import pypdf
import typst

from territoires.exports.sheets import (
    SheetSource,
    TerritorySheet,
    print_sheets,
    territory_sheet,
    write_booklet,
)
from territoires.exports.sheets import press as the_press
from territoires.settings import load_settings
from territoires.territory import territory_from_code
from territoires.workspace import open_workspace

COUNT = 200
BOUND_S = 60.0
DAY = date(2026, 11, 26)
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_AFRESH = 20  # sheets: from nothing, two hundred would only be ten times as long


def main() -> None:
    source = _source()
    places = _places(source)
    busy = time.process_time()
    start = time.perf_counter()
    sheets = [territory_sheet(source, place) for place in places]
    written = time.perf_counter() - start
    # A first sheet loads fonts and templates, as the server's or the command's first one does.
    first = _seconds(lambda: print_sheets(sheets[:1], DAY))
    booklet: list[bytes] = []
    printed = _seconds(lambda: booklet.append(write_booklet(source, "Banc d'essai", sheets)))
    busy = time.process_time() - busy
    _check(booklet[0], sheets)
    print(f"{COUNT} fiches, {len(booklet[0]) / 1e6:.1f} Mo, une mesure de chaque")
    print(f"  contenu (données, rangs, cartes) : {written:6.1f} s")
    print(f"  première fiche imprimée, polices comprises : {first:6.2f} s")
    print(f"  livret imprimé par typst : {printed:6.1f} s")
    print(f"  soit {busy:.1f} s de calcul, quoi que la machine fasse d'autre")
    print(f"  mémoire du processus au plus : {_peak_mb():.0f} Mo")
    afresh = _seconds(lambda: [_print_afresh(sheet) for sheet in sheets[:_AFRESH]])
    per_sheet = afresh / _AFRESH * COUNT
    print(f"  typst neuf à chaque fiche : {per_sheet:6.1f} s ; rapport {per_sheet / printed:.1f} ×")
    _compare_with_chromium(sheets, printed)
    # What others do on the machine is not ours: the bound is on the time of computing.
    if busy > BOUND_S:
        sys.exit(f"borne dépassée : {BOUND_S:.0f} s")


def _source() -> SheetSource:
    workspace = open_workspace(load_settings({}))
    return SheetSource(
        register=workspace.register,
        indicators_by=workspace.indicators_by,
        directory=workspace.directory,
        needs_observed=workspace.needs_observed,
        recipe=workspace.recipes[workspace.default_recipe],
        version=workspace.colours.version,
        produced_on=DAY,
    )


def _places(source: SheetSource) -> list:
    """Return communes and EPCI spread over the country, the same every time."""
    communes, epci = source.register.communes.index, source.register.epci.index
    half = COUNT // 2
    codes = [f"com:{code}" for code in communes[:: len(communes) // half][:half]]
    codes += [f"epci:{code}" for code in epci[:: len(epci) // half][:half]]
    return [territory_from_code(source.register, code) for code in codes]


def _seconds(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _check(content: bytes, sheets: Sequence[TerritorySheet]) -> None:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    fronts = [page.extract_text() for page in pages[-2 * len(sheets) :: 2]]
    for sheet, text in zip(sheets, fronts, strict=True):
        assert _squeezed(sheet.title) in _squeezed(text), sheet.title


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _print_afresh(sheet: TerritorySheet) -> bytes:
    """Print one sheet with a compiler of its own, fonts searched again."""
    content = {"title": sheet.title, "booklet": None, "sheets": [asdict(sheet)], "undrawn": False}
    templates = Path(the_press.__file__).with_name("templates")
    return typst.compile(
        templates / "main.typ",
        root=templates,
        font_paths=[font_source_sans_pro.font_directory],
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        pdf_standards="ua-1",
    )


def _compare_with_chromium(sheets: Sequence[TerritorySheet], ours: float) -> None:
    browser = next((path for name in _CHROMIUM if (path := shutil.which(name))), None)
    if browser is None:
        print("  Chromium absent : apt-get install chromium pour la comparaison")
        return
    with tempfile.TemporaryDirectory() as folder:
        page, target = Path(folder) / "fiches.html", Path(folder) / "fiches.pdf"
        page.write_text(_html(sheets), encoding="utf-8")
        command = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/p",
            "--no-pdf-header-footer", f"--print-to-pdf={target}", page.as_uri(),
        ]  # fmt: skip
        peer = _seconds(lambda: subprocess.run(command, check=True, capture_output=True))
        text = _squeezed("".join(p.extract_text() for p in pypdf.PdfReader(target).pages))
        assert all(_squeezed(sheet.title) in text for sheet in sheets)
        version = subprocess.run([browser, "--version"], capture_output=True, text=True, check=True)
        print(
            f"  {version.stdout.split(' built')[0].strip()}, même contenu : {peer:6.1f} s, "
            f"{target.stat().st_size / 1e6:.1f} Mo ; rapport {peer / ours:.1f} ×"
        )


def _html(sheets: Sequence[TerritorySheet]) -> str:
    style = (
        "@page{size:A4;margin:1.5cm} body{font:10pt sans-serif} section{break-after:page} "
        "table{width:100%;border-collapse:collapse} td{border-bottom:1px solid #ddd}"
    )
    body = "".join(map(_section, sheets))
    return f'<!doctype html><html lang="fr"><meta charset="utf-8"><style>{style}</style>{body}'


def _section(sheet: TerritorySheet) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(x)}" for x in (row.label, row.note, row.value, row.rank))
        for row in (*(sheet.index.rows if sheet.index else ()), *sheet.rows)
    )
    near = "".join(
        f"<li>{escape(row.name)} {escape(row.what)} {row.distance}" for row in sheet.near
    )
    hall = "".join(f"<li>{escape(line.label)} {escape(line.text)}" for line in sheet.town_hall)
    sources = "".join(f"<li>{escape(told)}" for told in sheet.sources)
    return (
        f"<section><h1>{escape(sheet.title)}</h1><p>{escape(sheet.subtitle)}</p>{sheet.map.svg}"
        f"{sheet.locator.svg}<p>{escape(sheet.why)}</p><table>{rows}</table><ul>{near}</ul>"
        f"<ul>{hall}</ul><ul>{sources}</ul></section>"
    )


if __name__ == "__main__":
    main()
