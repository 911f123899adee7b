"""Run every benchmark, or those named on the command line."""

import importlib
import pkgutil
import sys

import bench

names = [
    module.name
    for module in pkgutil.iter_modules(bench.__path__)
    if module.name not in {"__main__", "bpe_file", "timing"}
]
unknown = set(sys.argv[1:]) - set(names)
if unknown:
    sys.exit(f"unknown benchmark: {', '.join(sorted(unknown))}; known: {', '.join(names)}")
for name in sys.argv[1:] or names:
    print(f"\n== {name}", flush=True)
    importlib.import_module(f"bench.{name}").main()
