"""Sheets one can print and send: a territory or an initiative on two pages, PDF by typst.

:mod:`content` is what a sheet says, :mod:`territory` and :mod:`initiative` write it from the data,
:mod:`press` prints it with ``templates/``; :mod:`letters` makes what anyone typed fit for paper.
"""

from territoires.exports.sheets.booklet import candidate_sheets, selection_sheets, write_booklet
from territoires.exports.sheets.content import InitiativeSheet, Sheet, TerritorySheet
from territoires.exports.sheets.drawing import with_drawn_intervals
from territoires.exports.sheets.initiative import initiative_sheet
from territoires.exports.sheets.press import MOST_SHEETS, print_sheets
from territoires.exports.sheets.source import NEAR_KM, SheetSource
from territoires.exports.sheets.territory import territory_sheet

__all__ = [
    "MOST_SHEETS",
    "NEAR_KM",
    "InitiativeSheet",
    "Sheet",
    "SheetSource",
    "TerritorySheet",
    "candidate_sheets",
    "initiative_sheet",
    "print_sheets",
    "selection_sheets",
    "territory_sheet",
    "with_drawn_intervals",
    "write_booklet",
]
