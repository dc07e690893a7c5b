"""State codes: which bits a state is, so that the gates of its machine are few."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from numpy.typing import NDArray

from btfnet.machines.prefix_tree import NONE
from btfnet.machines.state_table import StateTable

STEPS = 4000
"""Swaps of two codes that are tried."""
WARM, COLD = 6.0, 0.1
"""Temperatures at both ends, in pairs of neighbours that differ."""


def n_bits(n_states: int) -> int:
    """State bits of so many states: none for one."""
    return (n_states - 1).bit_length()


def counting_codes(table: StateTable) -> list[int]:
    """The states' numbers, as they are reached; the initial state is 0."""
    return list(range(table.n_states))


def smooth_codes(table: StateTable, seed: int) -> list[int]:
    """Codes under which neighbouring rows of the machine's table differ little; the initial state is 0.

    Neighbours are rows of which one bit differs, of the inputs or of the state's code. Simulated annealing swaps
    two codes.
    """
    bits = n_bits(table.n_states)
    if table.n_states <= 2:
        return counting_codes(table)
    rng = np.random.default_rng(seed)
    cost = _Roughness(table)
    codes = np.arange(1 << bits)
    now = least = cost.of(codes)
    best = codes.copy()
    for step in range(STEPS):
        heat = WARM * (COLD / WARM) ** (step / STEPS)
        one, two = int(rng.integers(table.n_states)), int(rng.integers(1 << bits))
        codes[[one, two]] = codes[[two, one]]
        new = cost.of(codes)
        if new <= now or rng.random() < math.exp((now - new) / heat):
            now = new
        else:
            codes[[one, two]] = codes[[two, one]]
        if now < least:
            least, best = now, codes.copy()
    return [int(code) for code in (best ^ best[table.initial])[: table.n_states]]


class _Roughness:
    """How many bits of neighbouring rows differ."""

    def __init__(self, table: StateTable) -> None:
        n, size = table.n_states, len(table.alphabet)
        self._next = np.array(table.next_state).reshape(n, size)
        outputs = [[table.output(q, a) for a in range(size)] for q in range(n)]
        every = product(range(n), range(n), range(size))
        apart = [_differ(outputs[q][a], outputs[r][a]) for q, r, a in every]
        self._outputs = np.array(apart).reshape(n, n, size).sum(axis=2)
        pairs = [(a, b) for a in range(size) for b in range(a) if _neighbours(table, a, b)]
        self._symbols = np.array(pairs, dtype=np.int64).reshape(-1, 2)

    def of(self, codes: NDArray[np.int64]) -> int:
        """The count, where state q has the code codes[q]; codes behind the states are not used."""
        n = len(self._next)
        after = np.where(self._next == NONE, -1, codes[self._next])
        total = _bits_apart(after[:, self._symbols[:, 0]], after[:, self._symbols[:, 1]])
        near = np.bitwise_count(codes[:n, None] ^ codes[None, :n]) == 1
        first, second = np.nonzero(np.triu(near))
        return total + _bits_apart(after[first], after[second]) + int(self._outputs[first, second].sum())


def _bits_apart(one: NDArray[np.int64], two: NDArray[np.int64]) -> int:
    known = (one >= 0) & (two >= 0)
    return int(np.bitwise_count((one ^ two)[known]).sum())


def _differ(one: tuple[int, int], two: tuple[int, int]) -> int:
    return ((one[0] ^ two[0]) & one[1] & two[1]).bit_count()


def _neighbours(table: StateTable, a: int, b: int) -> bool:
    return (table.alphabet[a] ^ table.alphabet[b]).bit_count() == 1
