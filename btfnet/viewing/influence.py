"""Which inputs matter: the fraction of items on which flipping an input changes an output.

That is the influence of a variable on a Boolean function (Kahn, Kalai & Linial, FOCS 1988), on the items at hand
in place of all inputs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.explaining.influence import turns
from btfnet.kernels.bits import pack_bits
from btfnet.logic.circuit import Circuit

MOST_WORK = 2_000_000_000
"""Gates times items times inputs, at most: a few seconds."""
MOST_ITEMS = 4096
LEAST_ITEMS = 8
"""Of fewer, influences say nothing."""
EXHAUSTIVE_INPUTS = 12
"""Up to so many inputs all patterns are tried where there are no items."""
SEED = 18


@dataclass(frozen=True)
class Influences:
    """How much each input matters.

    any_output  (n_inputs,): the fraction of items on which flipping it changes at least one output
    by_output   (n_inputs, n_outputs): the same of each output
    n_items     on so many they were counted
    what        these, in words
    """

    any_output: NDArray[np.float64]
    by_output: NDArray[np.float64]
    n_items: int
    what: str


def influences(circuit: Circuit, inputs: NDArray[np.bool_] | None) -> Influences | None:
    """Of every input; None where counting would take long, or there are neither items nor inputs.

    inputs  (n_items, n_inputs): the items; None: all patterns, or random ones where there are too many
    """
    if not circuit.n_inputs or not circuit.n_outputs:
        return None
    affordable = MOST_WORK // (circuit.n_inputs * max(1, len(circuit.gates)))
    if affordable < LEAST_ITEMS:
        return None
    rows, what = _patterns(circuit.n_inputs) if inputs is None else (inputs, f"{len(inputs)} training items")
    if len(rows) > (most := min(MOST_ITEMS, affordable)):
        drawn = np.sort(np.random.default_rng(SEED).permutation(len(rows))[:most])
        rows, what = (
            rows[drawn],
            f"{most} of {len(rows)} {'patterns' if inputs is None else 'training items'}",
        )
    if not len(rows):
        return None
    by_output, any_output = turns(circuit, pack_bits(rows), len(rows))
    return Influences(any_output, by_output.T, len(rows), what)


def _patterns(n_inputs: int) -> tuple[NDArray[np.bool_], str]:
    if n_inputs <= EXHAUSTIVE_INPUTS:
        numbers = np.arange(1 << n_inputs)[:, None]
        return (numbers >> np.arange(n_inputs) & 1).astype(
            bool
        ), f"all {1 << n_inputs} patterns of the inputs"
    random = np.random.default_rng(SEED).random((MOST_ITEMS, n_inputs)) < 0.5
    return random, f"{MOST_ITEMS} random patterns"
