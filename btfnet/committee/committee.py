"""`Committee`: circuits whose output bits vote for classes, and the one circuit that they are together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import a, need
from btfnet.committee.classifier import ROWS_AT_ONCE, Classifier
from btfnet.committee.comparisons import Comparisons
from btfnet.committee.raw import raw_rows
from btfnet.logic.circuit import Circuit
from btfnet.logic.gate import Gate, literal_over
from btfnet.logic.packed_model import PackedModel
from btfnet.logic.training_fit import TrainingFit
from btfnet.matching.columns import Ports
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind
from btfnet.projections.rrr import Status


@dataclass(frozen=True, eq=False)
class Member:
    """A circuit and what its outputs mean.

    comparisons  the bits that the circuit sees
    code         int8, (n_classes, n_outputs): +1 where an output votes for the class if it is true, -1 if it
                 is false, 0 where it says nothing about the class

    Source: T. Dietterich and G. Bakiri, J. Artificial Intelligence Research 2 (1995), 263: output codes;
    E. Allwein, R. Schapire and Y. Singer, J. Machine Learning Research 1 (2000), 113: with don't cares.
    """

    comparisons: Comparisons
    circuit: Circuit
    code: NDArray[np.int8]

    def votes(self, inputs: ArrayLike) -> NDArray[np.int64]:
        """Votes for minus votes against each class; (n_items, n_classes)."""
        answers = self.circuit.predict(self.comparisons.encode(inputs), kind="signs").astype(np.int64)
        return answers @ self.code.T.astype(np.int64)


@dataclass(frozen=True, eq=False)
class Committee:
    """Members whose votes are added; the class is the one with most votes, the first of equals.

    One member alone is a single network. Make one with `train_committee`.

    input_kind    what the training items' inputs were: analog, or bits (±1)
    class_names, input_names   distinct, or empty
    training      how many classes of the training items are wrong; see `Circuit`
    status        solved: trained to the end; interrupted: with the members that were done by then
    """

    members: tuple[Member, ...]
    class_names: tuple[str, ...] = ()
    name: str = "committee"
    input_kind: InputKind = InputKind.ANALOG
    input_names: tuple[str, ...] = ()
    training: TrainingFit | None = None
    status: Status = Status.SOLVED

    def votes(self, inputs: ArrayLike) -> NDArray[np.int64]:
        """Votes for minus votes against each class, of all members; (n_items, n_classes).

        inputs  (n_items, n_inputs): numbers scaled as in the training items; of bits 0/1, ±1 or bool; of a data
                frame the columns are matched by name, those named like classes are left out
        Raises `DataError` for rows of another length or with other values, and for names that do not fit.
        """
        ports = Ports(self.name, self.input_names, self.class_names)
        n_inputs = self.members[0].comparisons.n_inputs
        rows = raw_rows(inputs, ports, n_inputs, self.input_kind)
        return np.sum([member.votes(rows) for member in self.members], axis=0)

    def predict(self, inputs: ArrayLike) -> NDArray[np.int64]:
        """The classes, 0 … n_classes - 1; (n_items,): numbers of classes, whatever kind of rows came in."""
        return self.votes(inputs).argmax(axis=1)

    def counted(self, problem: Problem) -> Committee:
        """The same, with how many of the problem's training classes are wrong: as one-hot rows, two bits each."""
        n_train, care = problem.n_train, problem.train_care
        counts = np.ones(n_train, dtype=bool) if care is None else care.all(axis=1)
        starts = range(0, n_train, ROWS_AT_ONCE)
        classes = [self.predict(problem.inputs[at : min(n_train, at + ROWS_AT_ONCE)]) for at in starts]
        wrong = np.concatenate(classes) != problem.outputs[:n_train].argmax(axis=1)
        n_wrong, n_items = int((wrong & counts).sum()), int(counts.sum())
        n_bits = n_items * problem.network.n_outputs
        return replace(self, training=TrainingFit(2 * n_wrong, n_bits, n_wrong, n_items))

    def scores(self, problem: Problem) -> tuple[float, float]:
        """Fractions of training and of test classes that are right; NaN without test items."""
        need("scores", problem=(problem, a(Problem)))
        votes = self.votes(problem.inputs)
        return problem.scores(votes)[0], problem.scores(votes)[2]

    @cached_property
    def comparisons(self) -> Comparisons:
        """The bits of all members, one member after the other: the inputs of `circuit`."""
        return Comparisons.joined([member.comparisons for member in self.members])

    def classifier(self) -> Classifier:
        """The same as one model behind its comparisons, to be saved: `btfnet.formats.btf.classifier`."""
        model = PackedModel.from_circuit(self.circuit())
        return Classifier(self.comparisons, model, self.input_kind, self.input_names)

    def circuit(self) -> Circuit:
        """One circuit for all: `comparisons.encode(inputs)` in, the one-hot class out.

        For every two classes a gate says whether the later one has more votes: a threshold over the members'
        outputs, weighted by the difference of the two codes. A class wins when it wins against all others.
        """
        n_bits, seen = self.comparisons.n_bits, 0
        gates: list[Gate] = []
        weights: list[tuple[int, NDArray[np.int8]]] = []  # a literal and its column of the code
        for member in self.members:
            nodes = [0, *range(seen + 1, seen + 1 + member.comparisons.n_bits)]
            seen += member.comparisons.n_bits
            for gate in member.circuit.gates:
                gates.append(gate.over(nodes))
                nodes.append(n_bits + len(gates))
            votes = [literal_over(output, nodes) for output in member.circuit.outputs]
            weights += zip(votes, member.code.T, strict=True)
        n_classes = len(self.members[0].code)
        wins: list[list[int]] = [[] for _ in range(n_classes)]
        for first, later in combinations(range(n_classes), 2):
            gates.append(_more_votes(weights, later, first))
            beats = n_bits + len(gates)
            wins[later].append(beats)
            wins[first].append(-beats)
        gates += [Gate(len(literals), tuple(literals)) for literals in wins]
        last = n_bits + len(gates)
        outputs = tuple(range(last - n_classes + 1, last + 1))
        return Circuit(n_bits, tuple(gates), outputs, (), self.class_names, self.name, self.training)


def _more_votes(weights: list[tuple[int, NDArray[np.int8]]], one: int, other: int) -> Gate:
    """Whether one class has more votes than another."""
    literals: list[int] = []
    for literal, code in weights:
        difference = int(code[one]) - int(code[other])
        literals += [literal if difference > 0 else -literal] * abs(difference)
    return Gate(len(literals) // 2 + 1, tuple(literals))
