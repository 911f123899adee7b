"""Where in the text of a recipe is the field that a message of refusal speaks of."""

from __future__ import annotations

import re

_PLACE = re.compile(r"(dimensions|indicateurs) n° (\d+)")
_FIELD = re.compile(r"(?:^|[,)] |: )([a-z_]+) : ")
_LONG_TEXT = re.compile(r"(\"\"\"|''').*?\1", re.DOTALL)
_TABLE = re.compile(r"\s*\[\[\s*(\w+)\s*\]\]")


def located(text: str, name: str, problem: str) -> str:
    """Put before a message of refusal the file and the line that it speaks of."""
    line = line_of(text, problem)
    return f"{name}{f', ligne {line}' if line else ''} : {problem}"


def line_of(text: str, problem: str) -> int | None:
    """Find the line of a TOML text that a message of refusal speaks of.

    Parameters
    ----------
    text : str
        The recipe.
    problem : str
        ``indicateurs n° 2, poids : …`` or ``couverture_min : …``.

    Returns
    -------
    int or None
        The line of the field, else of the table it should be in, else of the first table of this
        name; ``None`` when it has none.
    """
    # Only a line feed ends a line of TOML, and a text of several lines holds no field.
    lines = _LONG_TEXT.sub(lambda found: "\n" * found[0].count("\n"), text).split("\n")
    place, field = _PLACE.match(problem), _FIELD.search(problem)
    start, stop = _table_lines(lines, place)
    if field is not None:
        key = re.compile(rf"\s*{field[1]}\s*=")
        found = [at for at in range(start, stop) if key.match(lines[at])]
        if found:
            return found[0] + 1
        if place is None:
            return _first_table(lines, field[1])
    return start + 1 if place is not None and start < len(lines) else None


def _first_table(lines: list[str], name: str) -> int | None:
    heads = (
        at for at, line in enumerate(lines, 1) if (found := _TABLE.match(line)) and found[1] == name
    )
    return next(heads, None)


def _table_lines(lines: list[str], place: re.Match[str] | None) -> tuple[int, int]:
    """Return where a table starts and where the next one does; without a place, the heading."""
    heads = [(at, found[1]) for at, line in enumerate(lines) if (found := _TABLE.match(line))]
    starts = [at for at, _ in heads]
    if place is None:
        return 0, starts[0] if starts else len(lines)
    own = [at for at, name in heads if name == place[1]]
    if int(place[2]) > len(own):
        return len(lines), len(lines)
    start = own[int(place[2]) - 1]
    return start, next((at for at in starts if at > start), len(lines))
