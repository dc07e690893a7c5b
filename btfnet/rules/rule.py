"""Rules of cells, and cells run by them without any kernel: what the search found is judged here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from btfnet.rules.lattice import OUTSIDE, Lattice, Neighbourhood


class Rule(Protocol):
    """What becomes of a cell that sees some states."""

    @property
    def neighbourhood(self) -> Neighbourhood: ...

    @property
    def n_states(self) -> int: ...

    def next_states(self, seen: NDArray[np.int64]) -> NDArray[np.int64]:
        """States from those that cells see, (neighbourhood.size, n_cells)."""


@dataclass(frozen=True, eq=False)
class TableRule:
    """A state for every pattern.

    values  int64, (2^(bits · size),): bit patterns are read with the first cell as the most significant
    unseen  bool, as values: patterns that no cell showed, whose values are arbitrary; those of codes that are no
            states, such as 3 of three states, among them
    """

    neighbourhood: Neighbourhood
    values: NDArray[np.int64] = field(repr=False)
    unseen: NDArray[np.bool_] = field(repr=False)
    n_states: int = 2

    @property
    def bits(self) -> int:
        """Of a state."""
        return max(1, (self.n_states - 1).bit_length())

    @property
    def number(self) -> int:
        """Of the rule, as Wolfram counts: digit k, of as many bits as a state has, is the state after pattern
        k."""
        return sum(int(value) << self.bits * pattern for pattern, value in enumerate(self.values))

    @property
    def open(self) -> NDArray[np.int64]:
        """Numbers of the patterns of states that no cell showed, ascending."""
        patterns = np.flatnonzero(self.unseen)
        shifts = self.bits * np.arange(self.neighbourhood.size)[:, None]
        return patterns[((patterns >> shifts & (1 << self.bits) - 1) < self.n_states).all(axis=0)]

    @property
    def n_open(self) -> int:
        """Their bits, which are arbitrary."""
        return len(self.open) * self.bits

    def key(self) -> bytes:
        """Equal for rules that do the same wherever cells asked."""
        return np.where(self.unseen, 0, self.values).tobytes() + self.unseen.tobytes()

    def next_states(self, seen: NDArray[np.int64]) -> NDArray[np.int64]:
        return self.values[self.patterns(seen)]

    def patterns(self, seen: NDArray[np.int64]) -> NDArray[np.int64]:
        """What cells see, as numbers of patterns."""
        return patterns_of(seen, self.bits)


def patterns_of(seen: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
    """Numbers of the patterns that cells see, (size, n_cells), of states of so many bits; (n_cells,)."""
    number = np.zeros(seen.shape[1:], dtype=np.int64)
    for states in seen:
        number = number << bits | states
    return number


def seen_by_cells(
    states: NDArray[np.int64], lattice: Lattice, neighbourhood: Neighbourhood
) -> NDArray[np.int64]:
    """What all cells see; (n_runs, n_cells) in, (size, n_runs · n_cells) out."""
    rows = []
    for offset in neighbourhood.offsets:
        read = lattice.reads(offset)
        rows.append(np.where(read == OUTSIDE, 0, states[:, read]).ravel())
    return np.array(rows, dtype=np.int64)


def run(rule: Rule, first: NDArray[np.int64], steps: int, lattice: Lattice) -> NDArray[np.int64]:
    """All states of some runs, (n_runs, steps + 1, n_cells), from those at step 0, (n_runs, n_cells)."""
    states = [np.asarray(first, dtype=np.int64)]
    for _ in range(steps):
        seen = seen_by_cells(states[-1], lattice, rule.neighbourhood)
        states.append(rule.next_states(seen).reshape(states[-1].shape))
    return np.stack(states, axis=1)
