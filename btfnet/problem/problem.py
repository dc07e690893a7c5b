"""A learning problem: a network and the items that it must reproduce."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import TEXT, Wanted, a, is_list, need, said, whole
from btfnet.errors import DataError
from btfnet.printable import printable
from btfnet.problem.checks import (
    also_found,
    also_from_arrays,
    check_analog,
    check_ends,
    checked_n_train,
    checked_n_validation,
    data_of,
    left_to_train,
)
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.packed_bits import Bits
from btfnet.problem.read_only import ReadOnly
from btfnet.problem.targets import Fractions
from btfnet.problem.values import InputKind, OutputKind, matrix

WIDTH = whole(1)
HIDDEN = Wanted(
    "the widths of the hidden layers, such as (8, 8); () for none; None for a free network",
    lambda value: value is None or WIDTH.fits(value) or (is_list(value) and all(map(WIDTH.fits, value))),
)
NETWORK = a(Network, "a Network, such as btfnet.Network.layered([3, 4, 1])")
ITEMS = a(Items, "an Items, such as btfnet.Items(inputs, outputs)")


@dataclass(frozen=True, eq=False, init=False)
class Problem(ReadOnly):
    """A network and its items: the first n_train are learned, the next n_validation choose, the rest is to test.

    Without validation items, and where the training items do not contradict each other, a circuit must reproduce
    all of the latter; else the problem `is_learned` as well as the items allow (docs/learning.md).
    Make one with `from_bits`, or `from_arrays` for the other kinds, or from an `Items`.
    Raises `DataError` with the item's number when data and network do not fit.
    """

    name: str
    network: Network
    items: Items
    n_train: int
    n_validation: int = 0

    @also_from_arrays
    def __init__(
        self, name: str, network: Network, items: Items, n_train: int | None = None, n_validation: int = 0
    ) -> None:
        need("Problem", name=(name, TEXT), network=(network, NETWORK), items=(items, ITEMS))
        check_ends(name, network, items)
        if items.n_inputs is None:
            with data_of(name):
                items = items.but(n_unknown=network.n_inputs)
        for field, value in (("name", name), ("network", network), ("items", items)):
            object.__setattr__(self, field, value)
        if n_train is None:
            n_train = left_to_train(name, n_validation, items)
        object.__setattr__(self, "n_train", checked_n_train(name, n_train, items))
        object.__setattr__(
            self, "n_validation", checked_n_validation(name, n_validation, self.n_train, items)
        )
        check_analog(name, items, self.n_train)

    def __repr__(self) -> str:
        items = self.items
        inputs, outputs = items.n_columns, items.n_outputs
        choosing = f"{self.n_validation} to choose by, " if self.n_validation else ""
        return (
            f"<Problem {printable(self.name)}: inputs {inputs} ({items.input_kind}), outputs {outputs} "
            f"({items.output_kind}); {self.n_train} items to train on, {choosing}{self.n_test} to test; "
            f"{self.network!r}>"
        )

    # -- builders -------------------------------------------------------------------------------------

    @classmethod
    def from_bits(
        cls,
        inputs: ArrayLike,
        outputs: ArrayLike,
        *,
        hidden: int | Sequence[int] | None = None,
        name: str = "data",
        n_train: int | None = None,
        care: ArrayLike | None = None,
        weights: ArrayLike | None = None,
        n_validation: int = 0,
    ) -> Problem:
        """From two arrays of Booleans, one row an item: 0/1, ±1 or bool.

        inputs, outputs   arrays, `PackedBits`, or data frames (pandas, polars), whose columns' names become the
                          problem's; a flat list of outputs is one output
        hidden  widths of the hidden layers between the inputs and the outputs; a number is one layer, () is none.
                None: the network is free and grows, so that a search finds how many nodes it needs
        n_train, n_validation   the first n_train items train (all that do neither of the others, by default), the
                          next n_validation validate, the rest test; arrays of their own are put together first
        care    the output bits that count, all by default; outputs that are NaN do not count either
        weights  (n_items,): how much each item counts, from 0; all alike by default
        """
        with data_of(name):
            items = Items.from_arrays(inputs, outputs, care=care, weights=weights)
        need("from_bits", hidden=(hidden, HIDDEN))
        ends = (items.n_columns, items.n_outputs)
        if hidden is None:
            return cls(name, Network.free(*ends), items, n_train, n_validation)
        between = [hidden] if isinstance(hidden, int | np.integer) else [*hidden]
        network = Network.layered([ends[0], *between, ends[1]])
        return cls(name, network, items, n_train, n_validation)

    @classmethod
    def from_arrays(
        cls,
        inputs: ArrayLike | None,
        outputs: ArrayLike,
        network: Network,
        *,
        input_kind: InputKind = InputKind.BITS,
        output_kind: OutputKind = OutputKind.BITS,
        name: str = "data",
        n_train: int | None = None,
        care: ArrayLike | None = None,
        weights: ArrayLike | None = None,
        n_validation: int = 0,
    ) -> Problem:
        """From arrays of any kind, for any network.

        inputs    bits as 0/1, ±1 or bool; analog numbers in [-1, 1]; None for unknown inputs
        outputs   bits likewise, a flat list being one output; for classes, one label 0 … n_outputs-1 for each
                  item. Names of a data frame's columns (pandas, polars) become the problem's
        care      (n_items, n_outputs): the output bits that count; outputs that are NaN do not count either
        weights   (n_items,): how much each item counts, from 0; all alike by default
        """
        need("from_arrays", network=(network, NETWORK))
        with data_of(name):
            items = Items.from_arrays(
                inputs,
                outputs,
                input_kind=input_kind,
                output_kind=output_kind,
                n_classes=network.n_outputs,
                care=care,
                weights=weights,
            )
        return cls(name, network, items, n_train, n_validation)

    def with_train(self, n_train: int | None) -> Problem:
        """The same items, of which the first n_train are learned."""
        return self if n_train is None else replace(self, n_train=n_train)

    def with_network(self, network: Network | None) -> Problem:
        """The same items, to be learned with another network; unknown inputs become as many as it has.

        None leaves it as it is.
        """
        if network is None:
            return self
        need("with_network", network=(network, NETWORK))
        items = self.items if self.items.input_kind.known else self.items.but(n_unknown=None)
        return replace(self, network=network, items=items)

    # -- views ----------------------------------------------------------------------------------------

    @property
    def inputs(self) -> NDArray[np.float32]:
        """(n_items, n_inputs): ±1 or in [-1, 1]; (n_items, 0) when unknown. Made anew where items are packed."""
        return self.items.inputs

    @property
    def outputs(self) -> NDArray[np.int8]:
        """(n_items, n_outputs): ±1, and -1 where a bit does not count; classes one-hot."""
        return self.items.outputs

    @property
    def care(self) -> NDArray[np.bool_] | None:
        """(n_items, n_outputs): the output bits that count; None where all do."""
        return self.items.care

    @property
    def input_kind(self) -> InputKind:
        return self.items.input_kind

    @property
    def output_kind(self) -> OutputKind:
        return self.items.output_kind

    @property
    def input_names(self) -> tuple[str, ...]:
        return self.items.input_names

    @property
    def output_names(self) -> tuple[str, ...]:
        return self.items.output_names

    @property
    def n_items(self) -> int:
        return self.items.n_items

    @property
    def n_test(self) -> int:
        return self.n_items - self.first_test

    @property
    def first_test(self) -> int:
        """The number of the first test item, from 0: those before it train and validate."""
        return self.n_train + self.n_validation

    @cached_property
    def contradiction(self) -> tuple[int, int, int] | None:
        """Two training items, from 0, with the same inputs, and an output that differs; or None."""
        return self.training_items.contradiction

    @property
    def is_learned(self) -> bool:
        """Whether it is learned as well as the items allow, and need not be solved exactly."""
        return self.n_validation > 0 or self.contradiction is not None

    @property
    def edge_items(self) -> int:
        """The size of the constraint problem: edges times training items."""
        return self.network.n_edges * self.n_train

    @cached_property
    def training_items(self) -> Items:
        return self.items.first(self.n_train)

    @cached_property
    def n_train_bits(self) -> int:
        """Output bits of the training items that count."""
        return self.items.targets.n_bits(self.n_train)

    @property
    def train_inputs(self) -> Bits:
        """Which inputs of the training items are true; packed where the items' inputs are."""
        return self.items.bits(0, self.n_train)

    @property
    def train_care(self) -> NDArray[np.bool_] | None:
        """The output bits of the training items that count; None where all do."""
        return None if self.care is None else self.care[: self.n_train]

    @property
    def has_boolean_inputs(self) -> bool:
        return self.input_kind.boolean

    # -- scores ---------------------------------------------------------------------------------------

    @also_found
    def fractions_right(self, answers: NDArray[Any], first: int = 0) -> Fractions:
        """Fractions of bits and words of the items from `first` on that are right; of classes, twice.

        answers  (some items, n_outputs): ±1, or preactivations; NaN where nothing counts
        """
        return self.items.targets.fractions_right(answers, first)

    @also_found
    def scores(self, answers: NDArray[Any]) -> tuple[float, float, float, float]:
        """Fractions right of training bits and words, test bits and words; NaN where there are no such items.

        answers  (n_items, n_outputs), or of the first items alone; see `fractions_right`
        """
        n_train, first, answers = self.n_train, self.first_test, self._checked(answers)
        return (*self.fractions_right(answers[:n_train]), *self.fractions_right(answers[first:], first))

    def validation_right(self, answers: NDArray[Any]) -> Fractions:
        """Fractions right of validation bits and words, as `scores`; NaN where there are no such items."""
        rows = self._checked(answers)[self.n_train : self.first_test]
        return self.fractions_right(rows, self.n_train)

    def _checked(self, answers: ArrayLike) -> NDArray[Any]:
        """Rows of numbers, one for each output. Raises `DataError` for anything else."""
        rows = matrix(f"{self.name}: answers", answers)
        if rows.shape[1] != self.network.n_outputs or len(rows) > self.n_items:
            raise DataError(
                f"{self.name}: answers is {said(rows)}; expected numbers, a row of {self.network.n_outputs} "
                f"for each of {self.n_items} items or fewer."
            )
        return rows

    @cached_property
    def constant_accuracy(self) -> Fractions:
        """Fractions of test (or training) bits and words that the best constant prediction gets right.

        Of classes, twice the fraction that the most frequent one gets right.
        """
        targets, first = self.items.targets, self.first_test if self.n_test else 0
        answers = np.broadcast_to(targets.majority(self.n_train), targets.outputs[first:].shape)
        return targets.fractions_right(answers, first)
