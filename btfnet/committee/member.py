"""`Member`: a small circuit whose answer is a vote, and what members say of items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.committee.layer import Features
from btfnet.kernels.bits import unpack_bits
from btfnet.logic.circuit import Circuit
from btfnet.logic.evaluate import evaluate_words
from btfnet.problem.values import OutputKind

Code = NDArray[np.int8]


def groups_of(n_outputs: int, kind: OutputKind) -> NDArray[np.int64]:
    """Of each class its group: classes exclude each other; a Boolean output is two classes, false and true."""
    if kind is OutputKind.BITS:
        return np.repeat(np.arange(n_outputs), 2)
    return np.zeros(n_outputs, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Member:
    """A circuit, what it hears and what its output means.

    inputs   int64, ascending: the features that the circuit's inputs are
    circuit  one output
    code     int8, (n_classes,): +1 where the output votes for a class if it is true, -1 if it is false, 0 where it
             says nothing of the class

    Source: T. Dietterich and G. Bakiri, J. Artificial Intelligence Research 2 (1995), 263: output codes;
    E. Allwein, R. Schapire and Y. Singer, J. Machine Learning Research 1 (2000), 113: with don't cares.
    """

    inputs: NDArray[np.int64]
    circuit: Circuit
    code: Code

    @classmethod
    def of(cls, inputs: NDArray[np.int64], circuit: Circuit, code: Code) -> Member:
        """With those of its inputs alone that the circuit reads."""
        literals = [*circuit.outputs, *(literal for gate in circuit.gates for literal in gate.literals)]
        used = sorted({abs(each) for each in literals if 0 < abs(each) <= circuit.n_inputs})
        nodes = [0] * (circuit.n_inputs + 1)
        for place, node in enumerate(used, start=1):
            nodes[node] = place
        nodes += range(len(used) + 1, len(used) + 1 + len(circuit.gates))
        gates = tuple(gate.over(nodes) for gate in circuit.gates)
        outputs = tuple(nodes[abs(node)] * (1 if node > 0 else -1) for node in circuit.outputs)
        return cls(inputs[np.array(used, dtype=np.int64) - 1], Circuit(len(used), gates, outputs), code)

    def answers(self, features: Features) -> NDArray[np.bool_]:
        """Its output, (n_items,)."""
        words = evaluate_words(self.circuit, features.columns[self.inputs], threads=1)
        return unpack_bits(words, features.n_items)[:, 0]


class Votes:
    """What members say of items.

    labels  int64, (n_items, n_groups): the class of each group, numbered among all classes; -1 where none is known
    groups  int64, (n_classes,): classes of the same group exclude each other
    counts  int32, (n_classes, n_items): votes for minus votes against each class
    """

    def __init__(self, features: Features, labels: NDArray[np.int64], groups: NDArray[np.int64]) -> None:
        self.features, self.labels, self.groups = features, labels, groups
        self.counts = np.zeros((len(groups), features.n_items), dtype=np.int32)

    def add(self, members: Sequence[Member]) -> None:
        """Count the votes of some more."""
        for member in members:
            votes = member.answers(self.features).astype(np.int32) * 2 - 1
            for number in np.flatnonzero(member.code):
                self.counts[number] += member.code[number] * votes

    @property
    def accuracy(self) -> float:
        """The fraction of known classes that have the most votes in their group; NaN where none is known."""
        right = 0
        for group in range(self.labels.shape[1]):
            classes = np.flatnonzero(self.groups == group)
            found = classes[self.counts[classes].argmax(axis=0)]
            right += int(np.count_nonzero(found == self.labels[:, group]))
        known = int(np.count_nonzero(self.labels >= 0))
        return right / known if known else float("nan")
