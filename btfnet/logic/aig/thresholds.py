"""Threshold gates as and-inverter graphs: counted, selected or chained, whichever takes the fewest Ands.

    count     full and half adders, column by column, and one carry to look at: wide gates
    median    comparators, each an And and an Or, of which only the median is kept: up to nine literals
    chain     literals come one by one, and each moves up how many there were: thresholds near the first or last

Each is tried on the gate and on its dual, "at most m - k literals are false", whose output is negated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from btfnet.logic.aig.aig import FALSE, TRUE, Builder, Earliest

CHAINED = 4
"""Beyond this threshold a chain, 2 k - 1 Ands a literal, is longer than a counter."""
COMPARATORS = {
    2: ((0, 1), (1, 2), (0, 1)),
    3: ((0, 1), (3, 4), (0, 3), (1, 4), (1, 2), (2, 3), (1, 2)),
    4: (
        (0, 5), (0, 3), (1, 6), (2, 4), (0, 1), (3, 5), (2, 6), (2, 3), (3, 6), (4, 5), (1, 4), (1, 3), (3, 4),
    ),
    5: (
        (1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3), (5, 8), (4, 7), (3, 6),
        (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2),
    ),
}  # fmt: skip
"""By h, for the median of 2 h - 1: the place of the lesser, then of the greater; the median ends in the middle.

Source: N. Devillard, Fast median search, 1998, after J. L. Smith, Implementing median filters in XC4000E FPGAs,
1996.
"""

Weights = Mapping[int, int]
"""How often each literal stands; none beside its own negation."""
Way = Callable[[Builder, int, Weights], int]


def threshold(builder: Builder, at_least: int, weights: Weights) -> int:
    """The literal of "at least so many of these", 0 < at_least ≤ the sum of the weights."""
    way, dual = _fewest(at_least, tuple(sorted(weights.values())))
    return _dual(builder, at_least, weights, way) if dual else way(builder, at_least, weights)


def count(builder: Builder, at_least: int, weights: Weights) -> int:
    """Count, plus what is missing from k to a power of two: then one bit says it, or a higher one."""
    last = (at_least - 1).bit_length()
    columns: dict[int, list[int]] = {}
    for literal, weight in [*sorted(weights.items()), (TRUE, (1 << last) - at_least)]:
        for digit in range(weight.bit_length()):
            if weight >> digit & 1:
                columns.setdefault(digit, []).append(literal)
    digit, reached = 0, []
    while digit <= max(columns):
        bits = Earliest(builder.by_depth, columns.get(digit, []))
        while len(bits) > 1:
            three = bits.take(3) if len(bits) > 2 else [FALSE, *bits.take(2)]
            if digit < last and not bits:  # nobody looks at this sum
                carry = builder.majority(*three)
            else:
                total, carry = builder.add(*three)
                bits.put(total)
            columns.setdefault(digit + 1, []).append(carry)
        if digit >= last:
            reached += [bit ^ 1 for bit in bits.take(1)]
        digit += 1
    return builder.all_of(reached) ^ 1


def median(builder: Builder, at_least: int, weights: Weights) -> int:
    """The median of the literals and of as many constants as move the threshold to the middle."""
    literals = _by_weight(builder, weights)
    half = _half(at_least, len(literals))
    missing = half - at_least
    places = [TRUE] * missing + literals + [FALSE] * (2 * half - 1 - missing - len(literals))
    for low, high in COMPARATORS[half]:
        a, b = places[low], places[high]
        places[low], places[high] = builder.both(a, b), builder.either(a, b)
    return places[half - 1]


def chain(builder: Builder, at_least: int, weights: Weights) -> int:
    """After each literal: were there at least 1, 2, … k?"""
    reached = [FALSE] * at_least
    for literal in _by_weight(builder, weights):
        moving = literal
        for place, before in enumerate(reached):
            reached[place], moving = builder.either(before, moving), builder.both(before, moving)
    return reached[-1]


def _by_weight(builder: Builder, weights: Weights) -> list[int]:
    order = sorted(weights, key=lambda literal: (weights[literal], builder.by_depth(literal)))
    return [literal for literal in order for _ in range(weights[literal])]


def _half(at_least: int, n_literals: int) -> int:
    """The least h such that the median of 2 h - 1, some of them constant, is the threshold."""
    return max(at_least, n_literals - at_least + 1)


def _dual(builder: Builder, at_least: int, weights: Weights, way: Way) -> int:
    turned = {literal ^ 1: weight for literal, weight in weights.items()}
    return way(builder, sum(weights.values()) - at_least + 1, turned) ^ 1


@lru_cache(maxsize=4096)
def _fewest(at_least: int, weights: tuple[int, ...]) -> tuple[Way, bool]:
    """The way for distinct literals of such weights, and whether on the dual; among equals the shallowest."""
    literals = {2 * node: weight for node, weight in enumerate(weights, start=1)}
    sizes: list[tuple[int, int, int, Way, bool]] = []
    for way, dual in _ways(at_least, sum(weights)):
        builder = Builder(len(weights))
        output = _dual(builder, at_least, literals, way) if dual else way(builder, at_least, literals)
        graph = builder.finish([output], (), (), "")
        sizes.append((graph.n_ands, graph.depth, len(sizes), way, dual))
    return min(sizes)[3:]


def _ways(at_least: int, total: int) -> Iterator[tuple[Way, bool]]:
    yield from ((count, False), (count, True))
    if _half(at_least, total) in COMPARATORS:
        yield from ((median, False), (median, True))
    for threshold, dual in ((at_least, False), (total - at_least + 1, True)):
        if threshold <= CHAINED:
            yield chain, dual
