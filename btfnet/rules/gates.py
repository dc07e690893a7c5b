"""A small circuit as the rule of a cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import log2

import numpy as np
from numpy.typing import NDArray

from btfnet.logic.circuit import Circuit
from btfnet.rules.lattice import Neighbourhood
from btfnet.rules.observations import bits_of
from btfnet.rules.rule import TableRule, patterns_of


@dataclass(frozen=True, eq=False)
class GateRule:
    """Gates that all cells share.

    circuit  its inputs are the neighbours' bits, the most significant first, its outputs the bits of the next
             state
    """

    neighbourhood: Neighbourhood
    circuit: Circuit = field(repr=False)
    n_states: int = 2

    @property
    def bits(self) -> int:
        """Of a state."""
        return bits_of(self.n_states)

    @property
    def information(self) -> float:
        """Bits that tell this rule from all others of as many gates: a literal is one of twice all nodes."""
        nodes = 1 + self.circuit.n_inputs + len(self.circuit.gates)
        return sum(len(gate.literals) for gate in self.circuit.gates) * log2(2 * nodes)

    def key(self) -> bytes:
        """Equal for equal functions."""
        return self.as_table().key()

    def as_table(self) -> TableRule:
        """All patterns, none of them open."""
        size = self.neighbourhood.size * self.bits
        patterns = np.arange(1 << size)
        rows = (patterns[:, None] >> np.arange(size)[::-1] & 1) * 2 - 1
        outputs = np.asarray(self.circuit.predict(rows)) > 0
        values = outputs.astype(np.int64) @ (1 << np.arange(outputs.shape[1])[::-1])
        return TableRule(self.neighbourhood, values, np.zeros(values.shape, dtype=bool), self.n_states)

    def next_states(self, seen: NDArray[np.int64]) -> NDArray[np.int64]:
        return self._table.values[patterns_of(seen, self.bits)]

    @cached_property
    def _table(self) -> TableRule:
        return self.as_table()
