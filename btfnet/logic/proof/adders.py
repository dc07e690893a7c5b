"""Adders: bits of sums are equal when the sums are, in whatever order they were added.

Solvers cannot see that a + (b + c) is (a + b) + c: no bit in between is the same. Algebra can. Every full adder
says 2 carry + sum = x + y + z, a half adder the same with z = 0. Summed over the adders of a column, what one
adder hands to the next drops out; one sum is left over, r, and the carries go to the next column:

    2 Σ carries + r = Σ terms

and so, column by column down from u, which is the exclusive or of the terms of column i,

    2^i u + Σ_{j<i} 2^j r_j ≡ Σ_{j≤i} 2^j Σ (terms of column j that are no carries)   mod 2^(i+1).

As every r_j is 0 or 1, u is bit i of the number on the right: equal numbers have equal bits.

Source: the idea is that of C. Yu, M. Ciesielski, A. Mishchenko, "Fast algebraic rewriting based on and-inverter
graphs", IEEE Trans. CAD 37 (2018).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import product

from btfnet.logic.aig.aig import FALSE, TRUE, Aig, Builder
from btfnet.logic.proof.deadline import Deadline

MOST_CUTS = 12
"""Of a node; the smallest are kept."""

Cuts = dict[tuple[int, ...], int]
"""Tables by variables, ascending: bit t is the value where variable j of the cut is bit j of t."""

PARITY = ((), (), (0b0110, 0b1001), (0b1001_0110, 0b0110_1001))
"""Tables of the exclusive or of so many variables, and of its negation."""


def _majority(flips: tuple[int, ...]) -> int:
    rows = ([row >> place & 1 ^ flip for place, flip in enumerate(flips)] for row in range(8))
    return sum(1 << row for row, bits in enumerate(rows) if sum(bits) >= 2)


MAJORITY = {_majority(flips): flips for flips in product((0, 1), repeat=3)}
"""Which variables are negated, by table."""


def cuts_of(graph: Aig, deadline: Deadline) -> Iterator[tuple[int, Cuts]]:
    """The cuts of every And. Raises `OutOfTime`."""
    cuts: list[Cuts] = [{(variable,): 0b10} for variable in range(graph.n_inputs + 1)]
    for first, second in graph.ands.tolist():
        deadline.check()
        joined: Cuts = {}
        for left, left_table in cuts[first >> 1].items():
            for right, right_table in cuts[second >> 1].items():
                leaves = tuple(sorted({*left, *right}))
                if len(leaves) <= 3 and leaves not in joined:
                    table = _stretched(left_table, left, leaves, first & 1)
                    joined[leaves] = table & _stretched(right_table, right, leaves, second & 1)
        variable = len(cuts)
        yield variable, joined
        smallest = sorted(joined, key=len)[:MOST_CUTS]
        cuts.append({(variable,): 0b10, **{leaves: joined[leaves] for leaves in smallest}})


def _stretched(table: int, leaves: tuple[int, ...], wider: tuple[int, ...], flip: int) -> int:
    """The table over more variables, negated if need be."""
    size = 1 << len(wider)
    if leaves != wider:
        places = [wider.index(leaf) for leaf in leaves]
        rows = (sum((row >> place & 1) << index for index, place in enumerate(places)) for row in range(size))
        table = sum((table >> old & 1) << row for row, old in enumerate(rows))
    return table ^ ((1 << size) - 1 if flip else 0)


MOST_ANDS = 20_000
"""Larger graphs are left as they are: finding adders would take long."""

Key = tuple[int, tuple[tuple[int, int], ...]]
"""Which bit of which number: weights of variables modulo 2^(bit + 1), variable 0 standing for 1."""


class Adders:
    """The exclusive ors and carries of a graph. Adders are (x, y, z, sum), literals; sum None where unused."""

    def __init__(self, graph: Aig, deadline: Deadline) -> None:
        self.parity: dict[int, tuple[int, ...]] = {}
        self.carry: dict[int, tuple[int, int, int, int | None]] = {}
        sums: dict[tuple[int, ...], int] = {}
        majorities: list[tuple[int, tuple[int, ...]]] = []
        for variable, cuts in cuts_of(graph, deadline):
            for leaves, table in cuts.items():
                if table in PARITY[len(leaves)]:
                    flip = PARITY[len(leaves)].index(table)
                    sums.setdefault(leaves, 2 * variable + flip)
                    terms = (*(2 * leaf for leaf in leaves), flip)
                    if len(terms) >= len(self.parity.get(variable, ())):
                        self.parity[variable] = terms
                elif table in MAJORITY and len(leaves) == 3:
                    flips = MAJORITY[table]
                    literals = (2 * leaf + flip for leaf, flip in zip(leaves, flips, strict=True))
                    majorities.append((variable, tuple(literals)))
        for variable, (x, y, z) in majorities:
            total = sums.get((x >> 1, y >> 1, z >> 1))
            if total is not None or variable not in self.carry:
                self.carry[variable] = (x, y, z, None if total is None else total ^ (x ^ y ^ z) & 1)
        for index, (x, y) in enumerate(graph.ands.tolist()):
            variable, pair = graph.n_inputs + 1 + index, (min(x, y) >> 1, max(x, y) >> 1)
            if pair in sums and variable not in self.carry:
                self.carry[variable] = (x, y, FALSE, sums[pair] ^ (x ^ y) & 1)

    def key(self, variable: int) -> tuple[Key, int] | None:
        """Which bit of which number a variable is, or its negation (1); None where that is not known.

        The carries of a column may all be negated, and so may the variable: of the numbers that this gives,
        the least is taken, so that all who are equal choose the same.
        """
        odd = self._odd_terms(variable)
        carried = [term for term in odd if term >> 1 in self.carry]
        others = [term for term in odd if term >> 1 not in self.carry]
        flips = self._aligned(carried)
        candidates: list[tuple[int, list[tuple[int, int]], int]] = []
        for flip in (0, 1) if carried else (0,):
            column = [term ^ own ^ flip for term, own in zip(carried, flips, strict=True)]
            column += others + [TRUE] * sum(term & 1 for term in column)
            number = self._number(column)
            if number is not None:
                bit, form = number
                candidates.append((bit, _pairs(form, bit), 0))
                opposite = {each: -weight for each, weight in form.items()}
                opposite[0] = -1 - form.get(0, 0)  # bit i of 2^(i+1) - 1 - N is the opposite of bit i of N
                candidates.append((bit, _pairs(opposite, bit), 1))
        if not candidates:
            return None
        bit, pairs, negated = min(candidates)
        return (bit, tuple(pairs)), negated

    def _number(self, column: list[int]) -> tuple[int, dict[int, int]] | None:
        """The number of which the exclusive or of a column is a bit, and which bit."""
        columns = []
        while True:
            leaves = [term for term in column if term >> 1 not in self.carry]
            columns.append(leaves)
            if len(leaves) == len(column):
                break
            below = self._below([term for term in column if term >> 1 in self.carry])
            if below is None:
                return None
            column = below
        bit = len(columns) - 1
        form: dict[int, int] = {}
        for depth, leaves in enumerate(columns):
            weight = 1 << bit - depth
            for leaf in leaves:
                if leaf > TRUE:
                    form[leaf >> 1] = form.get(leaf >> 1, 0) + (-weight if leaf & 1 else weight)
                if leaf & 1:
                    form[0] = form.get(0, 0) + weight
        return bit, form

    def _aligned(self, carried: list[int]) -> list[int]:
        """Which carries to negate, so that a sum stands in the next adder as it leaves the one before."""
        adders = [self.carry[carry >> 1] for carry in carried]
        home = {total >> 1: index for index, (*_, total) in enumerate(adders) if total is not None}
        links: list[list[tuple[int, int]]] = [[] for _ in adders]
        for index, (*inputs, _) in enumerate(adders):
            for literal in inputs:
                other = home.get(literal >> 1) if literal else None
                if other is not None:
                    flip = (literal ^ (adders[other][3] or 0)) & 1
                    links[index].append((other, flip))
                    links[other].append((index, flip))
        flips: dict[int, int] = {}
        waiting = [(0, 0)] if adders else []
        while waiting:
            index, flip = waiting.pop()
            if index not in flips:
                flips[index] = flip
                waiting += [(other, flip ^ turn) for other, turn in links[index]]
        return [flips.get(index, 0) for index in range(len(adders))]

    def _odd_terms(self, variable: int) -> list[int]:
        """Literals whose exclusive or it is."""
        odd, waiting, flip = {variable: True}, [-variable], 0
        while waiting:  # the latest first, so that each is opened once
            variable = -heappop(waiting)
            if odd[variable] and variable in self.parity:
                *terms, own = self.parity[variable]
                flip ^= own
                odd[variable] = False
                for term in terms:
                    if term >> 1 not in odd:
                        heappush(waiting, -(term >> 1))
                    odd[term >> 1] = not odd.get(term >> 1, False)
        return [*(2 * each for each, is_odd in odd.items() if is_odd), *[TRUE] * flip]

    def _below(self, carried: list[int]) -> list[int] | None:
        """The terms of the column that has these carries; None unless one sum is left over."""
        terms: Counter[int] = Counter()
        sums: list[int] = []
        left = 0
        for carry in carried:
            *inputs, total = self.carry[carry >> 1]
            flip = carry & 1
            terms.update(literal ^ flip for literal in inputs if literal is not None)
            if total is None:
                left += 1
            else:
                sums.append(total ^ flip)
        for total in sums:
            if terms[total]:
                terms[total] -= 1
            else:
                left += 1
        return sorted(terms.elements()) if left == 1 else None


def _pairs(form: dict[int, int], bit: int) -> list[tuple[int, int]]:
    """Variables and weights that count."""
    reduced = ((variable, weight % (2 << bit)) for variable, weight in form.items())
    return sorted(pair for pair in reduced if pair[1])


def merge_sums(graph: Aig, deadline: Deadline) -> tuple[Aig, int]:
    """The same graph with equal bits of equal sums as one, and how many became one. Raises `OutOfTime`."""
    if graph.n_ands > MOST_ANDS:
        return graph, 0
    adders = Adders(graph, deadline)
    builder, new = Builder(graph.n_inputs), [2 * variable for variable in range(graph.n_inputs + 1)]
    known: dict[Key, int] = {}
    merged = 0
    for a, b in graph.ands.tolist():
        deadline.check()
        variable = len(new)
        literal = builder.both(new[a >> 1] ^ (a & 1), new[b >> 1] ^ (b & 1))
        if variable in adders.parity or variable in adders.carry:
            bit_of_sum = adders.key(variable)
            if bit_of_sum is not None:
                key, flip = bit_of_sum
                earlier = known.setdefault(key, literal ^ flip) ^ flip
                merged += earlier != literal
                literal = earlier
        new.append(literal)
    outputs = [new[output >> 1] ^ (output & 1) for output in graph.outputs]
    return builder.finish(outputs, (), (), graph.name), merged
