"""``python -m territoires``: the same as the ``territoires`` command."""

from territoires.cli import main

main()
