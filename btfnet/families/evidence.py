"""When a candidate counts as recognised: it explains the items, and could not have done so by chance.

    explains   of the training items and, apart, of the validation items no more are wrong than the error rate
               that the problem allows, give or take three standard deviations, and `FEW` of what the constant
               answer gets wrong
    saves      telling the outputs of the training items takes so many bits fewer with the candidate than
               without as telling the candidate takes, and `CERTAIN` more (minimum description length); items
               whose inputs stand there already save nothing, unless there are no others

Source: J. Rissanen, Modeling by shortest data description, Automatica 14 (1978), 465.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FEW = 0.01
"""Part of the rarer answer's items that may be wrong without any error rate."""
CERTAIN = 40.0
"""Bits: 20 to name one of a million candidates, and 20 for a chance of one in a million that any fits by luck."""

SCREENED = 256
"""Items on which everything is tried; more where an error rate is allowed."""
SLACK = 0.06
"""Part of them that may be wrong beyond the error rate: three standard deviations at 10 % of errors."""
PAIRS = 100
"""Items with equal inputs that say how many are wrong; fewer say nothing."""

Bits = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Sample:
    """What is known of one output, or of several.

    inputs   bool, (n_items, n_inputs): training items, then validation items
    outputs  bool, (n_items, n_outputs)
    care     bool, (n_items, n_outputs): the bits that count
    n_train  so many are training items
    error    part of the output bits that may be wrong, 0 to 0.5
    over     asked between candidates whether the time is up: then no more are tried
    """

    inputs: Bits
    outputs: Bits
    care: Bits
    n_train: int
    error: float = 0.0
    over: Callable[[], bool] = lambda: False

    def outputs_in_time(self) -> Iterator[int]:
        """The number of each output, until the time is up."""
        for output in range(self.n_outputs):
            if self.over():
                return
            yield output

    @property
    def n_inputs(self) -> int:
        return int(self.inputs.shape[1])

    @property
    def n_outputs(self) -> int:
        return int(self.outputs.shape[1])

    @cached_property
    def varying(self) -> NDArray[np.int64]:
        """The inputs that are not constant in the training items."""
        training = self.inputs[: self.n_train]
        return np.flatnonzero(training.any(axis=0) & ~training.all(axis=0))

    @cached_property
    def distinct(self) -> Bits:
        """The training items whose inputs stand for the first time, bool, (n_train,): copies prove nothing."""
        rows = np.packbits(self.inputs[: self.n_train], axis=1)
        first = np.zeros(self.n_train, dtype=bool)
        first[np.unique(rows, axis=0, return_index=True)[1]] = True
        return first

    @cached_property
    def screen(self) -> Sample:
        """The first training items, on which candidates are tried before they meet all items: some thousand where
        an error rate is allowed, as what is right stands out less.
        """
        few = min(int(SCREENED / (1 - 2 * min(self.error, 0.45)) ** 2), self.n_train)
        return Sample(self.inputs[:few], self.outputs[:few], self.care[:few], few, self.error, self.over)

    def likely(self, output: int, answers: Bits) -> bool:
        """Whether answers to all items are worth a closer look: hardly more are wrong than may be."""
        care = self.care[:, output]
        wrong = np.count_nonzero((answers != self.outputs[:, output]) & care)
        return bool(wrong <= (self.error + SLACK) * np.count_nonzero(care))

    def accuracies(self, output: int, answers: Bits) -> tuple[float, float]:
        """Parts of the training and of the validation items that are right; NaN where none counts."""
        right, care = answers == self.outputs[:, output], self.care[:, output]
        parts = (slice(None, self.n_train), slice(self.n_train, None))
        return tuple(_mean(right[part][care[part]]) for part in parts)  # type: ignore[return-value]

    def explained(self, output: int, answers: Bits, described: float = 0.0) -> bool:
        """Whether answers to all items, (n_items,), explain an output; `described` bits tell the candidate."""
        wrong, care = answers != self.outputs[:, output], self.care[:, output]
        training = _Counts.of(
            wrong[: self.n_train], self.outputs[: self.n_train, output], care[: self.n_train]
        )
        others = _Counts.of(wrong[self.n_train :], self.outputs[self.n_train :, output], care[self.n_train :])
        return (
            training.wrong <= training.allowed(self.error)
            and others.wrong <= others.allowed(self.error)
            and training.saved * self._part_that_is_distinct(output) >= described + CERTAIN
        )

    def _part_that_is_distinct(self, output: int) -> float:
        """Of the training items that count; all, where no inputs are left of which they say nothing."""
        care = self.care[: self.n_train, output]
        n_distinct, n_items = int(self.distinct[care].sum()), int(care.sum())
        return 1.0 if n_distinct == 2 ** len(self.varying) else n_distinct / max(n_items, 1)


@dataclass(frozen=True, slots=True)
class _Counts:
    """Of the items that count: all, those in which the answer is wrong, those of the rarer value."""

    items: int
    wrong: int
    rare: int

    @classmethod
    def of(cls, wrong: Bits, wanted: Bits, care: Bits) -> _Counts:
        items, ones = int(care.sum()), int((wanted & care).sum())
        return cls(items, int((wrong & care).sum()), min(ones, items - ones))

    def allowed(self, error: float) -> float:
        spread = (self.items * error * (1 - error)) ** 0.5
        return self.items * error + 3 * spread + FEW * self.rare

    @property
    def saved(self) -> float:
        """Bits that the outputs take fewer when told as what the candidate gets wrong."""
        return self.items * (entropy(self.rare, self.items) - entropy(self.wrong, self.items))


def contradicted(sample: Sample) -> float:
    """The error rate that training items with equal inputs show by contradicting each other; 0 where they do not,
    or are too few.

    With a rate e two of them differ with a chance of 2 e (1 - e). The estimate is two standard deviations above
    the likeliest.
    """
    inputs, train = sample.inputs[: sample.n_train], slice(sample.n_train)
    order = np.lexsort(inputs.T)
    equal = (inputs[order[1:]] == inputs[order[:-1]]).all(axis=1)[:, None]
    outputs, care = sample.outputs[train][order], sample.care[train][order]
    pairs = equal & care[1:] & care[:-1]
    n_pairs, n_differ = int(pairs.sum()), int((pairs & (outputs[1:] != outputs[:-1])).sum())
    if not n_differ or n_pairs < PAIRS:
        return 0.0
    part = n_differ / n_pairs
    differ = min(part + 2 * (part * (1 - part) / n_pairs) ** 0.5, 0.5)
    return float(1 - (1 - 2 * differ) ** 0.5) / 2


def entropy(part: int, whole: int) -> float:
    """Of a coin that falls so often on one side, in bits."""
    if not 0 < part < whole:
        return 0.0
    p = part / whole
    return float(-p * np.log2(p) - (1 - p) * np.log2(1 - p))


def _mean(right: Bits) -> float:
    return float(right.mean()) if right.size else float("nan")
