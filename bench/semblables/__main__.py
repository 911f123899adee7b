"""``python -m bench.semblables``: see the package."""

from bench.semblables import main

main()
