"""A binder: the named lists of one person, one of which is open. A plain value."""

from __future__ import annotations

from dataclasses import dataclass, replace

from territoires.errors import InvalidRequest
from territoires.shortlist.model import Shortlist
from territoires.tables.text import plain

FIRST_NAME = "Ma sélection"
MAX_LISTS = 50


@dataclass(frozen=True)
class Binder:
    """Named lists, in the order made; names differ by more than case and accents.

    Attributes
    ----------
    lists : tuple of Shortlist
        At least one.
    open : int
        Position of the list that is looked at.

    Raises
    ------
    InvalidRequest
        Two lists have the same name, or there are too many.
    """

    lists: tuple[Shortlist, ...] = (Shortlist(FIRST_NAME),)
    open: int = 0

    def __post_init__(self) -> None:
        if not self.lists:
            object.__setattr__(self, "lists", (Shortlist(FIRST_NAME),))
        object.__setattr__(self, "open", max(0, min(self.open, len(self.lists) - 1)))
        if len(self.lists) > MAX_LISTS:
            raise InvalidRequest(f"{len(self.lists)} listes ; il y en a {MAX_LISTS} au plus.")
        names = [_key(one.nom) for one in self.lists]
        twice = next((one.nom for one in self.lists if names.count(_key(one.nom)) > 1), None)
        if twice is not None:
            raise InvalidRequest(f"Deux listes s'appellent « {twice} » : changez un nom.")

    @property
    def current(self) -> Shortlist:
        """The list that is open."""
        return self.lists[self.open]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the lists, in order."""
        return tuple(one.nom for one in self.lists)

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has put anything into it yet."""
        return self == Binder()

    def with_current(self, changed: Shortlist) -> Binder:
        """Put another state of the open list in its place.

        Raises
        ------
        InvalidRequest
            Its new name is that of another list.
        """
        lists = (*self.lists[: self.open], changed, *self.lists[self.open + 1 :])
        return replace(self, lists=lists)

    def add(self, made: Shortlist) -> Binder:
        """Add a list and open it; a name that is taken gets a number.

        Raises
        ------
        InvalidRequest
            There are too many lists.
        """
        named = made.renamed(self._free_name(made.nom))
        return Binder((*self.lists, named), len(self.lists))

    def opened(self, nom: str) -> Binder:
        """Open a list by its name.

        Raises
        ------
        InvalidRequest
            No list has this name.
        """
        return replace(self, open=self._position(nom))

    def without_current(self) -> Binder:
        """Throw the open list away; the one before it opens."""
        lists = (*self.lists[: self.open], *self.lists[self.open + 1 :])
        return Binder(lists, self.open - 1)

    def moved(self, code: str, nom: str) -> Binder:
        """Move a territory of the open list, with all that is noted of it, into another list.

        Raises
        ------
        InvalidRequest
            It is not in the open list, or no list has this name.
        """
        item, target = self.current.item(code), self._position(nom)
        left = self.with_current(self.current.remove(code))
        lists = list(left.lists)
        lists[target] = lists[target].add(item)
        return replace(left, lists=tuple(lists))

    def joined(self, other: Binder) -> Binder:
        """Add what another binder holds: lists of the same name become one, nothing is lost.

        Where both noted the same territory of the same list, this binder's note stays.
        """
        lists = {_key(one.nom): one for one in self.lists}
        for one in other.lists:
            mine = lists.get(_key(one.nom))
            lists[_key(one.nom)] = one if mine is None else mine.add(*one.items)
        return Binder(tuple(lists.values()), self.open)

    def _position(self, nom: str) -> int:
        if nom not in self.names:
            raise InvalidRequest(f"Aucune liste ne s'appelle « {nom!s:.60} ».")
        return self.names.index(nom)

    def _free_name(self, wanted: str) -> str:
        taken = {_key(name) for name in self.names}
        number, name = 2, wanted
        while _key(name) in taken:
            name = f"{wanted[:180]} ({number})"
            number += 1
        return name


def _key(nom: str) -> str:
    """Return what tells two names apart: the name itself when it has neither letter nor digit."""
    return plain(nom) or nom
