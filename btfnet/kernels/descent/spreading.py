"""Which nodes a change reaches, where their rows lie on many ranks.

Arguments: gates, node, work  as in gate_arrays.py; last  as for `gate_arrays.spread`.
Twin: tests/ranks/test_shared_descent.py, walked, by one process with all words.
"""

from btfnet.kernels.compiled import compiled
from btfnet.kernels.fill import copy
from btfnet.kernels.shared_rows import MOST, ask


@compiled
def is_touched(gates, node, changed):
    """Whether any sender of a node's gate has changed: returns a Boolean, writes nothing. changed  (n_nodes,)."""
    touched = False
    for literal in range(gates.arity[node]):
        touched |= changed[gates.sender[node, literal]]
    return touched


@compiled
def spread_to_ranks(gates, node, work, last):
    """What changed on any rank has changed on all; returns how many nodes a process with all words evaluates.

    Writes work.changed, and work.flipped of what changed elsewhere alone. Arguments as for `spread`.
    """
    sums, changed = work.share.sums, work.changed
    for later in range(node + 1, last + 1):
        sums[later - node - 1] = int(changed[later])
    ask(work.share.address, last - node, MOST)
    n_touched = 0
    for later in range(node + 1, last + 1):
        n_touched += int(is_touched(gates, later, changed))
        if sums[later - node - 1] and not changed[later]:
            changed[later] = True
            copy(work.values[later], work.flipped[later])
    return n_touched
