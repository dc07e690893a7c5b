"""`Items`: examples of inputs and outputs, as arrays with names and masks."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import NAMES, Wanted, is_whole, need, optional, whole
from btfnet.deprecation import deprecated
from btfnet.matching.columns import By, Ports, orders
from btfnet.matching.frames import as_rows, column_names
from btfnet.problem.item_checks import (
    check_alike,
    check_inputs,
    check_names,
    check_shapes,
    concatenated,
    same,
)
from btfnet.problem.item_inputs import (
    booleans_or_packed,
    columns_in_order,
    inputs_joined,
    kept_inputs,
    rows_in_order,
    same_inputs,
)
from btfnet.problem.packed_bits import Bits, PackedBits
from btfnet.problem.read_only import ReadOnly
from btfnet.problem.targets import Targets, contradiction
from btfnet.problem.values import (
    InputKind,
    OutputKind,
    booleans_and_care,
    either_care,
    kind_named,
    matrix,
    one_column,
    one_hot,
)


@dataclass(frozen=True, eq=False, repr=False)
class Items(ReadOnly):
    """Items: what is known of the inputs, and what is said of the outputs.

    inputs        float32, (n_items, n_inputs): ±1 (bits), in [-1, 1] (analog) or any (numbers); (n_items, 0) when
                  unknown. Bits may be given as `PackedBits`, and more than 2^26 of them are kept so: then they are
                  made numbers whenever somebody asks for `inputs`
    outputs       int8, (n_items, n_outputs): ±1, and -1 where a bit does not count; classes one-hot
    n_unknown     number of unknown inputs, None where nobody says it or the inputs are known
    input_names, output_names   distinct printable names, or empty
    care          bool, (n_items, n_outputs): the output bits that count; None where all do
    weights       float64, (n_items,): how much each item counts, from 0 (nothing of it does); None where all are 1
    targets       outputs, their kind, care and weights together
    packed        the inputs where they are kept packed; else None

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
    packed: PackedBits | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        need("Items", input_names=(self.input_names, NAMES), output_names=(self.output_names, NAMES))
        need("Items", n_unknown=(self.n_unknown, optional(Wanted("a whole number", is_whole))))
        input_kind = kind_named(InputKind, "input_kind", self.input_kind)
        given: Any = self.inputs
        inputs = given if isinstance(given, PackedBits) else matrix("inputs", given)
        targets = Targets(self.outputs, self.care, self.output_kind, self.weights)
        check_shapes(inputs, targets.outputs)
        check_inputs(inputs.shape[1], input_kind, self.n_unknown)
        kept = kept_inputs(inputs, input_kind)
        is_packed = isinstance(kept, PackedBits)
        for name, value in (
            ("inputs", kept),
            ("packed", kept if is_packed else None),
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
        if is_packed:
            del self.__dict__["inputs"]  # so that `__getattr__` is asked for them
        check_names("input", self.input_names, self.n_inputs)
        check_names("output", self.output_names, self.n_outputs)

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

        inputs    bits, or analog numbers in [-1, 1]; None for unknown inputs. More than 2^26 bits are read piece
                  by piece, as from a memory map, and kept packed
        outputs   bits, a flat list being one output; or a class label 0 … n_classes-1 for each item
        care      (n_items, n_outputs): the output bits that count; outputs that are NaN do not count either
        weights   (n_items,): how much each item counts, from 0; all alike by default

        Names of a data frame's columns (pandas, polars) become the items'.
        """
        if isinstance(outputs, PackedBits):
            outputs = np.asarray(outputs)
        of_class = kind_named(OutputKind, "output_kind", output_kind) is OutputKind.CLASS
        bits = kind_named(InputKind, "input_kind", input_kind) is InputKind.BITS
        input_names, output_names = column_names(inputs), () if of_class else column_names(outputs)
        known: Any = inputs if inputs is None or isinstance(inputs, PackedBits) else as_rows(inputs)
        rows, counted = as_rows(outputs, gaps=True), None
        if of_class:
            targets = one_hot(rows, n_classes, "outputs")
        else:
            targets, counted = booleans_and_care(one_column(rows), "outputs")
        if known is None:
            known = np.empty((len(targets), 0), dtype=np.float32)
        elif bits:
            known = booleans_or_packed("inputs", known)
        return cls(
            known,
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
    def held(self) -> NDArray[np.float32] | PackedBits:
        """The inputs as they are kept."""
        return self.inputs if self.packed is None else self.packed

    @property
    def n_columns(self) -> int:
        """Columns of inputs: none when they are unknown."""
        return self.held.shape[1]

    @property
    def n_inputs(self) -> int | None:
        """Number of inputs, also of unknown ones; None where nobody says it."""
        return self.n_columns if self.input_kind.known else self.n_unknown

    @property
    def n_outputs(self) -> int:
        return self.outputs.shape[1]

    @cached_property
    def contradiction(self) -> tuple[int, int, int] | None:
        """Two items, from 0, with the same inputs, and an output that differs; None without any."""
        if not self.input_kind.known:
            return None
        return contradiction(self.held, self.outputs, self.care)

    def bits(self, first: int = 0, last: int | None = None) -> Bits:
        """Which inputs of the items first … last - 1 are true; packed where the inputs are."""
        if self.packed is not None:
            return self.packed.some(slice(first, last))
        return self.inputs[first:last] > 0

    def but(self, **changes: Any) -> Items:
        """The same items with other fields; packed inputs stay packed."""
        return replace(self, **{"inputs": self.held, **changes})

    def ordered_as(self, ports: Ports, by: By = By.AUTO, side: str = "the items") -> Items:
        """The same items with inputs and outputs in the order of other names; see `matching.columns.orders`.

        side   what messages call these items
        Raises `DataError` where only some names are known.
        """
        inputs, outputs = orders(ports, Ports(side, self.input_names, self.output_names), by)
        ordered = self
        if inputs is not None:
            rows = columns_in_order(self.held, inputs) if self.input_kind.known else self.inputs
            names = tuple(self.input_names[column] for column in inputs)
            ordered = ordered.but(inputs=rows, input_names=names)
        if outputs is not None:
            care = None if self.care is None else self.care[:, outputs]
            names = tuple(self.output_names[column] for column in outputs)
            ordered = ordered.but(outputs=self.outputs[:, outputs], output_names=names, care=care)
        return ordered

    def first(self, n_items: int) -> Items:
        """The first so many items."""
        need("first", n_items=(n_items, whole(0)))
        return self if n_items >= self.n_items else self.some(slice(n_items))

    def some(self, which: slice | NDArray[np.intp]) -> Items:
        """The items with these numbers, from 0, in this order."""
        return self.but(
            inputs=rows_in_order(self.held, which),
            outputs=self.outputs[which],
            care=None if self.care is None else self.care[which],
            weights=None if self.weights is None else self.weights[which],
        )

    def joined(self, *others: Items) -> Items:
        """These items and others after them, of the same kinds and names. Raises `DataError` for any other."""
        for other in others:
            check_alike(self, other)
        return self.but(
            inputs=inputs_joined([self.held, *(other.held for other in others)]),
            outputs=np.concatenate([self.outputs, *(other.outputs for other in others)]),
            care=concatenated([(items.care, items.outputs.shape) for items in (self, *others)]),
            weights=concatenated([(items.weights, (items.n_items,)) for items in (self, *others)]),
        )

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Items)
            and self._facts() == other._facts()
            and same_inputs(self.held, other.held)
            and np.array_equal(self.outputs, other.outputs)
            and same(self.care, other.care)
            and same(self.weights, other.weights)
        )

    def __hash__(self) -> int:
        return hash((self._facts(), self.outputs.tobytes()))

    def __repr__(self) -> str:
        others = (each.name for each in fields(self) if each.repr and each.name != "inputs")
        told = {"inputs": self.held, **{name: getattr(self, name) for name in others}}
        return f"Items({', '.join(f'{name}={value!r}' for name, value in told.items())})"

    def __getattr__(self, name: str) -> Any:
        """Packed inputs as numbers, made anew every time: whoever can takes `bits`."""
        packed = self.__dict__.get("packed")
        if name == "inputs" and packed is not None:
            return packed.signs()
        raise AttributeError(f"Items has no attribute {name!r}")

    def _facts(self) -> tuple[object, ...]:
        return (self.input_kind, self.output_kind, self.n_unknown, self.input_names, self.output_names)
