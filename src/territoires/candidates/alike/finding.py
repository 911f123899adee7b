"""From references to the places most like them, and what could not be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from territoires.candidates.alike.distance import Distances, FloatArray, distances
from territoires.candidates.alike.profiles import Profile, known_values, median_profile
from territoires.candidates.alike.query import AlikeQuery
from territoires.candidates.alike.rules import LikenessRules, check_criteria
from territoires.candidates.alike.scale import Scale
from territoires.communes import LEVELS
from territoires.errors import InvalidRequest
from territoires.indicators import IndicatorTable, format_share

BoolArray = npt.NDArray[np.bool_]
DISTANCE_DECIMALS = 12  # beyond, two distances are the same


@dataclass(frozen=True, eq=False)
class Figures:
    """The places of a list, one row each, and their indicators, one column each.

    Attributes
    ----------
    rows : Mapping of str to int
        Row by place.
    references : array of int
        Position of the reference among the targets.
    values, gaps : array of float
        Figures, and gaps of rank with the reference (NaN where not compared).
    statuses : array of str
        Statuses of the figures.
    """

    rows: Mapping[str, int]
    references: npt.NDArray[np.intp]
    values: FloatArray
    statuses: npt.NDArray[np.object_]
    gaps: FloatArray


@dataclass(frozen=True, eq=False)
class AlikeList:
    """Places by likeness, and all that was needed to say so.

    Attributes
    ----------
    places : IndicatorTable
        Of the places compared.
    query : AlikeQuery
        What was asked.
    rules : LikenessRules
        Thresholds and words.
    references : tuple of Profile
        The territories that one looks like.
    targets : tuple of Profile
        What distances are measured to: the references, or their median profile alone.
    scale : Scale
        Learnt from the places of the sizes kept.
    classes : tuple of int
        Positions of the size classes kept.
    ranked : DataFrame
        Every place compared, the most alike first. Index: place code; ``rang`` (int, ties share
        the best), ``distance`` (0–1), ``couverture`` (0–1), ``reference`` (position in
        ``targets``), ``population``.
    aside : Series of float
        Places that could not be compared, with the share of the weight known.
    other_sizes : int
        Places of the universe left out by their size.
    scale_count : int
        Places that the ranks are taken among, the references included.
    """

    places: IndicatorTable
    query: AlikeQuery
    rules: LikenessRules
    references: tuple[Profile, ...]
    targets: tuple[Profile, ...]
    scale: Scale
    classes: tuple[int, ...]
    ranked: pd.DataFrame
    aside: pd.Series
    other_sizes: int
    scale_count: int

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The first places, as many as the query asks for: a view of ``ranked``."""
        return self.ranked.head(self.query.count)

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """Gap of rank (0–1) with the reference; index as ``ranked``, one column per indicator."""
        codes = list(self.query.codes)
        values = known_values(self.places, codes, self.rules.thresholds.min_part)
        positions = self.scale.positions(values.loc[self.ranked.index])
        nearest = self.target_positions[self.ranked["reference"].to_numpy()]
        return pd.DataFrame(np.abs(positions - nearest), index=self.ranked.index, columns=codes)

    @cached_property
    def target_positions(self) -> FloatArray:
        """Position of each target on the scale, shape (targets, indicators)."""
        return _positions(self.scale, self.targets)

    @cached_property
    def figures(self) -> Figures:
        """What sentences are written from, as arrays: a table of all France is told in seconds."""
        codes, index = list(self.query.codes), self.ranked.index
        return Figures(
            rows={str(place): row for row, place in enumerate(index)},
            references=self.ranked["reference"].to_numpy(),
            values=self.places.values[codes].loc[index].to_numpy(),
            # As objects: the few words of the vocabulary are shared, not written out row by row.
            statuses=self.places.statuses[codes].loc[index].astype("object").to_numpy(),
            gaps=self.gaps.to_numpy(),
        )

    def row_of(self, place: str) -> int:
        """Return the row of a place in ``ranked``.

        Raises
        ------
        InvalidRequest
            The place was not compared.
        """
        if place not in self.figures.rows:
            message = f"« {place!s:.40} » n'est pas parmi les territoires comparés."
            raise InvalidRequest(message)
        return self.figures.rows[place]

    def target_of(self, place: str) -> Profile:
        """Return the reference that a place was measured to.

        Raises
        ------
        InvalidRequest
            The place was not compared.
        """
        return self.targets[int(self.figures.references[self.row_of(place)])]


def find_alike(
    places: IndicatorTable,
    references: Sequence[Profile],
    query: AlikeQuery,
    rules: LikenessRules,
) -> AlikeList:
    """Rank places by likeness to territories.

    Each indicator is brought to ranks among the places of the sizes kept; the distance is the
    weighted root mean square of the gaps over the indicators known on both sides.

    Parameters
    ----------
    places : IndicatorTable
        Of communes, of EPCI, of anything.
    references : sequence of Profile
        From :func:`profiles_of`.
    query : AlikeQuery
        Criteria, sizes, where.
    rules : LikenessRules
        Thresholds and size classes.

    Raises
    ------
    InvalidRequest
        A criterion cannot be compared, no place answers, or nothing is known of the references.
    """
    check_criteria(query.criteria, places.catalogue)
    classes = rules.sizes.chosen(query.sizes, [one.population for one in references])
    sized = np.isin(rules.sizes.of(places.population), classes)
    universe = _universe(places.values.index, query) & ~_are_references(places, references, query)
    listed = universe & sized
    if not listed.any():
        raise _nothing_of_that_size(rules, places, classes, universe)
    known = known_values(places, query.codes, rules.thresholds.min_part)
    scale = Scale.of(known[sized])
    targets = _targets(places, references, query)
    measured = distances(
        scale.positions(known[listed]),
        _positions(scale, targets),
        np.array([criterion.weight for criterion in query.kept]),
        rules.thresholds.min_coverage,
    )
    ranked, aside = _ranked(places, known.index[listed], measured)
    if ranked.empty:
        raise _nothing_known(places, targets, query, rules)
    return AlikeList(
        places=places,
        query=query,
        rules=rules,
        references=tuple(references),
        targets=targets,
        scale=scale,
        classes=classes,
        ranked=ranked,
        aside=aside,
        other_sizes=int(np.count_nonzero(universe & ~sized)),
        scale_count=int(np.count_nonzero(sized)),
    )


def _targets(
    places: IndicatorTable, references: Sequence[Profile], query: AlikeQuery
) -> tuple[Profile, ...]:
    if query.several == "proche" or len(references) == 1:
        return tuple(references)
    classes = [code for code, one in places.catalogue.items() if one.is_ordinal]
    return (median_profile(references, classes),)


def _positions(scale: Scale, profiles: Sequence[Profile]) -> FloatArray:
    values = pd.DataFrame([profile.values for profile in profiles])
    return scale.positions(values[list(scale.codes)])


def _universe(index: pd.Index, query: AlikeQuery) -> BoolArray:
    if query.universe is None:
        return np.ones(len(index), dtype=bool)
    return np.asarray(index.isin(list(query.universe)), dtype=bool)


def _are_references(
    places: IndicatorTable, references: Sequence[Profile], query: AlikeQuery
) -> BoolArray:
    """Tell the places that are a reference, or a commune of one: they are not found again."""
    prefix = f"{LEVELS[query.level].prefix}:"
    own = {one.code.removeprefix(prefix) for one in references if one.code.startswith(prefix)}
    if query.level == "commune":
        own.update(code for one in references for code in one.communes)
    return np.asarray(places.values.index.isin(list(own)), dtype=bool)


def _ranked(
    places: IndicatorTable, index: pd.Index, measured: Distances
) -> tuple[pd.DataFrame, pd.Series]:
    frame = pd.DataFrame(
        {
            "distance": measured.distance,
            "couverture": measured.coverage,
            "reference": measured.reference,
            "population": places.population[index],
        },
        index=index,
    )
    aside = frame.loc[frame["distance"].isna(), "couverture"]
    compared = frame.dropna(subset="distance")
    rounded = compared["distance"].round(DISTANCE_DECIMALS)
    ranks = rounded.rank(method="min").astype("int64")
    compared.insert(0, "rang", ranks)
    if not compared.index.is_monotonic_increasing:  # equals come by code, whatever the table
        compared = compared.sort_index()
    return compared.iloc[np.argsort(compared["rang"].to_numpy(), kind="stable")], aside


def _nothing_of_that_size(
    rules: LikenessRules, places: IndicatorTable, classes: tuple[int, ...], universe: BoolArray
) -> InvalidRequest:
    if not universe.any():
        return InvalidRequest(
            "Rien à comparer ici : l'ensemble choisi est vide, ou ne contient que les territoires "
            "de référence. Élargissez-le, ou cherchez dans toute la France."
        )
    there = np.bincount(rules.sizes.of(places.population[universe]))
    sizes = [f"{rules.sizes.codes[at]} ({there[at]})" for at in np.flatnonzero(there)]
    return InvalidRequest(
        f"Aucun territoire de {rules.sizes.told(classes)} ici. Tailles présentes : "
        f"{', '.join(sizes)}. Choisissez-en, ou prenez toutes les tailles."
    )


def _nothing_known(
    places: IndicatorTable, targets: Sequence[Profile], query: AlikeQuery, rules: LikenessRules
) -> InvalidRequest:
    least = format_share(rules.thresholds.min_coverage)
    unknown = [
        places.catalogue[code].label
        for code in query.codes
        if all(np.isnan(target.values[code]) for target in targets)
    ]
    known_less = f" Inconnus de la référence : {', '.join(unknown)}." if unknown else ""
    return InvalidRequest(
        f"Aucun territoire n'est comparable : moins de {least} du poids est connu des deux côtés."
        f"{known_less} Choisissez d'autres indicateurs (territoires donnees) ou une autre "
        "référence."
    )
