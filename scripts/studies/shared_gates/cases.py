"""Problems whose networks share gates: rules of automata, adders, multipliers, and plain networks beside them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from btfnet import Network, Problem

UNSEEN = 10_000
CELLS = 16

Table = NDArray[np.int64]


def rows_of(
    table: Table, steps: int, rows: int, seed: int, width: int = CELLS
) -> tuple[Table, Table, list[int]]:
    """Random rows of a ring, the same some steps later, and where a cell's neighbours are.

    table  (2^n,): the next state for each neighbourhood, its first cell the most significant bit
    """
    n = int(table.size).bit_length() - 1
    offsets = [place - n // 2 for place in range(n)]
    later = first = np.random.default_rng(seed).integers(0, 2, (rows, width))
    for _ in range(steps):
        numbers = np.zeros_like(later)
        for offset in offsets:
            numbers = 2 * numbers + np.roll(later, -offset, axis=1)
        later = table[numbers]
    return first, later, offsets


def elementary(rule: int) -> Table:
    return np.array([rule >> value & 1 for value in range(8)])


def rule_problem(rule: int, steps: int, rows: int, seed: int) -> Problem:
    """An elementary rule on a ring of 16 cells, which share six gates; unseen rows to test."""
    first, later, offsets = rows_of(elementary(rule), steps, rows + UNSEEN, seed)
    network = Network.automaton(Network.free(3, 1, hidden=5), CELLS, steps, offsets=offsets)
    return Problem.from_arrays(first, later, network, n_train=rows, name=f"rule-{rule}-{steps}")


def plain_problem(rule: int, steps: int, rows: int, seed: int) -> Problem:
    """The same rows, on a free network that grows."""
    problem = rule_problem(rule, steps, rows, seed)
    return problem.with_network(Network.free(CELLS, CELLS))


def random_rule(neighbours: int, hidden: int, steps: int, rows: int, seed: int) -> Problem:
    """A random table of so many neighbours, on a ring of 32 cells."""
    table = np.random.default_rng([seed, 1]).integers(0, 2, 2**neighbours)
    first, later, offsets = rows_of(table, steps, rows + UNSEEN, seed, 32)
    network = Network.automaton(Network.free(neighbours, 1, hidden=hidden), 32, steps, offsets=offsets)
    return Problem.from_arrays(first, later, network, n_train=rows, name=f"random-{neighbours}-{steps}")


def numbers(bits: int, rows: int, seed: int) -> tuple[Table, Table, Table]:
    """Bits of pairs of numbers, the lowest first, and the numbers."""
    both = np.random.default_rng(seed).integers(0, 2, (rows + UNSEEN, 2 * bits))
    powers = 1 << np.arange(bits)
    return both, both[:, :bits] @ powers, both[:, bits:] @ powers


def adder(bits: int, rows: int, seed: int) -> Problem:
    """Sums of two numbers: a cell takes a bit of each and a carry to a sum and a carry, lowest bit first."""
    inputs, a, b = numbers(bits, rows, seed)
    made = 1 + 2 * bits
    copies = [[1 + i, 1 + bits + i, made + 2 * i - 1 if i else 0] for i in range(bits)]
    outputs = [made + 2 * i for i in range(bits)] + [made + 2 * bits - 1]
    network = Network.unrolled(Network.free(3, 2, hidden=3), 2 * bits, copies, outputs)
    sums = (a + b)[:, None] >> np.arange(bits + 1) & 1
    return Problem.from_arrays(inputs, sums, network, n_train=rows, name=f"adder-{bits}")


def multiplier(bits: int, rows: int, seed: int) -> Problem:
    """Products of two numbers by an array: a cell takes a bit of each, a sum from above, and a carry.

    Row i of the array adds the product with bit i of the second number; cell j of it hears the sum of cell j + 1
    of the row above, the last one that row's carry, and the carry of cell j - 1.
    """
    inputs, a, b = numbers(bits, rows, seed)

    def total(i: int, j: int) -> int:
        return 1 + 2 * bits + 2 * (i * bits + j)

    def above(i: int, j: int) -> int:
        if i == 0:
            return 0
        return total(i - 1, j + 1) if j < bits - 1 else total(i - 1, j) + 1

    copies = [
        [1 + j, 1 + bits + i, above(i, j), total(i, j - 1) + 1 if j else 0]
        for i in range(bits)
        for j in range(bits)
    ]
    last = bits - 1
    outputs = [total(i, 0) for i in range(bits)] + [total(last, j) for j in range(1, bits)]
    outputs.append(total(last, last) + 1)
    network = Network.unrolled(Network.free(4, 2, hidden=5), 2 * bits, copies, outputs)
    products = (a * b)[:, None] >> np.arange(2 * bits) & 1
    return Problem.from_arrays(inputs, products, network, n_train=rows, name=f"multiplier-{bits}")


CIRCUITS: dict[str, Callable[[int, int], Problem]] = {
    "16-bit adder": lambda rows, seed: adder(16, rows, seed),
    "4×4 multiplier": lambda rows, seed: multiplier(4, rows, seed),
    "8×8 multiplier": lambda rows, seed: multiplier(8, rows, seed),
    "12×12 multiplier": lambda rows, seed: multiplier(12, rows, seed),
    "random rule of 5 cells, 2 steps": lambda rows, seed: random_rule(5, 20, 2, rows, seed),
    "random rule of 5 cells, 4 steps": lambda rows, seed: random_rule(5, 20, 4, rows, seed),
    "random rule of 6 cells, 2 steps": lambda rows, seed: random_rule(6, 30, 2, rows, seed),
}
"""By name: (rows, seed) to a problem with unseen rows."""
