"""Items that stand more than once: what a walk keeps getting wrong comes to weigh more, until it gets it right.

Behind the items' words there are slots. A slot holds a copy of an item, inputs, targets and care, and counts as
an item of its own. The next wrong items take the place of those that were copied first, so that weights fade.

Arguments: shape, work  as in gate_arrays.py; item_weights  ItemWeights; rng  NumPy's generator.
Source: breakout (Morris, AAAI 1993), with copies for weights. Twin: tests/engines/test_descent_walk.py,
test_items_that_stay_wrong_are_repeated_and_count_nothing_in_the_error.
"""

from typing import NamedTuple

import numpy as np

from btfnet.kernels.bits import popcount
from btfnet.kernels.compiled import compiled
from btfnet.kernels.random_draw import below
from btfnet.kernels.shared_rows import add_up, gather_row, total_of


class ItemWeights(NamedTuple):
    """Which items stand in the slots."""

    patience: int  # rounds without a gain until the wrong items are repeated
    n_items: int
    first_word: int  # of the slots; the items' words are those before it
    item: np.ndarray  # int64, (n_slots,): the item in each slot, -1 where there is none
    state: np.ndarray  # int64, (2,): the slot to be filled next; rounds since the last gain


@compiled
def count_wrong(work, n_words):
    """Wrong output bits in the first n_words words of work.wrong: returns their number, writes nothing."""
    total, own = 0, min(work.wrong.shape[1], n_words - work.share.first)
    for output in range(work.wrong.shape[0]):
        for word in range(own):
            total += popcount(work.wrong[output, word])
    return total_of(work.share, total)


@compiled
def repeat_wrong_items(shape, work, item_weights, rng):
    """Give every wrong item one more slot; of more items than there are slots, as many from a random one on.

    Writes item_weights.item, item_weights.state[0], and the slots' words as `fill_slots` does.
    """
    n_items, n_slots = item_weights.n_items, item_weights.item.size
    first, filled = below(rng, n_items), 0
    if work.share.size > 1:
        gather_wrong(work)
    for turn in range(n_items):
        item = (first + turn) % n_items
        if filled < n_slots and is_wrong(work, item):
            item_weights.item[item_weights.state[0]] = item
            item_weights.state[0] = (item_weights.state[0] + 1) % n_slots
            filled += 1
    fill_slots(shape, work, item_weights)


@compiled
def gather_wrong(work):
    """The items of all ranks at which any output bit is wrong: writes work.share.whole and work.masks[0]."""
    some = work.masks[0]
    for word in range(some.size):
        some[word] = np.uint64(0)
        for output in range(work.wrong.shape[0]):
            some[word] |= work.wrong[output, word]
    gather_row(work.share, some)


@compiled
def is_wrong(work, item):
    """Whether any output bit that counts is wrong at an item: returns a Boolean, writes nothing."""
    word, bit = item // 64, np.uint64(item % 64)
    if work.share.size > 1:  # after `gather_wrong`
        return (work.share.whole[word] >> bit) & np.uint64(1) != 0
    for output in range(work.wrong.shape[0]):  # noqa: SIM110 - the compiler knows no generators
        if (work.wrong[output, word] >> bit) & np.uint64(1):
            return True
    return False


@compiled
def fill_slots(shape, work, item_weights):
    """Copy each slot's item, so that nothing counts in an empty slot.

    Writes the slots' words of work.values (inputs), shape.targets and shape.care.
    """
    first = item_weights.first_word
    for node in range(1, shape.n_inputs + 1):
        copy_bits(work.values[node], item_weights.item, first, work.share)
    for output in range(shape.targets.shape[0]):
        copy_bits(shape.targets[output], item_weights.item, first, work.share)
        copy_bits(shape.care[output], item_weights.item, first, work.share)


@compiled
def copy_bits(row, items, first, share):
    """Into slot s of a row the bit of its item, 0 where the slot is empty.

    row  uint64, (n_words,). Writes its words from the first of the slots on;  items  int64, (n_slots,)
    share  of the row's words; the slots' words lie behind those of all ranks' items
    """
    if share.size > 1:
        copy_bits_of_ranks(row, items, first, share)
        return
    for slot in range(items.size):
        item, word = items[slot], first + slot // 64
        if slot % 64 == 0:
            row[word] = np.uint64(0)
        if item >= 0:
            bit = (row[item // 64] >> np.uint64(item % 64)) & np.uint64(1)
            row[word] |= bit << np.uint64(slot % 64)


@compiled
def copy_bits_of_ranks(row, items, first, share):
    """`copy_bits` where the items lie on many ranks: each knows the bits of its own. Writes row, share.sums."""
    n_words = items.size // 64
    for word in range(n_words):
        share.bits[word] = np.uint64(0)
    for slot in range(items.size):
        own = items[slot] // 64 - share.first
        if items[slot] >= 0 and own >= 0 and own < row.size:
            bit = (row[own] >> np.uint64(items[slot] % 64)) & np.uint64(1)
            share.bits[slot // 64] |= bit << np.uint64(slot % 64)
    add_up(share, n_words)
    for word in range(n_words):
        own = first + word - share.first
        if own >= 0 and own < row.size:
            row[own] = share.bits[word]
