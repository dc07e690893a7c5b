"""How many trials fit into memory side by side, and which networks fit at all."""

from __future__ import annotations

from collections.abc import Sequence

from btfnet.engines.projections.stepper import state_bytes, state_bytes_of
from btfnet.machine import available_bytes
from btfnet.problem import widths as sizes
from btfnet.problem.problem import Problem
from btfnet.search.records import Engine

SHARE = 0.9
"""Part of the free memory that the states of trials may take."""
DESCENT_EDGE_BYTES = 40
"""What a descent and the trial that it leaves take for each edge, the network counted (measured: 33)."""


def workers_that_fit(problem: Problem, precision: str, workers: int) -> int:
    """At most so many workers, and at least one: `NetworkStepper` says when not even that fits."""
    free = available_bytes()
    if free is None:
        return workers
    return max(1, min(workers, int(SHARE * free / max(1, state_bytes(problem, precision)))))


def engine_that_fits(
    widths: Sequence[int], n_items: int, engine: Engine, precision: str, *, boolean: bool
) -> tuple[Engine | None, str]:
    """The engine for a layered network that is not made yet, and why it is another one than was asked for.

    Where the projections do not fit, but gate descent does, auto becomes the latter if the inputs are Boolean;
    None where nothing fits.
    """
    free = available_bytes()
    edges, nodes = sizes.n_edges(widths), 1 + sum(widths)
    descent = max(sizes.network_bytes(nodes, edges), DESCENT_EDGE_BYTES * edges)
    projections = descent + state_bytes_of(n_items, nodes, edges, precision)
    needed = descent if engine is Engine.DESCENT else projections
    if free is None or needed <= SHARE * free:
        return engine, ""
    note = f"needs {needed / 2**30:.1f} GiB of memory, but {free / 2**30:.1f} GiB are free"
    if engine is Engine.AUTO and boolean and descent <= SHARE * free:
        return Engine.DESCENT, f"with projections it {note}"
    return None, f"it {note}"


def widened_fits(problem: Problem, factor: float) -> bool:
    """Whether a descent fits whose hidden layers are so many times as wide; only for layered networks."""
    free, own = available_bytes(), problem.network.widths
    if free is None or own is None:
        return True
    wide = (own[0], *(int(factor * width) + 1 for width in own[1:-1]), own[-1])
    return DESCENT_EDGE_BYTES * sizes.n_edges(wide) <= SHARE * free
