"""What no circuit of a network can do, where that is cheap to see and certain; told before a search begins.

- A layer of k nodes, through which everything passes, lets at most 2^k different outputs out.
- An output is a function of the inputs that reach it: items that agree on them must agree in it.
- An output that listens to inputs alone is one threshold gate. Where a positive combination of items y (x, 1)
  vanishes, there is none: a linear program proposes the combination, integers prove it (Farkas).
"""

from __future__ import annotations

import time
import warnings
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import BtfnetWarning
from btfnet.printable import printable
from btfnet.problem.item_inputs import as_numbers, columns_in_order, rows_in_order
from btfnet.problem.problem import Problem
from btfnet.problem.targets import contradiction
from btfnet.problem.values import InputKind

SECONDS = 2.0
"""For all linear programs together."""
MOST_VALUES = 2_000_000
"""Items times inputs of a linear program."""
MOST_PROVEN = 80
"""Items of a combination that is still proven."""
MOST_NAMED = 6


def impossible(problem: Problem) -> str | None:
    """Why no circuit of the problem's network reproduces all training items; None where nobody knows."""
    if problem.input_kind is not InputKind.BITS:
        return None
    reason = _too_narrow(problem) or _out_of_reach(problem) or _no_gate(problem)
    return None if reason is None else f"no circuit of this network reproduces all training items: {reason}"


def warn_if_impossible(problem: Problem) -> None:
    """Say it as a `BtfnetWarning`: a search may still be wanted, for the circuit that comes nearest."""
    reason = impossible(problem)
    if reason is not None:
        told = f"{problem.name}: {reason} The search goes on, for the circuit that comes nearest."
        warnings.warn(told, BtfnetWarning, stacklevel=3)


def _too_narrow(problem: Problem) -> str | None:
    widths = problem.network.widths
    if widths is None or len(widths) < 3:
        return None
    narrowest = min(widths[1:-1])
    whole = slice(None) if problem.train_care is None else problem.train_care.all(axis=1)
    outputs = problem.outputs[: problem.n_train][whole]
    if narrowest >= 40 or len(outputs) <= 1 << narrowest:
        return None
    octets = np.packbits(outputs > 0, axis=1)
    words = len(np.unique(octets[:, 0]) if octets.shape[1] == 1 else np.unique(octets, axis=0))
    if words <= 1 << narrowest:
        return None
    return (
        f"they have {words} different outputs, but a layer of {narrowest} lets at most {1 << narrowest} through; "
        f"give it more nodes."
    )


def _out_of_reach(problem: Problem) -> str | None:
    network, n_train = problem.network, problem.n_train
    reached: dict[int, frozenset[int]] = {node: frozenset({node}) for node in range(1, network.n_inputs + 1)}
    reached[0] = frozenset()
    if all(
        np.isin(np.arange(1, network.n_inputs + 1), network.senders(node)).all() for node in network.groups[0]
    ):
        return None  # every node of the first layer, on which all others build, sees every input
    for node in network.btf_nodes:
        reached[node] = frozenset().union(*(reached[int(sender)] for sender in network.senders(node)))
    for place, node in enumerate(network.output_nodes):
        columns = np.array(sorted(reached[node]), dtype=np.int64) - 1
        if columns.size == network.n_inputs:
            continue
        care = None if problem.train_care is None else problem.train_care[:, [place]]
        every, none = problem.training_items.held, np.ones((n_train, 1), np.float32)
        seen = columns_in_order(every, columns) if columns.size else none
        found = contradiction(seen, problem.outputs[:n_train][:, [place]], care)
        if found is not None:
            return (
                f"items {found[0] + 1} and {found[1] + 1} differ in {_output(problem, place)}, but agree on the "
                f"{columns.size} inputs that reach it; let it see more of them."
            )
    return None


def _no_gate(problem: Problem) -> str | None:
    network, deadline = problem.network, time.monotonic() + SECONDS
    if network.grows:
        return None
    inputs = problem.training_items.held
    for place, node in enumerate(network.output_nodes):
        senders = network.senders(node)
        if senders[0] != 0 or senders[-1] > network.n_inputs:
            continue
        counts = np.arange(problem.n_train)
        if problem.train_care is not None:
            counts = np.flatnonzero(problem.train_care[:, place])
        if len(counts) * len(senders) > MOST_VALUES:
            continue
        heard = as_numbers(columns_in_order(rows_in_order(inputs, counts), senders[1:] - 1)).astype(np.int64)
        rows = np.column_stack([heard, np.ones(len(counts), dtype=np.int64)])
        items = against_gate(rows, problem.outputs[counts, place], seconds=deadline - time.monotonic())
        if items is not None:
            named = ", ".join(str(counts[item] + 1) for item in items[:MOST_NAMED])
            more = f" and {len(items) - MOST_NAMED} more" if len(items) > MOST_NAMED else ""
            return (
                f"{_output(problem, place)} is one gate of inputs, but no threshold gate gives what it must "
                f"at the items {named}{more}; give the network a hidden layer."
            )
    return None


def against_gate(
    rows: NDArray[np.int64], wanted: NDArray[np.int8], *, seconds: float = SECONDS
) -> tuple[int, ...] | None:
    """Items that no threshold gate reproduces together, proven in integers; None where none were found.

    rows    ±1, (n_items, n_senders + 1), the last column 1: the bias
    wanted  ±1, (n_items,)
    """
    from scipy.optimize import linprog  # half a second that few runs need

    if seconds <= 0 or rows.size > MOST_VALUES or abs(int(wanted.astype(np.int64).sum())) == len(wanted):
        return None
    signed = rows * wanted[:, None].astype(np.int64)
    equal = np.vstack([signed.T, np.ones(len(rows))])
    target = np.append(np.zeros(rows.shape[1]), 1.0)
    found = linprog(
        np.zeros(len(rows)), A_eq=equal, b_eq=target, method="highs-ds", options={"time_limit": seconds}
    )
    if found.x is None:
        return None
    items = np.flatnonzero(found.x > 1e-9)
    if not 0 < items.size <= MOST_PROVEN or not vanishes(signed[items]):
        return None
    return tuple(items.tolist())


def vanishes(rows: NDArray[np.int64]) -> bool:
    """Whether integer rows have one combination that is zero, up to a factor, and its weights are positive."""
    left = [[Fraction(int(value)) for value in column] for column in rows.T]
    pivots: list[int] = []
    for unknown in range(len(rows)):
        below = [line for line in range(len(pivots), len(left)) if left[line][unknown]]
        if not below:
            continue
        at = len(pivots)
        left[at], left[below[0]] = left[below[0]], left[at]
        left[at] = [value / left[at][unknown] for value in left[at]]
        for line in range(len(left)):
            if line != at and (factor := left[line][unknown]):
                left[line] = [a - factor * b for a, b in zip(left[line], left[at], strict=True)]
        pivots.append(unknown)
    free = sorted(set(range(len(rows))) - set(pivots))
    return len(free) == 1 and all(left[line][free[0]] < 0 for line in range(len(pivots)))


def _output(problem: Problem, place: int) -> str:
    return f"output {printable(problem.output_names[place]) if problem.output_names else place + 1}"
