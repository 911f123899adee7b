"""Sets of communes that belong to one person: a server knows them for the time of their visit.

An address must not hold a member list: it would be too long, and told to whoever reads it. It names
the list by a mark, which answers on the server that the person is visiting, for as long as their
visit holds the list: nothing here keeps it alive.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from territoires.errors import UnknownGroup

PRIVATE_PREFIX = "prive"
_CODE = re.compile(PRIVATE_PREFIX + ":[0-9a-f]{16}", re.ASCII)
_MARK_LENGTH = 16


@dataclass(frozen=True, eq=False)
class PrivateGroup:
    """A set of communes.

    Attributes
    ----------
    communes : tuple of str
        Codes, rising, each once.
    code : str
        ``prive:…``: a digest of the communes.
    """

    communes: tuple[str, ...]
    code: str = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(" ".join(self.communes).encode()).hexdigest()
        object.__setattr__(self, "code", f"{PRIVATE_PREFIX}:{digest[:_MARK_LENGTH]}")


class PrivateGroups:
    """Find the groups of the visits under way by their code.

    Notes
    -----
    Safe to share between threads.
    """

    def __init__(self) -> None:
        self._held: WeakValueDictionary[str, PrivateGroup] = WeakValueDictionary()
        self._lock = threading.Lock()

    def hold(self, communes: Iterable[str]) -> PrivateGroup:
        """Return the group of some communes, which can be found while its caller keeps it."""
        group = PrivateGroup(tuple(sorted(set(communes))))
        with self._lock:  # two visits with the same list hold the same group
            return self._held.setdefault(group.code, group)

    def find(self, code: str) -> PrivateGroup:
        """Return a group by its code.

        Raises
        ------
        UnknownGroup
            No visit under way holds it.
        """
        found = self._held.get(code)
        if found is None:
            raise UnknownGroup(
                "Cette adresse montre une liste d'adhérents qui n'est pas ici : une liste reste "
                "chez la personne qui l'a donnée. Rechargez la page."
            )
        return found


def is_private(code: str) -> bool:
    """Tell whether a typed code names a private group."""
    return _CODE.fullmatch(code) is not None
