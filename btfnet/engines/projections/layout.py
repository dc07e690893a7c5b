"""How a problem lies in memory: blocks of items, the items of a block as contiguous lanes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import CapacityError
from btfnet.halting import Halt
from btfnet.kernels.projections.blocks import as_lanes
from btfnet.kernels.projections.sweep import UNKNOWN_BITS, UNKNOWN_ONE_HOT, Scratch, State, Wiring
from btfnet.machine import available_bytes
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind

LANE_STEP = 16
MOST_LANES = 64
UNKNOWN = {InputKind.UNKNOWN_BITS: UNKNOWN_BITS, InputKind.UNKNOWN_ONE_HOT: UNKNOWN_ONE_HOT}
"""How the sweep projects the inputs; 0 for known ones."""


def block_shape(n_items: int) -> tuple[int, int]:
    """Blocks and lanes: as many lanes as pay, a multiple of a vector, with little padding.

    It depends on the items alone: a run's result must not depend on threads.
    """
    n_blocks = -(-n_items // MOST_LANES)
    lanes = -(-n_items // n_blocks)
    return n_blocks, -(-lanes // LANE_STEP) * LANE_STEP


def state_bytes(problem: Problem, dtype: np.dtype) -> int:
    """Bytes that the iteration keeps for a problem, the data not counted."""
    network = problem.network
    return state_bytes_of(problem.n_train, network.n_nodes, network.n_edges, dtype)


def state_bytes_of(n_items: int, n_nodes: int, n_edges: int, dtype: np.dtype) -> int:
    """The same for a network and items that need not exist yet."""
    n_blocks, n_lanes = block_shape(n_items)
    return n_blocks * (n_lanes * (2 * n_edges + 6 * n_nodes) + n_edges) * dtype.itemsize


def all_blocks(problem: Problem) -> range:
    return range(block_shape(problem.n_train)[0])


def items_of(problem: Problem, blocks: range) -> slice:
    """The training items of a run of blocks."""
    n_lanes = block_shape(problem.n_train)[1]
    return slice(min(blocks.start * n_lanes, problem.n_train), min(blocks.stop * n_lanes, problem.n_train))


def wiring_of(problem: Problem, sigma: float, dtype: np.dtype, blocks: range | None = None) -> Wiring:
    """The network for the items of some blocks, None: of all."""
    network = problem.network
    starts = [group.start for group in network.groups] + [network.n_nodes]
    fan_ins = np.diff(network.fan_in_start)
    return Wiring(
        n_inputs=network.n_inputs,
        first_output=network.output_nodes.start,
        unknown=UNKNOWN.get(problem.input_kind, 0),
        fan_in_start=network.fan_in_start,
        fan_in=network.fan_in,
        group_start=np.array(starts, dtype=np.int64),
        batch_start=batches(problem, dtype),
        delta=np.repeat(
            np.sqrt(fan_ins / sigma).astype(dtype)[:, None], block_shape(problem.n_train)[1], axis=1
        ),
        tiny=dtype.type(np.finfo(dtype).tiny),
        free=_free_outputs(problem, all_blocks(problem) if blocks is None else blocks),
    )


def _free_outputs(problem: Problem, blocks: range) -> NDArray[np.bool_]:
    """Output bits that do not count, (n_blocks, n_outputs, n_lanes); without blocks where all count."""
    n_lanes = block_shape(problem.n_train)[1]
    if problem.train_care is None:
        return np.zeros((0, problem.network.n_outputs, n_lanes), dtype=bool)
    return as_lanes(~problem.train_care[items_of(problem, blocks)], len(blocks), n_lanes)


FIRST_LEVEL_BYTES = 24 * 1024
"""Of the first-level cache, what a batch's weights and inputs may take; the senders' sums need the rest."""
MOST_NODES = 32
ROWS_AT_ONCE = 1 << 15
"""Rows of the start that are drawn between two questions whether to end: some milliseconds."""


def batches(problem: Problem, dtype: np.dtype) -> NDArray[np.int64]:
    """Runs of threshold nodes whose rows stay in the first-level cache from the update to the sums."""
    network, lanes = problem.network, block_shape(problem.n_train)[1]
    starts, room, count = [network.btf_nodes.start], FIRST_LEVEL_BYTES, 0
    for node in network.btf_nodes:
        size = network.senders(node).size * 2 * lanes * dtype.itemsize
        if count and (size > room or count == MOST_NODES):
            starts.append(node)
            room, count = FIRST_LEVEL_BYTES, 0
        room, count = room - size, count + 1
    return np.array([*starts, network.n_nodes], dtype=np.int64)


def start_state(
    problem: Problem,
    dtype: np.dtype,
    rng: np.random.Generator,
    halt: Halt | None = None,
    blocks: range | None = None,
) -> State:
    """w, x and hidden y uniform in (-1, 1), known y at their data (arXiv 2602.17493, section 4).

    blocks  of these alone, None: of all; what they hold, and where the generator is afterwards, is the same
    Outputs that do not count begin as hidden y do. Raises `Halted` once the halt is requested.
    """
    network, whole = problem.network, all_blocks(problem)
    blocks = whole if blocks is None else blocks
    n_blocks, n_lanes = len(blocks), block_shape(problem.n_train)[1]
    items = items_of(problem, blocks)
    _check_memory(problem, dtype, len(blocks) / len(whole))

    def zeros(*rows: int) -> NDArray[np.floating]:
        return np.zeros((n_blocks, *rows, n_lanes), dtype=dtype)

    mask = as_lanes(np.ones((items.stop - items.start, 1), dtype=dtype), n_blocks, n_lanes)
    state = State(
        w=zeros(network.n_edges),
        x=zeros(network.n_edges),
        y=zeros(network.n_nodes),
        g=np.repeat(mask, network.n_nodes, axis=1),
        z=zeros(network.n_nodes),
        y_a=zeros(network.n_nodes),
        a=np.ones((n_blocks, network.n_nodes, n_lanes), dtype=dtype),
        b=zeros(network.n_nodes),
        w_sum=np.zeros((n_blocks, network.n_edges), dtype=dtype),
        sums=np.zeros(int(np.diff(network.fan_in_start).max())),
        mean_w=np.zeros(network.n_edges, dtype=dtype),
        gaps=np.zeros((n_blocks, 3)),
        total=np.zeros(4),
        metric=np.zeros(2, dtype=dtype),
    )
    drawn_of_block = (2 * network.n_edges + network.n_nodes) * n_lanes
    skip_draws(rng, blocks.start * drawn_of_block, dtype)
    for block in range(n_blocks):
        for array in (state.w, state.x, state.y):
            for first in range(0, len(array[block]), ROWS_AT_ONCE):
                values = array[block, first : first + ROWS_AT_ONCE]  # in place: there is room for little more
                rng.random(dtype=dtype.type, out=values)
                values *= 2
                values -= 1
                values *= mask[block]
                if halt is not None:
                    halt.check()
    skip_draws(rng, (len(whole) - blocks.stop) * drawn_of_block, dtype)
    set_known(problem, state, blocks, mask)
    return state


def skip_draws(rng: np.random.Generator, count: int, dtype: np.dtype) -> None:
    """Leave the generator where it would be after so many draws of this type, from (0, 1).

    A float64 takes one step of PCG64, two float32 take one; NumPy keeps the half that is left.
    """
    steps, left = divmod(count, 2 if dtype == np.float32 else 1)
    generator = rng.bit_generator
    if not isinstance(generator, np.random.PCG64) or left or generator.state["has_uint32"]:
        for first in range(0, count, ROWS_AT_ONCE):
            rng.random(min(ROWS_AT_ONCE, count - first), dtype=dtype.type)
    elif steps:
        generator.advance(steps)


def set_known(problem: Problem, state: State, blocks: range, mask: NDArray[np.floating]) -> None:
    """The constant, known inputs and outputs that count, at their data; everything else stays."""
    network, known, items = problem.network, problem.input_kind.known, items_of(problem, blocks)
    dtype, n_blocks, n_lanes = state.y.dtype, len(blocks), mask.shape[2]
    state.y[:, 0] = state.y_a[:, 0] = -mask[:, 0]
    inputs = slice(1, network.n_inputs + 1)
    if known:
        data = as_lanes(problem.inputs[items].astype(dtype), n_blocks, n_lanes)
        state.y[:, inputs] = state.y_a[:, inputs] = data
    outputs = slice(network.output_nodes.start, network.n_nodes)
    data = as_lanes(problem.outputs[items].astype(dtype), n_blocks, n_lanes)
    state.z[:, outputs] = data
    free = _free_outputs(problem, blocks)
    state.y[:, outputs] = (
        np.where(free, state.y[:, outputs], data) if problem.train_care is not None else data
    )


def scratch_for(problem: Problem, dtype: np.dtype, threads: int) -> Scratch:
    _, n_lanes = block_shape(problem.n_train)
    n_nodes = problem.network.n_nodes

    def rows(count: int) -> NDArray[np.floating]:
        return np.zeros((threads, count, n_lanes), dtype=dtype)

    most = int(np.diff(batches(problem, dtype)).max())
    sums, push = (np.zeros((threads, count, most, n_lanes), dtype=dtype) for count in (4, 2))
    return Scratch(z_sum=rows(n_nodes), weight=rows(n_nodes + 1), sums=sums, push=push)


def _check_memory(problem: Problem, dtype: np.dtype, part: float) -> None:
    """Raise `CapacityError` where this part of the state does not fit."""
    needed, free = part * state_bytes(problem, dtype), available_bytes()
    if free is not None and needed > free:
        raise CapacityError(
            f"{problem.name}: {problem.network.n_edges} edges x {problem.n_train} items need "
            f"{needed / 2**30:.1f} GiB, but {free / 2**30:.1f} GiB are free.\n"
            f"Train on fewer items, take a smaller or sparser network, or use float32; the engine descent takes "
            f"bits where this one takes numbers."
        )
