"""From where a likeness, a distance or a population decides: a dated data file, not code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from territoires.settings import shipped_data_dir
from territoires.tables.toml import number_in, read_toml_rules

_FILE = Path("geocodage") / "seuils.toml"


@dataclass(frozen=True)
class Scores:
    """``geo_score`` of each kind of answer, before likeness is taken into account."""

    code: float
    coordonnees: float
    code_postal_et_nom: float
    departement_et_nom: float
    nom_unique: float
    code_postal_seul: float
    propose: float
    contradiction: float
    a_choisir: float


@dataclass(frozen=True)
class Thresholds:
    """What decides between ``sur``, ``a_verifier`` and ``non_trouve``.

    Attributes
    ----------
    mesure_le : str
        Date of the measurement that justifies the values.
    sur_code_postal, sur_departement : float
        Likeness of a name from which it is accepted within a postcode, a département.
    verifier_code_postal, verifier_departement, verifier_france : float
        Likeness from which it is proposed.
    marge : float
        Likeness by which the best must beat the next commune to be accepted.
    nom_concordant : float
        Likeness from which a name does not contradict a code.
    ecart_tolere_km : float
        Distance of a point to the boundary (simplified) under which it still agrees.
    contours_embarques_km : float
        Distance to a boundary of the shipped outlines under which a point that speaks alone may be
        on its other side.
    littoral_km : float
        Distance to the nearest commune under which a point outside all of them is proposed.
    population_dominante : float
        How many times the others' population makes a namesake stand out.
    candidats : int
        Longest list of candidates.
    scores : Scores
        Score of each kind of answer.
    """

    mesure_le: str
    sur_code_postal: float
    sur_departement: float
    verifier_code_postal: float
    verifier_departement: float
    verifier_france: float
    marge: float
    nom_concordant: float
    ecart_tolere_km: float
    contours_embarques_km: float
    littoral_km: float
    population_dominante: float
    candidats: int
    scores: Scores


def load_thresholds(data_dir: Path) -> Thresholds:
    """Read ``geocodage/seuils.toml``.

    Raises
    ------
    DataFileError
        The file is missing, unreadable, or lacks a value.
    """
    return read_toml_rules(data_dir / _FILE, _thresholds)


def thresholds_beside(communes: Path) -> Thresholds:
    """Return the thresholds of the data folder that holds ``communes/``, else the shipped ones.

    A downloaded version of the register need not bring its own.

    Raises
    ------
    DataFileError
        The file is missing from both, or damaged.
    """
    own = communes.parent
    return load_thresholds(own if (own / _FILE).is_file() else shipped_data_dir())


def _thresholds(content: Mapping[str, Any]) -> Thresholds:
    flat = {**content["noms"], **content["coordonnees"], **content["homonymes"]}
    numbers = {
        each.name: number_in(flat, each.name)
        for each in fields(Thresholds)
        if each.name not in ("mesure_le", "scores", "candidats")
    }
    scores = Scores(
        **{each.name: number_in(content["scores"], each.name) for each in fields(Scores)}
    )
    return Thresholds(
        mesure_le=str(content["mesure_le"]),
        candidats=int(number_in(flat, "candidats")),
        scores=scores,
        **numbers,
    )
