"""``python -m bench.geocodage_addok``: see the package."""

from bench.geocodage_addok import main

main()
