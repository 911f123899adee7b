"""The words that describe an initiative: codes, French labels, colours, icons, in data files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from territoires.errors import DataFileError, InvalidTable
from territoires.initiatives.schema import split_list
from territoires.tables import read_table_file

NO_AXIS = "sans_axe"
"""Code of what no axis claims; never written in a file of initiatives, whose cell stays empty."""

DEFAULT_COLOUR = "#4D4D4D"
_FILE_LIMIT = 1_000_000


@dataclass(frozen=True)
class Term:
    """One word of a vocabulary.

    Attributes
    ----------
    code, label, description : str
        ``label`` is short; ``description`` says what is meant, or is empty.
    colour : str
        ``#RRGGBB``.
    icon : str
        Name of a Material symbol, or empty.
    """

    code: str
    label: str
    description: str = ""
    colour: str = DEFAULT_COLOUR
    icon: str = ""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Words of one kind, in the order of their file.

    Attributes
    ----------
    name : str
        As messages call it: ``types``.
    terms : Mapping
        Code → term.
    """

    name: str
    terms: Mapping[str, Term]

    def __contains__(self, code: object) -> bool:
        return code in self.terms

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes, in the order of the file."""
        return tuple(self.terms)

    @property
    def labels(self) -> dict[str, str]:
        """Code → French label."""
        return {code: term.label for code, term in self.terms.items()}

    def label(self, code: str) -> str:
        """Return the label of a code; an unknown code is its own label."""
        return self.term(code).label

    def term(self, code: str) -> Term:
        """Return the term of a code; an unknown code gets a plain one."""
        return self.terms.get(code) or Term(code, code)


@dataclass(frozen=True, eq=False)
class Vocabularies:
    """Every vocabulary.

    Attributes
    ----------
    axes : Vocabulary
        The five axes of the network; ``no_axis`` apart.
    types, statuses, perimeters, visibilities, need_domains : Vocabulary
        What their names say.
    no_axis : Term
        How what no axis claims is called and coloured.
    """

    axes: Vocabulary
    types: Vocabulary
    statuses: Vocabulary
    perimeters: Vocabulary
    visibilities: Vocabulary
    need_domains: Vocabulary
    no_axis: Term

    def axis_terms(self, axes: str) -> tuple[Term, ...]:
        """Return the axes of a cell (codes joined by ``;``); ``no_axis`` alone when it is empty."""
        return tuple(self.axes.term(code) for code in split_list(axes)) or (self.no_axis,)

    def axis_colour(self, axes: str) -> str:
        """Return the colour of the first axis of a cell."""
        return self.axis_terms(axes)[0].colour

    def axis_label(self, axes: str) -> str:
        """Return the axes of a cell as a person reads them: ``2 · Initiatives volontaires…``."""
        return " ; ".join(
            term.label if term is self.no_axis else f"{term.code} · {term.label}"
            for term in self.axis_terms(axes)
        )


def load_vocabularies(data_dir: Path) -> Vocabularies:
    """Load ``data/vocabulaires/``.

    Raises
    ------
    DataFileError
        A file is missing, damaged, empty, or repeats a code.
    """
    folder = data_dir / "vocabulaires"
    axes = _load(folder / "axes.csv")
    no_axis = axes.terms.get(NO_AXIS)
    if no_axis is None:
        raise DataFileError(folder / "axes.csv", f"la ligne « {NO_AXIS} » manque")
    named = {code: term for code, term in axes.terms.items() if code != NO_AXIS}
    return Vocabularies(
        axes=Vocabulary(axes.name, named),
        types=_load(folder / "types.csv"),
        statuses=_load(folder / "statuts.csv"),
        perimeters=_load(folder / "perimetres.csv"),
        visibilities=_load(folder / "visibilites.csv"),
        need_domains=_load(folder / "domaines_besoins.csv"),
        no_axis=no_axis,
    )


def _load(path: Path) -> Vocabulary:
    try:
        frame = read_table_file(path, _FILE_LIMIT).frame
    except InvalidTable as error:
        raise DataFileError(path, "vocabulaire absent ou illisible") from error
    if not {"code", "libelle"} <= set(frame.columns) or frame.empty:
        raise DataFileError(path, "un vocabulaire a au moins les colonnes code et libelle")
    if (frame[["code", "libelle"]] == "").to_numpy().any() or frame["code"].duplicated().any():
        raise DataFileError(path, "un code ou un libellé est vide ou répété")
    columns = [str(column) for column in frame.columns]
    terms = [_term(dict(zip(columns, row, strict=True))) for row in frame.to_numpy().tolist()]
    return Vocabulary(path.stem, {term.code: term for term in terms})


def _term(row: Mapping[str, str]) -> Term:
    return Term(
        code=row["code"],
        label=row["libelle"],
        description=row.get("description", ""),
        colour=row.get("couleur") or DEFAULT_COLOUR,
        icon=row.get("icone", ""),
    )
