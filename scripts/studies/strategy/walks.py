"""Ways of gate descent that the package does not take, for study.py to compare with the one it does.

`walk_otherwise` is the kernel `walk` with two more choices, and with the same draws where both are the
package's own. `anneal` changes gates to random neighbours instead of to the best.
"""

from typing import Any

import numpy as np

from btfnet.engines.descent.local_search import GateSearch
from btfnet.kernels.bits import popcount
from btfnet.kernels.compiled import compiled
from btfnet.kernels.descent.best_gate import random_gate
from btfnet.kernels.descent.gate_arrays import adopt, begin_change, evaluate, settle, spread
from btfnet.kernels.descent.walk import copy_gates, drop_items, sweep_nodes
from btfnet.kernels.fill import fill
from btfnet.kernels.random_draw import below, between

ATTEMPTS = 20
"""Nodes looked at to find one that matters."""


def arrays_of(search: GateSearch) -> tuple[Any, Any, Any, Any, Any]:
    """Shape, the items that the first sweep sees, gates, the best gates, buffers: a study of a search's inside."""
    return search.shape, search.partial_shape, search.gates, search.best_gates, search.buffers


@compiled
def touches_wrong(shape, gates, work, node):
    """Whether a flip of the node on all items changes an output bit that is wrong now."""
    for word in range(work.values.shape[1]):
        work.flipped[node, word] = ~work.values[node, word]
    fill(work.changed, False)
    spread(gates, node, work, work.values.shape[0] - 1)
    for output in range(shape.targets.shape[0]):
        row = shape.first_output + output
        if work.changed[row]:
            for word in range(shape.targets.shape[1]):
                if (work.values[row, word] ^ work.flipped[row, word]) & work.wrong[output, word]:
                    return True
    return False


@compiled
def random_node(shape, work, rng):
    return between(rng, shape.n_inputs + 1, work.values.shape[0])


@compiled
def node_to_kick(shape, gates, work, aimed, rng):
    """A random node; aimed: one that touches a wrong output bit, if some attempts find one."""
    node = random_node(shape, work, rng)
    if aimed:
        for _ in range(ATTEMPTS):
            if touches_wrong(shape, gates, work, node):
                break
            node = random_node(shape, work, rng)
    return node


@compiled
def walk_otherwise(shape, seen, gates, best, work, error, record, rounds, dropped, aimed, slack, rng):
    """Rounds of one kick, a sweep on most items and one on all.

    aimed   the kick is where it matters for a wrong output bit
    slack   a round's result is kept up to this fraction of the record above it, rounded up; below 0: only if
            it is less than before
    best    what was kept last; error  its wrong bits; record  the fewest so far
    Returns (error, record).
    """
    copy_gates(gates, best)
    for _ in range(rounds):
        if record == 0:
            break
        drop_items(shape.care, seen.care, dropped, work.share, rng)
        evaluate(seen, gates, work)
        node = node_to_kick(seen, gates, work, aimed, rng)
        random_gate(seen, gates, node, rng)
        settle(seen, gates, work, node)
        sweep_nodes(seen, gates, work, rng)
        wrong = evaluate(shape, gates, work)
        if wrong > 0:
            wrong += sweep_nodes(shape, gates, work, rng)
        most = error - 1 if slack < 0 else record + int(np.ceil(slack * record))
        if wrong <= most:
            error = wrong
            record = min(record, wrong)
            copy_gates(gates, best)
        else:
            copy_gates(best, gates)
            evaluate(shape, gates, work)
    return error, record


# -- annealing --------------------------------------------------------------------------------------------


@compiled
def other_sender(shape, gates, node, rng):
    """A sender of the node that its gate does not use."""
    first = shape.fan_in_start[node]
    while True:
        sender = shape.fan_in[first + below(rng, shape.fan_in_start[node + 1] - first)]
        used = False
        for leg in range(gates.arity[node]):
            used |= gates.sender[node, leg] == sender
        if not used:
            return sender


@compiled
def random_sign(rng):
    return 1 - 2 * below(rng, 2)


@compiled
def widen(shape, gates, node, rng):
    """Make a Copy a majority with two more literals."""
    for leg in (1, 2):
        gates.sender[node, leg] = other_sender(shape, gates, node, rng)
        gates.sign[node, leg] = random_sign(rng)
        gates.arity[node] = leg + 1


@compiled
def neighbour(shape, gates, node, rng):
    """Replace a sender, turn a sign, or make a Copy of a majority or the reverse; four senders at least."""
    draw, leg = rng.random(), below(rng, gates.arity[node])
    if gates.arity[node] == 1 and draw < 0.7:
        widen(shape, gates, node, rng)
    elif gates.arity[node] == 3 and draw < 0.05:
        gates.sender[node, 0], gates.sign[node, 0] = gates.sender[node, leg], gates.sign[node, leg]
        gates.arity[node] = 1
    elif gates.arity[node] == 3 and draw < 0.25:
        gates.sign[node, leg] = -gates.sign[node, leg]
    else:
        gates.sender[node, leg] = other_sender(shape, gates, node, rng)
        gates.sign[node, leg] = random_sign(rng)


@compiled
def change_of_error(shape, work):
    """What adopting the flipped values would change."""
    change = 0
    for output in range(shape.targets.shape[0]):
        node = shape.first_output + output
        if work.changed[node]:
            for word in range(shape.targets.shape[1]):
                bits = (work.flipped[node, word] ^ shape.targets[output, word]) & shape.care[output, word]
                change += popcount(bits) - popcount(work.wrong[output, word])
    return change


@compiled
def copy_gate(source, target, node):
    target.arity[node] = source.arity[node]
    for leg in range(source.arity[node]):
        target.sender[node, leg] = source.sender[node, leg]
        target.sign[node, leg] = source.sign[node, leg]


@compiled
def anneal(shape, gates, kept, work, error, record, proposals, temperature, rng):
    """Propose neighbours of random nodes' gates; take each with probability min(1, exp(-change / temperature)).

    kept  gates to take a refused proposal back from: the present ones, always
    Returns (error, fewest wrong bits so far); ends at 0.
    """
    copy_gates(gates, kept)
    for _ in range(proposals):
        if error == 0:
            break
        node = random_node(shape, work, rng)
        neighbour(shape, gates, node, rng)
        if begin_change(gates, node, work):
            spread(gates, node, work, work.values.shape[0] - 1)
            change = change_of_error(shape, work)
            if change > 0 and rng.random() >= np.exp(-change / temperature):
                copy_gate(kept, gates, node)
                continue
            error += adopt(shape, work, node)
            record = min(record, error)
        copy_gate(gates, kept, node)
    return error, record
