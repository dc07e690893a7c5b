"""`Items`: examples of inputs and outputs, as arrays with names and masks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import NAMES, Wanted, is_whole, need, optional, whole
from btfnet.deprecation import deprecated
from btfnet.errors import DataError
from btfnet.matching.columns import By, Ports, orders
from btfnet.matching.frames import as_rows, column_names
from btfnet.problem.read_only import ReadOnly
from btfnet.problem.targets import Targets, contradiction
from btfnet.problem.values import (
    InputKind,
    OutputKind,
    booleans,
    booleans_and_care,
    either_care,
    kind_named,
    matrix,
    one_column,
    one_hot,
)


@dataclass(frozen=True, eq=False)
class Items(ReadOnly):
    """Items: what is known of the inputs, and what is said of the outputs.

    inputs        float32, (n_items, n_inputs): ±1 (bits), in [-1, 1] (analog) or any (numbers); (n_items, 0) when
                  unknown
    outputs       int8, (n_items, n_outputs): ±1, and -1 where a bit does not count; classes one-hot
    n_unknown     number of unknown inputs, None where nobody says it or the inputs are known
    input_names, output_names   distinct printable names, or empty
    care          bool, (n_items, n_outputs): the output bits that count; None where all do
    weights       float64, (n_items,): how much each item counts, from 0 (nothing of it does); None where all are 1
    targets       outputs, their kind, care and weights together

    Raises `DataError` when shapes, values or names break these rules.
    """

    inputs: NDArray[np.float32]
    outputs: NDArray[np.int8]
    input_kind: InputKind = InputKind.BITS
    output_kind: OutputKind = OutputKind.BITS
    n_unknown: int | None = None
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    care: NDArray[np.bool_] | None = None
    weights: NDArray[np.float64] | None = None
    targets: Targets = field(init=False, repr=False)

    def __post_init__(self) -> None:
        need("Items", input_names=(self.input_names, NAMES), output_names=(self.output_names, NAMES))
        need("Items", n_unknown=(self.n_unknown, optional(Wanted("a whole number", is_whole))))
        input_kind = kind_named(InputKind, "input_kind", self.input_kind)
        inputs = matrix("inputs", self.inputs)
        targets = Targets(self.outputs, self.care, self.output_kind, self.weights)
        _check_shapes(inputs, targets.outputs)
        _check_inputs(inputs, input_kind, self.n_unknown)
        inputs = inputs.astype(np.float32)
        inputs.flags.writeable = False
        for name, value in (
            ("inputs", inputs),
            ("outputs", targets.outputs),
            ("input_kind", input_kind),
            ("output_kind", targets.kind),
            ("input_names", tuple(self.input_names)),
            ("output_names", tuple(self.output_names)),
            ("care", targets.care),
            ("weights", targets.weights),
            ("targets", targets),
        ):
            object.__setattr__(self, name, value)
        _check_names("input", self.input_names, self.n_inputs)
        _check_names("output", self.output_names, self.n_outputs)

    @classmethod
    def from_arrays(
        cls,
        inputs: ArrayLike | None,
        outputs: ArrayLike,
        *,
        input_kind: InputKind = InputKind.BITS,
        output_kind: OutputKind = OutputKind.BITS,
        n_classes: int = 0,
        care: ArrayLike | None = None,
        weights: ArrayLike | None = None,
    ) -> Items:
        """From what users have: 0/1, ±1 or bool for bits, labels for classes, data frames, flat lists.

        inputs    bits, or analog numbers in [-1, 1]; None for unknown inputs
        outputs   bits, a flat list being one output; or a class label 0 … n_classes-1 for each item
        care      (n_items, n_outputs): the output bits that count; outputs that are NaN do not count either
        weights   (n_items,): how much each item counts, from 0; all alike by default

        Names of a data frame's columns (pandas, polars) become the items'.
        """
        of_class = kind_named(OutputKind, "output_kind", output_kind) is OutputKind.CLASS
        bits = kind_named(InputKind, "input_kind", input_kind) is InputKind.BITS
        input_names, output_names = column_names(inputs), () if of_class else column_names(outputs)
        known = None if inputs is None else as_rows(inputs)
        rows, counted = as_rows(outputs, gaps=True), None
        if of_class:
            targets = one_hot(rows, n_classes, "outputs")
        else:
            targets, counted = booleans_and_care(one_column(rows), "outputs")
        if known is None:
            known = np.empty((len(targets), 0), dtype=np.float32)
        elif bits:
            known = booleans(known, "inputs")
        return cls(
            known,  # type: ignore[arg-type]
            targets,
            input_kind,
            output_kind,
            input_names=input_names,
            output_names=output_names,
            care=either_care(counted, None if care is None else one_column(care)),  # type: ignore[arg-type]
            weights=weights,  # type: ignore[arg-type]
        )

    @classmethod
    def from_problem(cls, problem: Any) -> Items:
        """As `problem.items` was asked for before; warns."""
        deprecated("Items.from_problem(problem)", "problem.items")
        items: Items = problem.items
        return items

    def problem(self, name: str, network: Any, n_train: int | None = None) -> Any:
        """As `Problem(name, network, items, n_train)` was made before; warns."""
        deprecated("Items.problem(name, network, n_train)", "Problem(name, network, items, n_train)")
        return import_module("btfnet.problem.problem").Problem(name, network, self, n_train)

    @property
    def n_items(self) -> int:
        return len(self.outputs)

    @property
    def n_inputs(self) -> int | None:
        """Number of inputs, also of unknown ones; None where nobody says it."""
        return self.inputs.shape[1] if self.input_kind.known else self.n_unknown

    @property
    def n_outputs(self) -> int:
        return self.outputs.shape[1]

    @cached_property
    def contradiction(self) -> tuple[int, int, int] | None:
        """Two items, from 0, with the same inputs, and an output that differs; None without any."""
        if not self.input_kind.known:
            return None
        return contradiction(self.inputs, self.outputs, self.care)

    def ordered_as(self, ports: Ports, by: By = By.AUTO, side: str = "the items") -> Items:
        """The same items with inputs and outputs in the order of other names; see `matching.columns.orders`.

        side   what messages call these items
        Raises `DataError` where only some names are known.
        """
        inputs, outputs = orders(ports, Ports(side, self.input_names, self.output_names), by)
        ordered = self
        if inputs is not None:
            rows = self.inputs[:, inputs] if self.input_kind.known else self.inputs
            names = tuple(self.input_names[column] for column in inputs)
            ordered = replace(ordered, inputs=rows, input_names=names)
        if outputs is not None:
            care = None if self.care is None else self.care[:, outputs]
            names = tuple(self.output_names[column] for column in outputs)
            ordered = replace(ordered, outputs=self.outputs[:, outputs], output_names=names, care=care)
        return ordered

    def first(self, n_items: int) -> Items:
        """The first so many items."""
        need("first", n_items=(n_items, whole(0)))
        return self.some(slice(n_items))

    def some(self, which: slice | NDArray[np.intp]) -> Items:
        """The items with these numbers, from 0, in this order."""
        return replace(
            self,
            inputs=self.inputs[which],
            outputs=self.outputs[which],
            care=None if self.care is None else self.care[which],
            weights=None if self.weights is None else self.weights[which],
        )

    def joined(self, *others: Items) -> Items:
        """These items and others after them, of the same kinds and names. Raises `DataError` for any other."""
        for other in others:
            _check_alike(self, other)
        return replace(
            self,
            inputs=np.concatenate([self.inputs, *(other.inputs for other in others)]),
            outputs=np.concatenate([self.outputs, *(other.outputs for other in others)]),
            care=_joined([(items.care, items.outputs.shape) for items in (self, *others)]),
            weights=_joined([(items.weights, (items.n_items,)) for items in (self, *others)]),
        )

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Items)
            and self._facts() == other._facts()
            and np.array_equal(self.inputs, other.inputs)
            and np.array_equal(self.outputs, other.outputs)
            and _same(self.care, other.care)
            and _same(self.weights, other.weights)
        )

    def __hash__(self) -> int:
        return hash((self._facts(), self.inputs.tobytes(), self.outputs.tobytes()))

    def _facts(self) -> tuple[object, ...]:
        return (self.input_kind, self.output_kind, self.n_unknown, self.input_names, self.output_names)


def _same(a: NDArray[Any] | None, b: NDArray[Any] | None) -> bool:
    if a is None or b is None:
        return a is b
    return np.array_equal(a, b)


def _joined(parts: list[tuple[NDArray[Any] | None, tuple[int, ...]]]) -> NDArray[Any] | None:
    """Arrays one after another; ones for those that are None, None where all of them are."""
    if all(array is None for array, _ in parts):
        return None
    return np.concatenate([np.ones(shape) if array is None else array for array, shape in parts])


def _check_alike(items: Items, other: Items) -> None:
    """Raise `DataError` unless the other items can follow these."""
    for what, ours, theirs in (
        ("input", items.inputs.shape[1], other.inputs.shape[1]),
        ("output", items.n_outputs, other.n_outputs),
    ):
        if ours != theirs:
            raise DataError(f"items with {theirs} {what}s cannot follow items with {ours}; give as many.")
    for what, kind, its in (
        ("inputs", items.input_kind, other.input_kind),
        ("outputs", items.output_kind, other.output_kind),
    ):
        if kind is not its:
            raise DataError(f"items whose {what} are {its} cannot follow items whose {what} are {kind}.")


def _check_shapes(inputs: NDArray[Any], outputs: NDArray[Any]) -> None:
    if len(inputs) != len(outputs):
        raise DataError(
            f"{len(inputs)} rows of inputs, but {len(outputs)} rows of outputs; expected one row for each item "
            f"in both."
        )
    if not len(outputs):
        raise DataError("there are no items; give at least one.")
    if not outputs.size:
        raise DataError("there are no outputs; expected at least one item and one output.")


def _check_inputs(inputs: NDArray[Any], kind: InputKind, n_unknown: int | None) -> None:
    """As many inputs as their kind allows, each in its range."""
    if kind.known and not inputs.shape[1]:
        raise DataError(f"no inputs, although they are {kind}; give at least one.")
    if not kind.known and inputs.shape[1]:
        raise DataError(
            f"{inputs.shape[1]} inputs are given, although they are {kind}: found, not given; give none."
        )
    if n_unknown is not None and (kind.known or n_unknown < 1):
        raise DataError(f"n_unknown is {n_unknown} with {kind} inputs; give None, or a count.")
    ranges = {InputKind.ANALOG: "a number from -1 to 1", InputKind.NUMBERS: "a finite number"}
    most = {InputKind.ANALOG: 1.0, InputKind.NUMBERS: float(np.finfo(np.float32).max)}.get(kind)
    right = (inputs == 1) | (inputs == -1) if most is None else (inputs >= -most) & (inputs <= most)
    if not right.all():
        item, column = np.argwhere(~right)[0]
        raise DataError(
            f"item {item + 1} has the input value {inputs[item, column]} in column {column + 1}; "
            f"expected {ranges.get(kind, '-1 or +1')}."
        )


def _check_names(what: str, names: tuple[str, ...], expected: int | None) -> None:
    if not names:
        return
    if len(set(names)) != len(names) or (expected is not None and len(names) != expected):
        raise DataError(
            f"{len(names)} {what} names, {len(set(names))} of them distinct, for {expected} {what}s; "
            f"give one distinct name each, or none."
        )
    for name in names:
        if not name or not name.isprintable():
            raise DataError(
                f"an {what} is named {name!a}; a name needs at least one character, all of them printable."
            )
