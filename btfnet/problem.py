"""A learning problem: a network and the items that it must reproduce; all checks of one against the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.errors import DataError, UsageError
from btfnet.network import Network


class InputKind(StrEnum):
    """What the items say about the network's inputs."""

    BITS = "bits"
    ANALOG = "analog"
    UNKNOWN_BITS = "unknown_bits"
    UNKNOWN_ONE_HOT = "unknown_one_hot"

    @property
    def known(self) -> bool:
        return self in (InputKind.BITS, InputKind.ANALOG)


class OutputKind(StrEnum):
    """What an item says about the outputs: every bit, or one class (trained as a one-hot vector)."""

    BITS = "bits"
    CLASS = "class"


@dataclass(frozen=True, eq=False)
class Problem:
    """A network and its items.

    inputs       float32, (n_items, n_inputs) with values ±1 (bits) or in [-1, 1] (analog);
                 (n_items, 0) when the inputs are unknown
    outputs      int8, (n_items, n_outputs) with values ±1; classes are given one-hot
    n_train      the first n_train items are learned, the rest is for testing

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

    def __post_init__(self) -> None:
        inputs, outputs = (
            _matrix(self.name, "inputs", self.inputs),
            _matrix(self.name, "outputs", self.outputs),
        )
        object.__setattr__(self, "input_kind", InputKind(self.input_kind))
        object.__setattr__(self, "output_kind", OutputKind(self.output_kind))
        _check_shapes(self, inputs, outputs)
        _check_values(self, inputs, outputs)
        if self.n_train == -1:
            object.__setattr__(self, "n_train", len(outputs))
        whole = isinstance(self.n_train, int | np.integer) and not isinstance(self.n_train, bool)
        if not whole or not 1 <= self.n_train <= len(outputs):
            raise UsageError(
                f"{self.name}: n_train is {self.n_train!r}, but there are {len(outputs)} items; "
                f"choose 1 to {len(outputs)}."
            )
        object.__setattr__(self, "input_names", tuple(self.input_names))
        object.__setattr__(self, "output_names", tuple(self.output_names))
        _check_names(self)
        inputs, outputs = inputs.astype(np.float32), outputs.astype(np.int8)
        inputs.flags.writeable = outputs.flags.writeable = False
        object.__setattr__(self, "inputs", inputs)
        object.__setattr__(self, "outputs", outputs)
        _check_contradictions(self)

    # -- builders -------------------------------------------------------------------------------------

    @classmethod
    def from_bits(
        cls,
        inputs: ArrayLike,
        outputs: ArrayLike,
        *,
        hidden: tuple[int, ...] | list[int] = (),
        name: str = "data",
        n_train: int | None = None,
    ) -> Problem:
        """From two arrays of Booleans, one row an item: 0/1, ±1 or bool.

        hidden: widths of the hidden layers between the inputs and the outputs.
        """
        inputs, outputs = booleans(inputs, f"{name}: inputs"), booleans(outputs, f"{name}: outputs")
        network = Network.layered([inputs.shape[1], *hidden, outputs.shape[1]])
        return cls(
            name, network, inputs.astype(np.float32), outputs, n_train=-1 if n_train is None else n_train
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
    ) -> Problem:
        """From arrays of any kind, for any network.

        inputs    bits as 0/1, ±1 or bool; analog numbers in [-1, 1]; None for unknown inputs
        outputs   bits likewise; for classes, one label 0 … n_outputs-1 for each item
        """
        if OutputKind(output_kind) is OutputKind.CLASS:
            targets = one_hot(outputs, network.n_outputs, f"{name}: outputs")
        else:
            targets = booleans(outputs, f"{name}: outputs")
        known: Any
        if inputs is None:
            known = np.empty((len(targets), 0), dtype=np.float32)
        elif InputKind(input_kind) is InputKind.BITS:
            known = booleans(inputs, f"{name}: inputs")
        else:
            known = _matrix(name, "inputs", inputs)
        return cls(name, network, known, targets, input_kind, output_kind, -1 if n_train is None else n_train)

    def with_train(self, n_train: int | None) -> Problem:
        """The same items, of which the first n_train are learned."""
        return self if n_train is None else replace(self, n_train=n_train)

    def with_network(self, network: Network) -> Problem:
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
    def constant_accuracy(self) -> tuple[float, float]:
        """Fractions of test (or training) bits and words that the best constant prediction gets right."""
        judged = self.outputs[self.n_train :] if self.n_test else self.outputs
        guess = np.where(self.outputs[: self.n_train].astype(np.int64).sum(axis=0) > 0, 1, -1)
        right = judged == guess
        return float(right.mean()), float(right.all(axis=1).mean())

    @cached_property
    def has_boolean_inputs(self) -> bool:
        return self.input_kind is not InputKind.ANALOG


def booleans(values: ArrayLike, where: str) -> NDArray[np.int8]:
    """Rows of Booleans, given as 0/1, ±1 or bool, as int8 ±1.

    Raises `DataError` naming the first row that holds anything else.
    """
    try:
        array = np.asarray(values)
    except (ValueError, TypeError) as error:
        raise DataError(
            f"{where}: the rows differ in length; give every item the same number of values."
        ) from error
    if array.ndim != 2:
        raise DataError(f"{where}: the array has {array.ndim} dimensions; expected 2, one row for each item.")
    if array.dtype == bool:
        return np.where(array, 1, -1).astype(np.int8)
    if array.dtype.kind not in "iuf":
        raise DataError(f"{where}: the values are of type {array.dtype}; expected 0/1, -1/+1 or bool.")
    bad = ~((array == 0) | (array == 1) | (array == -1))
    if bad.any():
        item, column = np.argwhere(bad)[0]
        raise DataError(
            f"{where}: item {item} has the value {array[item, column]} in column {column}; "
            f"expected 0/1 or -1/+1."
        )
    if (array == 0).any() and (array == -1).any():
        raise DataError(
            f"{where}: the values mix 0 and -1, so false is unclear; use 0/1 or -1/+1 throughout."
        )
    return np.where(array == 1, 1, -1).astype(np.int8)


def one_hot(labels: ArrayLike, n_classes: int, where: str) -> NDArray[np.int8]:
    """Class labels 0 … n_classes-1 as rows of ±1 with a single +1; int8, (n_items, n_classes)."""
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise DataError(f"{where}: class labels must be one whole number for each item.")
    wrong = np.flatnonzero((labels < 0) | (labels >= n_classes))
    if wrong.size:
        raise DataError(
            f"{where}: item {wrong[0]} has the class {labels[wrong[0]]}; expected 0 to {n_classes - 1}."
        )
    return np.where(np.arange(n_classes) == labels[:, None], 1, -1).astype(np.int8)


def _matrix(name: str, what: str, values: ArrayLike) -> NDArray[Any]:
    try:
        array = np.asarray(values)
    except (ValueError, TypeError) as error:
        raise DataError(
            f"{name}: the rows of the {what} differ in length; give all items as many."
        ) from error
    if array.ndim != 2:
        raise DataError(f"{name}: {what} have {array.ndim} dimensions; expected 2, one row for each item.")
    return array


def _check_shapes(problem: Problem, inputs: NDArray[Any], outputs: NDArray[Any]) -> None:
    network, name = problem.network, problem.name
    if len(outputs) == 0:
        raise DataError(f"{name}: there are no items; give at least one.")
    if len(inputs) != len(outputs):
        raise DataError(
            f"{name}: {len(inputs)} rows of inputs, but {len(outputs)} rows of outputs; give one each."
        )
    expected = network.n_inputs if problem.input_kind.known else 0
    if inputs.shape[1] != expected:
        hint = "" if expected else f" ({problem.input_kind} inputs are found, not given)"
        raise DataError(
            f"{name}: the items have {inputs.shape[1]} input values, but the network expects "
            f"{expected}{hint}.\nChange the first width of the network to {inputs.shape[1]}, or the data."
        )
    if outputs.shape[1] != network.n_outputs:
        raise DataError(
            f"{name}: the items have {outputs.shape[1]} output values, but the network has "
            f"{network.n_outputs} outputs.\n"
            f"Change the last width of the network to {outputs.shape[1]}, or the data."
        )


def _check_values(problem: Problem, inputs: NDArray[Any], outputs: NDArray[Any]) -> None:
    analog = problem.input_kind is InputKind.ANALOG
    for what, array, continuous in (("input", inputs, analog), ("output", outputs, False)):
        if array.dtype.kind not in "iufb":
            raise DataError(f"{problem.name}: the {what}s are of type {array.dtype}; expected numbers.")
        bad = ~((array >= -1) & (array <= 1)) if continuous else ~((array == 1) | (array == -1))
        if bad.any():
            item, column = np.argwhere(bad)[0]
            expected = "a number from -1 to 1" if continuous else "-1 or +1"
            raise DataError(
                f"{problem.name}: item {item} has the {what} value {array[item, column]} in column {column}; "
                f"expected {expected}."
            )
    if problem.output_kind is OutputKind.CLASS:
        wrong = np.flatnonzero((outputs == 1).sum(axis=1) != 1)
        if wrong.size:
            raise DataError(
                f"{problem.name}: item {wrong[0]} belongs to no single class; give one-hot outputs."
            )


def _check_names(problem: Problem) -> None:
    for what, names, expected in (
        ("input", problem.input_names, problem.network.n_inputs),
        ("output", problem.output_names, problem.network.n_outputs),
    ):
        if names and (len(names) != expected or len(set(names)) != expected):
            raise DataError(
                f"{problem.name}: {len(set(names))} distinct {what} names for {expected} {what}s; "
                f"give one distinct name each, or none."
            )


def _check_contradictions(problem: Problem) -> None:
    """No circuit can give two outputs for one input: name both items."""
    if not problem.input_kind.known:
        return
    positive_zeros = np.ascontiguousarray(problem.inputs) + np.float32(0)
    rows = positive_zeros.view(np.dtype((np.void, 4 * problem.network.n_inputs)))[:, 0]
    _, first, group = np.unique(rows, return_index=True, return_inverse=True)
    differs = (problem.outputs != problem.outputs[first[group]]).any(axis=1)
    if differs.any():
        item = int(np.flatnonzero(differs)[0])
        other = int(first[group[item]])
        column = int(np.flatnonzero(problem.outputs[item] != problem.outputs[other])[0])
        raise DataError(
            f"{problem.name}: items {other} and {item} have the same inputs but different outputs "
            f"(output {column}: {problem.outputs[other, column]:+d} "
            f"and {problem.outputs[item, column]:+d}).\n"
            f"No circuit can reproduce both; remove one of them."
        )
