"""Gates whose change would change an output, for one row: every node is turned once, and all above it follows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from btfnet.logic.circuit import Circuit

AT_ONCE = 1024
"""Nodes that are turned side by side."""
MOST_NODES = 8_000
"""Where more are below the outputs, nobody is told; some seconds for so many."""
Bits = NDArray[np.bool_]


def turned(circuit: Circuit, row: Bits, nodes: NDArray[np.int64]) -> Bits:
    """The outputs where one node is turned and everything above it follows; (len(nodes), n_outputs)."""
    parts = [_turned(circuit, row, nodes[first : first + AT_ONCE]) for first in range(0, len(nodes), AT_ONCE)]
    return np.concatenate(parts) if parts else np.zeros((0, circuit.n_outputs), dtype=bool)


def values_of(circuit: Circuit, row: Bits) -> Bits:
    """The value of every node; (n_nodes + 1,), entry 0 is false."""
    return _values(circuit, row, np.zeros(1, dtype=np.int64))[:, 0]


def _turned(circuit: Circuit, row: Bits, nodes: NDArray[np.int64]) -> Bits:
    values = _values(circuit, row, nodes)
    outputs = [values[abs(output)] ^ (output < 0) for output in circuit.outputs]
    return np.array(outputs, dtype=bool).reshape(circuit.n_outputs, len(nodes)).T


def _values(circuit: Circuit, row: Bits, nodes: NDArray[np.int64]) -> Bits:
    """Every node with the i-th of `nodes` turned in column i; node 0 is none."""
    values = np.zeros((circuit.n_nodes + 1, len(nodes)), dtype=bool)
    values[1 : circuit.n_inputs + 1] = row[:, None]
    columns: dict[int, list[int]] = {}
    for column, node in enumerate(nodes.tolist()):
        columns.setdefault(node, []).append(column)
        if 0 < node <= circuit.n_inputs:
            values[node, column] ^= True
    for node, gate in enumerate(circuit.gates, start=circuit.n_inputs + 1):
        literals = np.array(gate.literals, dtype=np.int64)
        true = values[np.abs(literals)] ^ (literals < 0)[:, None]
        values[node] = np.count_nonzero(true, axis=0) >= gate.at_least
        if node in columns:
            values[node, columns[node]] ^= True
    return values


def cone(circuit: Circuit, literals: Iterable[int]) -> set[int]:
    """The nodes that these literals listen to, directly or not, and their own."""
    found, waiting = set[int](), [abs(literal) for literal in literals]
    while waiting:
        node = waiting.pop()
        if node in found:
            continue
        found.add(node)
        if node > circuit.n_inputs:
            waiting += map(abs, circuit.gate(node).literals)
    return found


def inputs_below(circuit: Circuit) -> list[tuple[int, ...]]:
    """For each output the inputs (from 0) that it listens to, directly or not."""
    heard = [0, *(1 << index for index in range(circuit.n_inputs))]  # a bit for each input
    for gate in circuit.gates:
        mask = 0
        for literal in gate.literals:
            mask |= heard[abs(literal)]
        heard.append(mask)
    return [
        tuple(index for index in range(circuit.n_inputs) if heard[abs(output)] >> index & 1)
        for output in circuit.outputs
    ]


def decisive_gates(circuit: Circuit, row: Bits, outputs: tuple[int, ...]) -> list[tuple[int, ...] | None]:
    """For each of these outputs the gates whose change changes it, from the inputs up.

    None where too many nodes are below them.
    """
    below = cone(circuit, (circuit.outputs[output] for output in outputs))
    nodes = sorted(node for node in below if node > circuit.n_inputs)
    if len(nodes) > MOST_NODES:
        return [None] * len(outputs)
    asked = np.array([0, *nodes], dtype=np.int64)
    answers = turned(circuit, row, asked)
    differs = answers[1:] != answers[0]
    return [tuple(asked[1:][differs[:, output]].tolist()) for output in outputs]
