"""Cuts through which every path to the outputs leads: what is alike there stays alike.

Items that have the same values at all nodes of a cut get the same outputs, whatever the later gates are. So
items whose outputs must differ (items of different *kinds*) must differ at every cut. A walk begins with gates
that tell the kinds apart at its narrow cuts, where a random search finds such, and from then on refuses moves
that lose this. Wide cuts tell all kinds apart by themselves and are not looked at.
"""

from typing import NamedTuple

import numpy as np

from btfnet.kernels.compiled import compiled

MIX = np.uint64(0x9E37_79B9)
LOW = np.uint64(0xFFFF_FFFF)
EMPTY = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


class Cuts(NamedTuple):
    """Narrow cuts of a network, and how many kinds of items are not told apart there."""

    start: np.ndarray  # int64, (n_cuts + 1,): cut c is the nodes start[c] … start[c + 1] - 1
    node: np.ndarray  # int64: nodes of all cuts
    kind: np.ndarray  # int64, (n_items,): items with the same outputs have the same kind
    confused: np.ndarray  # int64, (n_cuts,): over all codes that items have there, the kinds with it less one
    key: np.ndarray  # uint64, (n_items,): scratch
    table: np.ndarray  # uint64, (a power of two,): scratch


@compiled
def note_confusion(cuts, work):
    """Count anew what the present values confuse."""
    for cut in range(cuts.confused.size):
        cuts.confused[cut] = count_confused(cuts, cut, work.values, work.flipped, work.changed)


@compiled
def confuses(cuts, work, climbing):
    """Whether the flipped values confuse items at a cut that told all apart; if not, they are noted.

    climbing  or confuse more of them than were noted at any cut
    """
    for cut in range(cuts.confused.size):
        touched = False
        for place in range(cuts.start[cut], cuts.start[cut + 1]):
            touched |= work.changed[cuts.node[place]]
        if touched:
            count = count_confused(cuts, cut, work.values, work.flipped, work.changed)
            if count > cuts.confused[cut] and (climbing or cuts.confused[cut] == 0):
                take_back(cuts, work, cut)
                return True
            cuts.confused[cut] = count
    return False


@compiled
def take_back(cuts, work, last):
    """Note the present values again at the cuts before this one; no node counts as changed any more."""
    for node in range(work.changed.size):
        work.changed[node] = False
    for cut in range(last):
        cuts.confused[cut] = count_confused(cuts, cut, work.values, work.flipped, work.changed)


@compiled
def count_confused(cuts, cut, values, flipped, changed):
    """Kinds less codes: pairs of a code and a kind, less codes."""
    n_items = cuts.kind.size
    for item in range(n_items):
        cuts.key[item] = np.uint64(0)
    for place in range(cuts.start[cut], cuts.start[cut + 1]):
        node = cuts.node[place]
        for item in range(n_items):
            word = flipped[node, item >> 6] if changed[node] else values[node, item >> 6]
            bit = (word >> np.uint64(item & 63)) & np.uint64(1)
            cuts.key[item] = (cuts.key[item] << np.uint64(1)) | bit
    codes = count_distinct(cuts)
    for item in range(n_items):
        cuts.key[item] = (cuts.key[item] << np.uint64(32)) | np.uint64(cuts.kind[item])
    return count_distinct(cuts) - codes


@compiled
def count_distinct(cuts):
    """How many different keys there are."""
    table, mask = cuts.table, cuts.table.size - 1
    for place in range(table.size):
        table[place] = EMPTY
    count = 0
    for item in range(cuts.key.size):
        key = cuts.key[item]
        mixed = ((key ^ (key >> np.uint64(31))) & LOW) * MIX  # no overflow
        place = int(mixed >> np.uint64(20)) & mask
        while table[place] != EMPTY and table[place] != key:
            place = (place + 1) & mask
        if table[place] == EMPTY:
            table[place] = key
            count += 1
    return count
