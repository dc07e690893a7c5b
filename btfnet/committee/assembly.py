"""A committee as one circuit, gate by gate: what several members need stands there once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.committee.layer import Layer
from btfnet.committee.member import Code, Member
from btfnet.logic.circuit import Circuit
from btfnet.logic.gate import Gate, literal_over


class Assembled(NamedTuple):
    """A committee as one circuit.

    gates     of features, of members, and who wins
    outputs   whether each class has the most votes of its group
    features  of each that members hear, the literal
    answers   of each member, the literal
    """

    n_bits: int
    gates: tuple[Gate, ...]
    outputs: tuple[int, ...]
    features: dict[int, int]
    answers: tuple[int, ...]


class Assembly:
    """Takes members one after another. A gate over the same literals as an earlier one is that one.

    layer          from bits to the features that members hear
    n_layer_gates  gates of the features that were heard so far
    """

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.n_bits = layer.comparisons.n_bits
        self.gates: list[Gate] = []
        self.features: dict[int, int] = {}
        self.answers: list[int] = []
        self.n_layer_gates = 0
        self._codes: list[Code] = []
        self._known: dict[tuple[int, tuple[int, ...]], int] = {}

    def hear(self, features: Iterable[int]) -> None:
        """Add the gates of features."""
        new = [feature for feature in features if feature not in self.features]
        if new:
            before = len(self.gates)
            literals = self._placed(self.layer.circuit(new), range(1, self.n_bits + 1))
            self.features.update(zip(new, literals, strict=True))
            self.n_layer_gates += len(self.gates) - before

    def add(self, member: Member) -> None:
        """Add a member's gates, and those of the features that it hears."""
        heard = member.inputs.tolist()
        self.hear(heard)
        self.answers += self._placed(member.circuit, [self.features[feature] for feature in heard])
        self._codes.append(member.code)

    def _placed(self, circuit: Circuit, literals: Sequence[int]) -> list[int]:
        """The outputs of a circuit over some literals."""
        here = [0, *literals]
        for gate in circuit.gates:
            here.append(self._node(gate.over(here)))
        return [literal_over(output, here) for output in circuit.outputs]

    def _node(self, gate: Gate) -> int:
        key = gate.at_least, tuple(sorted(gate.literals))
        if key not in self._known:
            self.gates.append(gate)
            self._known[key] = self.n_bits + len(self.gates)
        return self._known[key]

    def done(self, groups: NDArray[np.int64]) -> Assembled:
        """With who wins: for every two classes of a group whether the later one has more votes, a threshold over
        the answers, weighted by the difference of the two codes; a class wins when it wins against all others.
        """
        gates, outputs = list(self.gates), [0] * len(groups)
        for group in range(int(groups.max()) + 1):
            classes = np.flatnonzero(groups == group).tolist()
            beats: dict[int, list[int]] = {number: [] for number in classes}
            for first, later in combinations(classes, 2):
                gates.append(self._more_votes(later, first))
                beats[later].append(self.n_bits + len(gates))
                beats[first].append(-(self.n_bits + len(gates)))
            for number in classes:
                if len(classes) > 2:
                    gates.append(Gate(len(beats[number]), tuple(beats[number])))
                    beats[number] = [self.n_bits + len(gates)]
                outputs[number] = beats[number][0]
        return Assembled(self.n_bits, tuple(gates), tuple(outputs), dict(self.features), tuple(self.answers))

    def _more_votes(self, one: int, other: int) -> Gate:
        """Whether one class has more votes than another."""
        literals: list[int] = []
        for literal, code in zip(self.answers, self._codes, strict=True):
            difference = int(code[one]) - int(code[other])
            literals += [literal if difference > 0 else -literal] * abs(difference)
        return Gate(len(literals) // 2 + 1, tuple(literals))


def n_vote_gates(groups: NDArray[np.int64]) -> int:
    """Gates that say who wins."""
    sizes = np.bincount(groups).tolist()
    return sum(size * (size - 1) // 2 + (size if size > 2 else 0) for size in sizes)
