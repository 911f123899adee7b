"""Writes the register: same content, same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from territoires.communes import schema
from territoires.sources.communes_build.product import Product

COG = 2026
EDITION = "2026.1"
_LEVEL = 19


def write_product(product: Product, folder: Path) -> str:
    """Write the data files and ``version.json``.

    Parameters
    ----------
    product : Product
        Checked.
    folder : Path
        Empty.

    Returns
    -------
    str
        The version, which follows from the content alone.
    """
    _write_parquet(product.communes, folder / schema.COMMUNES_FILE)
    _write_parquet(product.neighbours, folder / schema.NEIGHBOURS_FILE)
    codes = {"code_commune": np.array(product.outlines.codes, dtype=object)}
    outlines = gpd.GeoDataFrame(codes, geometry=product.outlines.snapped, crs=4326)
    _write_geoparquet(outlines, folder / schema.OUTLINES_FILE)
    _write_geoparquet(product.inferior, folder / schema.INFERIOR_FILE)
    for name, table in product.tables.items():
        table.to_csv(folder / name, index=False, lineterminator="\n", encoding="utf-8")
    return _write_version(folder, schema.REQUIRED_FILES)


def _write_parquet(table: pd.DataFrame, path: Path) -> None:
    table.to_parquet(path, index=False, compression="zstd", compression_level=_LEVEL)


def _write_geoparquet(table: gpd.GeoDataFrame, path: Path) -> None:
    table.to_parquet(path, index=False, compression="zstd", compression_level=_LEVEL)


def _write_version(folder: Path, names: Iterable[str]) -> str:
    digests = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sorted(names)
    }
    content = json.dumps(digests, sort_keys=True).encode()
    version = f"{EDITION}-{hashlib.sha256(content).hexdigest()[:8]}"
    told = {"version": version, "cog": COG, "fichiers": digests}
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    (folder / schema.VERSION_FILE).write_text(text, encoding="utf-8")
    return version
