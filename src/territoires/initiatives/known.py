"""The directories a server may be asked about by their mark: the shipped one, and those in use.

An address names the directory it counts by a digest of what is counted. The shipped one answers
everywhere and for good; one that a person completed answers on the server they are visiting, for as
long as their visit holds it: nothing here keeps it alive.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from weakref import WeakKeyDictionary, WeakValueDictionary

from territoires.errors import UnknownDirectory
from territoires.initiatives.directory import Directory

_DECISIVE = ("longitude", "latitude", "geo_code_commune", "type", "axes", "statut")
_MARK_LENGTH = 16


class KnownDirectories:
    """Find directories by mark.

    Parameters
    ----------
    shipped : callable
        Gives the directory that every server has; read at first use.

    Notes
    -----
    Safe to share between threads.
    """

    def __init__(self, shipped: Callable[[], Directory]) -> None:
        self._shipped = shipped
        self._marks: WeakKeyDictionary[Directory, str] = WeakKeyDictionary()
        self._held: WeakValueDictionary[str, Directory] = WeakValueDictionary()
        self._lock = threading.RLock()

    def mark(self, directory: Directory) -> str:
        """Return the mark of a directory, which can be found by it from now on."""
        with self._lock:
            if directory not in self._marks:
                self._marks[directory] = _digest(directory)
            mark = self._marks[directory]
            self._held.setdefault(mark, directory)
            return mark

    def find(self, mark: str) -> Directory:
        """Return the directory of a mark; without a mark, the shipped one.

        Raises
        ------
        UnknownDirectory
            Neither the shipped directory nor one in use has this mark.
        """
        if self.is_shipped(mark):
            return self._shipped()
        found = self._held.get(mark)
        if found is None:
            message = (
                "Cette adresse compte les initiatives d'un annuaire qui n'est plus ici (une autre "
                "version, ou le fichier d'une visite terminée). Rechargez la page."
            )
            raise UnknownDirectory(message)
        return found

    def is_shipped(self, mark: str) -> bool:
        """Tell whether a mark is that of the directory that every server has."""
        return not mark or mark == self.mark(self._shipped())


def _digest(directory: Directory) -> str:
    """Digest what decides where initiatives count: their places, types, axes and statuses."""
    text = directory.frame[list(_DECISIVE)].to_csv(index=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK_LENGTH]
