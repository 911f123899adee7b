"""The stopwatch of the benchmarks."""

import statistics
import time
from collections.abc import Callable


def median_ms(task: Callable[[], object], rounds: int) -> float:
    """Run a task once for nothing, then several times; return the median, in milliseconds."""
    task()
    durations = []
    for _ in range(rounds):
        start = time.perf_counter()
        task()
        durations.append((time.perf_counter() - start) * 1000)
    return statistics.median(durations)
