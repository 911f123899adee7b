"""Results kept on the server for every visit, the last ones only."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")


class Kept(Generic[_K, _V]):
    """The last results asked for, shared between threads.

    Parameters
    ----------
    most : int
        How many are kept; the one asked for least recently goes first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[_K, _V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: _K) -> _V | None:
        """Return a result, if it is still here."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def pop(self, key: _K) -> _V | None:
        """Return a result, if it is still here, and keep it no longer."""
        with self._lock:
            return self._held.pop(key, None)

    def put(self, key: _K, value: _V) -> None:
        """Keep a result."""
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)

    def get_or_make(self, key: _K, make: Callable[[], _V]) -> _V:
        """Return a result, made now if it is not here; two visits may make it at once."""
        found = self.get(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()
