"""Smaller circuits that compute the same.

`simplify` walks once through a circuit in order, folds every gate over what its senders turned out to be, and
merges gates that are equal or each other's negation. A walk in order reaches the fixpoint, since nothing that
happens to a gate changes an earlier one. Afterwards dead gates go, and signs are turned so that outputs are
positive and few literals are negated.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from btfnet.logic.gate import TRUE, Gate, fold_gate, literal_over
from btfnet.logic.netlist import Netlist

OUTPUT_PRICE = 1_000_000
"""A negated output costs an inverter, a negated literal of a gate only a bubble: outputs come first."""

N = TypeVar("N", bound=Netlist)


def simplify(circuit: N) -> N:
    """An equivalent circuit with at most as many gates; simplifying again changes nothing.

    - constants, copies and negations are folded into the gates and outputs that use them
    - gates become the lightest form that `fold_gate` finds; equal and opposite gates become one
    - gates that no output depends on disappear
    - an output is a negated literal only where the same node must serve in both signs, or is an input
    - a constant output is the node of the one constant gate, `Gate(0, ())`, or its negation
    """
    return _turn(_without_dead_gates(_merge(circuit)))


def _merge(circuit: N) -> N:
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
    became |= {node: true_node if value else -true_node for node, value in constants.items()}
    outputs = [became[output] if output > 0 else -became[-output] for output in circuit.outputs]
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


def _without_dead_gates(circuit: N) -> N:
    alive = circuit.reached()
    new, gates = [0], list[Gate]()  # the new number of each node
    for node in range(1, circuit.n_nodes + 1):
        if node <= circuit.n_inputs:
            new.append(node)
        else:
            new.append(circuit.n_inputs + 1 + len(gates))
            if node in alive:
                gates.append(circuit.gate(node).over(new))
    outputs = tuple(literal_over(output, new) for output in circuit.outputs)
    return replace(circuit, gates=tuple(gates), outputs=outputs)


def _turn(circuit: N) -> N:
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
            price = sum(sign[node] * sign[other] * direction * cost for direction, other, cost in uses[node])
            if price < 0:
                sign[node], changed = -sign[node], True
    gates = (_turned(circuit, node, sign) for node in range(circuit.n_inputs + 1, circuit.n_nodes + 1))
    outputs = tuple(output * sign[abs(output)] for output in circuit.outputs)
    return replace(circuit, gates=tuple(gates), outputs=outputs)


def _turned(circuit: Netlist, node: int, sign: list[int]) -> Gate:
    gate = circuit.gate(node)
    turned = Gate(gate.at_least, tuple(literal * sign[abs(literal)] for literal in gate.literals))
    return turned if sign[node] > 0 else turned.dual()
