"""Long work beside the pages: one at a time on the server, with its progress, and a way to stop.

A page must never wait for it: Streamlit would keep the map from answering.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import streamlit as st

from territoires.errors import InvalidRequest, TerritoiresError

_log = logging.getLogger(__name__)

Progress = Callable[[float], None]
Work = Callable[[Progress], object]

MOST_JOBS = 8
BUSY = "Trop de calculs attendent déjà leur tour : réessayez dans une minute."
UNEXPECTED = "Le calcul s'est arrêté sur une erreur inattendue, notée dans le journal du serveur."


class _Stopped(Exception):
    """Raised inside the work when nobody waits for it any more."""


class Job:
    """One piece of work, that several visits may wait for.

    Attributes
    ----------
    share : float
        Part done, 0 to 1.
    """

    def __init__(self) -> None:
        self.share = 0.0
        self._waiting: set[str] = set()
        self._stop = threading.Event()
        self._future: Future[object] | None = None

    @property
    def is_over(self) -> bool:
        """Whether it is done, stopped or failed."""
        return self._future is not None and self._future.done()

    @property
    def problem(self) -> str:
        """Why it failed, in French; empty while it runs, when done, and when stopped."""
        error = None if self._future is None else _failure(self._future)
        if error is None:
            return ""
        return str(error) if isinstance(error, TerritoiresError) else UNEXPECTED

    def wait(self, seconds: float) -> bool:
        """Wait for the end, but no longer than this; tell whether it is over."""
        if self._future is not None:
            wait([self._future], timeout=seconds)
        return self.is_over

    def begin(self, workers: ThreadPoolExecutor, work: Work) -> None:
        """Hand the work over."""
        self._future = workers.submit(work, self.tell)
        self._future.add_done_callback(_log_unexpected)

    def join(self, visitor: str) -> None:
        """Add someone who waits for it."""
        self._waiting.add(visitor)

    def leave(self, visitor: str) -> bool:
        """Take someone out; stop, and tell so, when nobody else waits."""
        self._waiting.discard(visitor)
        if not self._waiting:
            self.stop()
        return not self._waiting

    def stop(self) -> None:
        """Stop at the next step of the work, or before it begins."""
        self._stop.set()
        if self._future is not None:
            self._future.cancel()

    def tell(self, share: float) -> None:
        """Note the part done; the work calls it, and stops there when it must."""
        self.share = share
        if self._stop.is_set():
            raise _Stopped


class Jobs:
    """The jobs of a server, by what they work out.

    Parameters
    ----------
    most : int
        How many may run or wait their turn.
    """

    def __init__(self, most: int = MOST_JOBS) -> None:
        self._most = most
        self._jobs: dict[Hashable, Job] = {}
        self._lock = threading.Lock()
        self._workers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="calcul")

    def start(self, key: Hashable, work: Work, visitor: str) -> Job:
        """Start a job, or join the one that runs.

        Parameters
        ----------
        key : hashable
            What is worked out.
        work : callable
            Given how to tell its progress; keeps its own result.
        visitor : str
            Who waits for it.

        Raises
        ------
        InvalidRequest
            Too many wait already.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.is_over:
                self._forget_old_ones()
                if len(self._jobs) >= self._most:
                    raise InvalidRequest(BUSY)
                job = self._jobs[key] = Job()
                job.begin(self._workers, work)
            job.join(visitor)
            return job

    def find(self, key: Hashable) -> Job | None:
        """Return the job of a key, over or not, if there was one lately."""
        with self._lock:
            return self._jobs.get(key)

    def leave(self, key: Hashable, visitor: str) -> None:
        """Wait no longer; the work stops when nobody else waits."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and job.leave(visitor):
                del self._jobs[key]

    def forget(self, key: Hashable) -> None:
        """Forget a job that is over, so that it may be tried again."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and job.is_over:
                del self._jobs[key]

    def stop(self) -> None:
        """Stop everything: the server is closing, or its data are not those any more."""
        with self._lock:
            for job in self._jobs.values():
                job.stop()
            self._jobs.clear()

    def _forget_old_ones(self) -> None:
        for key in [key for key, job in self._jobs.items() if job.is_over]:
            del self._jobs[key]


def _failure(future: Future[object]) -> BaseException | None:
    """Return what ended the work; ``None`` while it runs, when it is done, and when stopped."""
    if not future.done() or future.cancelled():
        return None
    error = future.exception()
    return None if isinstance(error, _Stopped) else error


def _log_unexpected(future: Future[object]) -> None:
    error = _failure(future)
    if error is not None and not isinstance(error, TerritoiresError):
        _log.error("background work failed", exc_info=error)


jobs = Jobs()
_VISITOR = "visiteur"


class Awaited:
    """What this visit waits for: one job of a kind at a time.

    Parameters
    ----------
    name : str
        Session key of the kind.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def start(self, key: Hashable, work: Work) -> Job:
        """Start a job, or join it.

        Raises
        ------
        InvalidRequest
            Too many wait already.
        """
        job = jobs.start(key, work, _visitor())
        st.session_state[self._name] = key
        return job

    def is_for(self, key: Hashable) -> bool:
        """Tell whether this visit waits for a job."""
        return self._name in st.session_state and st.session_state[self._name] == key

    def leave(self, but: Hashable = None) -> None:
        """Wait no longer, unless it is for the job of this key."""
        if self._name in st.session_state and not self.is_for(but):
            jobs.leave(st.session_state.pop(self._name), _visitor())


def _visitor() -> str:
    """Return what names this visit among those who wait for a job."""
    return str(st.session_state.setdefault(_VISITOR, uuid.uuid4().hex))
