"""Every doubt before a person, once: what is asked, what was decided, and the next list."""

from territoires.geocoding.review.applying import METHOD, Reviewed, apply_review
from territoires.geocoding.review.model import (
    LONGEST_NOTE,
    NONE_OF_THEM,
    Choice,
    Review,
    clean_note,
)
from territoires.geocoding.review.queue import Doubt, described, doubts_of, gathered
from territoires.geocoding.review.words import FIELDS, Words, words_from, words_of

__all__ = [
    "FIELDS",
    "LONGEST_NOTE",
    "METHOD",
    "NONE_OF_THEM",
    "Choice",
    "Doubt",
    "Review",
    "Reviewed",
    "Words",
    "apply_review",
    "clean_note",
    "described",
    "doubts_of",
    "gathered",
    "words_from",
    "words_of",
]
