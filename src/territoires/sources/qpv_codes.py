"""Codes of priority neighbourhoods: those of 2024, never those that they replaced."""

from __future__ import annotations

import pandas as pd

from territoires.errors import UnexpectedFormat

_CODE, _OLD_CODE = r"QN[0-9A-Z]{5}[A-Z]", r"QP[0-9A-Z]{6}"


def check_qpv_codes(codes: pd.Series, name: str) -> None:
    """Refuse what is not the code of a neighbourhood of 2024.

    Parameters
    ----------
    codes : Series of str
        As read.
    name : str
        File, for messages.

    Raises
    ------
    UnexpectedFormat
        A code is of the generation of 2015, or is no code at all.
    """
    if codes.str.fullmatch(_OLD_CODE).any():
        message = (
            f"{name} : quartiers de la génération 2015 (codes QP…), remplacés le 1er janvier 2024. "
            "Il faut la liste 2024 (codes QN…)."
        )
        raise UnexpectedFormat(message)
    wrong = codes[~codes.str.fullmatch(_CODE)]
    if len(wrong):
        message = f"{name} : « {wrong.iloc[0]!s:.40} » n'est pas un code de quartier (QN…)."
        raise UnexpectedFormat(message)
