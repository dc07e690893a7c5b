"""`Items`: what a data file holds, and reading and writing it by the file's suffix."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import NAMES, PATH, Wanted, a, is_whole, need, optional, path_first, whole
from btfnet.errors import ContradictionError, DataError, FormatError, UsageError
from btfnet.formats.csv.layout import Layout
from btfnet.formats.csv.table import CsvTable
from btfnet.formats.format import Holds
from btfnet.formats.recognise import expected_format, opened_once, suffix_of
from btfnet.formats.registry import FORMATS, readable
from btfnet.formats.writing import write_thing
from btfnet.matching.columns import By, Ports, orders
from btfnet.problem.checks import check_values
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind, OutputKind, checked_care, kind_named, matrix

TABLES = tuple(suffix for suffix, entry in FORMATS.items() if entry.has_layout)
"""Suffixes of tables of text."""


@dataclass(frozen=True, eq=False)
class Items:
    """The items of a problem, without a network.

    inputs        float32, (n_items, n_inputs): ±1 (bits) or in [-1, 1] (analog); (n_items, 0) when unknown
    outputs       int8, (n_items, n_outputs): ±1; classes one-hot
    n_unknown     number of unknown inputs, None where the file does not say it or the inputs are known
    input_names, output_names   distinct printable names, or empty
    care          bool, (n_items, n_outputs): the output bits that count; None where all do

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

    def __post_init__(self) -> None:
        need("Items", input_names=(self.input_names, NAMES), output_names=(self.output_names, NAMES))
        need("Items", n_unknown=(self.n_unknown, optional(Wanted("a whole number", is_whole))))
        for name, value in (
            ("input_kind", kind_named(InputKind, "input_kind", self.input_kind)),
            ("output_kind", kind_named(OutputKind, "output_kind", self.output_kind)),
            ("input_names", tuple(self.input_names)),
            ("output_names", tuple(self.output_names)),
        ):
            object.__setattr__(self, name, value)
        inputs, outputs = matrix("inputs", self.inputs), matrix("outputs", self.outputs)
        self._check_shapes(inputs, outputs)
        object.__setattr__(self, "care", checked_care("items", self.care, outputs.shape, self.output_kind))
        if self.care is not None:
            outputs = np.where(self.care, outputs, -1)
        check_values(inputs, outputs, self.input_kind, self.output_kind, self.care)
        inputs, outputs = inputs.astype(np.float32), outputs.astype(np.int8)
        inputs.flags.writeable = outputs.flags.writeable = False
        object.__setattr__(self, "inputs", inputs)
        object.__setattr__(self, "outputs", outputs)
        _check_names("input", self.input_names, self.n_inputs)
        _check_names("output", self.output_names, self.n_outputs)

    @property
    def n_items(self) -> int:
        return len(self.outputs)

    @property
    def n_inputs(self) -> int | None:
        """Number of inputs, also of unknown ones; None where the file does not say it."""
        return self.inputs.shape[1] if self.input_kind.known else self.n_unknown

    @property
    def n_outputs(self) -> int:
        return self.outputs.shape[1]

    def problem(self, name: str, network: Network, n_train: int | None = None) -> Problem:
        """The problem of learning the first n_train of these items (None: all) with a network.

        Raises `DataError` when the items and the network do not fit.
        """
        need("Items.problem", network=(network, a(Network)))
        if self.n_unknown is not None and self.n_unknown != network.n_inputs:
            raise DataError(
                f"{name}: the items have {self.n_unknown} unknown inputs, but the network has "
                f"{network.n_inputs} inputs.\nChange the first width of the network to {self.n_unknown}."
            )
        return Problem(
            name,
            network,
            self.inputs,
            self.outputs,
            self.input_kind,
            self.output_kind,
            -1 if n_train is None else n_train,
            self.input_names,
            self.output_names,
            self.care,
        )

    @classmethod
    def from_problem(cls, problem: Problem) -> Items:
        """All items of a problem, training and test."""
        need("from_problem", problem=(problem, a(Problem)))
        return cls(
            problem.inputs,
            problem.outputs,
            problem.input_kind,
            problem.output_kind,
            None if problem.input_kind.known else problem.network.n_inputs,
            problem.input_names,
            problem.output_names,
            problem.care,
        )

    def ordered_as(self, ports: Ports, by: By = By.AUTO, side: str = "the items") -> Items:
        """The same items with inputs and outputs in the order of other names; see `matching.columns.orders`.

        side   what messages call these items
        Raises `DataError` where only some names are known.
        """
        inputs, outputs = orders(ports, Ports(side, self.input_names, self.output_names), by)
        found = self
        if inputs is not None:
            rows = self.inputs[:, inputs] if self.input_kind.known else self.inputs
            found = replace(found, inputs=rows, input_names=tuple(self.input_names[one] for one in inputs))
        if outputs is not None:
            care = None if self.care is None else self.care[:, outputs]
            names = tuple(self.output_names[one] for one in outputs)
            found = replace(found, outputs=self.outputs[:, outputs], output_names=names, care=care)
        return found

    def first(self, n_items: int) -> Items:
        """The first so many items."""
        need("first", n_items=(n_items, whole(0)))
        care = None if self.care is None else self.care[:n_items]
        return replace(self, inputs=self.inputs[:n_items], outputs=self.outputs[:n_items], care=care)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Items)
            and self._facts() == other._facts()
            and np.array_equal(self.inputs, other.inputs)
            and np.array_equal(self.outputs, other.outputs)
            and (self.care is None) == (other.care is None)
            and (self.care is None or np.array_equal(self.care, other.care))  # type: ignore[arg-type]
        )

    def __hash__(self) -> int:
        return hash((self._facts(), self.inputs.tobytes(), self.outputs.tobytes()))

    def _facts(self) -> tuple[object, ...]:
        return (self.input_kind, self.output_kind, self.n_unknown, self.input_names, self.output_names)

    def _check_shapes(self, inputs: NDArray[np.generic], outputs: NDArray[np.generic]) -> None:
        if len(inputs) != len(outputs):
            raise DataError(
                f"inputs of the shape {inputs.shape} and outputs of the shape {outputs.shape}; "
                f"expected one row for each item in both."
            )
        if not outputs.size:
            raise DataError(
                f"outputs of the shape {outputs.shape}; expected at least one item and one output."
            )
        if self.input_kind.known and not inputs.shape[1]:
            raise DataError(f"no inputs, although they are {self.input_kind}; give at least one.")
        if not self.input_kind.known and inputs.shape[1]:
            raise DataError(
                f"{inputs.shape[1]} inputs are given, although they are {self.input_kind}; give none."
            )
        if self.n_unknown is not None and (self.input_kind.known or self.n_unknown < 1):
            raise DataError(
                f"n_unknown is {self.n_unknown} with {self.input_kind} inputs; give None, or a count."
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


def read_items(
    path: str | os.PathLike[str],
    *,
    n_inputs: int | None = None,
    layout: Layout | None = None,
    ports: Ports | None = None,
    by: By = By.AUTO,
) -> Items:
    """Read the items of a `.dat`, `.csv` (`.tsv`), `.npy`, `.npz` or `.pla` file; one without a known suffix is
    what it holds.

    n_inputs   how many values of a row are inputs, for files that do not say it (`.npy`, `.csv` without a
               typed header) and for unknown inputs; files that do say it are checked against it
    layout     separator and header of a `.csv` file, where they are not to be found out
    ports, by  the names of a circuit: inputs and outputs come in its order (`btfnet.matching.columns`)

    Raises `FormatError` when the file breaks its format's rules, `UsageError` for another suffix, and
    `DataError` for names that do not fit.
    """
    need("read_items", path=(path, PATH), n_inputs=(n_inputs, optional(whole(0))))
    file = opened_once(path)
    suffix = expected_format(file, "items", readable(Holds.ITEMS))
    if layout is not None and not layout.is_default and suffix not in TABLES:
        raise UsageError(f"{path}: --separator and --header are for .csv files, and this is none.")
    options = {"layout": layout, "ports": ports, "by": by} if suffix in TABLES else {}
    items: Items = FORMATS[suffix].reader(Holds.ITEMS)(file, n_inputs=n_inputs, **options)
    return items if ports is None else items.ordered_as(ports, by, str(path))


def write_items(path: str | os.PathLike[str], items: Items) -> None:
    """Write items to a `.dat`, `.csv`, `.npy` or `.npz` file. One that exists is replaced, whole or not at all.

    Raises `UsageError` for another suffix or where the format cannot hold such items, `OutputError` when the
    file cannot be written.
    """
    path_first("write_items", path, items=(items, a(Items)))
    write_thing(path, items, "items", Holds.ITEMS)


def about_file(
    error: DataError, path: str | os.PathLike[str], name: str, layout: Layout | None = None
) -> FormatError:
    """An error about the problem called `name`, as one about its file; with the lines where two items stand.

    layout   of a table, as for `read_items`
    """
    if isinstance(error, ContradictionError) and suffix_of(path) in TABLES:
        lines = CsvTable.of(path, layout).lines_of(error.items)
        if len(lines) == 2:
            one, other = error.items
            return FormatError(
                path, lines[1], f"items {one} (line {lines[0]}) and {other} (line {lines[1]}) {error.because}"
            )
    return FormatError(path, None, str(error).removeprefix(f"{name}: "))
