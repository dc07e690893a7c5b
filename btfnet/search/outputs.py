"""Outputs of which the training items say little: constant or nearly so, or the same as an input.

An output that is true in 3 of 256 items is right in 253 of them by a constant, and exact circuits that agree on it
elsewhere may do so for want of examples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.problem import InputKind, OutputKind, Problem

RARE = 0.05
"""The rarer value stands in so large a part of the items or less: almost constant. Source: the ratio of 95 to 5 at
which caret's `nearZeroVar` drops a variable (M. Kuhn, J. Statistical Software 28 (2008), 5)."""


@dataclass(frozen=True, slots=True)
class Notable:
    """An output, by its name, and what the training items say of it.

    items          those in which it counts
    ones           of these, those in which it is true
    copy_of        the first input that has the same value in all of them, by its name; None without one, and for
                   constants
    complement_of  likewise the first one that has the other value
    """

    output: str
    items: int
    ones: int
    copy_of: str | None = None
    complement_of: str | None = None

    @property
    def constant(self) -> bool:
        return self.ones in (0, self.items)


def notable_outputs(problem: Problem) -> tuple[Notable, ...]:
    """The outputs of a problem that are constant, almost constant or copies, in their order.

    Classes are called almost constant never: each of many is rare. Inputs that are not bits are not compared.
    """
    wanted = problem.outputs[: problem.n_train] > 0
    care = np.ones_like(wanted) if problem.train_care is None else problem.train_care
    inputs = _columns(problem.inputs[: problem.n_train] > 0) if _has_bits(problem) else None
    input_names = problem.input_names or tuple(f"x{index}" for index in range(problem.network.n_inputs))
    output_names = problem.output_names or tuple(f"y{index}" for index in range(problem.network.n_outputs))
    rare = 0.0 if problem.output_kind is OutputKind.CLASS else RARE
    found = []
    for index, name in enumerate(output_names):
        items = int(care[:, index].sum())
        ones = int((wanted[:, index] & care[:, index]).sum())
        copy = other = None
        if inputs is not None and 0 < ones < items:
            copy, other = _alike(inputs, wanted[:, index], care[:, index], input_names)
        if items and (copy or other or min(ones, items - ones) <= rare * items):
            found.append(Notable(name, items, ones, copy, other))
    return tuple(found)


def _has_bits(problem: Problem) -> bool:
    return problem.input_kind is InputKind.BITS


def _columns(rows: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Each column's bits, eight to a byte; (n_columns, ceil(n_items / 8))."""
    return np.packbits(rows.T, axis=1)


def _alike(
    inputs: NDArray[np.uint8], output: NDArray[np.bool_], care: NDArray[np.bool_], names: tuple[str, ...]
) -> tuple[str | None, str | None]:
    """The first input with the output's value wherever that counts, and the first one with the other value."""
    wanted, counts = np.packbits(output), np.packbits(care)
    differs = (inputs ^ wanted) & counts
    same, other = ~differs.any(axis=1), (differs == counts).all(axis=1)
    return tuple(names[int(which.argmax())] if which.any() else None for which in (same, other))  # type: ignore[return-value]
