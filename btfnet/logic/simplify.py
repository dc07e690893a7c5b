"""Smaller circuits that compute the same.

`fold_gate` looks at one gate alone; `simplify` walks once through a circuit in order, folds every gate over
what its senders turned out to be, and merges gates that are equal or each other's negation. A walk in order
reaches the fixpoint, since nothing that happens to a gate changes an earlier one. Afterwards dead gates go,
and signs are turned so that outputs are positive and few literals are negated.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import gcd

import numpy as np
from numpy.typing import NDArray

from btfnet.logic.circuit import Circuit, Gate

TRUE, FALSE = Gate(0, ()), Gate(1, ())

EXHAUSTIVE_LITERALS = 10
"""Up to so many distinct literals, lighter weights are checked on all their values."""

OUTPUT_PRICE = 1_000_000
"""A negated output costs an inverter, a negated literal of a gate only a bubble: outputs come first."""


def simplify(circuit: Circuit) -> Circuit:
    """An equivalent circuit with at most as many gates; simplifying again changes nothing.

    - constants, copies and negations are folded into the gates and outputs that use them
    - gates become the lightest form that `fold_gate` finds; equal and opposite gates become one
    - gates that no output depends on disappear
    - an output is a negated literal only where the same node must serve in both signs, or is an input
    - a constant output is the node of the one constant gate, `Gate(0, ())`, or its negation
    """
    return _turn(_without_dead_gates(_merge(circuit)))


# -- one gate ------------------------------------------------------------------------------------------


def fold_gate(gate: Gate) -> Gate:
    """The same function of the same nodes: lighter, literals sorted by node; `TRUE` or `FALSE` if constant.

    - a literal and its negation together always count 1
    - a literal that can never decide is dropped
    - a weight above k, or above the number of false literals that make the gate false, decides alone and
      need not be larger
    - weights are divided by their common divisor, and lowered where the values on all literals
      (up to `EXHAUSTIVE_LITERALS`) show that nothing changes
    """
    at_least, weights = _collect(gate)
    while True:
        if at_least <= 0:
            return TRUE
        if at_least > sum(weights.values()):
            return FALSE
        if max(weights.values()) == 1:
            break
        lighter = _clamp(at_least, weights)
        lighter = _drop_irrelevant(*lighter)
        lighter = _lower(*_divide(*lighter))
        if lighter == (at_least, weights):
            break
        at_least, weights = lighter
    return Gate(at_least, tuple(lit for lit in sorted(weights, key=abs) for _ in range(weights[lit])))


def _collect(gate: Gate) -> tuple[int, dict[int, int]]:
    """Weights of distinct nodes' literals; a pair (+i, -i) counts 1 whatever i is."""
    counts = Counter(gate.literals)
    pairs = {literal: min(count, counts[-literal]) for literal, count in counts.items()}
    at_least = gate.at_least - sum(pairs.values()) // 2
    rest = {literal: count - pairs[literal] for literal, count in counts.items()}
    return at_least, {literal: rest[literal] for literal in sorted(rest, key=abs) if rest[literal]}


def _clamp(at_least: int, weights: dict[int, int]) -> tuple[int, dict[int, int]]:
    """A weight ≥ k makes the gate true alone: k is enough. By duality the same for making it false."""
    weights = {literal: min(weight, at_least) for literal, weight in weights.items()}
    to_fail = sum(weights.values()) - at_least + 1
    clamped = {literal: min(weight, to_fail) for literal, weight in weights.items()}
    return sum(clamped.values()) - to_fail + 1, clamped


def _drop_irrelevant(at_least: int, weights: dict[int, int]) -> tuple[int, dict[int, int]]:
    """A literal of weight w matters only if the others can sum to k-w … k-1.

    Bit s of `reachable` is 1 where some of the other literals sum to s. Nodes that do not matter one by one
    do not matter together.
    """
    sizes = Counter(weights.values())
    irrelevant = set()
    for size in sizes:
        reachable = 1
        for other, count in (sizes - Counter([size])).items():
            for _ in range(count):
                reachable |= reachable << other
        if not (reachable << size) >> at_least & ((1 << size) - 1):
            irrelevant.add(size)
    return at_least, {literal: weight for literal, weight in weights.items() if weight not in irrelevant}


def _divide(at_least: int, weights: dict[int, int]) -> tuple[int, dict[int, int]]:
    divisor = gcd(*weights.values()) or 1
    return -(-at_least // divisor), {literal: weight // divisor for literal, weight in weights.items()}


def _lower(at_least: int, weights: dict[int, int]) -> tuple[int, dict[int, int]]:
    """Lower by one a single weight, or all equal ones together, as long as all 2^m values stay the same."""
    if not 1 <= len(weights) <= EXHAUSTIVE_LITERALS:
        return at_least, weights
    literals, vector = list(weights), np.array(list(weights.values()), dtype=np.int64)
    values = np.arange(1 << len(vector))[:, None] >> np.arange(len(vector)) & 1
    is_true = values @ vector >= at_least
    if is_true.all() or not is_true.any():
        return at_least, weights
    lowered = True
    while lowered:
        lowered = False
        for fewer in _lower_weights(vector):
            sums = values @ fewer
            if sums[is_true].min() > sums[~is_true].max():
                at_least, vector, lowered = int(sums[is_true].min()), fewer, True
                break
    return at_least, dict(zip(literals, vector.tolist(), strict=True))


def _lower_weights(vector: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    sizes = [size for size in np.unique(vector)[::-1] if size > 1]
    together = [np.where(vector == size, vector - 1, vector) for size in sizes]
    single = [vector - np.eye(len(vector), dtype=np.int64)[index] for index in np.flatnonzero(vector > 1)]
    return [*together, *single]


# -- the whole circuit ---------------------------------------------------------------------------------


def _merge(circuit: Circuit) -> Circuit:
    """Fold every gate over what its senders became; give equal and opposite gates one node."""
    became = {node: node for node in range(1, circuit.n_inputs + 1)}
    constants: dict[int, bool] = {}
    gates: dict[Gate, int] = {}
    for node, gate in enumerate(circuit.gates, start=circuit.n_inputs + 1):
        folded = fold_gate(_substituted(gate, became, constants))
        if folded.constant is not None:
            constants[node] = folded.constant
        elif len(folded.literals) == 1:
            became[node] = folded.literals[0]
        else:
            chosen = min(folded, folded.dual(), key=_preference)
            number = gates.setdefault(chosen, circuit.n_inputs + 1 + len(gates))
            became[node] = number if chosen == folded else -number
    true_node = circuit.n_inputs + 1 + len(gates)
    outputs = [
        (
            became[abs(output)]
            if abs(output) in became
            else true_node
            if constants[abs(output)]
            else -true_node
        )
        * (1 if output > 0 else -1)
        for output in circuit.outputs
    ]
    constant = [TRUE] if any(abs(output) == true_node for output in outputs) else []
    return replace(circuit, gates=(*gates, *constant), outputs=tuple(outputs))


def _substituted(gate: Gate, became: dict[int, int], constants: dict[int, bool]) -> Gate:
    at_least, literals = gate.at_least, []
    for literal in gate.literals:
        node, positive = abs(literal), literal > 0
        if node in constants:
            at_least -= constants[node] == positive
        else:
            literals.append(became[node] if positive else -became[node])
    return Gate(at_least, tuple(literals))


def _preference(gate: Gate) -> tuple[int, int, tuple[int, ...]]:
    """Of a gate and its negation: the one with fewer negated literals; And before Or; any fixed order."""
    return sum(literal < 0 for literal in gate.literals), -gate.at_least, gate.literals


def _without_dead_gates(circuit: Circuit) -> Circuit:
    alive = {abs(output) for output in circuit.outputs}
    for node in range(circuit.n_nodes, circuit.n_inputs, -1):
        if node in alive:
            alive.update(abs(literal) for literal in circuit.gate(node).literals)
    kept = [*range(1, circuit.n_inputs + 1), *(node for node in sorted(alive) if node > circuit.n_inputs)]
    number = {node: index for index, node in enumerate(kept, start=1)}
    number |= {-node: -index for node, index in number.items()}
    gates = [
        Gate(gate.at_least, tuple(number[literal] for literal in gate.literals))
        for gate in (circuit.gate(node) for node in kept[circuit.n_inputs :])
    ]
    return replace(circuit, gates=tuple(gates), outputs=tuple(number[output] for output in circuit.outputs))


def _turn(circuit: Circuit) -> Circuit:
    """Negate gates (and all their uses) while that lowers the price of negations; greedy, outputs first."""
    sign = [1] * (circuit.n_nodes + 1)
    uses: list[list[tuple[int, int, int]]] = [[] for _ in sign]
    for node in range(circuit.n_inputs + 1, circuit.n_nodes + 1):
        for literal in circuit.gate(node).literals:
            direction = 1 if literal > 0 else -1
            uses[abs(literal)].append((direction, node, 1))
            uses[node].append((direction, abs(literal), 1))
    for output in circuit.outputs:
        uses[abs(output)].append((1 if output > 0 else -1, 0, OUTPUT_PRICE))
    turnable = [
        node for node in range(circuit.n_nodes, circuit.n_inputs, -1) if circuit.gate(node).constant is None
    ]
    changed = True
    while changed:
        changed = False
        for node in turnable:
            if (
                sum(sign[node] * sign[other] * direction * price for direction, other, price in uses[node])
                < 0
            ):
                sign[node], changed = -sign[node], True
    return replace(
        circuit,
        gates=tuple(
            _turned(circuit, node, sign) for node in range(circuit.n_inputs + 1, circuit.n_nodes + 1)
        ),
        outputs=tuple(output * sign[abs(output)] for output in circuit.outputs),
    )


def _turned(circuit: Circuit, node: int, sign: list[int]) -> Gate:
    gate = circuit.gate(node)
    turned = Gate(gate.at_least, tuple(literal * sign[abs(literal)] for literal in gate.literals))
    return turned if sign[node] > 0 else turned.dual()
