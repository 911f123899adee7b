"""Long work beside the pages: it tells, it stops when nobody waits, it fails aloud."""

from __future__ import annotations

import threading
import time

import pytest

from territoires.errors import InvalidRequest
from territoires.ui.background import UNEXPECTED, Job, Jobs
from territoires.ui.kept import Kept


def over(job: Job, seconds: float = 20.0) -> Job:
    limit = time.monotonic() + seconds
    while not job.is_over and time.monotonic() < limit:
        time.sleep(0.005)
    assert job.is_over
    return job


def test_two_visitors_wait_for_one_job_and_the_last_to_leave_stops_it() -> None:
    jobs, started, reached = Jobs(), threading.Event(), []

    def work(progress) -> None:
        for step in range(10_000):
            reached.append(step)
            started.set()
            progress(step / 10_000)
            time.sleep(0.002)

    job = jobs.start("k", work, "a")
    assert jobs.start("k", work, "b") is job
    started.wait(10)
    jobs.leave("k", "a")
    time.sleep(0.05)
    assert not job.is_over
    jobs.leave("k", "b")
    over(job)
    assert len(reached) < 10_000
    assert job.problem == ""
    assert jobs.find("k") is None
    jobs.leave("k", "b")


def test_what_waits_its_turn_never_starts_when_left() -> None:
    jobs, release = Jobs(), threading.Event()
    first = jobs.start("long", lambda _progress: release.wait(10), "a")
    second = jobs.start("next", lambda _progress: None, "a")
    jobs.leave("next", "a")
    assert second.is_over
    release.set()
    over(first)


def test_progress_and_failures_are_told(caplog) -> None:
    jobs = Jobs()

    def refused(progress) -> None:
        progress(0.5)
        raise InvalidRequest("Un champ ne va pas.")

    job = over(jobs.start("a", refused, "v"))
    assert (job.share, job.problem) == (0.5, "Un champ ne va pas.")
    broken = over(jobs.start("b", lambda _progress: 1 / 0, "v"))
    assert broken.problem == UNEXPECTED
    assert jobs.find("a") is None, "old jobs are forgotten"
    again = over(jobs.start("b", lambda progress: progress(1.0), "v"))
    assert (again.share, again.problem) == (1.0, "")
    assert "ZeroDivisionError" in caplog.text
    (logged,) = caplog.records
    assert logged.levelname == "ERROR"


def test_a_server_takes_so_many_and_stops_them_when_it_closes() -> None:
    jobs, started = Jobs(most=2), threading.Event()

    def work(progress) -> None:
        while True:
            started.set()
            progress(0.1)
            time.sleep(0.002)

    first, second = jobs.start("a", work, "v"), jobs.start("b", work, "v")
    with pytest.raises(InvalidRequest, match="attendent déjà leur tour"):
        jobs.start("c", work, "v")
    started.wait(10)
    jobs.stop()
    over(first)
    over(second)
    assert jobs.find("a") is None


def test_only_the_last_results_are_kept() -> None:
    kept: Kept[int, str] = Kept(2)
    made = []
    for key in (1, 2, 1, 3, 1, 2):
        kept.get_or_make(key, lambda key=key: made.append(key) or str(key))
    assert made == [1, 2, 3, 2], "1 was asked for lately, 2 had gone"
    assert kept.get(3) is None
    kept.clear()
    assert kept.get(1) is None
