"""A document of ours as JSON, the way the browser of its owner keeps it, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from territoires.errors import InvalidTable

_T = TypeVar("_T", str, int, list[Any])
_KINDS = {str: "un texte", int: "un nombre entier", list: "une liste"}


@dataclass(frozen=True)
class KeptFormat:
    """One kind of document, and what messages say of it.

    Attributes
    ----------
    name : str
        Written in each document, which it tells from any other: ``territoires.listes``.
    version : int
        Written too; a document of another version is refused.
    max_characters : int
        Longest text that is read.
    label : str
        French, how messages begin: ``Listes``.
    too_large, foreign : str
        French, what is said of a text that is too long, and of a document of another kind.
    """

    name: str
    version: int
    max_characters: int
    label: str
    too_large: str
    foreign: str

    def write(self, **content: Any) -> str:
        """Write a document; :meth:`read` gives its fields back."""
        document = {"format": self.name, "version": self.version, **content}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    def read(self, text: str) -> dict[str, Any]:
        """Read a document, whatever its own fields hold: :meth:`field` checks each.

        Raises
        ------
        InvalidTable
            It is too long, not JSON, of another kind, or of another version.
        """
        if len(text) > self.max_characters:
            raise InvalidTable(f"{self.too_large} : {len(text)} caractères.")
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            message = f"{self.label} : ce qui est gardé n'est pas du JSON, ou est abîmé."
            raise InvalidTable(message) from error
        if not isinstance(document, dict) or document.get("format") != self.name:
            raise InvalidTable(f"Ce fichier JSON {self.foreign} de Territoires.")
        if document.get("version") != self.version:
            raise InvalidTable(
                f"{self.label} d'une autre version du format : "
                f"{document.get('version')!s:.20} ; celle-ci lit la version {self.version}."
            )
        return document

    def field(self, document: object, name: str, kind: type[_T]) -> _T:
        """Return a field of a document, or of an object inside it.

        Raises
        ------
        InvalidTable
            It is missing, or of another type.
        """
        value = document.get(name) if isinstance(document, Mapping) else None
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.damaged(f"le champ « {name} » manque ou n'est pas {_KINDS[kind]}")
        return value

    def damaged(self, problem: str) -> InvalidTable:
        """Return the refusal of a document whose content cannot be."""
        return InvalidTable(f"{self.label} : {problem}. Ce qui est gardé est abîmé.")
