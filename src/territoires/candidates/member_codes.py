"""One code as a person writes it → the communes it stands for, or why it stands for none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from territoires.communes import Register
from territoires.errors import TerritoiresError
from territoires.initiatives.schema import split_list
from territoires.tables.text import of_name
from territoires.territory import territory_from_code

_TYPED = re.compile(r"[a-z]{3,6}:[0-9A-Za-z-]{1,600}")
_COMMUNE = re.compile(r"(\d{2}|2[AB])\d{3}")
_COMMUNE_WITHOUT_ZERO = re.compile(r"\d{4}")
_SIREN = re.compile(r"\d{9}")
_TOO_SHORT = re.compile(r"\d{1,3}|2[AB]")


@dataclass(frozen=True)
class Answer:
    """What one code stands for.

    Attributes
    ----------
    typed : str
        As it was written.
    codes : tuple of str
        Current communes; empty when it stands for none.
    note, problem : str
        French clauses: what was understood beyond the obvious, or why nothing was.
    """

    typed: str
    codes: tuple[str, ...] = ()
    note: str = ""
    problem: str = ""


@dataclass(frozen=True, eq=False)
class CodeReader:
    """Reads codes against the register.

    Attributes
    ----------
    register : Register
        The communes in force.
    """

    register: Register

    def looks_like_code(self, token: str) -> bool:
        """Tell whether a word has the shape of a code, known or not."""
        upper = token.upper()
        shapes = (_COMMUNE, _COMMUNE_WITHOUT_ZERO, _SIREN, _TOO_SHORT)
        return bool(_TYPED.fullmatch(token)) or any(shape.fullmatch(upper) for shape in shapes)

    def read(self, token: str) -> Answer:
        """Read one code."""
        upper = token.upper()
        if _TYPED.fullmatch(token):
            return self._typed(token)
        if _COMMUNE.fullmatch(upper):
            return self._commune(token, upper)
        if _COMMUNE_WITHOUT_ZERO.fullmatch(upper):
            return self._without_zero(token)
        if _SIREN.fullmatch(upper):
            return self._siren(token)
        if _TOO_SHORT.fullmatch(upper):
            return Answer(
                token, problem=f"trop court ; pour un département ou une région : dep:{upper} "
                f"ou reg:{upper}"
            )  # fmt: skip
        return Answer(token, problem="n'a pas la forme d'un code")

    def _typed(self, token: str) -> Answer:
        try:
            return Answer(token, territory_from_code(self.register, token).communes)
        except TerritoiresError as error:
            return Answer(token, problem=str(error).rstrip("."))

    def _commune(self, token: str, code: str) -> Answer:
        if code in self.register.communes.index:
            return Answer(token, (code,))
        answer = self._no_longer_a_commune(token, code)
        if code not in self._postcodes:
            return answer
        # 75001: postcode of Paris, and code of Alfortville before 1968. Not for us to say.
        older = [f"ou l'ancien code {of_name(self._named(heir))}" for heir in answer.codes]
        words = ", ".join(["c'est un code postal", *older])
        return Answer(token, problem=f"{words} : donnez le code actuel de la commune")

    def _no_longer_a_commune(self, token: str, code: str) -> Answer:
        if code in self._lower_level:
            parent = self._lower_level[code]
            return Answer(token, (parent,), note=f"lu comme sa commune, {self._named(parent)}")
        if code in self._former:
            return self._former_commune(token, self._former[code])
        return Answer(token, problem="aucune commune n'a ce code")

    def _former_commune(self, token: str, current: tuple[str, ...]) -> Answer:
        if len(current) == 1:
            note = f"ancienne commune, aujourd'hui {self._named(current[0])}"
            return Answer(token, current, note=note)
        names = ", ".join(self._named(code) for code in current[:5])
        problem = f"ancienne commune partagée entre {names} : donnez celle que vous voulez"
        return Answer(token, problem=problem)

    def _without_zero(self, token: str) -> Answer:
        answer = self._commune(token, f"0{token}")
        if not answer.codes:
            return Answer(token, problem="aucune commune n'a ce code, même avec un zéro devant")
        return Answer(
            token, answer.codes,
            note=f"zéro de tête perdu, lu 0{token} ({self._named(answer.codes[0])})",
        )  # fmt: skip

    def _siren(self, token: str) -> Answer:
        for level in ("epci", "ept"):
            if token in self.register.tables[level].index:
                return Answer(token, self.register.codes_of(level, token))
        if token in self._communes_by_siren:
            return Answer(token, (self._communes_by_siren[token],))
        return Answer(token, problem="ce SIREN n'est ni celui d'un EPCI ni celui d'une commune")

    def _named(self, code: str) -> str:
        return f"{self.register.name_of('commune', code)} ({code})"

    @cached_property
    def _communes_by_siren(self) -> Mapping[str, str]:
        siren = self.register.communes["siren"].dropna()
        return dict(zip(siren.tolist(), siren.index.tolist(), strict=True))

    @cached_property
    def _lower_level(self) -> Mapping[str, str]:
        inferior = self.register.inferior
        return dict(zip(inferior["code"], inferior["code_commune"], strict=True))

    @cached_property
    def _former(self) -> Mapping[str, tuple[str, ...]]:
        """Former code → every present commune it went to, over all its changes."""
        current: dict[str, tuple[str, ...]] = {}
        former = self.register.former
        for code, cell in zip(former["code_ancien"], former["codes_communes"], strict=True):
            known = (part for part in split_list(cell) if part in self.register.communes.index)
            current[code] = tuple(dict.fromkeys((*current.get(code, ()), *known)))
        return {code: communes for code, communes in current.items() if communes}

    @cached_property
    def _postcodes(self) -> frozenset[str]:
        cells = self.register.communes["codes_postaux"].dropna()
        return frozenset(";".join(cells).split(";"))
