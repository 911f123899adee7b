"""The errors of Territoires: one small family, messages in French for the person who reads them.

A message says what failed, where (file, line, field) and what to do. Everything below inherits
from :class:`TerritoiresError`, which is what the command line and the pages catch.
"""


class TerritoiresError(Exception):
    """Root of every error this project raises on purpose."""


class DataFileError(TerritoiresError):
    """A shipped data file is missing, damaged, or of another version.

    Parameters
    ----------
    path : str
        The file, as the reader will look for it.
    problem : str
        What is wrong with it, in French.
    remedy : str, optional
        What to do; by default, the command that rebuilds shipped data.
    """

    def __init__(self, path: object, problem: str, remedy: str | None = None) -> None:
        self.path = str(path)
        self.problem = problem
        self.remedy = remedy or (
            "Réinstallez Territoires, ou reconstruisez les données : territoires construire-donnees"
        )
        super().__init__(f"{self.path} : {problem}. {self.remedy}.")


class InvalidTable(TerritoiresError):
    """A file given by a person cannot be read as the table that was expected."""


class InvalidRequest(TerritoiresError):
    """A parameter is out of range, or names something that does not exist here."""


class UnknownTerritory(TerritoiresError):
    """No territory has this code or this name."""


class UnknownDirectory(TerritoiresError):
    """The initiatives that an address counts are not here, or not any more."""


class UnknownGroup(TerritoiresError):
    """The communes that an address names by a mark are not here, or not any more."""


class AmbiguousTerritory(TerritoiresError):
    """Several territories answer to this name; the message lists them."""


class SourceUnavailable(TerritoiresError):
    """Something outside (a package, a producer's site) did not give what was asked."""


class AddressUnknown(SourceUnavailable):
    """No address of the producer's file is documented: a person fetches it, then offers it."""


class UnexpectedFormat(TerritoiresError):
    """A producer's file is not in a form that is known here: it changed, or it is another file."""


class BuildCheckFailed(TerritoiresError):
    """Data were built, then failed a check: nothing was installed."""
