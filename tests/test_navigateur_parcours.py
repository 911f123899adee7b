"""The task of a network in the real page: from opening it to holding the files, in few gestures."""

from __future__ import annotations

from io import BytesIO

import pytest
from docs.parcours import WANTED, follow
from openpyxl import load_workbook
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.browser import DESKTOP
from tests.test_navigateur import address, browser  # noqa: F401

pytestmark = pytest.mark.navigateur

MOST_GESTURES = 10


def test_five_candidates_among_members_in_ten_gestures(
    browser: Browser,  # noqa: F811
    address: str,  # noqa: F811
) -> None:
    context = browser.new_context(**DESKTOP, accept_downloads=True)
    journey = follow(context.new_page(), address, lambda _page, _step: None)
    assert len(journey.steps) <= MOST_GESTURES
    book = load_workbook(BytesIO(journey.files["Classeur (XLSX)"].read_bytes()))
    rows = list(book.worksheets[0].values)
    heading = next(at for at, row in enumerate(rows) if "Rang" in row)
    assert len([row for row in rows[heading + 1 :] if row[0] is not None]) == WANTED
    sheets = PdfReader(journey.files["Fiches (PDF)"])
    words = " ".join(sheet.extract_text() for sheet in sheets.pages)
    assert words.count("Pourquoi ici") == WANTED
    context.close()
