"""Lengths of registration, as a producer words them: which ones make a year or more."""

from __future__ import annotations

import re
from collections.abc import Iterable

from territoires.errors import UnexpectedFormat
from territoires.tables.text import plain

WHOLE = r"(?i:total|ensemble|toutes? (?:anciennetés?|durées?))"
_YEAR = 12.0
_ENDLESS = float("inf")
_MONTHS = {"mois": 1.0, "an": 12.0, "ans": 12.0}
_WORDS = {"+": "plus", "un": "1", "une": "1", "deux": "2", "trois": "3"}
_TIME = r"(\d+) ?(mois|ans?)?"
_FORMS = (
    (re.compile(rf"(?:inscrits? )?(?:depuis )?moins (?:de |d )?{_TIME}"), "below"),
    (re.compile(rf"(?:inscrits? )?(?:depuis )?plus (?:de |d )?{_TIME}"), "above"),
    (re.compile(rf"(?:inscrits? )?(?:depuis )?{_TIME} (?:et|ou) plus"), "above"),
    (re.compile(rf"(?:de |entre )?{_TIME} (?:a|et) (?:moins (?:de |d ))?{_TIME}"), "between"),
)


def long_term_labels(labels: Iterable[str], where: str) -> frozenset[str]:
    """Choose the labels that, put together, are one year or more.

    Parameters
    ----------
    labels : iterable of str
        ``De 1 an à moins de 2 ans``, ``1 an ou plus``…, the one of the whole included.
    where : str
        File, for the message.

    Returns
    -------
    frozenset of str
        ``1 an ou plus`` alone when it is there; else the parts that follow one another from one
        year on.

    Raises
    ------
    UnexpectedFormat
        A label cannot be read, or they do not part at one year; the message lists them.
    """
    detailed = sorted(label for label in labels if not re.fullmatch(WHOLE, label))
    spans = {label: span_of(label) for label in detailed}
    exact = [label for label, span in spans.items() if span == (_YEAR, _ENDLESS)]
    if len(exact) == 1:
        return frozenset(exact)
    chain, reached = list[str](), _YEAR
    while reached < _ENDLESS:
        following = [(s[1], label) for label, s in spans.items() if s and s[0] == reached]
        if None in spans.values() or len(following) != 1:
            message = (
                f"{where} : anciennetés qui ne permettent pas de compter un an et plus : "
                f"{', '.join(detailed[:12])}."
            )
            raise UnexpectedFormat(message)
        reached = following[0][0]
        chain.append(following[0][1])
    return frozenset(chain)


def span_of(label: str) -> tuple[float, float] | None:
    """Return the bounds of a length in months, or nothing when it cannot be read."""
    text = " ".join(_WORDS.get(word, word) for word in plain(label).split())
    for form, kind in _FORMS:
        found = form.fullmatch(text)
        if not found:
            continue
        months = [
            float(found[at]) * _MONTHS[found[at + 1] or found[found.re.groups] or "mois"]
            for at in range(1, found.re.groups, 2)
        ]
        if kind == "below":
            return 0.0, months[0]
        return (months[0], _ENDLESS) if kind == "above" else (months[0], months[1])
    return None
