"""The command line: French verbs, French messages.

Exit status: 0 done, 1 refused with a message, 2 wrong use, 3 partial.
"""

from territoires.cli.application import main

__all__ = ["main"]
