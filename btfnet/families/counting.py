"""Functions of how many literals are true, each counted once or by a weight: a table over the count.

Literals are inputs, negated inputs, or joined pairs of inputs (and, or, xor), so that this is also the Hamming
distance of two words, changes from each input to the next, and the rest that a word leaves modulo a small number.
A table has an entry for each count; what the training items say most often stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.families.arithmetic import sum_columns
from btfnet.families.evidence import Bits, Sample
from btfnet.families.gate_builder import GateBuilder
from btfnet.families.words import layouts

Whole = NDArray[np.int64]
MODULI = (3, 5, 6, 7, 9, 10, 11, 12, 13, 15, 17)
"""Rests of words are looked at for these; powers of two leave low bits alone."""
PERIODS = (2, 3, 4)
"""At which a table may repeat itself, as that of a parity does."""
PAIRS = {"and": np.logical_and, "or": np.logical_or, "xor": np.logical_xor}


@dataclass(frozen=True, eq=False)
class Count:
    """A whole number made of the inputs.

    said      what is counted, in words
    inputs    (n,): the inputs that take part; negated where `negated`
    others    (n,): each input's partner, joined by `join`; empty where inputs count alone
    weights   (n,): how much each counts, ≥ 1; all 1 by default
    modulus   the number is the rest that the sum leaves; 0: the sum itself
    """

    said: str
    inputs: Whole
    negated: Bits
    others: Whole
    join: str = ""
    weights: Whole | None = None
    modulus: int = 0

    @classmethod
    def of(cls, said: str, inputs: Whole, negated: Bits | None = None) -> Count:
        none = np.zeros(len(inputs), dtype=bool)
        return cls(said, inputs, none if negated is None else negated, np.empty(0, dtype=np.int64))

    @property
    def size(self) -> int:
        """How many numbers there may be: 0 to size - 1."""
        top = len(self.inputs) if self.weights is None else int(self.weights.sum())
        return self.modulus or top + 1

    def values(self, inputs: Bits) -> Whole:
        """The number for every row of inputs."""
        literals = inputs[:, self.inputs] ^ self.negated
        if self.join:
            literals = PAIRS[self.join](literals, inputs[:, self.others])
        if self.weights is None:
            return np.count_nonzero(literals, axis=1)
        total: Whole = np.rint(literals.astype(np.float64) @ self.weights.astype(np.float64)).astype(np.int64)
        return total % self.modulus if self.modulus else total

    def build(self, builder: GateBuilder) -> list[int]:
        """The sum as a word; the rest is left to the table."""
        literals = [int(-i - 1 if no else i + 1) for i, no in zip(self.inputs, self.negated, strict=True)]
        if self.join:
            ways: dict[str, Callable[[int, int], int]] = {
                "and": builder.all_of,
                "or": builder.any_of,
                "xor": builder.differ,
            }
            joined = ways[self.join]
            literals = [joined(a, int(b) + 1) for a, b in zip(literals, self.others, strict=True)]
        weights = [1] * len(literals) if self.weights is None else self.weights.tolist()
        columns: list[list[int]] = [[] for _ in range(max(weights).bit_length())]
        for literal, weight in zip(literals, weights, strict=True):
            for digit in range(weight.bit_length()):
                if weight >> digit & 1:
                    columns[digit].append(literal)
        return sum_columns(builder, columns, sum(weights).bit_length())

    def literals(self) -> list[int] | None:
        """The literals, each as often as it counts; None where they are pairs or the number is a rest."""
        if self.join or self.modulus or (self.weights is not None and self.weights.sum() > 4096):
            return None
        signed = np.where(self.negated, -self.inputs - 1, self.inputs + 1)
        return [int(x) for x in (signed if self.weights is None else np.repeat(signed, self.weights))]


@dataclass(frozen=True, eq=False)
class Table:
    """An output as a table over a count."""

    count: Count
    entries: Bits

    @property
    def name(self) -> str:
        """In words, such as "the number of ones is in {0, 3 … 5}"."""
        steps = np.flatnonzero(np.diff(self.entries))
        last = len(self.entries) - 1
        if not self.count.modulus and len(steps) == 1:
            first = int(steps[0]) + 1
            return f"{self.count.said} is at {'least' if self.entries[last] else 'most'} " + (
                f"{first}" if self.entries[last] else f"{first - 1}"
            )
        odd = np.arange(last + 1) % 2 == 1
        if len(self.entries) > 2 and any(np.array_equal(self.entries, same) for same in (odd, ~odd)):
            return f"{self.count.said} is {'odd' if self.entries[1] else 'even'}"
        return f"{self.count.said} is in {{{', '.join(_runs(np.flatnonzero(self.entries).tolist()))}}}"

    def answers(self, inputs: Bits) -> Bits:
        return self.entries[self.count.values(inputs)]

    def build(self, builder: GateBuilder) -> int:
        """One threshold gate where the table has one step; else adders, and choices by the digits of the sum."""
        steps, literals = np.flatnonzero(np.diff(self.entries)), self.count.literals()
        if literals and len(steps) == 1:
            gate = builder.at_least(int(steps[0]) + 1, literals)
            return gate if self.entries[-1] else -gate
        word = self.count.build(builder)
        entries = self.entries.tolist()
        if self.count.modulus:
            entries = [entries[number % self.count.modulus] for number in range(1 << len(word))]
        return builder.table(word, entries)


def _runs(numbers: Sequence[int]) -> Iterator[str]:
    """Numbers in order, three and more in a row as "first … last"."""
    first = 0
    for index in range(1, len(numbers) + 1):
        if index == len(numbers) or numbers[index] > numbers[index - 1] + 1:
            run = numbers[first:index]
            yield from (f"{run[0]} … {run[-1]}",) if len(run) > 2 else map(str, run)
            first = index


def tables(sample: Sample) -> Iterator[tuple[int, Table]]:
    """Tables over counts that explain outputs, as (output, table)."""
    inputs = sample.varying
    if not len(inputs):
        return
    screen = sample.screen
    for count in counts(inputs):
        numbers = count.values(screen.inputs)
        for output in sample.outputs_in_time():
            first, _ = majority_table(screen, output, count, numbers)
            if screen.likely(output, first.entries[numbers]):
                yield from _fitted(sample, output, count)


def _fitted(sample: Sample, output: int, count: Count) -> Iterator[tuple[int, Table]]:
    numbers = count.values(sample.inputs)
    table, described = majority_table(sample, output, count, numbers)
    if sample.explained(output, table.entries[numbers], described):
        yield output, table


def majority_table(sample: Sample, output: int, count: Count, numbers: Whole) -> tuple[Table, float]:
    """What the training items say most often of each number, and the bits that tell it.

    Of a number that none has, it says what repetition or else the nearest number does.
    """
    care = sample.care[: sample.n_train, output]
    seen, wanted = numbers[: sample.n_train][care], sample.outputs[: sample.n_train, output][care]
    votes = np.bincount(seen, weights=np.where(wanted, 1, -1), minlength=count.size)
    known = np.bincount(seen, minlength=count.size) > 0
    return Table(count, _completed(votes > 0, known)), float(known.sum())


def _completed(entries: Bits, known: Bits) -> Bits:
    """Entries for all numbers: what is known repeats where it does so throughout, else the nearest below holds."""
    for period in PERIODS:
        rows = [(entries[first::period], known[first::period]) for first in range(period)]
        if all(seen.sum() > 1 and len(set(row[seen].tolist())) == 1 for row, seen in rows):
            return np.resize([bool(row[seen][0]) for row, seen in rows], len(entries))
    numbers = np.flatnonzero(known)
    if not len(numbers):  # no item of the sample counts
        return entries
    below = np.searchsorted(numbers, np.arange(len(entries)), side="right") - 1
    return entries[numbers[np.maximum(below, 0)]]


def counts(inputs: Whole) -> Iterator[Count]:
    """What may be counted, the simplest first."""
    yield Count.of("the number of ones", inputs)
    for layout in layouts(inputs):
        if len(layout.words) == 2 and len(set(layout.widths)) == 1 and layout.order.startswith("least"):
            first, second = (np.array(word, dtype=np.int64) for word in layout.words)
            both = np.concatenate([first, second])
            negated = np.arange(len(both)) >= len(first)
            said = f"of {layout.said}, the number of ones of the first and of zeros of the second,"
            yield Count.of(said, both, negated)
            for join in PAIRS:
                yield _pairs(f"the number of ones in the {join} of {layout.said}", first, second, join)
        elif len(layout.words) == 1 and len(inputs) > 2:
            yield from _rests(layout.said + ", " + layout.order, np.array(layout.words[0], dtype=np.int64))
    if len(inputs) > 2:
        yield _pairs("the number of changes from each input to the next", inputs[:-1], inputs[1:], "xor")
        yield _pairs("the number of changes around the ring of inputs", inputs, np.roll(inputs, -1), "xor")
        yield _pairs("the number of neighbours that are both ones", inputs[:-1], inputs[1:], "and")


def _pairs(said: str, first: Whole, second: Whole, join: str) -> Count:
    return Count(said, first, np.zeros(len(first), dtype=bool), second, join)


def _rests(said: str, word: Whole) -> Iterator[Count]:
    for modulus in MODULI:
        weights = np.array([pow(2, digit, modulus) for digit in range(len(word))], dtype=np.int64)
        none = np.zeros(len(word), dtype=bool)
        yield Count(
            f"{said}, modulo {modulus},", word, none, np.empty(0, dtype=np.int64), "", weights, modulus
        )
