"""A comparison of territories as a table for people: laid out, then written as HTML."""

from territoires.exports.side_by_side.html import (
    comparison_html,
    comparison_page,
    comparison_style,
    comparison_table_html,
)
from territoires.exports.side_by_side.layout import PENDING, layout, remarks

__all__ = [
    "PENDING",
    "comparison_html",
    "comparison_page",
    "comparison_style",
    "comparison_table_html",
    "layout",
    "remarks",
]
