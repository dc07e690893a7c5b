"""Outputs of which the training items say little: constant or nearly so, or the same as an input.

An output that is true in 3 of 256 items is right in 253 of them by a constant, and exact circuits that agree on it
elsewhere may do so for want of examples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import pack_bits
from btfnet.logic.circuit import Circuit
from btfnet.problem.packed_bits import columns_of
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind, OutputKind

Bytes = NDArray[np.uint8]
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
    counted, ones = care.sum(axis=0).tolist(), (wanted & care).sum(axis=0).tolist()
    copies = _Copies(problem)
    rare = 0.0 if problem.output_kind is OutputKind.CLASS else RARE
    found = []
    for index, name in enumerate(problem.output_names or _numbered("y", problem.network.n_outputs)):
        items, true = counted[index], ones[index]
        copy = other = None
        if 0 < true < items:
            copy, other = copies.of(wanted[:, index], care[:, index])
        if items and (copy or other or min(true, items - true) <= rare * items):
            found.append(Notable(name, items, true, copy, other))
    return tuple(found)


def copies_of_inputs(circuit: Circuit) -> bool:
    """Whether every output of a circuit is an input, or an input's complement: it computes nothing."""
    outputs = circuit.simplified().outputs
    return bool(outputs) and all(1 <= abs(output) <= circuit.n_inputs for output in outputs)


class _Copies:
    """Finds inputs by their values in the training items."""

    def __init__(self, problem: Problem) -> None:
        self.names = problem.input_names or _numbered("x", problem.network.n_inputs)
        self.columns: Bytes | None = None
        self.first: dict[bytes, str] = {}
        if problem.input_kind is InputKind.BITS:
            self.columns = columns_of(problem.train_inputs).view(np.uint8)
            for name, column in zip(reversed(self.names), self.columns[::-1], strict=True):
                self.first[column.tobytes()] = name

    def of(self, output: NDArray[np.bool_], care: NDArray[np.bool_]) -> tuple[str | None, str | None]:
        """The first input with the output's value wherever that counts, and the first one with the other value."""
        if self.columns is None:
            return None, None
        if care.all():
            same, other = (self.first.get(_packed(bits).tobytes()) for bits in (output, ~output))
            return same, other
        counts = _packed(care)
        differs = (self.columns ^ _packed(output)) & counts
        opposite = np.asarray((differs ^ counts).any(axis=1))
        return self._first_without(np.asarray(differs.any(axis=1))), self._first_without(opposite)

    def _first_without(self, flaw: NDArray[np.bool_]) -> str | None:
        return None if flaw.all() else self.names[int(flaw.argmin())]


def _packed(bits: NDArray[np.bool_]) -> Bytes:
    """As a column of the inputs is packed."""
    return pack_bits(bits[:, None])[0].view(np.uint8)


def _numbered(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{index}" for index in range(count))
