"""A real Chromium on a real server, for the browser tests and the screenshots of the docs."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Playwright

DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "locale": "fr-FR"}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "locale": "fr-FR",
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile Safari/537",
}
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str | None:
    """Return the Chromium of this machine, if there is one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


def launch(playwright: Playwright) -> Browser:
    """Start Chromium without a window."""
    return playwright.chromium.launch(executable_path=chromium_path(), args=_FLAGS)


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_server(folder: Path, environ: dict[str, str] | None = None) -> Iterator[str]:
    """Run ``territoires servir`` in a folder until the block ends; give its address."""
    port = free_port()
    command = [sys.executable, "-m", "territoires", "servir", "--port", str(port)]
    log = (folder / "serveur.log").open("w")
    process = subprocess.Popen(
        [*command, "--sans-navigateur"],
        cwd=folder,
        # Never the official data of whoever runs the tests.
        env={**os.environ, "TERRITOIRES_DONNEES": str(folder / "donnees"), **(environ or {})},
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_ready(address, process, folder / "serveur.log")
        yield address
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        process.wait(timeout=20)
        log.close()


def _wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + 90
    while time.monotonic() < limit:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/sante") as answer:
            if answer.status == 200:
                return
        time.sleep(0.3)
    raise RuntimeError(f"le serveur n'a pas démarré :\n{log.read_text()[-3000:]}")


def watch_requests(page: Page, home: str) -> list[str]:
    """Return a list that fills with every request to another machine than our server."""
    strangers: list[str] = []

    def note(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != urlsplit(home).netloc:
            strangers.append(url)

    page.on("request", lambda request: note(request.url))
    page.on("websocket", lambda socket_: note(socket_.url))
    return strangers


@contextlib.contextmanager
def watched_page(browser: Browser, home: str, wait_ms: int, **settings: Any) -> Iterator[Page]:
    """Open a page of our server; when it is left, it must have reached no other machine."""
    context = browser.new_context(**settings, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(wait_ms)
    strangers = watch_requests(page, home)
    yield page
    context.close()
    assert strangers == [], "the page reached another machine"


def settle(page: Page) -> None:
    """Wait until a page has been idle for a while: one that was just asked for is not yet busy."""
    page.evaluate("window.idleSince = null")
    page.wait_for_function(
        """() => {
          const app = document.querySelector('[data-testid="stApp"]')
          if (app?.dataset.testScriptState !== 'notRunning') return void (window.idleSince = null)
          window.idleSince ??= performance.now()
          return performance.now() - window.idleSince > 800
        }"""
    )


def download(page: Page, label: str, other: bool = True) -> Path:
    """Ask for a file of a list of territories; the less common formats are in a menu."""
    settle(page)  # a button that is drawn again forgets what it was asked
    if other:
        page.get_by_role("button", name="Autres formats").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label).click()
    if other:
        page.keyboard.press("Escape")
    return Path(waiting.value.path())
