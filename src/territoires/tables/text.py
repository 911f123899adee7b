"""One way to reduce a text so that two spellings of the same name meet."""

from __future__ import annotations

import unicodedata

_SEPARATORS = "-‐‑‒–—―−'’‘ʼ`´′_"
_TO_SPACE = dict.fromkeys(map(ord, _SEPARATORS), " ")
_LIGATURES = {ord("œ"): "oe", ord("æ"): "ae", ord("ø"): "o", ord("ł"): "l", ord("đ"): "d"}
_TABLE: dict[int, str] = {**_TO_SPACE, **_LIGATURES}


def plain(text: str) -> str:
    """Lower-case a text, strip its accents, turn hyphens and apostrophes into spaces.

    Parameters
    ----------
    text : str
        Any text: ``"L'Haÿ-les-Roses"``, ``"  Sacré–Cœur "``.

    Returns
    -------
    str
        ``"l hay les roses"``, ``"sacre coeur"``: spaces are single, none at the ends.
        Other punctuation is kept. Applying it twice changes nothing more.
    """
    lowered = text.lower() if text.isascii() else _without_accents(text)
    return " ".join(lowered.translate(_TABLE).split())


def _without_accents(text: str) -> str:
    # Compatibility forms can produce capitals, and capitals can produce accents: fold in between.
    # Ligatures go before the second pass, for ǿ is an accented ø.
    folded = unicodedata.normalize("NFKD", text).casefold()
    unfolded = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in unfolded if not unicodedata.combining(letter))
