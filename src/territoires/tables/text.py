"""One way to reduce a text so that two spellings of the same name meet."""

from __future__ import annotations

import unicodedata

_SEPARATORS = "-‐‑‒–—―−'’‘ʼ`´′_"
_TO_SPACE = dict.fromkeys(map(ord, _SEPARATORS), " ")
_LIGATURES = {ord("œ"): "oe", ord("æ"): "ae", ord("ø"): "o", ord("ł"): "l", ord("đ"): "d"}
_ARTICLES = {"le ": "du ", "les ": "des "}
_VOWELS = frozenset("aeiou")
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


def of_name(name: str) -> str:
    """Put « de » before the name of a place, as French does.

    Parameters
    ----------
    name : str
        ``"Estavar"``, ``"Le Vigan"``, ``"Les Ulis (91692)"``, ``"La Rochelle"``.

    Returns
    -------
    str
        ``"d'Estavar"``, ``"du Vigan"``, ``"des Ulis (91692)"``, ``"de La Rochelle"``. Before an h,
        always ``de``: nothing in the spelling tells Hénin-Beaumont from Haguenau.
    """
    for article, contracted in _ARTICLES.items():
        if name.lower().startswith(article):
            return contracted + name[len(article) :]
    start = plain(name[:2])
    # « d'Yvetot », but « de Yutz ».
    elided = start[:1] in _VOWELS or (start[:1] == "y" and start[1:2] not in _VOWELS)
    return f"d'{name}" if start and elided else f"de {name}"


def _without_accents(text: str) -> str:
    # Compatibility forms can produce capitals, and capitals can produce accents: fold in between.
    # Ligatures go before the second pass, for ǿ is an accented ø.
    folded = unicodedata.normalize("NFKD", text).casefold()
    unfolded = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in unfolded if not unicodedata.combining(letter))
