"""The device engine: time of an iteration for batches of trials, bytes as compiled, and the memory's own speed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from btfnet.bench.kernel import Sweep, random_problem
from btfnet.bench.sizes import Widths
from btfnet.bench.timing import alternate
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.device.backend import device_named, require_jax
from btfnet.engines.device.candidates import compiled_changes, halves, triples_of
from btfnet.engines.device.cost import H100_BANDWIDTH, iteration_cost
from btfnet.engines.device.programs import programs
from btfnet.engines.device.starts import known_of, rates_of, start_point
from btfnet.engines.device.wires import DenseGroups, EdgeLists, Wires
from btfnet.kernels.descent.walk import improve_node
from btfnet.machine import SHARE, available_bytes
from btfnet.problem.problem import Problem
from btfnet.settings import Settings

BATCHES = (1, 16, 256)
STATES = 4
"""Copies of w and x that a batch may need at a time: before, after, and what is summed of them."""
LAYOUTS: dict[str, Callable[..., Wires]] = {"dense blocks": DenseGroups, "lists of edges": EdgeLists}


@dataclass(frozen=True)
class DeviceSizes:
    """As `BenchSizes`, for a device; copy_bytes  of the buffer whose copy tells its memory's speed."""

    widths: Widths
    items: int
    copy_bytes: int
    rounds: int = 5
    turn_seconds: float = 0.1
    call_edge_items: int = 2_000_000


SIZES = {
    "cpu": DeviceSizes((16, 16, 16, 16), 64, 2**26),
    "gpu": DeviceSizes((32,) * 6, 512, 2**31, call_edge_items=10**9),
}


class DeviceSweep:
    """A batch of trials, ready to be timed."""

    def __init__(
        self, problem: Problem, trials: int, layout: Callable[..., Wires], sizes: DeviceSizes
    ) -> None:
        jax, dtype, self.trials = require_jax(), np.dtype("float32"), trials
        settings = Settings(beta=0.3, gamma=3e-4)
        wires, self.programs = programs(problem.network, layout, 0)
        start = start_point(problem, wires, dtype, np.random.default_rng(1))
        rates = jax.tree.map(lambda rate: np.stack([rate] * trials), rates_of(problem, settings, dtype))
        given = (known_of(problem, dtype), rates, start)
        self.known, self.rates, start = jax.device_put(given, device_named())
        self.points = self.programs.many(start, trials)
        self.iterations = max(1, sizes.call_edge_items // (trials * problem.edge_items))
        self.edge_items = trials * problem.edge_items
        self.watched, self.stop = np.zeros(trials, dtype=bool), np.zeros(trials, dtype=dtype)

    def __call__(self) -> None:
        self.points, done = self.programs.run(
            self.known, self.rates, self.points, np.int32(self.iterations), self.watched, self.stop
        )
        done.block_until_ready()


def measure_device(name: str | None = None, sizes: DeviceSizes | None = None) -> dict[str, Any]:
    """Figures of a device, cpu or gpu; None: of the one that JAX chooses. Raises `UsageError` where it is not.

    batches  a row for each layout of the edges and number of trials: ns per trial, edge, item and iteration
             (median and least), bytes per the same as compiled, bytes a second, their share of what a copy
             reaches, and the ns that the bytes would take at 3.35 TB/s: arithmetic, not measured
    sweep    the engine `rrr` on the same problem: one thread of the processor
    candidates  descent's: ns for a gate of a node and 512 items
    """
    jax, device = require_jax(), device_named(name)
    kind = "cpu" if device.platform == "cpu" else "gpu"
    sizes = sizes or SIZES[kind]
    with jax.default_device(device):
        problem = random_problem(sizes.widths, sizes.items)
        bandwidth = _copy_bandwidth(sizes)
        rows = [
            _row(problem, trials, layout, sizes, bandwidth) for layout in LAYOUTS for trials in BATCHES
            if _fits(problem, trials, device)
        ]  # fmt: skip
        candidates = measure_candidates(sizes)
    sweep = Sweep(sizes.widths, sizes.items)
    times = sweep.nanoseconds(
        alternate({"sweep": sweep}, rounds=sizes.rounds, turn_seconds=sizes.turn_seconds)["sweep"]
    )
    return {
        "device": str(device.device_kind), "platform": kind, "network": "-".join(map(str, sizes.widths)),
        "items": sizes.items, "edges": problem.network.n_edges, "precision": "float32", "rounds": sizes.rounds,
        "copy_bytes_per_second": bandwidth, "batches": rows,
        "sweep": {"ns": times.median, "ns_least": times.least}, "candidates": candidates,
    }  # fmt: skip


def _fits(problem: Problem, trials: int, device: Any) -> bool:
    stats = device.memory_stats() if device.platform != "cpu" else None
    free = stats["bytes_limit"] if stats else available_bytes()
    return free is None or STATES * 8 * trials * problem.edge_items <= SHARE * free


def _row(problem: Problem, trials: int, layout: str, sizes: DeviceSizes, bandwidth: float) -> dict[str, Any]:
    cost = iteration_cost(problem, trials, layout=LAYOUTS[layout])
    sweep = DeviceSweep(problem, trials, LAYOUTS[layout], sizes)
    sweep()
    times = alternate({"run": sweep}, rounds=sizes.rounds, turn_seconds=sizes.turn_seconds)["run"]
    times = times.per(1e-9 * sweep.iterations * sweep.edge_items)
    speed = 1e9 * cost.bytes_moved / times.median
    return {
        "layout": layout, "trials": trials, "ns": times.median, "ns_least": times.least,
        "bytes": cost.bytes_moved, "operations": cost.operations, "bytes_per_second": speed,
        "share_of_copy": speed / bandwidth, "ns_at_3.35_TB_per_second": cost.nanoseconds(H100_BANDWIDTH),
    }  # fmt: skip


def _copy_bandwidth(sizes: DeviceSizes) -> float:
    """Bytes read and written a second by adding one to a large buffer, in place."""
    jax = require_jax()
    add = jax.jit(lambda values: values + 1, donate_argnums=0)
    buffers = [jax.numpy.zeros(sizes.copy_bytes // 4, dtype="float32")]

    def copy() -> None:
        buffers.append(add(buffers.pop()))
        buffers[0].block_until_ready()

    copy()
    times = alternate({"copy": copy}, rounds=sizes.rounds, turn_seconds=sizes.turn_seconds)
    return 2 * sizes.copy_bytes / times["copy"].median


def measure_candidates(sizes: DeviceSizes, trials: tuple[int, ...] = (1, 16)) -> dict[str, Any]:
    """All copies and majorities of a node's 33 senders on 512 items, in JAX; beside it the kernel that prunes."""
    problem = random_problem((32, 32, 32), 512)
    search = GateSearch.of(problem, np.random.default_rng(1))
    network, work = search.network, search.buffers
    node, rng = network.output_nodes.start, np.random.default_rng(0)
    senders, triples = network.senders(node), triples_of(33)
    words = [work.values[senders], work.values[node], work.planes[-1], work.planes[:1] | ~work.planes[:1]]
    gates, counted = 2 * 33 + 8 * len(triples), compiled_changes()
    tasks: dict[str, Any] = {"kernel": lambda: improve_node(search.shape, search.gates, work, node, rng)}
    for count in trials:
        stacked = require_jax().device_put([np.stack([halves(rows)] * count) for rows in words])
        counted(*stacked, triples)[1].block_until_ready()
        tasks[str(count)] = lambda stacked=stacked: counted(*stacked, triples)[1].block_until_ready()
    times = alternate(tasks, rounds=sizes.rounds, turn_seconds=sizes.turn_seconds)
    return {
        "gates": gates, "items": 512, "kernel_us_per_node": 1e6 * times["kernel"].median,
        "us_per_node": {count: 1e6 * times[str(count)].median / count for count in trials},
        "ns_per_gate": {count: 1e9 * times[str(count)].median / count / gates for count in trials},
    }  # fmt: skip
