"""From content to PDF: typst, our templates, our font. Nothing is asked of the network.

docs/decisions/0016. A sheet is given to the templates as JSON: a text is a value, never markup.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import font_source_sans_pro
import typst

from territoires.errors import DataFileError, InvalidRequest
from territoires.exports.sheets.content import Sheet
from territoires.exports.sheets.letters import plainly, printable

FONT = "Source Sans Pro"
MOST_SHEETS = 500
_TEMPLATES = Path(__file__).with_name("templates")
_MAIN = _TEMPLATES / "main.typ"
_MOST_TRIALS = 400
_PLAIN_UP_TO = 0x2100


@dataclass(frozen=True)
class Booklet:
    """What binds sheets together.

    Attributes
    ----------
    title : str
        Of the cover, as a person typed it.
    subtitle : str
        What is inside.
    provenance : tuple of str
        How what is inside was found, said after the contents.
    """

    title: str
    subtitle: str
    provenance: tuple[str, ...] = ()


def print_sheets(
    sheets: Sequence[Sheet], produced_on: date, booklet: Booklet | None = None
) -> bytes:
    """Print sheets, each on its own pages, two at most.

    Parameters
    ----------
    sheets : sequence of TerritorySheet or InitiativeSheet
        In order.
    produced_on : datetime.date
        Written in the file, which is the same from one print to the next.
    booklet : Booklet, optional
        A cover and a contents page before them.

    Returns
    -------
    bytes
        PDF, tagged (PDF/UA-1), its font embedded.

    Raises
    ------
    InvalidRequest
        There is no sheet, or too many.
    DataFileError
        The templates or the font are not where they were installed.
    """
    if not sheets:
        raise InvalidRequest("Rien à imprimer : choisissez au moins un territoire.")
    if len(sheets) > MOST_SHEETS:
        raise InvalidRequest(
            f"{len(sheets)} fiches demandées : un livret en contient {MOST_SHEETS} au plus."
        )
    content: dict[str, Any] = {
        "title": booklet.title if booklet else sheets[0].title,
        "booklet": asdict(booklet) if booklet else None,
        "sheets": [asdict(sheet) for sheet in sheets],
    }
    return _press().print(content, produced_on)


class _Press:
    """One typst compiler, used by one thread at a time."""

    def __init__(self) -> None:
        fonts = typst.Fonts(font_paths=[font_source_sans_pro.font_directory])
        if FONT not in fonts.families():
            remedy = "Réinstallez Territoires"
            raise DataFileError(font_source_sans_pro.font_directory, "police absente", remedy)
        if not _MAIN.is_file():
            raise DataFileError(_MAIN, "modèle de fiche absent", "Réinstallez Territoires")
        self._compiler = typst.Compiler(_MAIN, root=_TEMPLATES, font_paths=fonts)
        self._lock = threading.Lock()
        self._drawn: set[str] = set()
        self._undrawn: set[str] = set()

    def print(self, content: dict[str, Any], day: date) -> bytes:
        """Compile sheets, whatever is written on them."""
        printed, missing = printable(content, self.drawn)
        try:
            return self._pages(printed, day, undrawn=bool(missing))
        except typst.TypstError:
            return self._pages(plainly(printed, self._prints_text), day, undrawn=True)

    def _pages(self, content: dict[str, Any], day: date, *, undrawn: bool) -> bytes:
        made_at = datetime(day.year, day.month, day.day, tzinfo=UTC)
        inputs = {"content": json.dumps({**content, "undrawn": undrawn}, ensure_ascii=False)}
        with self._lock:
            return self._compile(inputs, made_at)

    def _prints_text(self, text: str) -> bool:
        with self._lock:
            return self._prints([text])

    def drawn(self, letters: Iterable[str]) -> frozenset[str]:
        """Return the characters that some font here draws: PDF/UA refuses all others."""
        asked = frozenset(letters)
        with self._lock:
            unknown = asked - self._drawn - self._undrawn
            # Latin letters are nearly all drawn, and the others often not: tried apart.
            for one in (True, False):
                self._try(sorted(c for c in unknown if (ord(c) < _PLAIN_UP_TO) is one))
        return asked & self._drawn

    def _try(self, letters: list[str]) -> None:
        """Find which characters can be printed, in halves, within a number of trials."""
        waiting, trials = [letters] if letters else [], 0
        while waiting:
            some = waiting.pop()
            trials += 1
            if trials <= _MOST_TRIALS and self._prints(some):
                self._drawn.update(some)
            elif len(some) == 1 or trials > _MOST_TRIALS:
                self._undrawn.update(some)
            else:
                middle = len(some) // 2
                waiting += [some[middle:], some[:middle]]

    def _prints(self, letters: list[str]) -> bool:
        probe = {"probe": json.dumps(letters, ensure_ascii=False)}
        try:
            self._compile(probe, datetime(2000, 1, 1, tzinfo=UTC))
        except typst.TypstError:
            return False
        return True

    def _compile(self, inputs: dict[str, str], made_at: datetime) -> bytes:
        content = self._compiler.compile(
            format="pdf", sys_inputs=inputs, pdf_standards="ua-1", timestamp=made_at
        )
        if not isinstance(content, bytes):
            message = "typst gave no PDF"
            raise TypeError(message)
        return content


@lru_cache(maxsize=1)
def _press() -> _Press:
    return _Press()
