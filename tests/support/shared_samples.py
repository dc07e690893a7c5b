"""Problems whose networks share gates."""

from __future__ import annotations

import numpy as np

from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.tasks.automata import step


def rule_problem(rule=30, steps=2, rows=8, *, width=9, seed=0, hidden=5, unseen=0, periodic=True):
    """Rows of an elementary automaton, and the same some steps later."""
    table = np.array([rule >> value & 1 for value in range(8)])
    later = rows_of_bits = np.random.default_rng(seed).integers(0, 2, (rows + unseen, width))
    for _ in range(steps):
        later = step(later, table, 1, periodic=periodic)
    network = Network.automaton(Network.free(3, 1, hidden), width, steps, periodic=periodic)
    return Problem.from_arrays(rows_of_bits, later, network, n_train=rows, name=f"rule-{rule}")


def adder_problem(bits=4, rows=20, *, seed=0, hidden=3):
    """Sums of two numbers, lowest bit first; a cell takes two bits and a carry to a sum and a carry."""
    numbers = np.random.default_rng(seed).integers(0, 2, (rows, 2 * bits))
    powers = 1 << np.arange(bits)
    sums = numbers[:, :bits] @ powers + numbers[:, bits:] @ powers
    carries = [0, *(2 + 2 * bits + 2 * place for place in range(bits))]
    copies = [[1 + place, 1 + bits + place, carries[place]] for place in range(bits)]
    outputs = [1 + 2 * bits + 2 * place for place in range(bits)] + [carries[-1]]
    network = Network.unrolled(Network.free(3, 2, hidden), 2 * bits, copies, outputs)
    return Problem.from_arrays(numbers, sums[:, None] >> np.arange(bits + 1) & 1, network, name="adder")


def two_cells_problem(rows=70, *, seed=0):
    """Two cells of different sizes; some output bits do not count."""
    rng = np.random.default_rng(seed)
    small, large = Network.free(2, 1, 1), Network.free(3, 2, 2)
    copies = [[1, 2], [3, 4], [5, 6, 1], [7, 5, 0], [8, 9]]
    network = Network.unrolled([small, large], 4, copies, kinds=[0, 0, 1, 1, 0])
    inputs, outputs = rng.integers(0, 2, (rows, 4)), rng.integers(0, 2, (rows, network.n_outputs))
    inputs = np.unique(inputs, axis=0)
    care = rng.random((len(inputs), network.n_outputs)) < 0.8
    return Problem.from_arrays(inputs, outputs[: len(inputs)], network, care=care, name="two cells")
