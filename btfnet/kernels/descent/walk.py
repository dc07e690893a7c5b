"""Gate descent: sweeps over the nodes, kicks, and codes of unknown inputs."""

import numpy as np

from btfnet.kernels.bits import NONE
from btfnet.kernels.compiled import compiled
from btfnet.kernels.descent.best_gate import choose_gate, random_gate, write_gate
from btfnet.kernels.descent.bitrows import differ
from btfnet.kernels.descent.breakout import copy_bits, count_wrong, repeat_wrong_items
from btfnet.kernels.descent.cuts import confuses
from btfnet.kernels.descent.gate_arrays import (
    adopt,
    clear,
    evaluate,
    gate_value,
    hold,
    price_node,
    put_back,
    settle_apart,
    spread,
    spread_to,
    take_values,
)
from btfnet.kernels.descent.larger_gates import alter_literals
from btfnet.kernels.descent.merge import merge_equal
from btfnet.kernels.random_draw import below, between

VISIT = 12_500
"""What a visit to a node costs besides the words counted, in words: 7 µs (scripts/benchmarks/descent_speed.py)."""
TRIAL = 2000
"""What a try to tell items apart costs, in words: about 1 µs for 32 items."""


@compiled
def improve_node(shape, gates, work, node, rng):
    """Give one node its best gate, everything else as it is; returns the change of the error, never positive."""
    work.effort[0] += VISIT
    top, arity = price_node(shape, gates, work, node), hold(gates, work, node)
    if top == 0:
        random_gate(shape, gates, node, rng)
    elif choose_gate(shape, gates, work, node, top, rng) < 0:
        return 0
    return settle_apart(shape, gates, work, node, arity, False)


@compiled
def alter_gate(shape, gates, work, node, rng):
    """Two literals more, one for another, or two less: a random neighbour of the gate held."""
    size = alter_literals(shape, gates, work, node, rng)
    if size:
        write_gate(shape, gates, work, node, work.chosen[2], size)


@compiled(allocates=True)
def sweep_nodes(shape, gates, work, rng):
    """Improve every node once, in random order; returns the change of the error."""
    first, last = shape.n_inputs + 1, work.values.shape[0]
    nodes = np.arange(first, last)
    change = 0
    for index in range(nodes.size - 1, -1, -1):
        if work.halt[0] != 0:
            break
        other = below(rng, index + 1)
        node = nodes[other]
        nodes[other] = nodes[index]
        change += improve_node(shape, gates, work, node, rng)
    return change


@compiled
def copy_gates(source, target):
    for node in range(source.arity.size):
        target.arity[node] = source.arity[node]
        for place in range(source.arity[node]):
            target.sender[node, place] = source.sender[node, place]
            target.sign[node, place] = source.sign[node, place]


@compiled
def drop_items(care, part, dropped, rng):
    """Into `part` the output bits that count, but of about this fraction of the items none."""
    for word in range(care.shape[1]):
        kept = NONE
        for _ in range(64):
            kept = (kept << np.uint64(1)) | np.uint64(rng.random() >= dropped)
        for output in range(care.shape[0]):
            part[output, word] = care[output, word] & kept


@compiled
def tell_apart(shape, gates, work, tries, rng):
    """Random changes until items of different outputs differ at every cut, or so many tries; values may be stale.

    Nodes of a cut take random neighbours of their gates: literals come and go, so that gates grow to what σ
    allows, and these tell most apart. Only nodes up to the cut are evaluated.
    """
    cuts = shape.cuts
    for cut in range(cuts.confused.size):
        first, last = cuts.start[cut], cuts.start[cut + 1] - 1
        if cuts.node[first] <= shape.n_inputs:
            continue
        for _ in range(tries):
            if cuts.confused[cut] == 0 or work.halt[0] != 0:
                break
            node = cuts.node[between(rng, first, last + 1)]
            arity = hold(gates, work, node)
            alter_gate(shape, gates, work, node, rng)
            clear(work.changed)
            gate_value(gates, node, work.values, work.flipped, work.changed, work.flipped[node])
            if differ(work.flipped[node], work.values[node]):
                spread_to(gates, node, work, cuts.node[last])
                if confuses(cuts, work, True):
                    put_back(gates, work, node, arity)
                else:
                    take_values(work, node, cuts.node[last])
            work.effort[0] += TRIAL


@compiled
def kick(shape, gates, work, kicks, rng):
    """Give some nodes random gates, large gates random neighbours; returns the change of the error."""
    change = 0
    for _ in range(kicks):
        node = between(rng, shape.n_inputs + 1, work.values.shape[0])
        arity = hold(gates, work, node)
        if arity > 3:
            alter_gate(shape, gates, work, node, rng)
        else:
            random_gate(shape, gates, node, rng)
        change += settle_apart(shape, gates, work, node, arity, False)
    return change


@compiled
def walk(shape, part, gates, kept, best, work, repeats, least, rounds, kicks, dropped, merging, rng):
    """Iterated local search: merge what is equal, kick some nodes, two sweeps, keep it unless it is worse.

    part   the same shape with room for a care of its own: items dropped from a round's first sweep
    kept   where to start, and where it stands afterwards; gates  receives the best
    best   the gates that got least bits of the items wrong; repeats count nothing here
    repeats  what has been wrong for long gets slots; without slots the best gates are those kept
    merging  of nodes with the same values one takes over for the other, before every round
    Returns (least error, rounds done); ends early at error 0, and at once, wherever it is, when work.halt is set.
    """
    copy_gates(kept, gates)
    standing = evaluate(shape, gates, work)
    done = 0
    while done < rounds and least > 0 and work.halt[0] == 0:
        if merging:
            merge_equal(shape, gates, work, rng)
        if dropped > 0:
            drop_items(shape.care, part.care, dropped, rng)
            evaluate(part, gates, work)
            kick(part, gates, work, kicks, rng)
            sweep_nodes(part, gates, work, rng)
            error = evaluate(shape, gates, work)
        else:
            error = evaluate(shape, gates, work) + kick(shape, gates, work, kicks, rng)
            error += sweep_nodes(shape, gates, work, rng)
        if error > 0:
            error += sweep_nodes(shape, gates, work, rng)
        done += 1
        wrong = count_wrong(work, repeats.first_word)
        repeats.state[1] += 1
        if wrong < least:
            least, repeats.state[1] = wrong, 0
            copy_gates(gates, best)
        if error <= standing:
            standing = error
            copy_gates(gates, kept)
        else:
            copy_gates(kept, gates)
            evaluate(shape, gates, work)
        if repeats.item.size == 0:
            copy_gates(kept, best)
        elif repeats.state[1] >= repeats.patience:
            repeats.state[1] = 0
            repeat_wrong_items(shape, work, repeats, rng)
            standing = evaluate(shape, gates, work)
    copy_gates(best, gates)
    evaluate(shape, gates, work)
    return least, done


@compiled(allocates=True)
def improve_codes(shape, gates, work, repeats, rng):
    """Inputs that are ours to choose: flip a bit of each item for which that is right, or (by chance) no worse.

    Items do not see each other, so one flip of an input row prices all items at once; copies in slots move as
    their items do. Flips that make items alike which must differ are refused, all of a row. Returns the change
    of the error, never positive.
    """
    change = 0
    n_words = shape.targets.shape[1]
    moves = np.empty(n_words, dtype=np.uint64)
    sign = work.planes[work.planes.shape[0] - 1]
    for node in range(1, shape.n_inputs + 1):
        top = price_node(shape, gates, work, node)
        for word in range(n_words):
            moves[word] = sign[word] if top > 0 else moves[word] ^ moves[word]
            some = moves[word] ^ moves[word]
            for plane in range(top):
                some |= work.planes[plane, word]
            bits = some ^ some
            for _ in range(4):
                bits = (bits << np.uint64(16)) | np.uint64(below(rng, 65536))
            moves[word] |= bits & ~some
        copy_bits(moves, repeats.item, repeats.first_word)
        for word in range(n_words):
            work.flipped[node, word] = work.values[node, word] ^ moves[word]
        clear(work.changed)
        spread(gates, node, work)
        if confuses(shape.cuts, work, False):
            continue
        change += adopt(shape, work, node)
    return change
