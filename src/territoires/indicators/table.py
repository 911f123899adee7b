"""The values of every indicator for every place, with their statuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from territoires.communes import Register
from territoires.errors import InvalidRequest
from territoires.indicators.aggregation import method_text
from territoires.indicators.alike import alike_communes, load_density_classes
from territoires.indicators.catalogue import Indicator, load_catalogue
from territoires.indicators.group_rules import GroupRules, load_group_rules
from territoires.indicators.grouping import group_table
from territoires.indicators.ranks import Ranking, rank_values, whole_numbers
from territoires.indicators.reading import STATUSES, read_values, read_version

# A floor is ranked, tied with the other floors; another survey's figure is not.
RANKED_STATUSES = ("publie", "plancher")


@dataclass(frozen=True, eq=False)
class IndicatorTable:
    """Indicators of a set of places: all communes, or all EPCI, or all départements.

    Attributes
    ----------
    catalogue : Mapping of str to Indicator
        Meaning of each column, in order.
    values : DataFrame of float
        Index: place code; columns: indicator codes; NaN where there is no figure. Includes the
        figures shown without being ranked: rank and score from ``comparable``.
    numerators, denominators : DataFrame of float
        Same shape; NaN where only the value is known.
    statuses : DataFrame of str (categorical)
        Same shape; one of ``STATUSES``.
    coverage : DataFrame of float
        Same shape; share of the place's inhabitants whose commune has a comparable figure.
    population : Series of float
        Inhabitants by place, without NaN; weighs the means.
    departements : Series of str
        Département of each commune; empty for places that may have several.
    version : str
        Version of the data.
    alike : Series of str or None
        Communes that may stand for one another where a value is missing: same département, same
        class of density; missing where it is not known. ``None`` for places other than communes.
    group_rules : GroupRules
        Under which known share of its inhabitants a group has no figure.
    """

    catalogue: Mapping[str, Indicator]
    values: pd.DataFrame
    numerators: pd.DataFrame
    denominators: pd.DataFrame
    statuses: pd.DataFrame
    coverage: pd.DataFrame
    population: pd.Series
    departements: pd.Series = field(default_factory=lambda: pd.Series(dtype=str))
    version: str = ""
    alike: pd.Series | None = None
    group_rules: GroupRules = field(default_factory=GroupRules)

    @cached_property
    def comparable(self) -> pd.DataFrame:
        """The values that may be ranked together; NaN elsewhere."""
        return self.values.where(self.statuses.isin(RANKED_STATUSES))

    def indicator(self, code: str) -> Indicator:
        """Return a catalogue entry.

        Raises
        ------
        InvalidRequest
            No indicator has this code.
        """
        if code not in self.catalogue:
            message = f"Indicateur inconnu : « {code} ». Connus : {', '.join(self.catalogue)}."
            raise InvalidRequest(message)
        return self.catalogue[code]

    def rank(self, code: str, universe: Sequence[str] | pd.Index | None = None) -> Ranking:
        """Rank the places of a universe on one indicator.

        Parameters
        ----------
        code : str
            Indicator.
        universe : sequence of str, optional
            Codes of the places compared; all by default.

        Raises
        ------
        InvalidRequest
            Unknown indicator, or a place of the universe is not in this table.
        """
        indicator = self.indicator(code)
        column = self.comparable[code]
        if universe is not None:
            column = column.iloc[self._positions(universe)]
        return rank_values(column, indicator.direction)

    def standing(
        self, place: str, universe: Sequence[str] | pd.Index | None = None
    ) -> pd.DataFrame:
        """Tell where one place stands in a universe, on every indicator at once.

        Parameters
        ----------
        place : str
            Code; must belong to the universe.
        universe : sequence of str, optional
            Codes of the places compared; all by default.

        Returns
        -------
        DataFrame
            Index: indicator code; ``valeur`` (float), ``statut``, ``rang`` (Int64, 1 = greatest
            need), ``classes`` (how many are ranked), ``centile`` (float, 0–100).

        Raises
        ------
        InvalidRequest
            The place is not in the universe, or the universe not in this table.
        """
        frame = self.comparable
        if universe is not None:
            frame = frame.iloc[self._positions(universe)]
        if place not in frame.index:
            message = f"« {place} » n’est pas dans l’ensemble comparé."
            raise InvalidRequest(message)
        signs = np.array([-1.0 if self.catalogue[c].direction < 0 else 1.0 for c in frame.columns])
        needs = frame.to_numpy() * signs
        mine = needs[frame.index.get_loc(place)]
        counts = np.count_nonzero(~np.isnan(needs), axis=0)
        ranks = np.where(np.isnan(mine), np.nan, 1.0 + np.count_nonzero(needs > mine, axis=0))
        lower = np.count_nonzero(needs < mine, axis=0)
        ties = np.count_nonzero(needs == mine, axis=0) - 1
        share = np.where(counts > 1, (lower + ties / 2.0) / np.maximum(counts - 1, 1), 0.5)
        return pd.DataFrame(
            {
                "valeur": self.values.loc[place].to_numpy(),
                "statut": self.statuses.loc[place].astype(str).to_numpy(),
                "rang": whole_numbers(ranks),
                "classes": counts,
                "centile": np.where(np.isnan(mine), np.nan, share * 100.0),
            },
            index=frame.columns,
        )

    def for_groups(self, groups: pd.Series) -> IndicatorTable:
        """Add the places up to groups: EPCI, départements, any territories.

        Parameters
        ----------
        groups : Series of str
            Index: place code; value: group code, or missing for a place in no group.

        Returns
        -------
        IndicatorTable
            One row per group, sorted; ``coverage`` tells how much of the population each value
            stands on: too little (``group_rules``), and there is no value. Figures of another
            survey fill a group only when it has nothing else.

        Raises
        ------
        InvalidRequest
            A place of ``groups`` is not in this table.
        """
        positions = self._positions(groups.index)
        parts = group_table(self, positions, groups)
        return IndicatorTable(catalogue=self.catalogue, version=self.version, **parts)

    def for_territory(self, codes: Sequence[str]) -> pd.DataFrame:
        """Give every indicator of one territory.

        Parameters
        ----------
        codes : sequence of str
            Its communes.

        Returns
        -------
        DataFrame
            RangeIndex; ``code``, ``valeur`` (float), ``statut``, ``couverture`` (0–1), ``methode``
            (French), ``minimum`` and ``maximum`` (float) of its communes: what remains to be shown
            of a median, which is never merged.

        Raises
        ------
        InvalidRequest
            No commune, or an unknown one.
        """
        if not len(codes):
            message = "Un territoire sans commune n’a pas d’indicateur."
            raise InvalidRequest(message)
        index = pd.Index(codes)
        merged = self.for_groups(pd.Series("territoire", index=index))
        departements = self.departements.reindex(index).nunique() if len(self.departements) else 1
        methods = [method_text(i, len(codes), departements) for i in self.catalogue.values()]
        members = self.comparable.iloc[self._positions(index)]
        return pd.DataFrame(
            {
                "code": list(self.catalogue),
                "valeur": merged.values.iloc[0].to_numpy(),
                "statut": merged.statuses.iloc[0].astype(str).to_numpy(),
                "couverture": merged.coverage.iloc[0].to_numpy(),
                "methode": methods,
                "minimum": members.min().to_numpy(),
                "maximum": members.max().to_numpy(),
            }
        )

    def joined(self, official: IndicatorTable) -> IndicatorTable:
        """Put the figures of another pack beside these.

        Parameters
        ----------
        official : IndicatorTable
            Of the same communes; an indicator that is in both is taken from it.

        Returns
        -------
        IndicatorTable
            Its version names both packs.
        """
        kept = [code for code in self.catalogue if code not in official.catalogue]
        frames = {
            name: pd.concat([getattr(self, name)[kept], getattr(official, name)], axis="columns")
            for name in ("values", "numerators", "denominators", "statuses", "coverage")
        }
        return IndicatorTable(
            catalogue={**{code: self.catalogue[code] for code in kept}, **official.catalogue},
            population=self.population,
            departements=self.departements,
            alike=self.alike,
            group_rules=self.group_rules,
            version=f"{self.version}.{official.version.rpartition('-')[2]}",
            **frames,
        )

    def _positions(self, codes: Sequence[str] | pd.Index) -> np.ndarray:
        positions = self.values.index.get_indexer(pd.Index(codes))
        if (positions < 0).any():
            unknown = [code for code, at in zip(codes, positions, strict=True) if at < 0]
            message = f"Code absent des indicateurs : {', '.join(map(str, unknown[:5]))}."
            raise InvalidRequest(message)
        return positions


def load_indicators(data_dir: Path, register: Register) -> IndicatorTable:
    """Load the catalogue and the values of every commune.

    Parameters
    ----------
    data_dir : Path
        Data folder, which holds ``indicateurs/``.
    register : Register
        The communes the values must cover.

    Raises
    ------
    DataFileError
        A file is missing, or is not the one of this version; an entry has no
        values, or values no entry; the communes are not those of the register.
    """
    folder = data_dir / "indicateurs"
    table = load_pack(folder, register)
    classes = load_density_classes(folder / "classes_densite.toml")
    alike = alike_communes(table.values, table.departements, classes)
    return replace(table, alike=alike, group_rules=load_group_rules(folder / "territoires.toml"))


def load_pack(folder: Path, register: Register) -> IndicatorTable:
    """Load a pack: the embedded one, or that of a data version.

    Parameters
    ----------
    folder : Path
        Holds ``catalogue.toml``, ``valeurs.parquet`` and ``version.json``.
    register : Register
        The communes the values must cover.

    Raises
    ------
    DataFileError
        As :func:`load_indicators`.
    """
    version = read_version(folder)
    catalogue = load_catalogue(folder / "catalogue.toml")
    frames = read_values(folder / "valeurs.parquet", list(catalogue), register.communes.index)
    known = frames["statuses"].isin(RANKED_STATUSES) & frames["values"].notna()
    communes = register.communes
    return IndicatorTable(
        catalogue=catalogue,
        coverage=known.astype(float),
        population=communes["population"].astype(float).fillna(0.0),
        departements=communes["code_departement"],
        version=version,
        **frames,
    )


__all__ = ["RANKED_STATUSES", "STATUSES", "IndicatorTable", "load_indicators", "load_pack"]
