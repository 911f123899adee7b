"""Opens what producers publish: by its content, never by its name.

Read :mod:`containers` for archives, :mod:`headings` for the names of columns, :mod:`tables` for
what is below them, :mod:`opener` for the choice of a layout.
"""

from territoires.sources.opening.opener import closest, open_file, recognise
from territoires.sources.opening.tables import OpenedTable

__all__ = ["OpenedTable", "closest", "open_file", "recognise"]
