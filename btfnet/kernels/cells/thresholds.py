"""Cells whose next state is a combination of thresholds on their neighbours, as in the Game of Life.

A threshold node counts the neighbours that its weights name, 1 or -1, and says whether the sum reaches its
bound, or whether it does not exceed it; And or Or joins the nodes. Walks change weights and bounds, and every
change is priced by running all cells anew.

Arguments of the kernels: walks  ThresholdWalks;  walk  which of them;  nodes  Nodes, and node  one of them;
weights, bound, above  of a node, as walks have them;  moves  changes, at most;  observed, scratch  as of
`wrong_by_table`. Twin: tests/support/cell_nodes.py, PlainNodes.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import NONE
from btfnet.kernels.cells.anneal import CHANCE_BITS, PLACE_BITS, place_of, stays
from btfnet.kernels.cells.counting import at_least
from btfnet.kernels.cells.rows import keep_live, see, wrong_bits
from btfnet.kernels.compiled import compiled
from btfnet.kernels.random_draw import word

BOUND_BITS = 4
"""One change in 2^4 is that of a bound, where bounds are to be found."""
ANY = np.iinfo(np.int64).max
"""More wrong bits than there are."""


class ThresholdWalks(NamedTuple):
    """Nodes that walk side by side.

    weights  int8, (n_walks, n_nodes, n_inputs): -1, 0 or 1
    bounds   int64, (n_walks, n_nodes): 0 … n_inputs
    above    uint8, (n_nodes,): 1 where the sum must reach the bound, 0 where it must not exceed it
    signed   1 where weights may be -1
    free     1 where bounds may change
    joined   1 for And, 0 for Or
    start    uint64, (n_walks, 1, n_words): the state at step 0
    wrong    int64, (n_walks,): wrong bits
    chances  int64, (n_walks, n_chances): how many of 2^22 changes stay that add so many wrong bits
    loose    int64, (n_loose,): cells of the state at step 0 that may change
    least    int64, (n_walks,): the fewest wrong bits so far; best, best_bounds, best_start: what had them
    """

    weights: NDArray[np.int8]
    bounds: NDArray[np.int64]
    above: NDArray[np.uint8]
    signed: int
    free: int
    joined: int
    start: NDArray[np.uint64]
    wrong: NDArray[np.int64]
    chances: NDArray[np.int64]
    loose: NDArray[np.int64]
    least: NDArray[np.int64]
    best: NDArray[np.int8]
    best_bounds: NDArray[np.int64]
    best_start: NDArray[np.uint64]


class Nodes(NamedTuple):
    """The nodes of one cell as gates "at least k of some literals".

    literals  int64, (n_nodes, n_inputs): row i + 1 of what is seen, negative for the complement
    used      int64, (n_nodes,): how many literals count
    least     int64, (n_nodes,): so many must be true
    turned    uint8, (n_nodes,): 1 where the gate's complement is meant
    joined    1 for And, 0 for Or
    first     uint64, (n_inputs + 1, n_words): row 0 false, then what is seen at step 0
    rows      uint64, (n_inputs + 1, n_words): row 0 false, then what is seen later
    held, held_bounds  weights and bounds of a walk before a change, as it has them
    """

    literals: NDArray[np.int64]
    used: NDArray[np.int64]
    least: NDArray[np.int64]
    turned: NDArray[np.uint8]
    joined: int
    first: NDArray[np.uint64]
    rows: NDArray[np.uint64]
    held: NDArray[np.int8]
    held_bounds: NDArray[np.int64]


@compiled
def set_node(nodes, node, weights, bound, above):
    """A node as a gate: writes literals, used, least and turned of nodes, for int8 weights (n_inputs,).

    Σ w x with weights -1 is the number of true literals, x or its complement, less the number of such weights.
    """
    used, negative = 0, 0
    for index in range(weights.shape[0]):
        if weights[index] != 0:
            nodes.literals[node, used] = index + 1 if weights[index] > 0 else -(index + 1)
            negative += weights[index] < 0
            used += 1
    nodes.used[node] = used
    nodes.least[node] = bound + negative if above else bound + negative + 1
    nodes.turned[node] = not above


@compiled
def join_nodes(nodes, rows, out):
    """All nodes on rows, as `Nodes` has them, joined: writes out (n_words,)."""
    for node in range(nodes.used.shape[0]):
        joined = -1 if node == 0 else nodes.joined
        least = min(max(nodes.least[node], 0), nodes.used[node] + 1)
        at_least(rows, nodes.literals[node], nodes.used[node], least, nodes.turned[node], joined, out)


@compiled
def see_for_nodes(state, cells, scratch, rows):
    """What cells see of a state: writes rows (n_inputs + 1, n_words), the first false, and scratch."""
    first = scratch.inputs.shape[0] - rows.shape[0] + 1
    see(state, cells, scratch.unrolled, scratch.inputs)
    for place in range(rows.shape[1]):
        rows[0, place] = NONE
        for index in range(rows.shape[0] - 1):
            rows[index + 1, place] = scratch.inputs[first + index, place]


@compiled
def step_by_nodes(nodes, state, cells, scratch, out):
    """One step of all cells.

    nodes  Nodes;  state, out  uint64, (1, n_words), two places;  cells  Neighbours;  scratch  Scratch
    Writes out, nodes' rows, and scratch but for its states.
    Twin: tests/kernels/test_cell_thresholds.py, test_nodes_step_as_sums_do.
    """
    see_for_nodes(state, cells, scratch, nodes.rows)
    join_nodes(nodes, nodes.rows, out[0])
    keep_live(cells.live, out[0])


@compiled
def wrong_by_nodes(nodes, after, enough, observed, scratch):
    """Wrong bits of a run under nodes, from scratch.state[0], which is `after` steps behind step 0: an int64.

    after   not more than the first observed step
    enough  what is more than this may be too few: such a run ends early
    Writes nodes' rows, and scratch. Twin: tests/kernels/test_cell_thresholds.py, test_nodes_are_priced_as_runs.
    """
    total, now, here = 0, after, 0
    for index in range(observed.step.shape[0]):
        while now < observed.step[index]:
            step_by_nodes(nodes, scratch.state[here], observed.cells, scratch, scratch.state[1 - here])
            here = 1 - here
            now += 1
        total += wrong_bits(scratch.state[here], observed.known[index], observed.care[index])
        if total > enough:
            return total
    return total


@compiled
def price_nodes(walks, walk, nodes, observed, scratch):
    """Wrong bits of a walk as it stands: an int64.

    Writes nodes and scratch. Twin: tests/kernels/test_cell_thresholds.py, test_nodes_are_priced_as_runs.
    """
    for node in range(walks.weights.shape[1]):
        set_node(nodes, node, walks.weights[walk, node], walks.bounds[walk, node], walks.above[node])
    if walks.loose.shape[0] > 0:
        see_for_nodes(walks.start[walk], observed.cells, scratch, nodes.first)
    join_nodes(nodes, nodes.first, scratch.state[0, 0])
    keep_live(observed.cells.live, scratch.state[0, 0])
    return wrong_by_nodes(nodes, 1, ANY, observed, scratch)


@compiled
def turn(walks, walk, place, up):
    """Another value for a weight of a walk, or for a loose cell of its start: writes walks.

    place  the weights come first;  up  of a weight that may have two other values, which
    """
    n_nodes, n_inputs = walks.weights.shape[1], walks.weights.shape[2]
    if place >= n_nodes * n_inputs:
        cell = walks.loose[place - n_nodes * n_inputs]
        walks.start[walk, 0, cell >> 6] ^= np.uint64(1) << np.uint64(cell & 63)
        return
    node, index = place // n_inputs, place % n_inputs
    weight = walks.weights[walk, node, index]
    if walks.signed:
        weight += 1 if up else 2
        walks.weights[walk, node, index] = weight - 3 if weight > 1 else weight
    else:
        walks.weights[walk, node, index] = 1 - weight


@compiled
def hold(walks, walk, nodes):
    """Writes nodes.held and nodes.held_bounds: the weights and bounds of a walk before a change."""
    for node in range(walks.weights.shape[1]):
        nodes.held_bounds[node] = walks.bounds[walk, node]
        for index in range(walks.weights.shape[2]):
            nodes.held[node, index] = walks.weights[walk, node, index]


@compiled
def take_back(walks, walk, nodes):
    """Writes the weights and bounds of a walk that were held."""
    for node in range(walks.weights.shape[1]):
        walks.bounds[walk, node] = nodes.held_bounds[node]
        for index in range(walks.weights.shape[2]):
            walks.weights[walk, node, index] = nodes.held[node, index]


@compiled
def remember_nodes(walks, walk):
    """Writes the walk's least, best, best_bounds and best_start as it stands."""
    walks.least[walk] = walks.wrong[walk]
    for node in range(walks.weights.shape[1]):
        walks.best_bounds[walk, node] = walks.bounds[walk, node]
        for index in range(walks.weights.shape[2]):
            walks.best[walk, node, index] = walks.weights[walk, node, index]
    for place in range(walks.start.shape[2]):
        walks.best_start[walk, 0, place] = walks.start[walk, 0, place]


@compiled
def turn_bound(walks, walk, bits):
    """A bound of a walk one higher or lower: writes walks.bounds. bits  uint64, random."""
    n_inputs = walks.weights.shape[2]
    node = place_of(bits >> np.uint64(1), walks.bounds.shape[1])
    bound = walks.bounds[walk, node] + (1 if bits & np.uint64(1) else -1)
    walks.bounds[walk, node] = min(max(bound, -n_inputs if walks.signed else 0), n_inputs)


@compiled
def anneal_nodes(walks, walk, moves, target, nodes, observed, scratch, rng):
    """So many changes of a walk's nodes, or fewer: until no more than `target` bits are wrong.

    A change turns one weight, in a quarter of all cases two; where bounds are free, one change in sixteen is that
    of a bound, half of these with a weight.

    walks, walk  ThresholdWalks, and which of them;  nodes  Nodes, scratch;  rng  NumPy's generator
    Returns int64: the changes that were tried, those of them that were for the worse, and of these those that
    stayed.
    Writes walks, nodes, scratch, rng's state.
    Twin: tests/kernels/test_cell_thresholds.py, test_walks_of_nodes_go_as_the_plain_walk_goes.
    """
    n_places = walks.weights.shape[1] * walks.weights.shape[2] + walks.loose.shape[0]
    shift = np.uint64(PLACE_BITS)
    worse, stayed = 0, 0
    for move in range(moves):
        if walks.wrong[walk] <= target:
            return move, worse, stayed
        bits, more = word(rng), word(rng)
        first, bits = place_of(bits, n_places), bits >> shift
        second, bits = place_of(bits, n_places), bits >> shift
        kind, of_bounds = bits >> np.uint64(CHANCE_BITS), False
        if walks.free:
            of_bounds = more >> np.uint64(2) & np.uint64((1 << BOUND_BITS) - 1) == 0
        weights = 2 if kind == 0 and first != second else 1
        hold(walks, walk, nodes)
        if of_bounds:
            turn_bound(walks, walk, more >> np.uint64(8))
            weights = 1 if kind < 2 else 0
        if weights > 0:
            turn(walks, walk, first, more & np.uint64(1))
        if weights > 1:
            turn(walks, walk, second, more >> np.uint64(1) & np.uint64(1))
        wrong = price_nodes(walks, walk, nodes, observed, scratch)
        added = wrong - walks.wrong[walk]
        stay = stays(walks.chances[walk], added, bits)
        if added > 0:
            worse += 1
            stayed += stay
        if stay:
            walks.wrong[walk] = wrong
            if wrong < walks.least[walk]:
                remember_nodes(walks, walk)
            continue
        n_weights = n_places - walks.loose.shape[0]
        if weights > 0 and first >= n_weights:
            turn(walks, walk, first, True)
        if weights > 1 and second >= n_weights:
            turn(walks, walk, second, True)
        take_back(walks, walk, nodes)
    return moves, worse, stayed
