"""aigverse, within this process: rewriting, resubstitution, refactoring and balancing until nothing is gained.

Source: aigverse wraps the EPFL library mockturtle (M. Soeken et al., arXiv 1805.05121).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from btfnet.errors import ToolError, ToolMissing
from btfnet.logic.aig.aig import Aig, Builder

ROUNDS = 12
"""A script is given up after so many; each but the last must have gained."""
MOST_FOR_WIDE = 2000
"""Ands up to which substitution may be thorough: 4000 took it 20 s, and no step can be interrupted."""
SCRIPTS: tuple[tuple[str, ...], ...] = (
    ("rewrite", "substitute", "refactor", "substitute_wide"),
    ("refactor_free", "rewrite_free", "substitute", "rewrite", "refactor", "substitute_wide"),
    ("balance", "substitute_wide", "rewrite_free", "substitute", "refactor_free", "rewrite"),
)
"""Each is run on its own; the best graph that any of them meets is kept."""


def require() -> None:
    """Raises `ToolMissing` when aigverse is not installed."""
    if find_spec("aigverse") is None:
        raise ToolMissing("aigverse is not installed. Install it: pip install 'btfnet[hw]'.")


def improve(graph: Aig, *, seconds: float) -> Aig:
    """The smallest graph that the scripts find, the shallowest among equals; the same one on every run.

    seconds   no step begins after them; a step that has begun is not interrupted
    Raises `ToolMissing` when aigverse is not installed, `ToolError` when it fails.
    """
    require()
    if not graph.n_ands:
        return graph
    end = time.monotonic() + seconds
    best = graph
    for script in SCRIPTS:
        current = best
        for _ in range(ROUNDS):
            before = best
            for step in script:
                if time.monotonic() > end:
                    return best
                current = _step(step, current)
                best = min(best, current, key=_price)
            if best is before:
                break
    return best


def _price(graph: Aig) -> tuple[int, int]:
    return graph.n_ands, graph.depth


def _step(name: str, graph: Aig) -> Aig:
    """One algorithm. Raises `ToolError` for whatever goes wrong in it, as the fault is not ours."""
    try:
        return from_network(STEPS[name](import_module("aigverse.algorithms"), to_network(graph)), graph)
    except Exception as error:
        raise ToolError(f"aigverse failed in {name!r} ({type(error).__name__}: {error}).") from error


def _substitute_wide(tool: Any, network: Any) -> Any:
    if network.num_gates > MOST_FOR_WIDE:
        return tool.aig_resubstitution(network, max_pis=10, max_inserts=2)
    return tool.aig_resubstitution(network, max_pis=12, max_inserts=3, use_dont_cares=True)


STEPS: dict[str, Callable[[Any, Any], Any]] = {
    "rewrite": lambda tool, network: tool.aig_cut_rewriting(network, cut_limit=12),
    "rewrite_free": lambda tool, network: tool.aig_cut_rewriting(network, cut_limit=12, allow_zero_gain=True),
    "substitute": lambda tool, network: tool.aig_resubstitution(network, max_pis=8, max_inserts=2),
    "substitute_wide": _substitute_wide,
    "refactor": lambda tool, network: tool.sop_refactoring(network, max_pis=8),
    "refactor_free": lambda tool, network: tool.sop_refactoring(
        network, max_pis=10, allow_zero_gain=True, use_reconvergence_cut=True
    ),
    "balance": lambda tool, network: tool.balancing(network),
}


def to_network(graph: Aig) -> Any:
    """The same graph as an `aigverse.networks.Aig`; through memory."""
    network = import_module("aigverse.networks").Aig()
    signals = [network.get_constant(False), *(network.create_pi() for _ in range(graph.n_inputs))]

    def signal(literal: int) -> Any:
        return signals[literal >> 1] ^ bool(literal & 1)

    for first, second in graph.ands.tolist():
        signals.append(network.create_and(signal(first), signal(second)))
    for output in graph.outputs:
        network.create_po(signal(output))
    return network


def from_network(network: Any, like: Aig) -> Aig:
    """The graph of a network, under the names of another one; only what its outputs need."""
    builder = Builder(like.n_inputs)
    literal_of = {0: 0} | {node: 2 * index for index, node in enumerate(network.pis(), start=1)}

    def literal(signal: Any) -> int:
        return literal_of[signal.index] ^ int(signal.complement)

    waiting = [signal.index for signal in network.pos()]
    while waiting:
        node = waiting[-1]
        if node in literal_of:
            waiting.pop()
            continue
        senders = network.fanins(node)
        missing = [sender.index for sender in senders if sender.index not in literal_of]
        if missing:
            waiting += missing
        else:
            literal_of[node] = builder.both(*(literal(sender) for sender in senders))
            waiting.pop()
    outputs = [literal(signal) for signal in network.pos()]
    return builder.finish(outputs, like.input_names, like.output_names, like.name)
