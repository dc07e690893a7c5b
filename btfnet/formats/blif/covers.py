"""Gates as BLIF covers, all of them ON-sets: VPR is reported to misread covers that list only where they are 0.

A gate of few literals is one cover; a wide one becomes a tree (Or) or a counter of full adders (thresholds), whose
text grows with n log n.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.simulation.xmg import lower

COVER_INPUTS = 7
"""Up to so many weighted literals a threshold is one cover: 35 cubes for Maj7."""
OR_INPUTS = 32
"""An Or has as many cubes as literals, each as long; beyond this a tree is shorter."""

CUBES = {
    "and2": ("11",),
    "but2": ("01",),
    "or2": ("1-", "-1"),
    "and3": ("111",),
    "but3": ("011",),
    "neither3": ("001",),
    "or3": ("1--", "-1-", "--1"),
    "maj3": ("11-", "1-1", "-11"),
    "maj3_not": ("01-", "0-1", "-11"),
    "xor2": ("10", "01"),
    "xor3": ("100", "010", "001", "111"),
}
"""The operations of `btfnet.kernels.logic.program.OPS`."""

Literals = list[tuple[str, bool]]
"""Signals, and whether each counts as it is (True) or negated."""


def gate_lines(gate: Gate, names: list[str], output: str) -> Iterator[str]:
    """The `.names` lines of a gate; `names[node]` is the signal of a node, others are called OUTPUT_1, …"""
    weights = Counter(gate.literals)
    at_least = gate.at_least
    for literal in [literal for literal in weights if literal > 0 and -literal in weights]:
        both = min(weights[literal], weights[-literal])  # one of the two is true, whatever the node is
        weights[literal] -= both
        weights[-literal] -= both
        at_least -= both
    terms = [((names[abs(literal)], literal > 0), count) for literal, count in weights.items() if count]
    literals, counts = [term[0] for term in terms], [term[1] for term in terms]
    if at_least <= 0 or at_least > sum(counts):
        yield f".names {output}"
        yield from ["1"] if at_least <= 0 else []
    elif at_least > sum(counts) - min(counts):
        yield from conjunction(literals, output)
    elif at_least <= min(counts):
        yield from _either(literals, output)
    elif len(literals) <= COVER_INPUTS:
        yield from _cover(literals, counts, at_least, output)
    else:
        yield from _counter(literals, counts, at_least, output)


def conjunction(literals: Literals, output: str) -> list[str]:
    """One cube, however many literals."""
    return [_header(literals, output), "".join("01"[positive] for _, positive in literals) + " 1"]


def _header(literals: Literals, output: str) -> str:
    return " ".join([".names", *(name for name, _ in literals), output])


def _either(literals: Literals, output: str) -> Iterator[str]:
    """A cube for each literal; a tree where there are many."""
    made = 0
    while len(literals) > OR_INPUTS:
        joined: Literals = []
        for first in range(0, len(literals), OR_INPUTS):
            made += 1
            yield from _one_each(literals[first : first + OR_INPUTS], f"{output}_{made}")
            joined.append((f"{output}_{made}", True))
        literals = joined
    yield from _one_each(literals, output)


def _one_each(literals: Literals, output: str) -> Iterator[str]:
    yield _header(literals, output)
    for index, (_, positive) in enumerate(literals):
        yield "-" * index + "01"[positive] + "-" * (len(literals) - 1 - index) + " 1"


def _cover(literals: Literals, counts: list[int], at_least: int, output: str) -> Iterator[str]:
    """One cube for every least set of literals that is enough."""
    yield _header(literals, output)
    for size in range(1, len(literals) + 1):
        for chosen in combinations(range(len(literals)), size):
            weight = sum(counts[index] for index in chosen)
            if at_least <= weight < at_least + min(counts[index] for index in chosen):
                cube = ["-"] * len(literals)
                for index in chosen:
                    cube[index] = "01"[literals[index][1]]
                yield "".join(cube) + " 1"


def _counter(literals: Literals, counts: list[int], at_least: int, output: str) -> Iterator[str]:
    """The steps that count the literals, a cover each."""
    signs = [node if positive else -node for node, (_, positive) in enumerate(literals, start=1)]
    weighted = tuple(literal for literal, count in zip(signs, counts, strict=True) for _ in range(count))
    steps = lower(Circuit(len(literals), (Gate(at_least, weighted),), (len(literals) + 1,)))
    signals = ["", *(name for name, _ in literals)]
    signals += [f"{output}_{index}" for index in range(1, len(steps.steps) + 1)]
    for value, step in enumerate(steps.steps, start=len(literals) + 1):
        yield " ".join([".names", *(signals[operand] for operand in step.operands), signals[value]])
        yield from (f"{cube} 1" for cube in CUBES[step.op])
    (found,) = steps.outputs
    yield from conjunction([(signals[found >> 1], not found & 1)], output)
