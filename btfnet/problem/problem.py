"""A learning problem: a network and the items that it must reproduce; all checks of one against the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import Wanted, is_list, is_whole, need, said, whole
from btfnet.errors import DataError
from btfnet.matching.frames import as_rows, column_names
from btfnet.printable import printable
from btfnet.problem.checks import (
    NETWORK,
    check_arguments,
    check_contradictions,
    check_names,
    check_shapes,
    check_train,
    check_values,
)
from btfnet.problem.network import Network
from btfnet.problem.scores import Fractions, bits_right, classes_right
from btfnet.problem.values import (
    InputKind,
    OutputKind,
    booleans,
    booleans_and_care,
    checked_care,
    either_care,
    kind_named,
    matrix,
    one_column,
    one_hot,
)

WIDTH = whole(1)
HIDDEN = Wanted(
    "the widths of the hidden layers, such as (8, 8); () for none",
    lambda value: _is_width(value) or (is_list(value) and all(map(_is_width, value))),
)

__all__ = ["InputKind", "OutputKind", "Problem", "booleans", "one_hot"]


def _is_width(value: object) -> bool:
    return WIDTH.fits(value)


@dataclass(frozen=True, eq=False)
class Problem:
    """A network and its items.

    inputs       float32, (n_items, n_inputs) with values ±1 (bits) or in [-1, 1] (analog);
                 (n_items, 0) when the inputs are unknown
    outputs      int8, (n_items, n_outputs) with values ±1; classes are given one-hot
    n_train      the first n_train items are learned, the rest is for testing
    care         bool, (n_items, n_outputs): the output bits that count; None where all do. The others may come
                 out either way, and `outputs` holds -1 there

    Make one with `from_bits`, or `from_arrays` for the other kinds.
    Raises `DataError` with the item's number when data and network do not fit.
    """

    name: str
    network: Network
    inputs: NDArray[np.float32]
    outputs: NDArray[np.int8]
    input_kind: InputKind = InputKind.BITS
    output_kind: OutputKind = OutputKind.BITS
    n_train: int = -1
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    care: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        check_arguments(self)
        inputs, outputs = (
            matrix(f"{self.name}: inputs", self.inputs),
            matrix(f"{self.name}: outputs", self.outputs),
        )
        object.__setattr__(self, "input_kind", kind_named(InputKind, "input_kind", self.input_kind))
        object.__setattr__(self, "output_kind", kind_named(OutputKind, "output_kind", self.output_kind))
        object.__setattr__(self, "care", checked_care(self.name, self.care, outputs.shape, self.output_kind))
        if self.care is not None:
            outputs = np.where(self.care, outputs, -1)
        check_shapes(self, inputs, outputs)
        check_values(inputs, outputs, self.input_kind, self.output_kind, self.care, f"{self.name}: ")
        if is_whole(self.n_train) and self.n_train == -1:
            object.__setattr__(self, "n_train", len(outputs))
        check_train(self, len(outputs))
        if self.n_train_bits == 0:
            raise DataError(
                f"{self.name}: no output bit of the {self.n_train} training items counts; let some count."
            )
        object.__setattr__(self, "input_names", tuple(self.input_names))
        object.__setattr__(self, "output_names", tuple(self.output_names))
        check_names(self)
        inputs, outputs = inputs.astype(np.float32), outputs.astype(np.int8)
        inputs.flags.writeable = outputs.flags.writeable = False
        object.__setattr__(self, "inputs", inputs)
        object.__setattr__(self, "outputs", outputs)
        check_contradictions(self)

    def __repr__(self) -> str:
        inputs, outputs = (f"{len(array[0])} ({kind})" for array, kind in (
            (self.inputs, self.input_kind), (self.outputs, self.output_kind)
        ))  # fmt: skip
        return (
            f"<Problem {printable(self.name)}: inputs {inputs}, outputs {outputs}; {self.n_train} items to train "
            f"on, {self.n_test} to test; {self.network!r}>"
        )

    # -- builders -------------------------------------------------------------------------------------

    @classmethod
    def from_bits(
        cls,
        inputs: ArrayLike,
        outputs: ArrayLike,
        *,
        hidden: int | Sequence[int] = (),
        name: str = "data",
        n_train: int | None = None,
        care: ArrayLike | None = None,
    ) -> Problem:
        """From two arrays of Booleans, one row an item: 0/1, ±1 or bool.

        inputs, outputs   arrays, or data frames (pandas, polars), whose columns' names become the problem's;
                          a flat list of outputs is one output
        hidden  widths of the hidden layers between the inputs and the outputs; a number is one layer
        care    the output bits that count, all by default; outputs that are NaN do not count either
        """
        names = column_names(inputs), column_names(outputs)
        inputs = booleans(as_rows(inputs), f"{name}: inputs")
        targets, given = booleans_and_care(one_column(as_rows(outputs, gaps=True)), f"{name}: outputs")
        need("from_bits", hidden=(hidden, HIDDEN))
        between = [hidden] if isinstance(hidden, int | np.integer) else [*hidden]
        network = Network.layered([inputs.shape[1], *between, targets.shape[1]])
        return cls(
            name,
            network,
            inputs.astype(np.float32),
            targets,
            n_train=-1 if n_train is None else n_train,
            input_names=names[0],
            output_names=names[1],
            care=either_care(given, None if care is None else one_column(care)),  # type: ignore[arg-type]
        )

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
    ) -> Problem:
        """From arrays of any kind, for any network.

        inputs    bits as 0/1, ±1 or bool; analog numbers in [-1, 1]; None for unknown inputs
        outputs   bits likewise, a flat list being one output; for classes, one label 0 … n_outputs-1 for each
                  item. Names of a data frame's columns (pandas, polars) become the problem's
        care      (n_items, n_outputs): the output bits that count; outputs that are NaN do not count either
        """
        given: NDArray[np.bool_] | None = None
        need("from_arrays", network=(network, NETWORK))
        of_class = kind_named(OutputKind, "output_kind", output_kind) is OutputKind.CLASS
        bits = kind_named(InputKind, "input_kind", input_kind) is InputKind.BITS
        names = column_names(inputs), column_names(outputs)
        inputs = None if inputs is None else as_rows(inputs)
        outputs = as_rows(outputs, gaps=True)
        if of_class:
            targets = one_hot(outputs, network.n_outputs, f"{name}: outputs")
        else:
            targets, given = booleans_and_care(one_column(outputs), f"{name}: outputs")
        known: Any
        if inputs is None:
            known = np.empty((len(targets), 0), dtype=np.float32)
        elif bits:
            known = booleans(inputs, f"{name}: inputs")
        else:
            known = matrix(f"{name}: inputs", inputs)
        return cls(
            name,
            network,
            known,
            targets,
            input_kind,
            output_kind,
            -1 if n_train is None else n_train,
            names[0],
            () if of_class else names[1],
            care=either_care(given, None if care is None else one_column(care)),  # type: ignore[arg-type]
        )

    def with_train(self, n_train: int | None) -> Problem:
        """The same items, of which the first n_train are learned."""
        return self if n_train is None else replace(self, n_train=n_train)

    def with_network(self, network: Network) -> Problem:
        """The same items, to be learned with another network."""
        need("with_network", network=(network, NETWORK))
        return replace(self, network=network)

    # -- views ----------------------------------------------------------------------------------------

    @property
    def n_items(self) -> int:
        return len(self.outputs)

    @property
    def n_test(self) -> int:
        return self.n_items - self.n_train

    @property
    def edge_items(self) -> int:
        """The size of the constraint problem: edges times training items."""
        return self.network.n_edges * self.n_train

    @cached_property
    def n_train_bits(self) -> int:
        """Output bits of the training items that count."""
        if self.care is None:
            return self.n_train * self.network.n_outputs
        return int(np.count_nonzero(self.care[: self.n_train]))

    @property
    def train_care(self) -> NDArray[np.bool_] | None:
        """The output bits of the training items that count; None where all do."""
        return None if self.care is None else self.care[: self.n_train]

    def fractions_right(self, found: NDArray[Any], first: int = 0) -> Fractions:
        """Fractions of bits and words of the items from `first` on that are right; of classes, twice.

        found  (some items, n_outputs): ±1, or preactivations; NaN where nothing counts
        """
        items = slice(first, first + len(found))
        care = None if self.care is None else self.care[items]
        of_class = self.output_kind is OutputKind.CLASS
        return (classes_right if of_class else bits_right)(self.outputs[items], found, care)

    def scores(self, found: NDArray[Any]) -> tuple[float, float, float, float]:
        """Fractions right of training bits and words, test bits and words; NaN where there are no such items.

        found  (n_items, n_outputs), or of the training items alone; see `fractions_right`
        """
        n_train, found = self.n_train, self._found(found)
        return (*self.fractions_right(found[:n_train]), *self.fractions_right(found[n_train:], n_train))

    def _found(self, found: ArrayLike) -> NDArray[Any]:
        """Rows of numbers, one for each output. Raises `DataError` for anything else."""
        rows = matrix(f"{self.name}: found", found)
        if rows.shape[1] != self.network.n_outputs or len(rows) > self.n_items:
            raise DataError(
                f"{self.name}: found is {said(rows)}; expected numbers, a row of {self.network.n_outputs} "
                f"for each of {self.n_items} items or fewer."
            )
        return rows

    @cached_property
    def constant_accuracy(self) -> tuple[float, float]:
        """Fractions of test (or training) bits and words that the best constant prediction gets right.

        Of classes, twice the fraction that the most frequent one gets right.
        """
        counted = self.outputs[: self.n_train].astype(np.int64)
        if self.care is not None:
            counted = counted * self.care[: self.n_train]
        first = self.n_train if self.n_test else 0
        guess = np.broadcast_to(counted.sum(axis=0), (self.n_items - first, self.network.n_outputs))
        return self.fractions_right(guess, first)

    @cached_property
    def has_boolean_inputs(self) -> bool:
        return self.input_kind is not InputKind.ANALOG
