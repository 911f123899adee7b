"""What a search of groups cannot answer, seen before anything grows, and said with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from territoires.candidates.context import SearchContext
from territoires.candidates.nearest_setting import nearest_settings
from territoires.candidates.rules import RULES, Rule
from territoires.candidates.search import Step, funnel_words
from territoires.candidates.wording import plural, shortened
from territoires.errors import InvalidRequest

_MOST_TOLD = 3
# The size of one commune does not matter to a group.
_OF_A_GROUP = tuple(rule for rule in RULES if rule.code != "population")


def check_wanted(communes: SearchContext, rules: Sequence[Rule]) -> None:
    """Refuse required communes that do not exist, or that a rule leaves out.

    Raises
    ------
    InvalidRequest
        The message names them, and the rule.
    """
    wanted = communes.query.must_contain
    unknown = [str(code)[:20] for code in wanted if code not in communes.places]
    if unknown:
        raise InvalidRequest(
            f"Communes exigées inconnues : {shortened(unknown)}. Aucune commune d'aujourd'hui n'a "
            "ce code : vérifiez-le."
        )
    for code in wanted:
        reasons = _reasons(communes, rules, code)
        if reasons:
            raise InvalidRequest(
                f"{communes.name_of(code)} ne peut pas être exigée : {' ; '.join(reasons)}. "
                "Retirez-la des communes exigées, ou changez cette règle."
            )


def check_some_left(
    communes: SearchContext, rules: Sequence[Rule], admitted: pd.Index, steps: Sequence[Step]
) -> None:
    """Refuse a search from which the rules leave every commune out.

    Raises
    ------
    InvalidRequest
        The message tells the funnel, and what would give a result.
    """
    if len(admitted):
        return
    funnel = funnel_words(communes, steps)
    told = _told(communes, rules, communes.places[communes.in_universe])
    raise InvalidRequest(
        f"Aucun territoire candidat : {funnel}. {told}{nearest_settings(communes, rules)}"
    )


def check_starts(
    communes: SearchContext, rules: Sequence[Rule], admitted: pd.Index, starts: pd.Index
) -> None:
    """Refuse a search none of whose starts is left, or ranked: it would be another search.

    Parameters
    ----------
    communes : SearchContext
        The query over communes.
    rules : sequence of Rule
        Those that every commune is put to.
    admitted : Index
        The communes that they keep.
    starts : Index
        Those among them from which a group may grow.

    Raises
    ------
    InvalidRequest
        The message says why of each when they are few, and what would give a result.
    """
    if not len(starts):
        told = ""
        if communes.query.members is not None:
            told = _told(communes, rules, communes.places[communes.in_members])
        raise InvalidRequest(
            f"Aucune commune d'où partir parmi les {plural(len(admitted), 'admise', 'admises')}. "
            f"{told}{nearest_settings(communes, _OF_A_GROUP)}"
        )
    if communes.index.score.reindex(starts).isna().all():
        recipe, count = communes.query.recipe.name, plural(len(starts), "commune", "communes")
        raise InvalidRequest(
            f"Aucun territoire candidat : {count} où chercher, "
            f"dont aucune n'est classée par « {recipe} ». "
            f"{_told(communes, _OF_A_GROUP, starts)}{nearest_settings(communes, _OF_A_GROUP)}"
        )


def _told(communes: SearchContext, rules: Sequence[Rule], places: Iterable[str]) -> str:
    """Say why of each place, when they are few; nothing else."""
    asked = list(places)
    if len(asked) > _MOST_TOLD:
        return ""
    told = ((code, _reasons(communes, rules, code)) for code in asked)
    return "".join(
        f"{communes.name_of(code)} : {' ; '.join(reasons)}. " for code, reasons in told if reasons
    )


def _reasons(communes: SearchContext, rules: Sequence[Rule], code: str) -> list[str]:
    position = communes.places.get_loc(code)
    asked = [rule for rule in rules if rule.applies(communes.query)]
    failed = [rule for rule in asked if not bool(np.asarray(rule.keeps(communes))[position])]
    return [rule.reason(communes, code) for rule in failed]
