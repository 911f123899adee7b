"""What hands and spreadsheets do to a list, one kind at a time."""

from __future__ import annotations

import random
import unicodedata

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def typo(name: str, chance: random.Random) -> str:
    """Change one letter, as a hand does: another, one less, one more, or two exchanged."""
    at = chance.randrange(len(name))
    kind = chance.choice(("change", "perte", "ajout", "interversion"))
    if kind == "change":
        return name[:at] + chance.choice(LETTERS) + name[at + 1 :]
    if kind == "perte":
        return name[:at] + name[at + 1 :]
    if kind == "ajout":
        return name[:at] + chance.choice(LETTERS) + name[at:]
    return name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]


def typos(name: str, count: int, chance: random.Random) -> str:
    """Change several letters; the name never vanishes."""
    for _ in range(count):
        name = typo(name, chance) or name
    return name


def without_accents(name: str) -> str:
    """Lose accents, hyphens and apostrophes, in capitals: an old export."""
    bare = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE"))
    kept = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return kept.upper().replace("-", " ").replace("'", " ")


def truncated(name: str, share: float) -> str:
    """Keep the start of a name, four letters at least: a column too narrow."""
    return name[: max(4, round(len(name) * share))].rstrip(" -'")
