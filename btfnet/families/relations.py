"""Words in arithmetic relations: every operation on every layout, first on a few items, then on all.

A bit of one number in terms of others is a hard function to learn from examples, and an easy one to name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from btfnet.families.evidence import SLACK, Bits, Sample
from btfnet.families.gate_builder import GateBuilder
from btfnet.families.grammar import OPERATIONS
from btfnet.families.operations import Operation
from btfnet.families.words import Layout, digits, layouts


@dataclass(frozen=True)
class Relation:
    """An output as one bit of the result of an operation on words of the inputs, perhaps negated."""

    operation: Operation
    layout: Layout
    bit: int
    inverted: bool = False

    @property
    def name(self) -> str:
        """In words, such as "bit 7 of the product of two 8-bit words, most significant bit first"."""
        said = self.operation.phrase.format(words=self.layout.said)
        if self.operation.width(self.layout.widths) > 1:
            said = f"bit {self.bit} of {said}"
        return f"{'not: ' if self.inverted else ''}{said}, {self.layout.order}"

    def answers(self, inputs: Bits) -> Bits:
        """The output for rows of inputs."""
        values = results(self.operation, self.layout, inputs)
        return digits(values, self.bit + 1)[:, self.bit] ^ self.inverted

    def build(self, builder: GateBuilder) -> int:
        """The output's literal, exact."""
        word = self.operation.build(builder, self.layout.literals(), self.bit + 1)
        return -word[self.bit] if self.inverted else word[self.bit]

    def efforts(self) -> range:
        """How much a smaller circuit may look at, from the least."""
        return range(max(self.layout.widths)) if self.operation.approximate else range(0)

    def build_near(self, builder: GateBuilder, effort: int) -> int:
        """A literal that is nearly the output: the more effort, the nearer, and the more gates."""
        assert self.operation.approximate
        literal = self.operation.approximate(builder, self.layout.literals(), self.bit, effort)
        return -literal if self.inverted else literal


def results(operation: Operation, layout: Layout, inputs: Bits) -> list[int]:
    """The operation's result for every item."""
    value, width = operation.value, layout.widths[0]
    return [value(*words, width) for words in zip(*layout.values(inputs), strict=True)]


def relations(sample: Sample) -> Iterator[list[tuple[int, Relation]]]:
    """Relations that explain outputs, a list of (output, relation) for each operation on words that has any."""
    for layout, operation in _candidates(sample):
        bits = digits(results(operation, layout, sample.screen.inputs), operation.width(layout.widths))
        likely = list(_screen(sample.screen, bits, Relation(operation, layout, 0)))
        if not likely:
            continue
        answers = digits(results(operation, layout, sample.inputs), bits.shape[1])
        explained = [
            (output, relation)
            for output, relation in likely
            if sample.explained(output, answers[:, relation.bit] ^ relation.inverted)
        ]
        if explained:
            yield explained


def _candidates(sample: Sample) -> Iterator[tuple[Layout, Operation]]:
    """All that fits, by operation; inputs that never vary belong to no word."""
    if len(sample.varying) < 2:
        return
    ways = list(layouts(sample.varying))
    for operation in OPERATIONS:
        for layout in ways:
            if sample.over():
                return
            if not operation.fits(layout.widths):
                continue
            yield layout, operation
            if operation.ordered and operation.fits(layout.widths[1::-1] + layout.widths[2:]):
                swapped = layout.words[1::-1] + layout.words[2:]
                yield replace(layout, words=swapped, said=f"{layout.said} (the second one first)"), operation


def _screen(sample: Sample, bits: Bits, relation: Relation) -> Iterator[tuple[int, Relation]]:
    """Outputs that some bit, or its negation, nearly is, on the first items."""
    n_items = len(bits)
    care = sample.care[:n_items]
    signs: NDArray[np.float32] = np.where(care, np.where(sample.outputs[:n_items], 1, -1), 0).astype(
        np.float32
    )
    agreement = signs.T @ np.where(bits, 1, -1).astype(np.float32)
    least = care.sum(axis=0)[:, None] * (1 - 2 * (sample.error + SLACK))
    for output, bit in np.argwhere((np.abs(agreement) >= least) & (least > 0)):
        inverted = bool(agreement[output, bit] < 0)
        yield int(output), replace(relation, bit=int(bit), inverted=inverted)
