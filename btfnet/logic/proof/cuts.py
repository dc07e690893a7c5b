"""Cuts of up to three nodes, and what a node is as a function of them.

Source: J. Cong, C. Wu, Y. Ding, "Cut ranking and pruning", FPGA 1999.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from btfnet.logic.aig.aig import Aig
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
