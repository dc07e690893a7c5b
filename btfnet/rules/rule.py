"""Rules of cells, and cells run by them without any kernel: what the search found is judged here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from btfnet.rules.lattice import OUTSIDE, Lattice, Neighbourhood
from btfnet.rules.observations import bits_of


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
        return bits_of(self.n_states)

    @property
    def number(self) -> int:
        """Of the rule, as Wolfram counts: digit k, of as many bits as a state has, is the state after pattern
        k."""
        return sum(int(value) << self.bits * pattern for pattern, value in enumerate(self.values))

    @property
    def exists(self) -> NDArray[np.bool_]:
        """As values: patterns of states that there are, as with three states not all of their two bits are."""
        patterns, there = np.arange(len(self.values)), np.ones(len(self.values), dtype=bool)
        for cell in range(self.neighbourhood.size):
            there &= (patterns >> cell * self.bits & (1 << self.bits) - 1) < self.n_states
        return there

    @property
    def open(self) -> NDArray[np.int64]:
        """Numbers of the patterns whose states are arbitrary, as no cell showed them."""
        return np.flatnonzero(self.unseen & self.exists)

    @property
    def n_open(self) -> int:
        """Entries' bits that are arbitrary."""
        return len(self.open) * self.bits

    @property
    def n_bits(self) -> int:
        """Bits of all entries."""
        return int(self.exists.sum()) * self.bits

    @property
    def information(self) -> float:
        """Bits that tell this rule from all others of its kind."""
        return float(self.n_bits - self.n_open)

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
    return _seen(states, _reads(lattice, neighbourhood))


def _reads(lattice: Lattice, neighbourhood: Neighbourhood) -> NDArray[np.int64]:
    """The cells that cells read, (size, n_cells)."""
    return np.stack([lattice.reads(offset) for offset in neighbourhood.offsets])


def _seen(states: NDArray[np.int64], reads: NDArray[np.int64]) -> NDArray[np.int64]:
    seen = states[:, reads]
    seen[:, reads == OUTSIDE] = 0
    return seen.transpose(1, 0, 2).reshape(len(reads), -1)


def run(rule: Rule, first: NDArray[np.int64], steps: int, lattice: Lattice) -> NDArray[np.int64]:
    """All states of some runs, (n_runs, steps + 1, n_cells), from those at step 0, (n_runs, n_cells)."""
    first = np.asarray(first, dtype=np.int64)
    states = np.empty((len(first), steps + 1, lattice.n_cells), dtype=np.int64)
    states[:, 0], reads = first, _reads(lattice, rule.neighbourhood)
    for step in range(steps):
        states[:, step + 1] = rule.next_states(_seen(states[:, step], reads)).reshape(first.shape)
    return states


def without_unseen(rule: TableRule, first: NDArray[np.int64], steps: int, lattice: Lattice) -> TableRule:
    """The table whose entries are open, and 0, where no cell asks for them in so many steps; first  (n_runs,
    n_cells)."""
    unseen, states = np.ones(rule.values.shape, dtype=bool), np.asarray(first, dtype=np.int64)
    reads = _reads(lattice, rule.neighbourhood)
    for _ in range(steps):
        patterns = rule.patterns(_seen(states, reads))
        unseen[patterns] = False
        states = rule.values[patterns].reshape(states.shape)
    return TableRule(rule.neighbourhood, np.where(unseen, 0, rule.values), unseen, rule.n_states)
