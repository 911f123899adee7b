"""First choropleth of all France in a browser, against one Streamlit page with folium.GeoJson.

The peer draws the same boundaries and values in the obvious way, with the same local Leaflet; both
are served by the same Streamlit on this machine, each visit in a new browser profile.
"""

from __future__ import annotations

import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from tests.browser import DESKTOP, free_port, launch, running_server

VISITS = 5
PATIENCE_MS = 240_000

NAIVE_PAGE = """
import folium
import streamlit as st
from streamlit_folium import st_folium
from territoires.communes import load_register
from territoires.indicators import load_indicators
from territoires.settings import shipped_data_dir

st.set_page_config(layout="wide")


@st.cache_resource
def frame():
    register = load_register(shipped_data_dir())
    values = load_indicators(shipped_data_dir(), register).values["densite"]
    table = register.to_geodataframe()[["nom", "geometry"]]
    table["rang"] = (values.rank(pct=True) * 5.999).astype(int)
    return table


COLOURS = ["#eef3d5", "#b7e6b9", "#68d0b8", "#2fa4b8", "#2173a8", "#28417f"]
folium.Map.default_js = [("leaflet", "/actifs/leaflet.js")]
folium.Map.default_css = [("leaflet_css", "/actifs/leaflet.css")]
drawn = folium.Map(location=(46.6, 2.5), zoom_start=6, tiles=None, prefer_canvas=CANVAS)
folium.GeoJson(
    frame(),
    style_function=lambda place: {
        "fillColor": COLOURS[place["properties"]["rang"]], "fillOpacity": 1, "weight": 0.2},
).add_to(drawn)
st_folium(drawn, use_container_width=True, height=600, returned_objects=["last_clicked"])
"""

NAIVE_APP = """
import streamlit as st
from territoires.api.assets import asset_routes
app = st.App("page.py", routes=asset_routes())
"""


@dataclass(frozen=True)
class Visit:
    """Seconds until colour, bytes received."""

    seconds: float
    received: int


def visit(browser: Browser, address: str, coloured: str) -> Visit:
    """Open an address in a new profile and wait until a script says the map is coloured."""
    page = browser.new_context(**DESKTOP).new_page()
    page.set_default_timeout(PATIENCE_MS)
    received = 0

    def count(event: dict[str, float]) -> None:
        nonlocal received
        received += int(event.get("encodedDataLength", 0))

    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", count)
    wire.on("Network.webSocketFrameReceived", lambda e: count(
        {"encodedDataLength": len(e["response"]["payloadData"]) * 3 // 4}))  # fmt: skip
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(coloured, polling=50)
    seconds = time.perf_counter() - start
    page.context.close()
    return Visit(seconds, received)


OURS = """() => {
  const frame = document.querySelector('iframe')
  const tiles = frame?.contentDocument?.querySelectorAll('img.leaflet-tile') ?? []
  return tiles.length > 3 && [...tiles].every(tile => tile.complete && tile.naturalWidth > 0)
}"""

NAIVE_SVG = """() => {
  const paths = document.querySelector('iframe')?.contentDocument?.querySelectorAll('path') ?? []
  return paths.length > 30000
}"""

# A canvas map has no element to wait for: ask whether the middle of France is painted.
NAIVE_CANVAS = """() => {
  const canvas = document.querySelector('iframe')?.contentDocument?.querySelector('canvas')
  if (!canvas || !canvas.width) return false
  const drawing = canvas.getContext('2d')
  const x = Math.floor(canvas.width / 2) - 20, y = Math.floor(canvas.height / 2) - 20
  return drawing.getImageData(x, y, 40, 40).data.some((value, i) => i % 4 === 3 && value > 200)
}"""


@contextlib.contextmanager
def naive_server(folder: Path, canvas: bool) -> Iterator[str]:
    """Serve the naive page, drawn the default way or on a canvas."""
    page = NAIVE_PAGE.replace("CANVAS", str(canvas))
    (folder / "page.py").write_text(page, encoding="utf-8")
    (folder / "app.py").write_text(NAIVE_APP, encoding="utf-8")
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port),
         "--server.headless", "true", "--browser.gatherUsageStats", "false"],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health"):
                break
            time.sleep(0.3)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def main() -> None:
    """Visit both, print medians and ratios."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = launch(playwright)
        with running_server(folder) as home:
            ours = [visit(browser, f"{home}/?couleur=densite", OURS) for _ in range(VISITS)]
        report("Territoires", ours)
        for canvas, coloured in ((False, NAIVE_SVG), (True, NAIVE_CANVAS)):
            with naive_server(folder, canvas) as home:
                visit(browser, home, coloured)  # the first visit also loads the data
                naive = [visit(browser, home, coloured)]
            report(f"folium.GeoJson, {'canvas' if canvas else 'default'}", naive)
            compare(ours, naive)
        browser.close()


def compare(ours: list[Visit], naive: list[Visit]) -> None:
    """Print the ratios."""
    sooner = median_seconds(naive) / median_seconds(ours)
    lighter = naive[0].received / statistics.median(one.received for one in ours)
    print(f"  {sooner:.1f} times sooner, {lighter:.1f} times fewer bytes")


def report(name: str, visits: list[Visit]) -> None:
    """Print the median of one side."""
    size = statistics.median(one.received for one in visits) / 1e6
    print(f"{name:26} {median_seconds(visits):7.2f} s to colour, {size:6.2f} MB, n={len(visits)}")


def median_seconds(visits: list[Visit]) -> float:
    """Return the median time to colour."""
    return statistics.median(one.seconds for one in visits)
