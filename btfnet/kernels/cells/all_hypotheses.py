"""All hypotheses of a kind, one after the other, where they are few enough.

What explains the observations is kept: `found` (n_kept,) int64 numbers, `least` int64, (2,): the fewest wrong
bits so far, and the hypothesis that had them. Both are written, and so is scratch.

Arguments of the kernels: number  a hypothesis;  wrong  its wrong bits;  count  explanations so far;  choices
Nodes as a list, and index  one of them;  observed, scratch  as of `wrong_by_table`.
Twin: tests/kernels/test_cell_hypotheses.py, test_all_pairs_of_nodes_are_tried.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import NONE
from btfnet.kernels.cells.anneal import change, price
from btfnet.kernels.cells.thresholds import Nodes, wrong_by_nodes
from btfnet.kernels.compiled import compiled


@compiled
def keep(number, wrong, target, count, found, least):
    """Writes least, and found where no more than `target` bits are wrong; returns how many there are then."""
    if wrong < least[0]:
        least[0], least[1] = wrong, number
    if wrong > target:
        return count
    if count < found.shape[0]:
        found[count] = number
    return count + 1


@compiled
def try_tables(walks, first, last, target, observed, scratch, found, least):
    """Tables first … last - 1, in Gray code's order: each differs from the one before in one entry, or loose cell.

    walks     TableWalks; walk 0 stands where entries, then loose cells, are the bits of first ^ (first >> 1)
    target    wrong bits that an explanation may leave;  observed, scratch  of `wrong_by_table`
    Returns the number of explanations, int64; those kept are numbers as bits of entries and loose cells.
    Writes walks' walk 0 too.
    Twin: tests/kernels/test_cell_hypotheses.py, test_all_tables_are_tried.
    """
    count, n_places = 0, walks.entries.shape[0] + walks.loose.shape[0]
    for number in range(first, last):
        gray = number ^ (number >> 1)
        wrong = price(walks, 0, observed, scratch)
        count = keep(gray, wrong, target, count, found, least)
        place, after = 0, number + 1
        while after & 1 == 0:
            after >>= 1
            place += 1
        if place < n_places:
            change(walks, 0, place)
    return count


class Pairs(NamedTuple):
    """Two lists of threshold nodes, of which all pairs are tried.

    a, b  Nodes as lists: literals (n_choices, n_inputs), used, least, turned
    at_a  uint64, (n_choices of a, n_words): what they say at step 0;  at_b  the same of b
    enough  pairs that are known to get more bits wrong are given up
    alike   the fewest bits that are wrong where all cells are alike, as they stay then
    """

    a: Nodes
    b: Nodes
    at_a: NDArray[np.uint64]
    at_b: NDArray[np.uint64]
    enough: int
    alike: int


@compiled
def try_pairs(pairs, first, last, nodes, observed, scratch, found, least):
    """All pairs of two lists of threshold nodes, the first of the pair from a part of its list.

    pairs    Pairs;  first, last  the part of its first list;  nodes  Nodes of two, scratch
    A pair's number is that of its first node times the length of the second list, plus that of its second.
    Returns the number of explanations, int64. Writes nodes too.
    Twin: tests/kernels/test_cell_hypotheses.py, test_all_pairs_of_nodes_are_tried.
    """
    count, second = 0, pairs.b.used.shape[0]
    for a in range(first, last):
        take(pairs.a, a, nodes, 0)
        for b in range(second):
            some, rest = NONE, NONE
            for place in range(pairs.at_a.shape[1]):
                one, two, live = pairs.at_a[a, place], pairs.at_b[b, place], observed.cells.live[place]
                both = (one & two if nodes.joined else one | two) & live
                scratch.state[0, 0, place] = both
                some |= both
                rest |= both ^ live
            if (some == NONE or rest == NONE) and pairs.alike > pairs.enough:
                continue
            take(pairs.b, b, nodes, 1)
            wrong = wrong_by_nodes(nodes, 1, pairs.enough, observed, scratch)
            count = keep(a * second + b, wrong, 0, count, found, least)
    return count


@compiled
def take(choices, index, nodes, node):
    """A node from a list: writes literals, used, least and turned of nodes."""
    nodes.used[node], nodes.least[node] = choices.used[index], choices.least[index]
    nodes.turned[node] = choices.turned[index]
    for place in range(choices.used[index]):
        nodes.literals[node, place] = choices.literals[index, place]
