"""Size and time of each export of 20 and 500 candidates, against the plainest way to write it.

The peers write the same table and outlines with one call: ``DataFrame.to_excel`` (openpyxl),
``GeoDataFrame.to_file``, ``folium.GeoJson``; without types, styles, sources or popups.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import folium
import geopandas as gpd

from bench.timing import median_ms
from territoires.candidates import CandidateQuery, candidate_table, find_candidates
from territoires.exports import EXPORTERS, ExportBundle, territory_bundle
from territoires.exports.provenance import provenance_lines
from territoires.settings import load_settings
from territoires.workspace import Workspace, open_workspace

ROUNDS = 3


def candidates_bundle(workspace: Workspace, count: int, unit: str) -> ExportBundle:
    """Search the whole country and gather what an export needs."""
    recipe = workspace.recipes[workspace.default_recipe]
    query = CandidateQuery(recipe, count=count, unit=unit)
    found = find_candidates(workspace.register, workspace.indicators, workspace.directory, query)
    places = [found.context.territory(str(code)) for code in found.frame.index]
    used = tuple(workspace.indicators.indicator(code) for code in recipe.codes)
    lines = provenance_lines(
        workspace.colours.version, workspace.register.cog, date.today(), used, query=query
    )
    return territory_bundle(
        "Territoires candidats", candidate_table(found), places, workspace.register,
        workspace.indicators.catalogue, lines, date.today(),
    )  # fmt: skip


def peers(bundle: ExportBundle) -> dict[str, Callable[[], bytes]]:
    """Return the plainest writer of some formats."""
    frame = gpd.GeoDataFrame(bundle.table, geometry=list(bundle.outlines or ()), crs="EPSG:4326")

    def to_excel() -> bytes:
        stream = io.BytesIO()
        bundle.table.to_excel(stream, index=False, engine="openpyxl")
        return stream.getvalue()

    def to_file() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.gpkg"
            frame.to_file(path, driver="GPKG")
            return path.read_bytes()

    def to_folium() -> bytes:
        drawn = folium.Map(location=(46.6, 2.5), zoom_start=6, tiles=None)
        folium.GeoJson(frame, tooltip=folium.GeoJsonTooltip(["nom"])).add_to(drawn)
        return str(drawn.get_root().render()).encode()

    return {"xlsx": to_excel, "gpkg": to_file, "html": to_folium}


def main() -> None:
    """Print one line per format, count and kind of candidate."""
    workspace = open_workspace(load_settings({}))
    print("candidates         format      size     time   the plainest way")
    for count, unit in ((20, "commune"), (500, "commune"), (500, "epci")):
        bundle = candidates_bundle(workspace, count, unit)
        plain = peers(bundle)
        for code, kind in EXPORTERS.items():
            size = len(kind.write(bundle)) / 1000
            took = median_ms(lambda kind=kind, bundle=bundle: kind.write(bundle), ROUNDS)
            beside = ""
            if code in plain:
                other = median_ms(plain[code], ROUNDS)
                beside = (
                    f"{len(plain[code]()) / 1000:6.0f} kB {other:6.0f} ms, "
                    f"ours {took / other:.1f}x the time"
                )
            print(f"{count:4} {unit:12} {code:>9} {size:7.0f} kB {took:5.0f} ms   {beside}")


if __name__ == "__main__":
    main()
