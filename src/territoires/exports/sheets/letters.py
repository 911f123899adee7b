"""Texts that anyone may have typed, made fit for paper without changing what they say.

Nothing here is markup: the templates receive texts as values. What remains is what paper cannot
hold: control characters, words longer than a line, a hundred thousand characters, letters that no
font draws, and directions of writing that would run over what follows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

LONGEST = 7_000
"""Characters of one text: more than two pages hold."""
LONGEST_TITLE = 150
CUT = " […] suite dans le fichier"
UNDRAWN = "□"
AS_THEY_ARE = frozenset({"svg", "url", "address", "colour", "kind"})
"""Fields that are no text for people."""

_MOST_BREAKS = 120
_LONGEST_WORD = 36
_BREAK = "\u200b"
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029\x0b\x0c]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufff9-\ufffb\ufffe\uffff]|[\ud800-\udfff]")
_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
_PLAIN = re.compile(r"[ -~\u00a0-\u024f\u2010-\u2027\u202f-\u2044\u20ac\u2122\u2212\u25a1]")
_CLUSTER = re.compile(r"\S(?:[\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff\ufe00-\ufe0f]|\u200d\S?)*")
_RIGHT_TO_LEFT = frozenset(
    {"R", "AL", "AN", "RLE", "RLO", "LRE", "LRO", "PDF", "RLI", "LRI", "FSI"}
)
_MARKS = "\u200e\u200f"


def printable(
    content: Any, drawn: Callable[[Iterable[str]], frozenset[str]]
) -> tuple[Any, frozenset[str]]:
    """Make every text of a sheet fit for paper.

    Parameters
    ----------
    content : mapping, sequence, str or number
        As ``dataclasses.asdict`` gives it.
    drawn : callable
        Of some characters, those that the fonts draw.

    Returns
    -------
    Any
        The same shape.
    frozenset of str
        The characters that no font draws: :data:`UNDRAWN` stands for each.
    """
    cleaned = _each_text(content, clean)
    letters = frozenset("".join(_texts(cleaned)))
    missing = letters - drawn(letters)
    if not missing:
        return cleaned, missing
    table = {ord(letter): UNDRAWN for letter in missing}
    return _each_text(cleaned, lambda text: text.translate(table)), missing


def plainly(content: Any, is_printed: Callable[[str], bool]) -> Any:
    """Keep only the plainest letters of the texts that cannot be printed.

    Letters that are drawn one by one may not be together: a mark over a letter of another writing.
    """
    return _each_text(content, lambda text: text if is_printed(text) else _plain(text))


def _plain(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        letter if letter == "\n" or _PLAIN.fullmatch(letter) else UNDRAWN for letter in composed
    )


def on_one_line(text: str, most: int) -> str:
    """Bring a text to one line, and cut what is longer than a heading or a short field may be."""
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most and len(text) <= 4 * most else f"{line[:most].rstrip()}…"


def clean(text: str) -> str:
    """Cut a text to what may be printed, and keep it from spilling over its neighbours."""
    text = _LINE_ENDS.sub("\n", text[: LONGEST + 1].replace("\t", " "))
    text = _cut(_CONTROL.sub(" ", text).strip(), len(text) > LONGEST)
    text = _WORD.sub(_with_breaks, text)
    return _isolated(text) if _changes_direction(text) else text


def _cut(text: str, is_long: bool) -> str:
    lines = text.split("\n")
    if len(lines) > _MOST_BREAKS:
        return "\n".join(lines[:_MOST_BREAKS]) + CUT
    return text[:LONGEST].rstrip() + CUT if is_long else text


def _with_breaks(word: re.Match[str]) -> str:
    """Let a word that no line holds be broken anywhere but inside a letter and its accents."""
    return _BREAK.join(_CLUSTER.findall(word[0]))


def _isolated(text: str) -> str:
    # By line: an isolate does not last longer than its paragraph.
    return "\n".join(f"{_ISOLATE}{_closed(line)}{_END_ISOLATE}" for line in text.split("\n"))


def _closed(line: str) -> str:
    """Open what a line closes and close what it opens, so that our own isolate ends last."""
    opened = sum(line.count(mark) for mark in "\u2066\u2067\u2068") - line.count(_END_ISOLATE)
    return _ISOLATE * max(-opened, 0) + line + _END_ISOLATE * max(opened, 0)


def _changes_direction(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text) or any(
        mark in text for mark in _MARKS
    )


def _texts(content: Any) -> list[str]:
    """Return every text for people, in order."""
    found: list[str] = []

    def keep(text: str) -> str:
        found.append(text)
        return text

    _each_text(content, keep)
    return found


def _each_text(content: Any, change: Callable[[str], str], name: str = "") -> Any:
    if isinstance(content, str):
        return content if name in AS_THEY_ARE else change(content)
    if isinstance(content, Mapping):
        return {key: _each_text(value, change, key) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_each_text(value, change, name) for value in content]
    return content
