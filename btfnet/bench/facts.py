"""Everything that `btfnet bench` reports."""

from __future__ import annotations

from typing import Any

import numpy as np

from btfnet.bench import engines, kernel, starts
from btfnet.bench.goals import goals_of
from btfnet.bench.sizes import FULL, BenchSizes
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.projections import stepper as boolnet
from btfnet.machine import cores


def warm_up(sizes: BenchSizes = FULL) -> None:
    """Compile, or load, whatever is measured in this process."""
    for threads in {1, cores()}:
        boolnet.warm_up(threads=threads)
    program = engines.majorities(sizes).program
    program.words(np.zeros((sizes.widths[0], 1), dtype=np.uint64))
    program.rows(np.zeros((1, sizes.widths[0]), dtype=np.uint8))
    GateSearch.of(kernel.random_problem((2, 2), 4), np.random.default_rng(0)).walk(1)


def measure(sizes: BenchSizes = FULL, *, cold: bool = False) -> dict[str, Any]:
    """All figures; times are medians over rounds in which the tasks took turns.

    ns_per_edge_item_iteration   of the kernel, float32, with one thread and with one for each core
    copy_ns_per_16_bytes         time to copy 8 bytes (8 read, 8 written) of a buffer of the size of w and x, by
                                 one thread; …_all_threads: by as many as there are cores
    ratio_to_copy                to the copy by one thread, medians of the rounds' ratios
    ratio_to_copy_by_as_many_threads  to the copy by the same number of threads
    least                        the same times of the quickest call; other figures' …_least likewise
    spread                       distance of the quartiles over the rounds, relative to the median
    state_bytes_per_edge_item    memory held while running, the data not counted
    by_threads, by_items, by_edges    how the kernel scales
    small_problem                microseconds per iteration
    descent                      sweeps per second, one thread
    predictions_per_second       items through a circuit of 160 majorities; None: not in this version
    bit_sliced                   gate·items per second on random And, Or and Maj3 gates from words, and
                                 rows per second from bytes to bytes
    cached_start_seconds, cold_start_seconds   the command for a small problem; None: not measured
    goals                        the written goals: figure, value, unit, goal, met
    """
    facts: dict[str, Any] = {
        **kernel.measure_kernel(sizes),
        "small_problem": kernel.measure_small(sizes),
        **kernel.measure_scaling(sizes),
        "descent": engines.measure_descent(sizes),
        "predictions_per_second": {
            **engines.measure_prediction(sizes),
            "packed": engines.packed_predictions(sizes),
        },
        "bit_sliced": engines.measure_bit_sliced(sizes),
        "cached_start_seconds": starts.cached_start(sizes.starts),
        "cold_start_seconds": starts.cold_start() if cold else None,
        "rounds": sizes.rounds,
    }
    facts["goals"] = [goal.as_dict() for goal in goals_of(facts)]
    return facts
