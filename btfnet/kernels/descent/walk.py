"""Gate descent: sweeps over the nodes, kicks, and codes of unknown inputs.

Arguments: shape, gates, work, node, rng  as in gate_arrays.py; item_weights  `breakout.ItemWeights`.
Source: own, where no other is named. Twin: tests/engines/test_descent_walk.py,
test_a_walk_never_ends_worse_than_it_began_and_reports_the_true_error, by plain integers.
"""

from typing import NamedTuple

import numpy as np

from btfnet.kernels.bits import NONE
from btfnet.kernels.compiled import compiled
from btfnet.kernels.descent.best_gate import choose_gate, random_gate, write_gate
from btfnet.kernels.descent.breakout import ItemWeights, copy_bits, count_wrong, repeat_wrong_items
from btfnet.kernels.descent.cuts import separates_less
from btfnet.kernels.descent.gate_arrays import (
    GateArrays,
    Shape,
    WalkBuffers,
    adopt,
    begin_change,
    evaluate,
    hold,
    put_back,
    settle_separated,
    spread,
    take_values,
)
from btfnet.kernels.descent.larger_gates import alter_literals
from btfnet.kernels.descent.merge import merge_equal
from btfnet.kernels.descent.prices import price_node
from btfnet.kernels.fill import fill
from btfnet.kernels.random_draw import below, between

VISIT = 12_500
"""What a visit to a node costs besides the words counted, in words: 7 µs (scripts/benchmarks/descent_speed.py)."""
TRIAL = 2000
"""What a try to separate items costs, in words: about 1 µs for 32 items."""


class WalkState(NamedTuple):
    """Where a walk stands."""

    shape: Shape
    sampled: Shape  # the same with a care of its own: items dropped from a round's first sweep
    gates: GateArrays  # being changed; the best at the end
    current: GateArrays  # where it stands, and where the next walk begins
    best: GateArrays  # got least bits of the items wrong; without slots the same as current
    work: WalkBuffers
    item_weights: ItemWeights  # what has been wrong for long gets slots, if there are any


class WalkPlan(NamedTuple):
    """What happens in a round."""

    rounds: int  # at most
    kicks: int  # nodes that get a random gate
    dropped: float  # about this fraction of the items the first sweep does not see
    merging: bool  # of nodes with the same values one takes over for the other


@compiled
def improve_node(shape, gates, work, node, rng):
    """Give one node its best gate, everything else as it is; returns the change of the error, never positive.

    Writes gates, work and shape.cuts. Twin: tests/engines/test_descent_gates.py,
    test_the_gate_that_a_node_gets_is_the_best_of_all.
    """
    work.effort[0] += VISIT
    top, arity = price_node(shape, gates, work, node), hold(gates, work, node)
    if top == 0:
        random_gate(shape, gates, node, rng)
    elif choose_gate(shape, gates, work, node, top, rng) < 0:
        return 0
    return settle_separated(shape, gates, work, node, arity)


@compiled
def alter_gate(shape, gates, work, node, rng):
    """Two literals more, one for another, or two less: a random neighbour of the gate held. Writes gates.

    Also work.chosen and work.sign. Twin: tests/engines/test_cuts.py,
    test_a_random_neighbour_of_a_gate_differs_by_two_literals_and_is_never_too_large.
    """
    size = alter_literals(shape, gates, work, node, rng)
    if size:
        write_gate(shape, gates, work, node, work.chosen[2], size)


@compiled(allocates=True)
def sweep_nodes(shape, gates, work, rng):
    """Improve every node once, in random order; returns the change of the error.

    Writes gates, work and shape.cuts. The order is a shuffle (Fisher and Yates), drawn on the way.
    """
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
    """Make the gates of one GateArrays, source, those of another, target. Writes the literals that a gate has."""
    for node in range(source.arity.size):
        arity = source.arity[node]
        target.arity[node] = arity
        for literal in range(arity):
            target.sender[node, literal] = source.sender[node, literal]
            target.sign[node, literal] = source.sign[node, literal]


@compiled
def drop_items(care, sampled, dropped, share, rng):
    """The output bits that count, but of about the fraction `dropped` of the items none.

    care, sampled  uint64, (n_outputs, n_words);  share  of the words: what is drawn for others is drawn here too
    Writes sampled.
    """
    for word in range(share.words):
        items, own = NONE, word - share.first
        for _ in range(64):
            items = (items << np.uint64(1)) | np.uint64(rng.random() >= dropped)
        if own >= 0 and own < care.shape[1]:
            for output in range(care.shape[0]):
                sampled[output, own] = care[output, own] & items


@compiled
def separate_kinds(shape, gates, work, tries, rng):
    """Random changes until items of different outputs differ at every cut, or so many tries at each.

    Nodes of a cut take random neighbours of their gates: literals come and go, so that gates grow to what σ
    allows, and these separate most. Only nodes up to the cut are evaluated, so that values beyond may be stale.
    Writes gates, work and shape.cuts. Twin: tests/engines/test_cuts.py, naive_unseparated.
    """
    cuts = shape.cuts
    for cut in range(cuts.unseparated.size):
        first, last = cuts.start[cut], cuts.start[cut + 1] - 1
        if cuts.node[first] <= shape.n_inputs:
            continue
        for _ in range(tries):
            if cuts.unseparated[cut] == 0 or work.halt[0] != 0:
                break
            node = cuts.node[between(rng, first, last + 1)]
            arity = hold(gates, work, node)
            alter_gate(shape, gates, work, node, rng)
            if begin_change(gates, node, work):
                spread(gates, node, work, cuts.node[last])
                if separates_less(cuts, work, True):
                    put_back(gates, work, node, arity)
                else:
                    take_values(work, node, cuts.node[last])
            work.effort[0] += TRIAL


@compiled
def kick(shape, gates, work, kicks, rng):
    """Give `kicks` nodes random gates, large gates random neighbours; returns the change of the error.

    Writes gates, work and shape.cuts.
    """
    change = 0
    for _ in range(kicks):
        node = between(rng, shape.n_inputs + 1, work.values.shape[0])
        arity = hold(gates, work, node)
        if arity > 3:
            alter_gate(shape, gates, work, node, rng)
        else:
            random_gate(shape, gates, node, rng)
        change += settle_separated(shape, gates, work, node, arity)
    return change


@compiled
def walk(state, least, plan, rng):
    """Iterated local search: merge what is equal, kick some nodes, two sweeps, keep it unless it is worse.

    state  WalkState;  plan  WalkPlan
    least  wrong bits of the items of state.best, without copies of items
    Returns (least, rounds done); ends early at least 0, and at once, wherever it is, when work.halt is set.
    Writes the gates, values and slots of the state; in the end state.gates are state.best, evaluated.
    Source: iterated local search (Lourenço, Martin and Stützle, 2003), the breakout of breakout.py.
    """
    shape, gates, work, item_weights = state.shape, state.gates, state.work, state.item_weights
    copy_gates(state.current, gates)
    current_error = evaluate(shape, gates, work)
    rounds = 0
    while rounds < plan.rounds and least > 0 and work.halt[0] == 0:
        error = change_gates(state, plan, rng)
        rounds += 1
        wrong = count_wrong(work, item_weights.first_word)
        item_weights.state[1] += 1
        if wrong < least:
            least, item_weights.state[1] = wrong, 0
            copy_gates(gates, state.best)
        if error <= current_error:
            current_error = error
            copy_gates(gates, state.current)
        else:
            copy_gates(state.current, gates)
            evaluate(shape, gates, work)
        if item_weights.item.size == 0:
            copy_gates(state.current, state.best)
        elif item_weights.state[1] >= item_weights.patience:
            item_weights.state[1] = 0
            repeat_wrong_items(shape, work, item_weights, rng)
            current_error = evaluate(shape, gates, work)
    copy_gates(state.best, gates)
    evaluate(shape, gates, work)
    return least, rounds


@compiled
def change_gates(state, plan, rng):
    """A round of a walk: merge, kick, and two sweeps, of which the first does not see some items.

    state  WalkState;  plan  WalkPlan. Writes the gates, values and slots of the state; returns the error.
    """
    shape, gates, work = state.shape, state.gates, state.work
    if plan.merging:
        merge_equal(shape, gates, work, rng)
    if plan.dropped > 0:
        drop_items(shape.care, state.sampled.care, plan.dropped, work.share, rng)
        evaluate(state.sampled, gates, work)
        kick(state.sampled, gates, work, plan.kicks, rng)
        sweep_nodes(state.sampled, gates, work, rng)
        error = evaluate(shape, gates, work)
    else:
        error = evaluate(shape, gates, work) + kick(shape, gates, work, plan.kicks, rng)
        error += sweep_nodes(shape, gates, work, rng)
    if error > 0:
        error += sweep_nodes(shape, gates, work, rng)
    return error


@compiled(allocates=True)
def improve_codes(shape, gates, work, item_weights, rng):
    """Inputs that are ours to choose: flip a bit of each item for which that is right, or (by chance) no worse.

    Items do not see each other, so one flip of an input row prices all items at once; copies in slots move as
    their items do. Flips that make items alike which must differ are refused, all of a row. Returns the change
    of the error, never positive. Writes work and shape.cuts. Twin: tests/engines/test_descent_codes.py,
    test_codes_only_get_better_and_their_change_equals_re_evaluation.
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
        copy_bits(moves, item_weights.item, item_weights.first_word, work.share)
        for word in range(n_words):
            work.flipped[node, word] = work.values[node, word] ^ moves[word]
        fill(work.changed, False)
        spread(gates, node, work, work.values.shape[0] - 1)
        if separates_less(shape.cuts, work, False):
            continue
        change += adopt(shape, work, node)
    return change
