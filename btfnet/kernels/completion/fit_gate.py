"""Choosing a small gate for a node, bit-parallel: all Copies and three-input majorities at once.

Columns and targets are packed 64 items to a word (`btfnet.kernels.bits`); row 0 of the values is the
constant -1. A column XOR the target marks the items at which that sender alone would be wrong. Majority is
self-dual, so the same gate applied to these wrong-marks gives the items at which the gate is wrong, and
negating all three literals exchanges right and wrong: four counts decide eight sign patterns.

Arguments: columns  uint64, (n_columns, n_words): the senders' values; marks  the same XOR the target, in order of
preference; target, mask  uint64, (n_words,); n_items  items of the mask; bound  wrong items to be beaten; chosen,
signs  int64, (3,): columns of marks and ±1; weights  int64, (n_columns,): signed multiplicities; most
columns that majorities are formed of. Source: own; derived above. Twin: tests/engines/test_fit.py,
best_by_counting.
"""

from typing import NamedTuple

import numpy as np

from btfnet.kernels.bits import NONE, popcount
from btfnet.kernels.compiled import compiled
from btfnet.kernels.fill import copy, fill
from btfnet.kernels.sorting import order_of


@compiled
def best_copy(marks, mask, n_items):
    """The one literal that is wrong least often in marks, at the n_items of the mask; the first of equals.

    Returns (wrong items, column, sign); writes nothing.
    """
    best, column, sign = n_items + 1, 0, 1
    for index in range(marks.shape[0]):
        wrong = 0
        for word in range(mask.size):
            wrong += popcount(marks[index, word] & mask[word])
        if wrong < best:
            best, column, sign = wrong, index, 1
        if n_items - wrong < best:
            best, column, sign = n_items - wrong, index, -1
    return best, column, sign


@compiled
def best_majority(marks, mask, n_items, bound, chosen, signs):
    """The majority of three literals that is wrong least often, if it beats the bound.

    Writes chosen and signs; returns its wrong items, or bound. The first of equals wins. Reads marks and mask.
    Cost: 4 majorities and popcounts per triple and word, cut short where all eight are beaten already.
    """
    best = bound
    n_columns, n_words = marks.shape
    for i in range(n_columns - 2):
        for j in range(i + 1, n_columns - 1):
            for k in range(j + 1, n_columns):
                plain = first = second = third = seen = 0
                for word in range(n_words):
                    a, b, c = marks[i, word], marks[j, word], marks[k, word]
                    keep = mask[word]
                    any_bc, both_bc = b | c, b & c
                    plain += popcount((both_bc | (a & any_bc)) & keep)
                    first += popcount((both_bc | (~a & any_bc)) & keep)
                    second += popcount(((a & c) | (~b & (a | c))) & keep)
                    third += popcount(((a & b) | (~c & (a | b))) & keep)
                    seen += popcount(keep)
                    least = min(min(plain, first), min(second, third))
                    most = max(max(plain, first), max(second, third))
                    if least >= best and seen - most >= best:
                        break
                if min(least, seen - most) >= best:
                    continue
                for pattern in range(4):
                    wrong = (plain, first, second, third)[pattern]
                    for sign in (1, -1):
                        count = wrong if sign > 0 else n_items - wrong
                        if count < best:
                            best = count
                            chosen[0], chosen[1], chosen[2] = i, j, k
                            signs[0], signs[1], signs[2] = sign, sign, sign
                            if pattern > 0:
                                signs[pattern - 1] = -sign
    return best


@compiled
def best_pair(at_least, marks, mask, n_items, bound, chosen, signs):
    """Two literals to add to a gate: the grown majority that is wrong least often, if it beats `bound`.

    at_least  uint64, (3, n_words): items at which at least h-2, h-1, h of the gate's own literals are
              wrong, where h is the majority of the grown gate
    A column may be taken twice, which is the weight 2. Writes chosen and signs; returns its wrong items, or bound.
    Twin: tests/engines/test_fit.py, test_the_best_pair_is_the_best_of_all_pairs.
    """
    best = bound
    n_columns, n_words = marks.shape
    for i in range(n_columns):
        for j in range(i, n_columns):
            for pattern in range(4):
                if i == j and (pattern == 1 or pattern == 2):
                    continue
                wrong = 0
                for word in range(n_words):
                    a = ~marks[i, word] if pattern & 1 else marks[i, word]
                    b = ~marks[j, word] if pattern & 2 else marks[j, word]
                    error = (a & b & at_least[0, word]) | ((a ^ b) & at_least[1, word]) | at_least[2, word]
                    wrong += popcount(error & mask[word])
                    if wrong >= best:
                        break
                if wrong < best:
                    best = wrong
                    chosen[0], chosen[1] = i, j
                    signs[0], signs[1] = 1 - 2 * (pattern & 1), 1 - (pattern & 2)
    return best


@compiled(allocates=True)
def count_at_least(marks, weights, thresholds, out):
    """Items at which at least so many of a gate's literals are wrong.

    weights  of the columns of marks, at most 255 together;  thresholds  int64, (n,)
    out      uint64, (n, n_words). Written: row i are the items at which thresholds[i] or more are wrong. Writes
             nothing else
    Twin: tests/engines/test_fit.py, test_counts_of_wrong_literals_agree_with_plain_sums.
    """
    n_words = marks.shape[1]
    planes = np.zeros(8, dtype=np.uint64)
    for word in range(n_words):
        fill(planes, NONE)
        for column in range(marks.shape[0]):
            value = marks[column, word] if weights[column] > 0 else ~marks[column, word]
            for _ in range(abs(weights[column])):
                carry = value
                for plane in range(8):
                    planes[plane], carry = planes[plane] ^ carry, planes[plane] & carry
        for index in range(thresholds.size):
            threshold = thresholds[index]
            reached = ~(planes[0] & ~planes[0])
            for plane in range(8):
                if (threshold >> plane) & 1:
                    reached = planes[plane] & reached
                else:
                    reached = planes[plane] | reached
            out[index, word] = reached
    return


@compiled(allocates=True)
def fit_small_gate(columns, target, order, mask, n_items, most, weights):
    """The smallest of Copy/Not and Maj3/And/Or that is wrong least often.

    order  int64: columns by falling |float weight|; only the first `most` enter majorities
    Writes weights, in {-1, 0, 1}; returns the wrong items. Reads columns, target and mask.
    """
    marks = np.empty((order.size, mask.size), dtype=np.uint64)
    for index in range(order.size):
        for word in range(mask.size):
            marks[index, word] = columns[order[index], word] ^ target[word]
    wrong, column, sign = best_copy(marks, mask, n_items)
    fill(weights, 0)
    chosen, signs = np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64)
    better = wrong
    if wrong > 0:
        better = best_majority(marks[: min(most, order.size)], mask, n_items, wrong, chosen, signs)
    if better < wrong:
        for index in range(3):
            weights[order[chosen[index]]] = signs[index]
    else:
        weights[order[column]] = sign
    return better


@compiled(allocates=True)
def apply_weights(columns, weights, out):
    """The value of a gate of odd total weight, sgn(Σ w x) over columns and their weights.

    Writes out, uint64, (n_words,). Twin: tests/engines/test_fit.py, majority.
    """
    total = 0
    for column in range(weights.size):
        total += abs(weights[column])
    rows, majority = np.empty((1, out.size), dtype=np.uint64), np.empty(1, dtype=np.int64)
    majority[0] = total // 2 + 1
    count_at_least(columns, weights, majority, rows)
    copy(rows[0], out)


class FitTask(NamedTuple):
    """A network, and what its nodes should compute."""

    n_inputs: int
    fan_in_start: np.ndarray  # int64, (n_nodes + 1,)
    fan_in: np.ndarray  # int32, (n_edges,)
    targets: np.ndarray  # uint64, (n_nodes, n_words): plain inference for hidden nodes, the data for outputs
    mask: np.ndarray  # uint64, (n_words,)
    n_items: int


@compiled(allocates=True)
def complete_network(task, float_weights, most, values, weights):
    """Node by node in order, the small gate that best fits the target over inputs recomputed with gates.

    task           FitTask
    float_weights  real, (n_edges,): their size orders the senders
    values         uint64, (n_nodes, n_words): rows 0 … n_inputs are given. Writes the others
    weights        int64, (n_edges,). Written, too
    Returns the wrong items of each node, int64, (n_nodes,).
    """
    n_inputs, fan_in_start, fan_in, targets, mask, n_items = task
    n_nodes = values.shape[0]
    wrong = np.zeros(n_nodes, dtype=np.int64)
    for node in range(n_inputs + 1, n_nodes):
        first, last = fan_in_start[node], fan_in_start[node + 1]
        columns = np.empty((last - first, mask.size), dtype=np.uint64)
        smallness = np.empty(last - first, dtype=float_weights.dtype)
        for edge in range(first, last):
            copy(values[fan_in[edge]], columns[edge - first])
            smallness[edge - first] = -abs(float_weights[edge])
        order = order_of(smallness)
        wrong[node] = fit_small_gate(columns, targets[node], order, mask, n_items, most, weights[first:last])
        apply_weights(columns, weights[first:last], values[node])
    return wrong
