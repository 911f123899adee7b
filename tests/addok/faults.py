"""A proxy on loopback, between the client and the engine, that does what networks do."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import requests

from tests.loopback import LoopbackHandler, loopback_server

Change = Callable[[bytes], bytes]


@dataclass
class Fault:
    """What happens to one request.

    Attributes
    ----------
    status : int
        Answered in place of the engine; 0 to ask it.
    headers : dict
        Added to the answer.
    body : bytes
        Of an answer that is not the engine's.
    change : callable
        Applied to what the engine answers.
    silence : float
        Seconds before anything is answered.
    drop : bool
        Close the connection without a word.
    announced : int or None
        Length announced, when it is not the true one.
    """

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"plus tard"
    change: Change = bytes
    silence: float = 0.0
    drop: bool = False
    announced: int | None = None


@dataclass
class Proxy:
    """The proxy, what it is to do next, and what went through it.

    Attributes
    ----------
    url : str
        Its own address.
    faults : list of Fault
        One for each request to come, in order; then none, or ``always``.
    always : Fault or None
        For every request once ``faults`` is spent.
    spiteful : str
        A request that holds this text gets a 500 (a row that the service cannot bear).
    seen : list of bytes
        Bodies received.
    moments : list of float
        When each was, on the monotonic clock.
    """

    engine: str
    url: str = ""
    faults: list[Fault] = field(default_factory=list)
    always: Fault | None = None
    spiteful: str = ""
    spiteful_status: int = 400
    seen: list[bytes] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)

    def rows_seen(self) -> list[int]:
        """Addresses in each request received: neither the headings nor the closing row."""
        return [body.count(b'\r\n"') - 2 for body in self.seen]


@contextmanager
def fault_proxy(engine: str) -> Iterator[Proxy]:
    """Run the proxy on a free port until the block ends."""
    state = Proxy(engine)
    with loopback_server(_Handler, state) as state.url:
        yield state


def shuffled_columns(content: bytes) -> bytes:
    """Put the columns in another order, and a BOM in front: an answer is read by name."""
    rows = _rows(content)
    order = list(range(len(rows[0])))[::-1]
    return b"\xef\xbb\xbf" + _written([[row[at] for at in order] for row in rows])


def shuffled_rows(content: bytes) -> bytes:
    """Give the rows backwards."""
    head, *rows = _rows(content)
    return _written([head, *rows[::-1]])


def without(column: str) -> Change:
    """Leave a column out."""

    def change(content: bytes) -> bytes:
        rows = _rows(content)
        at = rows[0].index(column)
        return _written([row[:at] + row[at + 1 :] for row in rows])

    return change


def with_cells(column: str, value: str) -> Change:
    """Write a value in a column of each row that was found."""

    def change(content: bytes) -> bytes:
        head, *rows = _rows(content)
        at, found = head.index(column), head.index("result_score")
        return _written(
            [head, *([*row[:at], value if row[found] else row[at], *row[at + 1 :]] for row in rows)]
        )

    return change


def cut(share: float) -> Change:
    """Lose the end, in the middle of a row, as a server that dies does."""
    return lambda content: content[: int(len(content) * share)].rstrip(b"\r\n")


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _written(rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


class _Handler(LoopbackHandler):
    state: Proxy

    def handle(self) -> None:
        with suppress(ConnectionError):  # the client had enough
            super().handle()

    def do_POST(self) -> None:  # noqa: N802 (the library calls it so)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.state.seen.append(body)
        self.state.moments.append(time.monotonic())
        fault = self.state.faults.pop(0) if self.state.faults else self.state.always or Fault()
        time.sleep(fault.silence)
        if fault.drop:
            self.drop()
        elif self.state.spiteful and self.state.spiteful.encode() in body:
            self._answer(self.state.spiteful_status, b"non", fault)
        elif fault.status:
            self._answer(fault.status, fault.body, fault)
        else:
            answer = requests.post(
                self.state.engine + self.path, data=body, timeout=60,
                headers={"Content-Type": self.headers["Content-Type"]},
            )  # fmt: skip
            self._answer(answer.status_code, fault.change(answer.content), fault)

    def _answer(self, status: int, content: bytes, fault: Fault) -> None:
        try:
            self.send_response(status)
            length = len(content) if fault.announced is None else fault.announced
            for name, value in {"Content-Length": str(length), **fault.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            if length != len(content):
                self.close_connection = True
        except OSError:
            pass  # the client had enough
