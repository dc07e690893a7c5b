"""`Classifier`: a committee as it is saved, one packed model behind the comparisons that make its bits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import NAMES, a, need
from btfnet.committee.comparisons import Comparisons
from btfnet.committee.raw import raw_rows
from btfnet.errors import DataError
from btfnet.kernels.bits import unpack_bits
from btfnet.logic.packed_model import PackedModel
from btfnet.logic.training_fit import TrainingFit
from btfnet.matching.columns import Ports
from btfnet.problem.values import InputKind, kind_named

ROWS_AT_ONCE = 4096
"""Thousands of comparisons a row: so many rows are a few dozen megabytes."""


@dataclass(frozen=True, eq=False)
class Classifier:
    """Raw inputs in, one-hot classes out. Make one with `Committee.classifier` or `btfnet.load_classifier`.

    comparisons   the model's bits, from raw inputs
    model         from those bits to one output for each class
    input_kind    analog (numbers from -1 to 1) or bits
    input_names   of the raw inputs; distinct, or empty for in0 …

    Raises `DataError` when these do not fit together.
    """

    comparisons: Comparisons
    model: PackedModel
    input_kind: InputKind = InputKind.ANALOG
    input_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        need(
            "Classifier",
            comparisons=(self.comparisons, a(Comparisons)),
            model=(self.model, a(PackedModel)),
            input_names=(self.input_names, NAMES),
        )
        object.__setattr__(self, "input_kind", kind_named(InputKind, "input_kind", self.input_kind))
        weight, level = self.comparisons.weight, self.comparisons.level
        names = tuple(self.input_names) or tuple(f"in{number}" for number in range(weight.shape[1]))
        object.__setattr__(self, "input_names", names)
        if weight.shape != (self.model.n_inputs, len(names)) or len(level) != len(weight) or not names:
            raise DataError(
                f"{self.name}: the comparisons have the shape {weight.shape} and {len(level)} levels, expected "
                f"{self.model.n_inputs} rows, one for each bit of the model, of {len(names)} inputs."
            )
        if len(set(names)) != len(names):
            raise DataError(f"{self.name}: {len(names)} input names, expected distinct ones.")
        if not np.isfinite(level).all() or (np.abs(weight.astype(np.int64)) > 1).any():
            raise DataError(
                f"{self.name}: the comparisons hold other weights than 0 and ±1, or a level that is not finite."
            )

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def n_inputs(self) -> int:
        return len(self.input_names)

    @property
    def class_names(self) -> tuple[str, ...]:
        return self.model.output_names

    @property
    def training(self) -> TrainingFit | None:
        return self.model.training

    @property
    def ports(self) -> Ports:
        return Ports(self.name, self.input_names, self.class_names)

    def predict(self, inputs: ArrayLike) -> NDArray[np.int64]:
        """The classes, 0 … n_classes - 1; (n_items,): numbers of classes, whatever kind of rows came in.

        See `one_hot`.
        """
        return self.one_hot(inputs).argmax(axis=1)

    def one_hot(self, inputs: ArrayLike, *, first: int = 0, threads: int = 1) -> NDArray[np.int8]:
        """The classes as rows of 0 with a single 1; (n_items, n_classes).

        inputs   (n_items, n_inputs): numbers from -1 to 1; of bits 0/1, ±1 or bool; of a data frame the columns
                 are matched by name, those named like classes are left out
        first    the number of the first row, for messages
        Raises `DataError` for rows of another length or with other values.
        """
        rows = raw_rows(inputs, self.ports, self.n_inputs, self.input_kind, first=first)
        answers = [np.zeros((0, self.model.n_outputs), dtype=bool)]
        for at in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[at : at + ROWS_AT_ONCE]
            words = self.model.executor.words(self.comparisons.columns(some), threads=threads)
            answers.append(unpack_bits(words, len(some)))
        return np.concatenate(answers).view(np.int8)
