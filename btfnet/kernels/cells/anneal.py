"""Walks over tables: entries are turned over, and a change stays as its temperature lets it (Metropolis).

A change is priced by running all cells anew, all steps long: what is wrong at the end is all that counts. The
first step is not run but turned over: with the state at step 0 given, an entry decides what becomes of the cells
that show its pattern there.

Arguments of the kernels: walks  TableWalks;  walk  which of them;  place  one of all entries, then of the loose
cells;  observed, scratch  as of `wrong_by_table`;  bits  uint64, random;  added  wrong bits more than before;
moves  changes, at most. Twin: tests/support/cell_samples.py, PlainWalk.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.cells.follow import wrong_by_table
from btfnet.kernels.cells.lookup import flip_entry
from btfnet.kernels.compiled import compiled
from btfnet.kernels.random_draw import word

PLACE_BITS, PAIR_BITS, CHANCE_BITS = 20, 2, 22
"""How the 64 bits of a draw are used: two places, whether both are changed, whether a worse state stays."""
CHANCES = 1 << CHANCE_BITS


class TableWalks(NamedTuple):
    """Tables that walk side by side, each at its temperature.

    nibbles  uint8, (n_walks, n_channels, 2^(n_inputs-2))
    start    uint64, (n_walks, n_channels, n_words): the state at step 0
    after    uint64, (n_walks, n_channels, n_words): the state at step 1; of use where no cell of the start is
             loose
    wrong    int64, (n_walks,): wrong bits
    chances  int64, (n_walks, n_chances): how many of 2^22 changes stay that add so many wrong bits
    entries  int64, (n_entries, 2): channels and patterns of the entries that may change
    shows    uint64, (n_patterns, n_words): the cells that show a pattern at step 0; (0, 0) where `after` is
             of no use
    loose    int64, (n_loose, 2): channels and cells of the state at step 0 that may change
    n_states  states that there are: all others of so many bits are none
    least    int64, (n_walks,): the fewest wrong bits so far
    best     uint8, as nibbles: the table that had them
    best_start  uint64, as start: the state at step 0 that had them
    """

    nibbles: NDArray[np.uint8]
    start: NDArray[np.uint64]
    after: NDArray[np.uint64]
    wrong: NDArray[np.int64]
    chances: NDArray[np.int64]
    entries: NDArray[np.int64]
    shows: NDArray[np.uint64]
    loose: NDArray[np.int64]
    n_states: int
    least: NDArray[np.int64]
    best: NDArray[np.uint8]
    best_start: NDArray[np.uint64]


@compiled
def place_of(bits, n_places):
    """One of 0 … n_places - 1, from the lowest 20 of the bits, uint64; n_places ≤ 2^20. Writes nothing."""
    return np.int64((bits & np.uint64((1 << PLACE_BITS) - 1)) * np.uint64(n_places) >> np.uint64(PLACE_BITS))


@compiled
def stays(chances, added, bits):
    """Whether a change stays that adds so many wrong bits. Writes nothing.

    chances  int64, (n_chances,), of 2^22;  bits  uint64, the lowest 22 count
    """
    if added <= 0:
        return True
    return added < chances.shape[0] and np.int64(bits & np.uint64(CHANCES - 1)) < chances[added]


@compiled
def change(walks, walk, place):
    """Turns one entry of a walk's table over, or one loose cell of its start: writes walks. place  of all of
    them."""
    n_entries = walks.entries.shape[0]
    if place < n_entries:
        channel, pattern = walks.entries[place, 0], walks.entries[place, 1]
        flip_entry(walks.nibbles[walk, channel], pattern)
        for index in range(walks.shows.shape[1]):
            walks.after[walk, channel, index] ^= walks.shows[pattern, index]
    else:
        channel, cell = walks.loose[place - n_entries, 0], walks.loose[place - n_entries, 1]
        walks.start[walk, channel, cell >> 6] ^= np.uint64(1) << np.uint64(cell & 63)


@compiled
def price(walks, walk, observed, scratch):
    """Wrong bits of a walk as it stands: an int64. Writes scratch.

    Twin: tests/kernels/test_cell_walks.py, test_walks_are_priced_as_runs.
    """
    loose = walks.loose.shape[0] > 0
    state = walks.start[walk] if loose else walks.after[walk]
    for channel in range(state.shape[0]):
        for index in range(state.shape[1]):
            scratch.state[0, channel, index] = state[channel, index]
    return wrong_by_table(walks.nibbles[walk], 0 if loose else 1, observed, scratch)


@compiled
def is_no_state(walks, walk, place):
    """Whether what `change` turned over there is a state that does not exist. Writes nothing."""
    n_channels, n_entries, state = walks.nibbles.shape[1], walks.entries.shape[0], 0
    if walks.n_states == 1 << n_channels:
        return False
    for channel in range(n_channels):
        if place < n_entries:
            pattern = walks.entries[place, 1]
            bit = np.int64(walks.nibbles[walk, channel, pattern >> 2] >> (pattern & 3) & 1)
        else:
            cell = walks.loose[place - n_entries, 1]
            bit = np.int64(walks.start[walk, channel, cell >> 6] >> np.uint64(cell & 63) & np.uint64(1))
        state = 2 * state + bit
    return state >= walks.n_states


@compiled
def remember(walks, walk):
    """Writes the walk's least, best and best_start as it stands."""
    walks.least[walk] = walks.wrong[walk]
    for channel in range(walks.nibbles.shape[1]):
        for index in range(walks.nibbles.shape[2]):
            walks.best[walk, channel, index] = walks.nibbles[walk, channel, index]
        for index in range(walks.start.shape[2]):
            walks.best_start[walk, channel, index] = walks.start[walk, channel, index]


@compiled
def anneal_tables(walks, walk, moves, target, observed, scratch, rng):
    """So many changes of a walk's table, or fewer: until no more than `target` bits are wrong.

    walks, walk  TableWalks, and which of them;  observed, scratch  of `wrong_by_table`
    rng          NumPy's generator
    Returns int64: the changes that were tried, those of them that were for the worse, and of these those that
    stayed.
    Writes walks, scratch, rng's state. Twin: tests/kernels/test_cell_walks.py,
    test_walks_go_as_the_plain_walk_goes.
    """
    n_places = walks.entries.shape[0] + walks.loose.shape[0]
    worse, stayed = 0, 0
    for move in range(moves):
        if walks.wrong[walk] <= target:
            return move, worse, stayed
        bits = word(rng)
        first, bits = place_of(bits, n_places), bits >> np.uint64(PLACE_BITS)
        second, bits = place_of(bits, n_places), bits >> np.uint64(PLACE_BITS)
        both = first != second and bits >> np.uint64(CHANCE_BITS) == 0
        change(walks, walk, first)
        if both:
            change(walks, walk, second)
        stay, added, wrong = False, 0, 0
        if not (is_no_state(walks, walk, first) or (both and is_no_state(walks, walk, second))):
            wrong = price(walks, walk, observed, scratch)
            added = wrong - walks.wrong[walk]
            stay = stays(walks.chances[walk], added, bits)
        if added > 0:
            worse += 1
            stayed += stay
        if stay:
            walks.wrong[walk] = wrong
            if wrong < walks.least[walk]:
                remember(walks, walk)
        else:
            change(walks, walk, first)
            if both:
                change(walks, walk, second)
    return moves, worse, stayed
