"""What ``territoires indice`` is given: a recipe, and the table it is computed on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from territoires.cli.context import read_user_table
from territoires.errors import InvalidRequest, InvalidTable
from territoires.needs import Recipe, load_recipe
from territoires.needs.imputation import NO_IMPUTATION
from territoires.needs.recipe_lines import located
from territoires.needs.recipe_reading import recipe_files
from territoires.needs.typed_values import result_columns
from territoires.settings import load_settings
from territoires.sources.workbook import EXTENSIONS, read_workbook
from territoires.tables.keyed import nearest_column
from territoires.tables.reading import TypedTable

_COLUMNS_SHOWN = 30


@dataclass(frozen=True)
class ChosenRecipe:
    """A recipe, and the file it comes from.

    Attributes
    ----------
    recipe : Recipe
        As read.
    path : Path
        Of a person's own, or of a shipped one.
    """

    recipe: Recipe
    path: Path

    def located(self, problem: str) -> str:
        """Put before a message of refusal the file and the line that it speaks of."""
        return located(self.path.read_text(encoding="utf-8-sig"), self.path.name, problem)


def choose_recipe(given: str) -> ChosenRecipe:
    """Read a recipe: a file, or one that is shipped, by its name.

    Raises
    ------
    InvalidRequest
        Neither a file nor a known name, or not a valid recipe.
    """
    file = Path(given)
    if file.is_file() or file.suffix.lower() == ".toml":
        return ChosenRecipe(load_recipe(file), file)
    shipped = recipe_files(load_settings(os.environ).data_dir)
    if given not in shipped:
        near = nearest_column(given, list(shipped))
        message = (
            f"{given} : ni un fichier, ni une recette livrée."
            f"{f' La plus proche : {near}.' if near else ''} Recettes livrées : "
            f"{', '.join(shipped)}."
        )
        raise InvalidRequest(message)
    return ChosenRecipe(load_recipe(shipped[given]), shipped[given])


def read_input(path: str) -> TypedTable:
    """Read the table of a person: CSV, or the first sheet of a workbook.

    Raises
    ------
    InvalidTable
        No such file, not a table, or headings without any row.
    UnexpectedFormat
        A workbook that cannot be opened.
    """
    file = Path(path)
    if file.suffix.lower() in EXTENSIONS and file.is_file():
        table = read_workbook(file, load_settings(os.environ).upload_limit_bytes)
    else:
        table = read_user_table(path)
    if table.frame.empty:
        message = f"{path} : des intitulés, mais aucune ligne de données."
        raise InvalidTable(message)
    return table


def check_columns(
    table: TypedTable, name: str, chosen: ChosenRecipe, *, cle: str, groupes: str | None
) -> None:
    """Check that a table has every column that is asked of it.

    Raises
    ------
    InvalidRequest
        One is missing (the message gives the file, the line, and the nearest column), or the key
        would be taken for a column of the result.
    """
    columns = [str(column) for column in table.frame.columns]
    where = f"{name}, ligne {table.heading_line}"
    problems = [
        f"{option} : {_missing(column, where, columns)}"
        for option, column in (("--cle", cle), ("--groupes", groupes))
        if column is not None and column not in columns
    ]
    problems += [
        chosen.located(f"indicateurs n° {position}, code : {_missing(code, where, columns)}")
        for position, code in enumerate(chosen.recipe.codes, start=1)
        if code not in columns
    ]
    if problems:
        shown = ", ".join(columns[:_COLUMNS_SHOWN]) + (", …" if columns[_COLUMNS_SHOWN:] else "")
        problems.append(f"Colonnes de {name} : {shown}.")
        raise InvalidRequest("\n".join(problems))
    if cle in result_columns(cle, chosen.recipe)[1:]:
        message = f"--cle : « {cle} » est aussi une colonne du résultat. Renommez-la dans {where}."
        raise InvalidRequest(message)


def groups_of(
    table: TypedTable, keys: pd.Index, chosen: ChosenRecipe, column: str | None
) -> pd.Series | None:
    """Return the group of each row, as typed; an empty cell is in none.

    Raises
    ------
    InvalidRequest
        The recipe fills what is missing, and no column says which rows are alike.
    """
    if column is not None:
        typed = table.frame[column]
        return pd.Series(typed.where(typed != "").to_numpy(), index=keys)
    if chosen.recipe.imputation != NO_IMPUTATION:
        problem = (
            "imputation : cette recette remplit ce qui manque d’après les lignes qui se "
            "ressemblent. Dites lesquelles par --groupes COLONNE, ou retirez ce champ."
        )
        raise InvalidRequest(chosen.located(problem))
    return None


def _missing(wanted: str, where: str, columns: Sequence[str]) -> str:
    near = nearest_column(wanted, columns)
    guess = f" La plus proche : « {near} »." if near else ""
    return f"aucune colonne « {wanted} » dans {where}.{guess}"
