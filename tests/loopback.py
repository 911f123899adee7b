"""A server on a free port of this machine, for the time of a block."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class LoopbackHandler(BaseHTTPRequestHandler):
    """Answers over HTTP/1.1, and writes nothing on the screen.

    Attributes
    ----------
    state : object
        What the server was started with: what it serves, and what was asked of it.
    """

    state: Any
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args) -> None:
        pass

    def drop(self) -> None:
        """Close the connection without a word."""
        self.close_connection = True
        self.connection.close()


@contextmanager
def loopback_server(handler: type[LoopbackHandler], state: Any) -> Iterator[str]:
    """Run a server until the block ends; give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (handler,), {"state": state}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
