"""Groups that are equal and rows that read a table, as `constraint_cases` has the others."""

from __future__ import annotations

import numpy as np

from btfnet.projections.ties import Equal, Table
from support import naive
from support.constraint_case import TOLERANCE, Case, agreeing

EQUAL = [[0, 3, 6], [5, 1, 8]]
EQUAL_WEIGHTS = np.array([1.0, 2.5, 0.5])
COPIES = np.arange(1, 13).reshape(4, 3).T
"""Four copies of a table of three entries, one after the other."""


def equal_case(groups, weights, size):
    metric = np.ones(size)
    metric[np.asarray(groups)] = weights
    return Case(
        Equal(groups, weights),
        size,
        lambda v: naive.project_agreement(v, groups, [weights] * len(groups)),
        agreeing(groups),
        lambda v: all(np.ptp(v[group]) <= TOLERANCE for group in groups),
        metric,
    )


def table_case(order, *, n, known, weights, low=-1.0, high=1.0):
    """Rows of n inputs, an output, and a table of 2^n entries, in this order; two entries belong to none."""
    n_rows, wide = len(known), n + 1 + 2**n
    rows = np.asarray(order)[: n_rows * wide].reshape(n_rows, wide)
    inputs, outputs, tables = rows[:, :n], rows[:, n], rows[:, n + 1 :]
    size = n_rows * wide + 2
    metric = np.ones(size)
    metric[inputs], metric[outputs], metric[tables] = weights

    def member(rng, near):
        near = np.array(near)
        for row in range(n_rows):
            bits = rng.integers(2, size=n)
            answer = rng.choice([low, high]) if np.isnan(known[row]) else known[row]
            near[inputs[row]] = np.where(bits == 1, high, low)
            near[[outputs[row], tables[row, int("".join(map(str, bits)), 2)]]] = answer
        return near

    def holds(v):
        for row in range(n_rows):
            read = "".join("1" if value == high else "0" for value in v[inputs[row]])
            answers = {v[outputs[row]], v[tables[row, int(read, 2)]]}
            if set(v[inputs[row]]) - {low, high} or len(answers) > 1 or answers - {low, high}:
                return False
        return all(np.isnan(known) | (v[outputs] == known))

    return Case(
        Table(inputs, outputs, tables, known=known, weights=weights, low=low, high=high),
        size,
        lambda v: naive.project_table(v, inputs, outputs, tables, known, weights, low, high),
        member,
        holds,
        metric,
    )


TIES = [
    equal_case(EQUAL, EQUAL_WEIGHTS, 9),
    equal_case(COPIES, np.array([1.0, 0.2, 3.0, 1.0]), 14),
    table_case(np.arange(100), n=2, known=np.full(3, np.nan), weights=(1.0, 1.0, 1.0)),
    table_case(
        np.random.default_rng(0).permutation(38),
        n=3,
        known=np.array([np.nan, 0.0, 2.0]),
        weights=(1.0, 0.16, 0.49),
        low=0.0,
        high=2.0,
    ),
    table_case(np.arange(100), n=1, known=np.array([-1.0, 1.0]), weights=(2.0, 0.5, 0.7)),
]
