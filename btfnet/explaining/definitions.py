"""What a gate is in terms of other nodes: constants and copies gone, and small parts told by what they compute.

A gate that reads, with the gates below it, no more than a few nodes is looked at as a function of these: three
gates that make an exclusive or are "exactly 1 of (a, b)".
"""

from __future__ import annotations

import numpy as np

from btfnet.explaining.expressions import Constant, Count, Expression, If, Node, Weighted
from btfnet.explaining.function import reduced
from btfnet.explaining.symmetric import Counted, choice, counted
from btfnet.logic.circuit import Circuit
from btfnet.logic.gate import Gate, fold_gate

MOST_LEAVES = 6
FEW = 3
"""A gate may be told by so many nodes even where it has fewer senders."""
ROUNDS = 4
MOST_GATES = 4000
"""Above so many gates each is told by its own senders."""


class Definitions:
    """The gates of a circuit as expressions of inputs and of each other, made when they are asked for."""

    def __init__(self, circuit: Circuit) -> None:
        self._literal: dict[int, int | bool] = {node: node for node in range(1, circuit.n_inputs + 1)}
        self._gates: dict[int, Gate] = {}
        self._looks_deeper = len(circuit.gates) <= MOST_GATES
        for node, gate in enumerate(circuit.gates, start=circuit.n_inputs + 1):
            self._add(node, gate)

    def _add(self, node: int, gate: Gate) -> None:
        at_least, kept = gate.at_least, []
        for literal in map(self.literal, gate.literals):
            if literal is True:
                at_least -= 1
            elif literal is not False:
                kept.append(literal)
        folded = fold_gate(Gate(at_least, tuple(kept)))
        if folded.constant is not None:
            self._literal[node] = folded.constant
        elif len(folded.literals) == 1:
            self._literal[node] = folded.literals[0]
        else:
            self._literal[node] = node
            self._gates[node] = folded

    def literal(self, literal: int) -> int | bool:
        """What a literal is: one of an input or of a gate that is no copy, or a constant."""
        found = self._literal[abs(literal)]
        if isinstance(found, bool):
            return found ^ (literal < 0)
        return found if literal > 0 else -found

    def of_output(self, literal: int) -> Expression:
        """A literal as an expression of one node."""
        found = self.literal(literal)
        return Constant(found) if isinstance(found, bool) else _node(found)

    def of_gate(self, node: int) -> Expression:
        """A gate that is no copy, in terms of inputs and gates."""
        gate = self._gates[node]
        if self._looks_deeper:
            for leaves in reversed(self._cuts(node)):
                found = self._told(node, leaves)
                if found is not None:
                    return found
        return _by_itself(gate)

    def _senders(self, node: int) -> set[int]:
        return {abs(literal) for literal in self._gates[node].literals}

    def _cuts(self, node: int) -> list[set[int]]:
        """Sets of nodes that decide a gate, further and further below it; its own senders are not among them."""
        found, leaves = list[set[int]](), self._senders(node)
        most = max(FEW, len(leaves))
        for _ in range(ROUNDS):
            within = {leaf for leaf in leaves if leaf in self._gates and self._senders(leaf) <= leaves}
            below = leaves - within
            if not within:
                gates = {leaf for leaf in leaves if leaf in self._gates}
                below = (leaves - gates).union(*map(self._senders, gates))
            if below == leaves or len(below) > min(most, MOST_LEAVES):
                break
            found.append(below)
            leaves = below
        inputs = self._inputs_below(node)
        if inputs is not None and inputs not in found and inputs != self._senders(node):
            found.append(inputs)
        return found

    def _inputs_below(self, node: int) -> set[int] | None:
        """The inputs below a gate; None where they are more than a few, or far below."""
        inputs, waiting, seen = set[int](), [node], set[int]()
        while waiting:
            here = waiting.pop()
            if here in seen:
                continue
            seen.add(here)
            if here in self._gates:
                waiting += self._senders(here)
            else:
                inputs.add(here)
            if len(inputs) > MOST_LEAVES or len(seen) > 40:
                return None
        return inputs

    def _told(self, node: int, leaves: set[int]) -> Expression | None:
        """The gate as a function of the leaves that has a short phrase."""
        order = tuple(sorted(leaves))
        numbers = np.arange(1 << len(order))
        known = {leaf: (numbers >> place & 1).astype(bool) for place, leaf in enumerate(order)}
        kept, table = reduced(order, self._table(node, known))
        if not kept:
            return Constant(bool(table[0]))
        found = counted(table)
        if found is not None:
            return expression_of(found, [Node(leaf) for leaf in kept])
        chosen = choice(table) if len(kept) == 3 else None
        if chosen is None:
            return None
        no, yes = (Node(kept[index], not negated) for index, negated in chosen.data)
        return If(Node(kept[chosen.selects[0]]), yes, no)

    def _table(self, node: int, known: dict[int, np.ndarray]) -> np.ndarray:
        if node not in known:
            gate = self._gates[node]
            true = [self._table(abs(x), known) ^ (x < 0) for x in gate.literals]
            known[node] = np.count_nonzero(true, axis=0) >= gate.at_least
        return known[node]


def expression_of(given: Counted, nodes: list[Node]) -> Expression:
    """A function of a count of nodes."""
    signed = (node if sign else node.negated() for node, sign in zip(nodes, given.signs, strict=True))
    return Count.of(given.values.tolist(), signed)


def _by_itself(gate: Gate) -> Expression:
    counts: dict[int, int] = {}
    for literal in gate.literals:
        counts[literal] = counts.get(literal, 0) + 1
    children = tuple(_node(literal) for literal in counts)
    if max(counts.values()) == 1:
        return Count.of((count >= gate.at_least for count in range(len(children) + 1)), children)
    return Weighted(gate.at_least, tuple(counts.values()), children)


def _node(literal: int) -> Node:
    return Node(abs(literal), literal > 0)
