"""What a learner is given: rows of bits, and the answers to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Part:
    """Some items.

    inputs   (n_items, n_inputs): 0 or 1
    answers  (n_items, n_outputs): 0 or 1; or (n_items,): classes 0, 1, …
    """

    inputs: Bits
    answers: Bits

    def __len__(self) -> int:
        return len(self.inputs)

    def rows(self, which: slice | NDArray[np.int64]) -> Part:
        return Part(self.inputs[which], self.answers[which])


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Items of a function: to train on, to choose by (None where none are given), to be judged by.

    classes  how many there are; 0 where answers are bits
    """

    train: Part
    validation: Part | None
    test: Part
    classes: int = 0

    @property
    def n_inputs(self) -> int:
        return self.train.inputs.shape[1]

    @property
    def n_outputs(self) -> int:
        return self.classes or self.train.answers.shape[1]

    def constant(self) -> float:
        """The fraction of the test items' bits, or classes, that the best constant answer gets right."""
        if self.classes:
            most = np.bincount(self.train.answers).argmax()
        else:
            most = self.train.answers.mean(axis=0) >= 0.5
        return float((self.test.answers == most).mean())


def right_of(said: NDArray[np.generic], part: Part) -> tuple[float, float]:
    """Fractions of output bits and of whole items that are right; of classes, twice."""
    right = np.asarray(said).reshape(len(part), -1) == part.answers.reshape(len(part), -1)
    return float(right.mean()), float(right.all(axis=1).mean())
