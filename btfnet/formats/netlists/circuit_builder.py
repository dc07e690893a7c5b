"""Gates for what other programs call by other names: Xor, Mux, and truth tables (LUTs)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from btfnet.logic.circuit import Gate


class CircuitBuilder:
    """A circuit in the making, behind n_inputs inputs; literals are signed nodes, as in `Circuit`."""

    def __init__(self, n_inputs: int) -> None:
        self.n_inputs = n_inputs
        self.gates: list[Gate] = []
        self._true = 0

    def add(self, at_least: int, *literals: int) -> int:
        """At least so many of the literals; a gate of one literal is that literal."""
        if len(literals) == 1 == at_least:
            return literals[0]
        self.gates.append(Gate(at_least, literals))
        return self.n_inputs + len(self.gates)

    def constant(self, value: bool) -> int:
        self._true = self._true or self.add(0)
        return self._true if value else -self._true

    def xor(self, a: int, b: int) -> int:
        return self.add(1, self.add(2, a, -b), self.add(2, -a, b))

    def mux(self, select: int, then: int, otherwise: int) -> int:
        return self.add(1, self.add(2, select, then), self.add(2, -select, otherwise))

    def table(self, table: int, literals: list[int]) -> int:
        """A truth table of distinct or equal literals: literal i is true where bit i of the row's number is 1.

        table   2^len(literals) bits, row 0 the lowest

        Tables that count ("at least k of m", each literal as it is or negated) become one gate; others are
        taken apart by their last literal, equal parts once.
        """
        return self._table(table, tuple(literals), {})

    def _table(self, table: int, literals: tuple[int, ...], known: dict[tuple[int, int], int]) -> int:
        full = (1 << (1 << len(literals))) - 1
        if table in (0, full):
            return self.constant(table == full)
        if table & 1:  # of a table and its complement, the one that is false on row 0
            return -self._table(full ^ table, literals, known)
        if (table, len(literals)) not in known:
            gate = _counts(table, literals)
            known[table, len(literals)] = (
                self.add(gate.at_least, *gate.literals) if gate else self._apart(table, literals, known)
            )
        return known[table, len(literals)]

    def _apart(self, table: int, literals: tuple[int, ...], known: dict[tuple[int, int], int]) -> int:
        *rest, last = literals
        half = 1 << len(rest)
        full = (1 << half) - 1
        low, high = table & full, table >> half

        def part(bits: int) -> int:
            return self._table(bits, tuple(rest), known)

        if low == high:
            return part(low)
        if low == high ^ full:
            return self.xor(last, part(low))
        if low in (0, full):
            return self.add(2, last, part(high)) if low == 0 else self.add(1, -last, part(high))
        if high in (0, full):
            return self.add(2, -last, part(low)) if high == 0 else self.add(1, last, part(low))
        return self.mux(last, part(high), part(low))


def _counts(table: int, literals: tuple[int, ...]) -> Gate | None:
    """The gate "at least k of m" if the table is that of one, m of the literals being as they are or negated."""
    used = []
    for index in reversed(range(len(literals))):
        low, high = _cofactors(table, index, len(literals))
        if low & ~high and high & ~low:
            return None
        if low == high:
            table = _without(table, index, len(literals))
            literals = literals[:index] + literals[index + 1 :]
            continue
        if low & ~high:
            table = low << (1 << index) | high
        used.append(-literals[index] if low & ~high else literals[index])
    levels = [_level(len(used), count) for count in range(len(used) + 1)]
    at_least = next(count for count, level in enumerate(levels) if table & level)
    return Gate(at_least, tuple(reversed(used))) if table == sum(levels[at_least:]) else None


def _cofactors(table: int, index: int, n_inputs: int) -> tuple[int, int]:
    """The rows where input `index` is false, and where it is true, both in the places of the former."""
    mask = _false_rows(index, n_inputs)
    return table & mask, table >> (1 << index) & mask


def _without(table: int, index: int, n_inputs: int) -> int:
    """The table of the other inputs, of one that does not depend on this one."""
    block, packed = 1 << index, 0
    for place in range(1 << (n_inputs - 1 - index)):
        packed |= (table >> (2 * place * block) & ((1 << block) - 1)) << (place * block)
    return packed


@cache
def _false_rows(index: int, n_inputs: int) -> int:
    """The rows where input `index` is false."""
    mask, width = (1 << (1 << index)) - 1, 2 << index
    while width < 1 << n_inputs:
        mask |= mask << width
        width *= 2
    return mask


@cache
def _level(n_inputs: int, count: int) -> int:
    """The rows where exactly so many inputs are true."""
    if not 0 <= count <= n_inputs:
        return 0
    if n_inputs == 0:
        return 1
    return _level(n_inputs - 1, count) | _level(n_inputs - 1, count - 1) << (1 << (n_inputs - 1))


def counting(terms: Sequence[tuple[int, ...]]) -> Gate | None:
    """The gate "at least k of m" if the terms of an Or of Ands are all k-subsets of m literals; else None."""
    size = len(terms[0])
    literals = tuple(dict.fromkeys(literal for term in terms for literal in term))
    regular = all(len(term) == size == len(set(term)) for term in terms)
    distinct = len(set(map(frozenset, terms))) == len(terms)
    complete = regular and distinct and binomial(len(literals), size, len(terms) + 1) == len(terms)
    return Gate(size, literals) if complete else None


def binomial(n: int, k: int, limit: int) -> int:
    """n over k, or `limit` if that is less: in a wide cover it may have more digits than the file."""
    value = 1
    for step in range(min(k, n - k)):
        value = value * (n - step) // (step + 1)
        if value >= limit:
            return limit
    return value
