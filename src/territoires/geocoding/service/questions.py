"""What to ask about a geocoded table: one question for each address that is more than a town."""

from __future__ import annotations

import re

import pandas as pd

from territoires.geocoding.address import split_address
from territoires.geocoding.columns import Columns
from territoires.geocoding.gazetteer import Gazetteer
from territoires.geocoding.service.cleaning import clean_address, compose
from territoires.geocoding.service.contract import Question
from territoires.geocoding.toponyms import Kind

_POSTCODE = re.compile(r"\d{5}")


def write_questions(
    placed: pd.DataFrame, columns: Columns, gazetteer: Gazetteer, longest: int
) -> dict[int, Question]:
    """Write the question of each row that has an address beside its town.

    Parameters
    ----------
    placed : pd.DataFrame
        Geocoded offline.
    columns : Columns
        Which column says what.
    gazetteer : Gazetteer
        Names and postcodes.
    longest : int
        Characters that the service accepts.

    Returns
    -------
    dict
        By row number; rows placed by their own coordinates are not asked.
    """
    if columns.address is None:
        return {}
    cells = zip(
        placed[columns.address].tolist(),
        _cells(placed, columns.postcode),
        _cells(placed, columns.town),
        placed["geo_code_commune"].tolist(),
        placed["geo_precision"].tolist(),
        strict=True,
    )
    known: dict[tuple[str, str, str, str], Question | None] = {}
    questions: dict[int, Question] = {}
    for row, (address, postcode, town, code, precision) in enumerate(cells):
        if not address or precision == "coordonnees":
            continue
        key = (address, postcode, town, code)
        if key not in known:
            known[key] = _question(*key, gazetteer, longest)
        if (question := known[key]) is not None:
            questions[row] = question
    return questions


def _cells(placed: pd.DataFrame, heading: str | None) -> list[str]:
    return [""] * len(placed) if heading is None else placed[heading].tolist()


def _question(
    address: str, postcode: str, town: str, code: str, gazetteer: Gazetteer, longest: int
) -> Question | None:
    found = _POSTCODE.search(postcode) or _POSTCODE.fullmatch(f"0{postcode}")
    digits = found[0] if found else split_address(address).postcode
    within, name = code, town
    if code:
        commune = gazetteer.toponym_of_commune(code)
        name = commune.nom
        digits = digits or (commune.postcodes[0] if len(commune.postcodes) == 1 else "")
        within = _search_code(code, digits, gazetteer)
    text = compose(clean_address(address), digits, name, longest)
    return Question(text, within) if text else None


def _search_code(code: str, postcode: str, gazetteer: Gazetteer) -> str:
    """Return the code to search in: addresses of Paris, Lyon, Marseille bear another one."""
    parts = gazetteer.in_commune(code).toponyms
    if all(part.kind is not Kind.ARRONDISSEMENT for part in parts):
        return code
    part = gazetteer.arrondissement_of_postcode(postcode)
    return part.code if part and code in part.communes else ""
