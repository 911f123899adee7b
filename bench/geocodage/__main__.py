"""``python -m bench.geocodage``: see the package."""

from bench.geocodage import main

main()
