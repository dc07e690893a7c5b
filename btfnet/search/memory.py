"""How many trials fit into memory side by side, and which networks fit at all."""

from __future__ import annotations

from collections.abc import Sequence

from btfnet.engines.protocol import EngineSpec, Sizes
from btfnet.engines.registry import AUTO, LIGHTEST, engine_named, names_for
from btfnet.machine import SHARE, available_bytes
from btfnet.problem import widths as layer_widths
from btfnet.problem.problem import Problem

EDGE_BYTES = 40
"""What a network and the trial that is left of it take for each edge (measured with gate descent: 33)."""


def workers_that_fit(engines: Sequence[EngineSpec], problem: Problem, precision: str, workers: int) -> int:
    """At most so many workers, and at least one: the engine says when not even that fits."""
    free = available_bytes()
    if free is None:
        return workers
    largest = max(engine.state_bytes(Sizes.of(problem, precision)) for engine in engines)
    return max(1, min(workers, int(SHARE * free / max(1, largest))))


def engine_that_fits(
    widths: Sequence[int], n_items: int, engine: str, precision: str, *, boolean: bool
) -> tuple[str | None, str]:
    """The engine for a layered network that is not made yet, and why it is another one than was asked for.

    Where an engine of auto does not fit, auto becomes its lightest one if that does and the inputs are Boolean;
    None where nothing fits.
    """
    free = available_bytes()
    nodes, edges = 1 + sum(widths), layer_widths.n_edges(widths)
    sizes = Sizes(n_items, nodes, edges, precision)
    network = max(layer_widths.network_bytes(nodes, edges), EDGE_BYTES * edges)

    def needed(name: str) -> int:
        return network + engine_named(name).state_bytes(sizes)

    names = names_for(engine)
    largest = max(map(needed, names))
    if free is None or largest <= SHARE * free:
        return engine, ""
    note = f"needs {largest / 2**30:.1f} GiB of memory, but {free / 2**30:.1f} GiB are free"
    if engine == AUTO and boolean and needed(LIGHTEST) <= SHARE * free:
        return LIGHTEST, f"{max(names, key=needed)} {note}"
    return None, f"it {note}"
