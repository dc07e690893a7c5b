"""What gates of a support can do for data without structure, by counting: when to allow larger gates.

C bits, the logarithm of the number of different circuits that a network holds with gates of support σ, cannot
reproduce D bits of random outputs where C < D, however long one searches. Searches need more: they reach what
C / YIELD bits could. Of D bits they then leave so many wrong, ε of N, that what remains to be said fits:

    N H(ε) = D - C / YIELD,   H(ε) = -ε log ε - (1 - ε) log (1 - ε)     (rate and distortion; in bits).

Data with structure, such as a multiplier's products, soon leave fewer wrong: they need no larger gates. Where
trials leave as many, or more, nothing speaks for a structure, and larger gates are what is missing.
Source of the bound: C. E. Shannon, Coding theorems for a discrete source with a fidelity criterion (1959).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import comb, log2

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.tuning.rounds import EndedTrial
from btfnet.problem.problem import Problem

YIELD = 1.6
"""Bits of circuits for a bit of random data, so that descent finds one; from a few trials (docs/tuning.md)."""
EASE = 2.1
"""The same where it finds one within seconds."""
LEAST_NODES, MOST_NODES = 8, 120
"""Hidden nodes of a free network whose size is not searched for."""
LADDER = (3.0, 5.0, 7.0, 11.0, 19.0, 31.0)
"""Supports that data without structure may get; gate descent's gates have 31 literals at most."""


@lru_cache(maxsize=1024)
def gate_bits(sigma: int, width: int) -> float:
    """log2 of the gates with so many senders: odd sums of |w|, squares up to σ, weights up to 3 counted."""
    total = 0
    for threes in range(sigma // 9 + 1):
        for twos in range((sigma - 9 * threes) // 4 + 1):
            for ones in range(sigma - 9 * threes - 4 * twos + 1):
                literals = ones + twos + threes
                if (ones + threes) % 2 and literals <= width:
                    ways = comb(width, literals) * comb(literals, twos) * comb(literals - twos, threes)
                    total += ways << literals
    return log2(total) if total else 0.0


def capacity_bits(problem: Problem, sigma: float) -> float:
    """C: log2 of the circuits that differ, hidden nodes permuted or negated counting once.

    A node has no more gates than its senders' values can be split by a plane: Cover's 2 Σ C(n - 1, k), k < width.
    """
    network, factorials = problem.network, _log_factorials(max(problem.n_train, problem.network.n_nodes))
    n_items, total = max(1, problem.n_train), 0.0
    for run in network.groups:
        width = network.senders(run[0]).size
        chosen = np.arange(min(width, n_items))
        splits = factorials[n_items - 1] - factorials[chosen] - factorials[n_items - 1 - chosen]
        bits = len(run) * min(gate_bits(int(sigma), width), 1 + float(np.logaddexp2.reduce(splits)))
        alike = factorials[len(run)] + len(run) if run[0] < network.output_nodes.start else 0.0
        total += max(0.0, bits - float(alike))
    return total


def sized(problem: Problem) -> Problem:
    """The problem; where its network grows, with a free one of about as many nodes as its items have bits for."""
    network = problem.network
    if not network.grows:
        return problem
    hidden = data_bits(problem)[0] / gate_bits(3, network.senders(network.n_nodes - 1).size)
    return problem.with_network(network.grown(min(max(LEAST_NODES, int(hidden)), MOST_NODES)))


def data_bits(problem: Problem) -> tuple[float, int]:
    """D and N: log2 of the outputs with as many ones in every column, and the output bits that count.

    Unknown inputs may be given to the items in any order.
    """
    n_items = problem.n_train
    factorials = _log_factorials(n_items)
    care = np.ones((n_items, problem.network.n_outputs), dtype=bool)
    if problem.train_care is not None:
        care = problem.train_care
    count = care.sum(axis=0)
    ones = ((problem.outputs[:n_items] > 0) & care).sum(axis=0)
    bits = float((factorials[count] - factorials[ones] - factorials[count - ones]).sum())
    free = 0.0 if problem.input_kind.known else float(factorials[n_items])
    return max(0.0, bits - free), int(count.sum())


def expected_error_random(problem: Problem, sigma: float) -> float:
    """Output bits that trials leave wrong at this σ when the data are random; 0: they find an exact circuit."""
    bits, n_bits = data_bits(problem)
    rest = (bits - capacity_bits(problem, sigma) / YIELD) / max(1, n_bits)
    if rest <= 0:
        return 0.0
    low, high = 0.0, 0.5
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if _entropy(middle) > rest else (middle, high)
    return low * n_bits


def larger_for_random(problem: Problem, sigma: float, trials: Sequence[EndedTrial]) -> tuple[float, ...]:
    """Larger supports, ascending, where trials at this one did no better than on random data; none else.

    The least that can do, by the count, and the least that does with ease; the largest where none does.
    """
    wrong = [trial.wrong_bits for trial in trials if trial.wrong_bits is not None]
    expected = expected_error_random(problem, sigma)
    larger = [one for one in LADDER if one > sigma]
    if not wrong or expected == 0 or min(wrong) < expected or not larger:
        return ()
    bits, _ = data_bits(problem)
    able = [
        next((one for one in larger if capacity_bits(problem, one) >= factor * bits), larger[-1])
        for factor in (YIELD, EASE)
    ]
    return tuple(sorted(set(able)))


def larger_than_counted(problem: Problem, sigma: float, trials: Sequence[EndedTrial]) -> tuple[float, ...]:
    """A larger support for data known to be random, where this one was to do with ease and did not; none else.

    The least by the yield that the trials had in fact, the largest where none does.
    """
    wrong = [trial.wrong_bits for trial in trials if trial.wrong_bits is not None]
    larger = [one for one in LADDER if one > sigma]
    if not wrong or not larger or min(wrong) == 0:
        return ()
    bits, _ = data_bits(problem)
    room = capacity_bits(problem, sigma)
    had = room / max(1.0, described_bits(problem, min(wrong)))
    if had <= EASE:
        return ()
    return (next((one for one in larger if capacity_bits(problem, one) >= had * bits), larger[-1]),)


def described_bits(problem: Problem, wrong: int) -> float:
    """Of D bits those that a circuit with so many wrong output bits has: D - N H(wrong / N), at least 0."""
    bits, n_bits = data_bits(problem)
    return max(0.0, bits - n_bits * _entropy(min(0.5, wrong / max(1, n_bits))))


def _entropy(chance: float) -> float:
    return 0.0 if chance in (0, 1) else -chance * log2(chance) - (1 - chance) * log2(1 - chance)


def _log_factorials(most: int) -> NDArray[np.float64]:
    """log2 of 0!, 1!, … most!."""
    return np.concatenate([[0.0], np.cumsum(np.log2(np.arange(1, most + 1)))])
