"""Cells of a few majority gates that all cells share: gates are changed, and what they make is a table.

Arguments of the kernels: walks  GateWalks;  walk  which of them;  gate  one of its gates;  moves  changes, at
most;  observed, scratch  as of `wrong_by_table`. Twin: tests/support/cell_gates.py, PlainGates.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import ALL
from btfnet.kernels.cells.anneal import PLACE_BITS, place_of, stays
from btfnet.kernels.cells.follow import wrong_by_table
from btfnet.kernels.compiled import compiled
from btfnet.kernels.random_draw import word

SENDERS = 3


class GateWalks(NamedTuple):
    """Circuits that walk side by side.

    Node 0 is false, nodes 1 … n_inputs the inputs, then come the gates, the last n_channels of them outputs.

    senders   int64, (n_walks, n_gates, 3): earlier nodes
    flips     int64, (n_walks, n_gates): bits 0 to 2 negate the senders
    patterns  uint64, (n_inputs + 1 + n_gates, n_table_words): the nodes' values on all patterns; the inputs'
              are given
    nibbles   uint8, (n_channels, 2^(n-2)): the outputs' tables, of n = max(6, n_inputs) inputs
    made      uint64, (n_walks, n_channels, n_table_words): the outputs of each walk
    start     uint64, (n_walks, n_channels, n_words): the state at step 0
    wrong     int64, (n_walks,): wrong bits
    chances   int64, (n_walks, n_chances): how many of 2^22 changes stay that add so many wrong bits
    loose     int64, (n_loose, 2): channels and cells of the state at step 0 that may change
    least     int64, (n_walks,): the fewest wrong bits so far; best_senders, best_flips, best_start: what had them
    """

    senders: NDArray[np.int64]
    flips: NDArray[np.int64]
    patterns: NDArray[np.uint64]
    nibbles: NDArray[np.uint8]
    made: NDArray[np.uint64]
    start: NDArray[np.uint64]
    wrong: NDArray[np.int64]
    chances: NDArray[np.int64]
    loose: NDArray[np.int64]
    least: NDArray[np.int64]
    best_senders: NDArray[np.int64]
    best_flips: NDArray[np.int64]
    best_start: NDArray[np.uint64]


@compiled
def make_table(walks, walk):
    """Runs a walk's gates on all patterns: writes walks.patterns."""
    n_gates = walks.senders.shape[1]
    first = walks.patterns.shape[0] - n_gates
    for gate in range(n_gates):
        a, b, c = walks.senders[walk, gate, 0], walks.senders[walk, gate, 1], walks.senders[walk, gate, 2]
        flips = walks.flips[walk, gate]
        not_a, not_b = ALL if flips & 1 else np.uint64(0), ALL if flips & 2 else np.uint64(0)
        not_c = ALL if flips & 4 else np.uint64(0)
        for place in range(walks.patterns.shape[1]):
            x, y = walks.patterns[a, place] ^ not_a, walks.patterns[b, place] ^ not_b
            z = walks.patterns[c, place] ^ not_c
            walks.patterns[first + gate, place] = (x & y) | (z & (x | y))


@compiled
def outputs_changed(walks, walk):
    """Whether walks.patterns has other outputs than the walk's, walks.made. Writes nothing."""
    first = walks.patterns.shape[0] - walks.made.shape[1]
    for channel in range(walks.made.shape[1]):
        for place in range(walks.made.shape[2]):
            if walks.patterns[first + channel, place] != walks.made[walk, channel, place]:
                return True
    return False


@compiled
def price_gates(walks, walk, observed, scratch):
    """Wrong bits of the outputs in walks.patterns, from a walk's start: an int64.

    Writes walks.nibbles and scratch. Twin: tests/kernels/test_cell_gates.py, test_gates_are_priced_as_runs.
    """
    first = walks.patterns.shape[0] - walks.nibbles.shape[0]
    for channel in range(walks.nibbles.shape[0]):
        for index in range(walks.nibbles.shape[1]):
            bits = walks.patterns[first + channel, index >> 4] >> np.uint64(4 * (index & 15))
            walks.nibbles[channel, index] = bits & np.uint64(15)
    start = walks.start[walk]
    for channel in range(start.shape[0]):
        for place in range(start.shape[1]):
            scratch.state[0, channel, place] = start[channel, place]
    return wrong_by_table(walks.nibbles, 0, observed, scratch)


@compiled
def change_gate(walks, walk, gate, bits):
    """Another gate: one sender or one sign of it, now and then all. Writes walks. bits  uint64, random."""
    n_nodes = walks.patterns.shape[0] - walks.senders.shape[1] + gate
    kind, bits = bits & np.uint64(15), bits >> np.uint64(4)
    sender, bits = np.int64(bits & np.uint64(0xFFFF)) % SENDERS, bits >> np.uint64(16)
    if kind < 5:
        walks.flips[walk, gate] ^= 1 << sender
        return
    for index in range(SENDERS):
        if kind < 14 and index != sender:
            continue
        node = np.int64(bits & np.uint64(0x3FFF)) % (2 * n_nodes)
        bits >>= np.uint64(14)
        walks.senders[walk, gate, index] = node >> 1
        walks.flips[walk, gate] = (walks.flips[walk, gate] & ~(1 << index)) | ((node & 1) << index)


@compiled
def keep_outputs(walks, walk):
    """Writes walks.made of a walk: the outputs in walks.patterns."""
    first = walks.patterns.shape[0] - walks.made.shape[1]
    for channel in range(walks.made.shape[1]):
        for place in range(walks.made.shape[2]):
            walks.made[walk, channel, place] = walks.patterns[first + channel, place]


@compiled
def remember_gates(walks, walk):
    """Writes the walk's least, best_senders, best_flips and best_start as it stands."""
    walks.least[walk] = walks.wrong[walk]
    for gate in range(walks.senders.shape[1]):
        walks.best_flips[walk, gate] = walks.flips[walk, gate]
        for index in range(SENDERS):
            walks.best_senders[walk, gate, index] = walks.senders[walk, gate, index]
    for channel in range(walks.start.shape[1]):
        for place in range(walks.start.shape[2]):
            walks.best_start[walk, channel, place] = walks.start[walk, channel, place]


@compiled
def anneal_gates(walks, walk, moves, target, observed, scratch, rng):
    """So many changes of a walk's gates, or fewer: until no more than `target` bits are wrong.

    A change that leaves the outputs as they are stays without being run.

    walks, walk  GateWalks, and which of them;  observed, scratch  of `wrong_by_table`;  rng  NumPy's generator
    Returns int64: the changes that were tried, those of them that were for the worse, and of these those that
    stayed.
    Writes walks, scratch, rng's state. Twin: tests/kernels/test_cell_gates.py,
    test_walks_of_gates_go_as_the_plain_walk_goes.
    """
    n_gates = walks.senders.shape[1]
    n_places = n_gates + walks.loose.shape[0]
    worse, stayed = 0, 0
    for move in range(moves):
        if walks.wrong[walk] <= target:
            return move, worse, stayed
        bits, more = word(rng), word(rng)
        place, bits = place_of(bits, n_places), bits >> np.uint64(PLACE_BITS)
        channel, cell = 0, 0
        a = b = c = flips = 0
        if place < n_gates:
            a, b, c = (
                walks.senders[walk, place, 0],
                walks.senders[walk, place, 1],
                walks.senders[walk, place, 2],
            )
            flips = walks.flips[walk, place]
            change_gate(walks, walk, place, more)
        else:
            channel, cell = walks.loose[place - n_gates, 0], walks.loose[place - n_gates, 1]
            walks.start[walk, channel, cell >> 6] ^= np.uint64(1) << np.uint64(cell & 63)
        make_table(walks, walk)
        if place < n_gates and not outputs_changed(walks, walk):
            continue
        wrong = price_gates(walks, walk, observed, scratch)
        added = wrong - walks.wrong[walk]
        stay = stays(walks.chances[walk], added, bits)
        if added > 0:
            worse += 1
            stayed += stay
        if stay:
            walks.wrong[walk] = wrong
            keep_outputs(walks, walk)
            if wrong < walks.least[walk]:
                remember_gates(walks, walk)
        elif place < n_gates:
            walks.senders[walk, place, 0], walks.senders[walk, place, 1], walks.senders[walk, place, 2] = (
                a,
                b,
                c,
            )
            walks.flips[walk, place] = flips
        else:
            walks.start[walk, channel, cell >> 6] ^= np.uint64(1) << np.uint64(cell & 63)
    return moves, worse, stayed
