"""Cuts through which every path to the outputs leads: what is alike there stays alike.

Items that have the same values at all nodes of a cut get the same outputs, whatever the later gates are. So
items whose outputs must differ (items of different *kinds*) must differ at every cut. A walk begins with gates
that separate the kinds at its narrow cuts, where a random search finds such, and from then on refuses moves
that lose this. Wide cuts separate all kinds by themselves and are not looked at.

Arguments: cuts  Cuts; work  `gate_arrays.WalkBuffers`, of which values, flipped and changed are read.
Source: own. Twin: tests/engines/test_cuts.py, naive_unseparated.
"""

from typing import NamedTuple

import numpy as np

from btfnet.kernels.compiled import compiled
from btfnet.kernels.fill import fill
from btfnet.kernels.shared_rows import gather_row

MIX = np.uint64(0x9E37_79B9)
"""2³² over the golden ratio: Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4)."""
LOW = np.uint64(0xFFFF_FFFF)
EMPTY = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


class Cuts(NamedTuple):
    """Narrow cuts of a network, and how many kinds of items are not separated there."""

    start: np.ndarray  # int64, (n_cuts + 1,): cut c is the nodes start[c] … start[c + 1] - 1
    node: np.ndarray  # int64: nodes of all cuts
    kind: np.ndarray  # int64, (n_items,): items with the same outputs have the same kind
    unseparated: (
        np.ndarray
    )  # int64, (n_cuts,): over all codes that items have there, the kinds with it less one
    key: np.ndarray  # uint64, (n_items,): scratch
    table: np.ndarray  # uint64, (a power of two,): scratch


@compiled
def note_unseparated(cuts, work):
    """Count anew what the present values do not separate. Writes cuts.unseparated."""
    for cut in range(cuts.unseparated.size):
        cuts.unseparated[cut] = count_unseparated(
            cuts, cut, work.values, work.flipped, work.changed, work.share
        )


@compiled
def separates_less(cuts, work, climbing):
    """Whether the flipped values leave items alike at a cut that separated all.

    climbing  or, at any cut, more of them than were noted there
    Returns a Boolean. If false, writes cuts.unseparated; if true, writes work.changed, in which no node is left.
    """
    for cut in range(cuts.unseparated.size):
        touched = False
        for index in range(cuts.start[cut], cuts.start[cut + 1]):
            touched |= work.changed[cuts.node[index]]
        if touched:
            count = count_unseparated(cuts, cut, work.values, work.flipped, work.changed, work.share)
            if count > cuts.unseparated[cut] and (climbing or cuts.unseparated[cut] == 0):
                take_back(cuts, work, cut)
                return True
            cuts.unseparated[cut] = count
    return False


@compiled
def take_back(cuts, work, last):
    """Note the present values again at the cuts before `last`; no node counts as changed any more.

    Writes cuts.unseparated and work.changed.
    """
    fill(work.changed, False)
    for cut in range(last):
        cuts.unseparated[cut] = count_unseparated(
            cuts, cut, work.values, work.flipped, work.changed, work.share
        )


@compiled
def count_unseparated(cuts, cut, values, flipped, changed, share):
    """Kinds less codes at one cut: distinct pairs of a code and a kind, less distinct codes; an integer returns.

    Codes are the bits of the cut's nodes, flipped where those have changed. Writes cuts.key and cuts.table,
    scratch, and share.whole: every rank counts all items.
    Cost: nodes times items, and two passes over a hash table.
    """
    n_items = cuts.kind.size
    fill(cuts.key, np.uint64(0))
    for index in range(cuts.start[cut], cuts.start[cut + 1]):
        node = cuts.node[index]
        row = flipped[node] if changed[node] else values[node]
        if share.size > 1:
            gather_row(share, row)
            row = share.whole
        for item in range(n_items):
            bit = (row[item >> 6] >> np.uint64(item & 63)) & np.uint64(1)
            cuts.key[item] = (cuts.key[item] << np.uint64(1)) | bit
    codes = count_distinct(cuts)
    for item in range(n_items):
        cuts.key[item] = (cuts.key[item] << np.uint64(32)) | np.uint64(cuts.kind[item])
    return count_distinct(cuts) - codes


@compiled
def count_distinct(cuts):
    """How many different keys cuts.key holds: returns an integer, writes cuts.table.

    Source: open addressing with linear probing (Knuth, The Art of Computer Programming 3, 6.4).
    """
    table, mask = cuts.table, cuts.table.size - 1
    fill(table, EMPTY)
    count = 0
    for item in range(cuts.key.size):
        key = cuts.key[item]
        mixed = ((key ^ (key >> np.uint64(31))) & LOW) * MIX  # no overflow
        slot = int(mixed >> np.uint64(20)) & mask
        while table[slot] != EMPTY and table[slot] != key:
            slot = (slot + 1) & mask
        if table[slot] == EMPTY:
            table[slot] = key
            count += 1
    return count
