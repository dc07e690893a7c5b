"""On which inputs outputs depend, and how much.

The influence of an input on an output is the fraction of inputs at which turning it alone turns the output
(R. O'Donnell, Analysis of Boolean Functions, 2014, definition 2.27).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import a, need, number, whole
from btfnet.explaining.patterns import answers, held, input_words
from btfnet.kernels.bits import count_ones, pack_bits
from btfnet.logic.circuit import Circuit
from btfnet.logic.proof.deadline import Deadline
from btfnet.logic.proof.equivalence import prove_equal
from btfnet.matching.frames import input_rows
from btfnet.problem.values import booleans, regular


@dataclass(frozen=True, eq=False)
class Influence:
    """How much each input matters.

    patterns   so many patterns were tried; `all_patterns` says whether these are all there are
    outputs    float64, (n_outputs, n_inputs): the fraction of patterns at which turning an input turns an output
    any        float64, (n_inputs,): the fraction at which it turns any output
    items      float64, (n_inputs,): the same among the items; None without these
    unused     inputs (from 0) on which no output depends: proven
    undecided  inputs that turned nothing, without a proof that they never do: the time was up
    """

    patterns: int
    all_patterns: bool
    outputs: NDArray[np.float64]
    any: NDArray[np.float64]
    items: NDArray[np.float64] | None
    unused: tuple[int, ...]
    undecided: tuple[int, ...]

    @property
    def order(self) -> list[int]:
        """The inputs, the one that matters most first."""
        keys = self.any if self.items is None else self.any + 1e-9 * self.items
        return [int(index) for index in np.argsort(-keys, kind="stable")]


def influence(
    circuit: Circuit, inputs: ArrayLike | None = None, *, seed: int = 0, seconds: float = 2.0
) -> Influence:
    """How much each input of a circuit matters, and which ones do not at all.

    inputs   (n_items, n_inputs) bool, 0/1 or ±1: items among which influences are counted too
    seed     of the random patterns that are tried where there are more than 20 inputs
    seconds  for proofs that inputs do not matter; below 20 inputs there is nothing to prove

    Raises `DataError` for rows that do not fit.
    """
    need(
        "influence",
        circuit=(circuit, a(Circuit)),
        seed=(seed, whole(0)),
        seconds=(seconds, number(0, 1e9, open_low=True)),
    )
    below = circuit.reached()
    words, n_patterns, everything = input_words(circuit, circuit.n_inputs, seed)
    outputs, any_output = turns(circuit, words, n_patterns)
    unused, undecided = [], []
    deadline = Deadline(seconds)
    for index in np.flatnonzero(any_output == 0).tolist():
        if everything or index + 1 not in below or _proven_unused(circuit, index, deadline):
            unused.append(index)
        else:
            undecided.append(index)
    items = None
    if inputs is not None:
        rows = booleans(regular(circuit.name, input_rows(inputs, circuit.ports)), circuit.name) > 0
        items = turns(circuit, pack_bits(rows), len(rows))[1]
    return Influence(n_patterns, everything, outputs, any_output, items, tuple(unused), tuple(undecided))


def turns(
    circuit: Circuit, words: NDArray[np.uint64], n_items: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The fraction of the items at which turning an input turns an output, (n_outputs, n_inputs), or any output,
    (n_inputs,).

    words  (n_inputs, n_words): the items, 64 to a word
    """
    below = circuit.reached()
    found = np.zeros((circuit.n_outputs, circuit.n_inputs))
    of_any = np.zeros(circuit.n_inputs)
    before = answers(circuit, words, n_items)
    for index in range(circuit.n_inputs):
        if index + 1 not in below or not n_items:
            continue
        turned = words.copy()
        turned[index] = ~turned[index]
        differs = answers(circuit, turned, n_items) ^ before
        found[:, index] = [int(count_ones(row)) / n_items for row in differs]
        of_any[index] = int(count_ones(np.bitwise_or.reduce(differs, axis=0))) / n_items
    return found, of_any


def _proven_unused(circuit: Circuit, index: int, deadline: Deadline) -> bool:
    """Whether no output depends on an input, proven; False also where the time is up."""
    if deadline.over:
        return False
    left = max(0.05, deadline.left)
    low, high = held(circuit, index, False), held(circuit, index, True)
    return prove_equal(low, high, time_limit=left, method="sat").equal is True
