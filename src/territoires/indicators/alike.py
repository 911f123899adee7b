"""Communes that may stand for one another: same département, same class of density."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from territoires.errors import DataFileError
from territoires.tables.toml import read_toml_file

_DENSITY = "densite"


@dataclass(frozen=True)
class DensityClasses:
    """Classes of density, from a dated file.

    Attributes
    ----------
    bounds : tuple of float
        Inhabitants per km², increasing; a density equal to a bound is in the class above.
    labels : tuple of str
        French names, one more than bounds.
    date, source, source_url : str
        Where the bounds come from.
    """

    bounds: tuple[float, ...]
    labels: tuple[str, ...]
    date: str
    source: str
    source_url: str

    def of(self, density: pd.Series) -> pd.Series:
        """Return the label of the class of each density (inhabitants per km²); NaN has none."""
        position = np.searchsorted(self.bounds, density.to_numpy(dtype=float), side="right")
        named = pd.Series(np.array(self.labels, dtype=object)[position], index=density.index)
        return named.where(density.notna())


def load_density_classes(path: Path) -> DensityClasses:
    """Read ``classes_densite.toml``.

    Raises
    ------
    DataFileError
        The file is missing or damaged, or its bounds and labels do not go together.
    """
    document = read_toml_file(path)
    try:
        bounds = tuple(float(bound) for bound in document["bornes"])
        labels = tuple(str(label) for label in document["libelles"])
        texts = [str(document[key]) for key in ("date", "source", "source_url")]
    except (KeyError, TypeError, ValueError) as error:
        raise DataFileError(path, f"champ absent ou mal formé ({error})") from error
    if list(bounds) != sorted(set(bounds)) or len(labels) != len(bounds) + 1:
        raise DataFileError(
            path, "bornes croissantes attendues, et un libellé de plus que de bornes"
        )
    return DensityClasses(bounds, labels, *texts)


def alike_communes(
    values: pd.DataFrame, departements: pd.Series, classes: DensityClasses
) -> pd.Series:
    """Group communes by département and class of density.

    Parameters
    ----------
    values : DataFrame of float
        Index: commune; has the column ``densite`` (inhabitants per km²).
    departements : Series of str
        Index: commune.
    classes : DensityClasses
        Where one class ends and the next begins.

    Returns
    -------
    Series of str
        Index: commune; missing where the density is.
    """
    density = classes.of(values[_DENSITY])
    return (departements.reindex(values.index) + " · " + density).rename("semblables")
