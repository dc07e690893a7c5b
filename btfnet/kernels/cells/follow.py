"""What a rule makes of the first states, compared with all that was observed."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.cells.lookup import functions_of_two, look_up
from btfnet.kernels.cells.rows import Neighbours, keep_live, see, wrong_bits
from btfnet.kernels.compiled import compiled


class Observed(NamedTuple):
    """States that were observed, and what cells see.

    cells    Neighbours
    step     int64, (n_observed,): steps at which they were, ascending, from 1 on
    known    uint64, (n_observed, n_channels, n_words): states
    care     uint64, of the same shape: 1 where they are known
    start    uint64, (n_channels, n_words): the state at step 0
    """

    cells: Neighbours
    step: NDArray[np.int64]
    known: NDArray[np.uint64]
    care: NDArray[np.uint64]
    start: NDArray[np.uint64]


class Scratch(NamedTuple):
    """Rows to work in, uint64.

    state      (2, n_channels, n_words): states, by turns
    unrolled   (n_channels, 2 n_words + VECTOR), inputs (n_inputs, n_words): of `see`
    functions  (16, n_words), work (2^(n_inputs-6), n_words): of `look_up`
    """

    state: NDArray[np.uint64]
    unrolled: NDArray[np.uint64]
    inputs: NDArray[np.uint64]
    functions: NDArray[np.uint64]
    work: NDArray[np.uint64]


@compiled
def step_by_table(nibbles, state, cells, scratch, out):
    """One step of all cells.

    nibbles  uint8, (n_channels, 2^(n_inputs-2)): a table for each channel
    state    uint64, (n_channels, n_words); out likewise, another place
    cells    Neighbours;  scratch  Scratch
    Writes out, and scratch but for its states. Twin: tests/kernels/test_cell_rows.py, test_a_step_of_all_cells.
    """
    see(state, cells, scratch.unrolled, scratch.inputs)
    last = scratch.inputs.shape[0] - 1
    functions_of_two(scratch.inputs[last - 1], scratch.inputs[last], scratch.functions)
    for channel in range(state.shape[0]):
        look_up(nibbles[channel], scratch.functions, scratch.inputs, scratch.work, out[channel])
        keep_live(cells.live, out[channel])


@compiled
def wrong_by_table(nibbles, after, observed, scratch):
    """Wrong bits of a run under a table.

    nibbles  uint8, (n_channels, 2^(n_inputs-2))
    after    steps that scratch.state[0] is behind step 0, not more than the first observed one
    observed Observed;  scratch  Scratch
    Returns an int64. Writes scratch. Twin: tests/kernels/test_cell_rows.py,
    test_runs_are_compared_with_observations.
    """
    total, now, here = 0, after, 0
    for index in range(observed.step.shape[0]):
        while now < observed.step[index]:
            step_by_table(nibbles, scratch.state[here], observed.cells, scratch, scratch.state[1 - here])
            here = 1 - here
            now += 1
        total += wrong_bits(scratch.state[here], observed.known[index], observed.care[index])
    return total
