"""The sweep: nanoseconds per edge, item and iteration, beside the copy of as much memory, and how it scales."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np

from btfnet.bench.sizes import BenchSizes, Widths
from btfnet.bench.timing import Task, Times, alternate
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.machine import cores
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.settings import Settings

BYTES_PER_EDGE_ITEM = 8
"""What one iteration must read and write of each edge and item in float32: w and x."""

EDGE_ITEMS_A_CALL = 2_000_000
"""Work of one timed call: its own overhead does not count, and it may end before the system interrupts it."""


def thread_counts() -> list[int]:
    """1, 2, 4, … and all cores."""
    powers = [2**k for k in range(cores().bit_length()) if 2**k < cores()]
    return [*powers, cores()]


def random_problem(widths: Widths, n_items: int) -> Problem:
    """Random items on a layered network: hardly anything to learn, so that no run ends early."""
    rng = np.random.default_rng(0)
    inputs = np.where(rng.random((n_items, widths[0])) < 0.5, np.float32(-1), np.float32(1))
    _, which = np.unique(inputs, axis=0, return_inverse=True)  # the same inputs ask for the same outputs
    outputs = np.where(rng.random((n_items, widths[-1])) < 0.5, -1, 1)[which]
    return Problem("bench", Network.layered(widths), Items(inputs, outputs))


class Sweep:
    """A kernel, ready to be timed."""

    def __init__(self, widths: Widths, n_items: int, threads: int = 1) -> None:
        self.widths, self.problem = widths, random_problem(widths, n_items)
        settings = Settings(beta=0.3, gamma=3e-4)
        self.stepper = NetworkStepper(self.problem, settings, np.random.default_rng(1), threads=threads)
        self.iterations = max(1, EDGE_ITEMS_A_CALL // self.problem.edge_items)

    def __call__(self) -> None:
        self.stepper.advance(self.iterations, 0.0)

    def nanoseconds(self, times: Times) -> Times:
        """Per edge, item and iteration."""
        return times.per(1e-9 * self.iterations * self.problem.edge_items)

    def microseconds(self, times: Times) -> Times:
        """Per iteration."""
        return times.per(1e-6 * self.iterations)


class Copy:
    """A plain copy of a buffer, its parts shared out among threads."""

    def __init__(self, n_bytes: int, pool: ThreadPoolExecutor, threads: int) -> None:
        self.source, self.target = np.ones(n_bytes, dtype=np.uint8), np.zeros(n_bytes, dtype=np.uint8)
        cuts = np.linspace(0, n_bytes, threads + 1).astype(int) // 4096 * 4096
        cuts[-1] = n_bytes
        self.parts = [slice(*cut) for cut in pairwise(cuts.tolist())]
        self.pool = pool

    def __call__(self) -> None:
        if len(self.parts) == 1:
            np.copyto(self.target, self.source)
        else:
            list(self.pool.map(self._copy, self.parts))

    def _copy(self, piece: slice) -> None:
        np.copyto(self.target[piece], self.source[piece])


def measure_kernel(sizes: BenchSizes) -> dict[str, Any]:
    """The contract's figures: kernel and copy in turns, for one thread and for as many as there are cores."""
    sweeps = {str(threads): Sweep(sizes.widths, sizes.items, threads) for threads in thread_counts()}
    single = sweeps["1"]
    edge_items = single.problem.edge_items
    with ThreadPoolExecutor(cores()) as pool:
        n_bytes = edge_items * BYTES_PER_EDGE_ITEM
        tasks: dict[str, Task] = {
            "copy": Copy(n_bytes, pool, 1),
            **sweeps,
            "copy by all": Copy(n_bytes, pool, cores()),
        }
        times = alternate(tasks, rounds=sizes.rounds, turn_seconds=sizes.turn_seconds)
    copy, copy_by_all = (times[name].per(1e-9 * edge_items) for name in ("copy", "copy by all"))
    return {
        "network": "-".join(map(str, sizes.widths)),
        "items": sizes.items,
        "edges": single.problem.network.n_edges,
        "precision": "float32",
        "threads": cores(),
        "state_bytes_per_edge_item": single.stepper.state_bytes / edge_items,
        **_beside_copies({name: sweeps[name].nanoseconds(times[name]) for name in sweeps}, copy, copy_by_all),
    }


def _beside_copies(kernel: dict[str, Times], copy: Times, copy_by_all: Times) -> dict[str, Any]:
    """Times of the kernel by the number of threads, and of the copies, per edge and item."""
    single, all_threads = kernel["1"], kernel[str(cores())]
    each = {"one_thread": single, "all_threads": all_threads, "copy": copy, "copy_all_threads": copy_by_all}
    return {
        "ns_per_edge_item_iteration": {"one_thread": single.median, "all_threads": all_threads.median},
        "copy_ns_per_16_bytes": copy.median,
        "copy_ns_per_16_bytes_all_threads": copy_by_all.median,
        "ratio_to_copy": {"one_thread": single.over(copy), "all_threads": all_threads.over(copy)},
        "ratio_to_copy_by_as_many_threads": {
            "one_thread": single.over(copy),
            "all_threads": all_threads.over(copy_by_all),
        },
        "least": {name: value.least for name, value in each.items()},
        "spread": {name: value.spread for name, value in each.items()},
        "by_threads": [
            {
                "threads": int(name),
                "ns": value.median,
                "ns_least": value.least,
                "speed_up": single.over(value),
            }
            for name, value in kernel.items()
        ],
    }


def measure_scaling(sizes: BenchSizes) -> dict[str, Any]:
    """Over items on the contract's network, and over networks with the contract's items."""
    return {
        "by_items": _scaling(
            sizes,
            [(sizes.widths, items) for items in sizes.items_scaling],
            lambda sweep: {"items": sweep.problem.n_train},
        ),
        "by_edges": _scaling(
            sizes,
            [(widths, sizes.items) for widths in sizes.widths_scaling],
            lambda sweep: {
                "edges": sweep.problem.network.n_edges,
                "network": "-".join(map(str, sweep.widths)),
            },
        ),
    }


def _scaling(
    sizes: BenchSizes, cases: list[tuple[Widths, int]], describe: Callable[[Sweep], dict[str, Any]]
) -> list[dict[str, Any]]:
    """One thread and all threads, each size beside the others."""
    sweeps = {
        f"{number} {threads}": Sweep(*case, threads)
        for number, case in enumerate(cases)
        for threads in sorted({1, cores()})
    }
    times = alternate(sweeps, rounds=sizes.rounds, turn_seconds=sizes.turn_seconds / 2)
    rows = []
    for number in range(len(cases)):
        single, every = f"{number} 1", f"{number} {cores()}"
        rows.append({
            **describe(sweeps[single]),
            "ns_one_thread": sweeps[single].nanoseconds(times[single]).median,
            "ns_one_thread_least": sweeps[single].nanoseconds(times[single]).least,
            "ns_all_threads": sweeps[every].nanoseconds(times[every]).median,
            "ns_all_threads_least": sweeps[every].nanoseconds(times[every]).least,
        })  # fmt: skip
    return rows


def measure_small(sizes: BenchSizes) -> dict[str, Any]:
    """What an iteration costs where almost nothing is to be done."""
    sweep = Sweep(sizes.small_widths, sizes.small_items)
    times = alternate({"small": sweep}, rounds=sizes.rounds, turn_seconds=sizes.turn_seconds)
    each = sweep.microseconds(times["small"])
    return {
        "edges": sweep.problem.network.n_edges,
        "items": sizes.small_items,
        "us_per_iteration": each.median,
        "us_per_iteration_least": each.least,
    }
