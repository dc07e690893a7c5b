"""`Committee`: small circuits whose answers are votes, and the one circuit that they are together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import a, need
from btfnet.committee.assembly import Assembled, Assembly
from btfnet.committee.classifier import Classifier
from btfnet.committee.comparisons import Comparisons
from btfnet.committee.layer import Features, Layer
from btfnet.committee.member import Member, Votes
from btfnet.committee.raw import raw_rows
from btfnet.errors import UsageError
from btfnet.logic.circuit import Circuit
from btfnet.logic.packed_model import PackedModel
from btfnet.logic.training_fit import TrainingFit
from btfnet.matching.columns import Ports
from btfnet.problem.problem import Problem
from btfnet.problem.targets import Fractions
from btfnet.problem.values import InputKind, OutputKind
from btfnet.projections.rrr import Status
from btfnet.search.score import Score

VOTED_AT_ONCE = 1 << 16
"""Rows: members are evaluated one after another, each in a call of its own."""


@dataclass(frozen=True, eq=False)
class Committee:
    """Members whose votes are added; the class is the one with most votes, the first of equals.

    Make one with `train_committee`. Of several Boolean outputs each is two classes, false and true.

    layer         from raw inputs to the features that members hear
    groups        int64, (n_classes,): classes of the same group exclude each other
    members       in the order in which they were trained
    class_names, input_names   distinct, or empty; of Boolean outputs the outputs' names
    input_kind    what the training items' inputs were: analog, or bits (±1)
    training      how many classes of the training items are wrong; see `Circuit`
    output_kind   classes, or Booleans
    status        solved: trained to the end; interrupted: with the members that were done by then
    """

    layer: Layer
    groups: NDArray[np.int64]
    members: tuple[Member, ...]
    class_names: tuple[str, ...] = ()
    name: str = "committee"
    input_kind: InputKind = InputKind.ANALOG
    input_names: tuple[str, ...] = ()
    training: TrainingFit | None = None
    output_kind: OutputKind = OutputKind.CLASS
    status: Status = Status.SOLVED

    @property
    def is_of_bits(self) -> bool:
        """Whether the outputs are Booleans, and not one of several classes."""
        return self.output_kind is OutputKind.BITS

    def answer(self, number: int) -> str:
        """What is said when one of all classes is chosen: its name, or an output's with its value."""
        place = number // 2 if self.is_of_bits else number
        name = self.class_names[place] if self.class_names else f"y{place}"
        return f"{name} = {number % 2}" if self.is_of_bits else name

    @property
    def ports(self) -> Ports:
        """Names of raw inputs and of classes or outputs, as the model that is saved has them."""
        n_inputs = self.layer.comparisons.n_inputs
        n_outputs = self.n_groups if self.is_of_bits else len(self.groups)
        first = "x" if self.is_of_bits else "in"
        inputs = self.input_names or tuple(f"{first}{place}" for place in range(n_inputs))
        return Ports(self.name, inputs, self.class_names or tuple(f"y{place}" for place in range(n_outputs)))

    @property
    def n_groups(self) -> int:
        return int(self.groups.max()) + 1

    def votes(self, inputs: ArrayLike) -> NDArray[np.int64]:
        """Votes for minus votes against each class, of all members; (n_items, n_classes).

        inputs  (n_items, n_inputs): numbers scaled as in the training items; of bits 0/1, ±1 or bool; of a data
                frame the columns are matched by name, those named like classes are left out
        Raises `DataError` for rows of another length or with other values, and for names that do not fit.
        """
        rows = raw_rows(inputs, self.ports, self.layer.comparisons.n_inputs, self.input_kind)
        counts = [self._votes(rows[at : at + VOTED_AT_ONCE]) for at in range(0, len(rows), VOTED_AT_ONCE)]
        return np.concatenate([np.zeros((0, len(self.groups)), dtype=np.int64), *counts])

    def _votes(self, rows: NDArray[np.float32]) -> NDArray[np.int64]:
        features = Features.of(self.layer, iter([rows]), len(rows))
        votes = Votes(features, np.full((len(rows), self.n_groups), -1), self.groups)
        votes.add(self.members)
        return votes.counts.T.astype(np.int64)

    def predict(self, inputs: ArrayLike) -> NDArray[np.int64]:
        """The classes, 0 … n_classes - 1, (n_items,); of Boolean outputs 0/1, (n_items, n_outputs)."""
        votes = self.votes(inputs)
        return chosen(votes, self.groups) if self.is_of_bits else votes.argmax(axis=1)

    def counted(self, problem: Problem) -> Committee:
        """The same, with how many of the problem's training classes are wrong: as one-hot rows, two bits each."""
        n_train, care = problem.n_train, problem.train_care
        found, wanted = self.predict(problem.inputs[:n_train]), problem.outputs[:n_train]
        if self.is_of_bits:
            counts = np.ones(wanted.shape, dtype=bool) if care is None else care
            wrong = ((found > 0) != (wanted > 0)) & counts
            fit = TrainingFit(
                int(wrong.sum()),
                int(counts.sum()),
                int(wrong.any(axis=1).sum()),
                int(counts.any(axis=1).sum()),
            )
            return replace(self, training=fit)
        items = np.ones(n_train, dtype=bool) if care is None else care.all(axis=1)
        n_wrong = int(((found != wanted.argmax(axis=1)) & items).sum())
        n_items = int(items.sum())
        fit = TrainingFit(2 * n_wrong, n_items * problem.network.n_outputs, n_wrong, n_items)
        return replace(self, training=fit)

    def score(self, problem: Problem) -> Score:
        """Fractions of the problem's training, validation and test items that are right."""
        need("score", problem=(problem, a(Problem)))
        answers = self._answers(problem.inputs)
        train, first = problem.n_train, problem.first_test
        parts: list[Fractions] = [
            problem.fractions_right(answers[some], some.start)
            for some in (slice(0, train), slice(first, len(answers)), slice(train, first))
        ]
        return Score(*parts[0], *parts[1], *parts[2])

    def scores(self, problem: Problem) -> tuple[float, float]:
        """Fractions of training and of test classes that are right; NaN without test items."""
        found = self.score(problem)
        return found.train_words, found.test_words

    def _answers(self, inputs: ArrayLike) -> NDArray[np.int64]:
        """As outputs of items: one-hot votes for classes, ±1 for bits."""
        votes = self.votes(inputs)
        return 2 * chosen(votes, self.groups) - 1 if self.is_of_bits else votes

    @property
    def comparisons(self) -> Comparisons:
        """The inputs of `circuit`, from raw inputs."""
        return self.layer.comparisons

    def classifier(self) -> Classifier:
        """The same as one model behind its comparisons, to be saved: `btfnet.formats.btf.classifier`.

        Raises `UsageError` for Boolean outputs, of which `circuit` is the model.
        """
        if self.is_of_bits:
            raise UsageError(
                f"{self.name}: the outputs are Booleans; use circuit(), which has the same inputs."
            )
        model = PackedModel.from_circuit(self.circuit())
        return Classifier(self.comparisons, model, self.input_kind, self.input_names)

    @cached_property
    def features(self) -> NDArray[np.int64]:
        """Those that members hear, ascending."""
        return np.unique(np.concatenate([np.zeros(0, np.int64), *(each.inputs for each in self.members)]))

    def circuit(self) -> Circuit:
        """One circuit for all: `comparisons.encode(inputs)` in, the one-hot class out, or the Boolean outputs.

        The layer's gates, the members' gates, and who wins (`btfnet.committee.assembly`). Made once.
        """
        return self._circuit

    @cached_property
    def _circuit(self) -> Circuit:
        parts = self.assembled
        outputs = parts.outputs[1::2] if self.is_of_bits else parts.outputs
        is_bit = self.input_kind is InputKind.BITS
        names = self.comparisons.names(self.ports.inputs, is_bit=is_bit)
        return Circuit(parts.n_bits, parts.gates, outputs, names, self.class_names, self.name, self.training)

    @cached_property
    def assembled(self) -> Assembled:
        """The circuit's gates, and where among them features and members are."""
        assembly = Assembly(self.layer)
        assembly.hear(self.features.tolist())
        for member in self.members:
            assembly.add(member)
        return assembly.done(self.groups)


def chosen(votes: NDArray[np.int64], groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each group of two classes, which one has more votes, the first of equals; (n_items, n_groups) of 0/1."""
    pairs = [np.flatnonzero(groups == group) for group in range(int(groups.max()) + 1)]
    return np.stack([votes[:, pair].argmax(axis=1) for pair in pairs], axis=1)
