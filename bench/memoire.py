"""Resident memory of the server: with one session, then with more.

The peer is the naive page of ``premiere_carte`` with one visitor.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from tests.browser import DESKTOP, launch, running_server

from bench.premiere_carte import NAIVE_SVG, OURS, PATIENCE_MS, naive_server

SESSIONS = 8


def resident_mb(port: str) -> float:
    """Return the resident memory of the server that listens on a port, in MB."""
    found = subprocess.run(
        ["pgrep", "-f", f"streamlit run .*{port}"], capture_output=True, text=True, check=True
    )
    sizes = []
    for process in found.stdout.split():
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
        sizes.append(int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024)
    return max(sizes)


def with_sessions(browser: Browser, address: str, coloured: str, count: int) -> tuple[float, float]:
    """Return the memory with one session open, and what each further one adds."""
    port = address.rsplit(":", 1)[1].split("/")[0]
    pages = []
    sizes = []
    for _ in range(count):
        page = browser.new_context(**DESKTOP).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(address)
        page.wait_for_function(coloured, polling=200)
        pages.append(page)
        sizes.append(resident_mb(port))
    for page in pages:
        page.context.close()
    return sizes[0], (sizes[-1] - sizes[0]) / max(count - 1, 1)


def main() -> None:
    """Measure both."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = launch(playwright)
        with running_server(folder) as home:
            loaded, further = with_sessions(browser, home, OURS, SESSIONS)
        with naive_server(folder, canvas=False) as home:
            naive, _ = with_sessions(browser, home, NAIVE_SVG, 1)
        browser.close()
    print(f"Territoires          {loaded:5.0f} MB with one session, then {further:.1f} MB each")
    print(
        f"folium.GeoJson page  {naive:5.0f} MB with one session, {naive / loaded:.1f} times as much"
    )
