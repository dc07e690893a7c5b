"""Words of inputs in arithmetic: what outputs might be, to be proven by whoever asks.

Which inputs make a word is told by their names (`a0 … a3`), by their places, or by the function itself: bit j of a
sum hears two inputs more than bit j - 1, and of two words that are compared the higher bits matter more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.explaining.conditions import plain
from btfnet.explaining.function import Function, halves
from btfnet.explaining.spoken import NUMBERED, span
from btfnet.families.grammar import OPERATIONS
from btfnet.families.operations import Operation
from btfnet.families.relations import Relation, results
from btfnet.families.words import Layout, digits, layouts

Bits = NDArray[np.bool_]
SHORT = {
    "the sum of {words}": (" + ", "adder"),
    "the difference of {words}": (" − ", "subtractor"),
    "the product of {words}": (" × ", "multiplier"),
    "one more than the sum of {words}": (" + ", "adder"),
}
"""Operations that have a sign, and what a circuit of them is called."""
COMPARED = {
    "of {words}, the first is less than the second": ("<", ">="),
    "of {words} in two's complement, the first is less than the second": ("<", ">="),
    "{words} are equal": ("=", "differs from"),
}


@dataclass(frozen=True, eq=False)
class Proposal:
    """Outputs that look like bits of one operation on words.

    bits  for each output its relation
    """

    operation: Operation
    layout: Layout
    bits: dict[int, Relation]

    @property
    def is_comparison(self) -> bool:
        return self.operation.phrase in COMPARED

    @property
    def kind(self) -> str:
        if self.is_comparison:
            return "comparator"
        return SHORT.get(self.operation.phrase, ("", "arithmetic"))[1]


def layouts_of(names: Sequence[str], inputs: tuple[int, ...]) -> list[Layout]:
    """Ways to split some inputs into words, those that names tell first."""
    groups: dict[str, list[tuple[int, int]]] = {}
    for index in inputs:
        found = NUMBERED.fullmatch(names[index])
        prefix, digit = (found[1], int(found[2])) if found else (names[index], 0)
        groups.setdefault(prefix, []).append((digit, index))
    words = [tuple(index for _, index in sorted(group)) for group in groups.values()]
    words.sort(key=len, reverse=True)  # a carry comes last
    found_layouts = []
    if len(words) in (2, 3):
        for forward in (True, False):
            found_layouts.append(_layout([word if forward else word[::-1] for word in words]))
    in_order = [index for word in words for index in word]
    for order in dict.fromkeys((tuple(in_order), inputs)):
        found_layouts += list(layouts(np.array(order, dtype=np.int64)))
    return distinct(found_layouts)


def distinct(ways: Sequence[Layout]) -> list[Layout]:
    """The same without those that split the inputs as an earlier one does."""
    first: dict[tuple[tuple[int, ...], ...], Layout] = {}
    for way in ways:
        first.setdefault(way.words, way)
    return list(first.values())


def _layout(words: Sequence[tuple[int, ...]]) -> Layout:
    return Layout(tuple(words), "words", "")


def layouts_by_support(supports: Sequence[tuple[int, ...]]) -> Iterator[Layout]:
    """Words of which each output hears two bits more than the one before, and perhaps a carry.

    Which of two bits is of which word does not matter to a sum, nor which of the first three is the carry.
    """
    low, high, seen = [], [], set[int]()
    carry: tuple[int, ...] = ()
    for support in sorted(set(supports), key=len):
        new = tuple(index for index in support if index not in seen)
        if not seen <= set(support) or len(new) not in (2, 3) or (len(new) == 3 and seen):
            if set(support) <= seen:
                continue
            return
        if len(new) == 3:
            carry = new[2:]
        low.append(new[0])
        high.append(new[1])
        seen |= set(new)
    if low:
        yield _layout([tuple(low), tuple(high), *([carry] if carry else [])])


def layouts_by_influence(function: Function) -> Iterator[Layout]:
    """Of an output that may compare two words: the bits in the order of their influence, or in pairs."""
    inputs, table = function.reduced
    n = len(inputs)
    if n < 2 or n % 2:
        return
    slopes = [float(high.astype(int).sum() - low.sum()) for low, high in (halves(table, i) for i in range(n))]
    rising = sorted((i for i in range(n) if slopes[i] > 0), key=lambda i: slopes[i])
    falling = sorted((i for i in range(n) if slopes[i] < 0), key=lambda i: -slopes[i])
    if len(rising) == len(falling) == n // 2:
        yield _layout([tuple(inputs[i] for i in falling), tuple(inputs[i] for i in rising)])
        top = [(falling[:-1] + rising[-1:], rising[:-1] + falling[-1:])]
        yield from (_layout([tuple(inputs[i] for i in a), tuple(inputs[i] for i in b)]) for a, b in top)
    numbers, pairs, left = np.arange(len(table)), [], list(range(n))
    while left:
        first = left.pop(0)
        both = (other for other in left if np.array_equal(table, table[numbers ^ (1 << first | 1 << other)]))
        other = next(both, None)
        if other is None:
            return
        left.remove(other)
        pairs.append((first, other))
    yield _layout([tuple(inputs[a] for a, _ in pairs), tuple(inputs[b] for _, b in pairs)])


def proposals(
    ways: Sequence[Layout], inputs: Bits, outputs: Bits, over: Callable[[], bool], *, compare: bool
) -> Iterator[Proposal]:
    """Operations on words that agree with outputs, or their negations, on all of some inputs.

    inputs   bool, (n_items, n_inputs): of the whole circuit
    outputs  bool, (n_items, n_outputs)
    compare  comparisons, or all others
    """
    signs = np.where(outputs, 1, -1).astype(np.int32)
    for operation in OPERATIONS:
        if (operation.phrase in COMPARED) != compare:
            continue
        for layout in _orders(ways, operation):
            if over():
                return
            bits = digits(results(operation, layout, inputs), operation.width(layout.widths))
            agreement = np.where(bits, 1, -1).astype(np.int32).T @ signs
            found: dict[int, Relation] = {}
            for bit, output in np.argwhere(np.abs(agreement) == len(inputs)).tolist():
                if bits[:, bit].all() or not bits[:, bit].any():
                    continue
                relation = Relation(operation, layout, bit, bool(agreement[bit, output] < 0))
                if output not in found or found[output].inverted > relation.inverted:
                    found[output] = (
                        relation  # an output that is two bits on these inputs is the first of them
                    )
            if found:
                yield Proposal(operation, layout, found)


def _orders(ways: Sequence[Layout], operation: Operation) -> Iterator[Layout]:
    for layout in ways:
        if operation.fits(layout.widths):
            yield layout
        if not operation.ordered or len(layout.words) < 2:
            continue
        swapped = layout.words[1::-1] + layout.words[2:]
        if operation.fits(tuple(map(len, swapped))):
            yield Layout(swapped, layout.said, layout.order)


def in_words(proposal: Proposal, names: Sequence[str], outputs: Sequence[str]) -> str:
    """What the outputs are, in terms of names: "s0 … s3, cout are the bits of a + b, …"."""
    said = [word_name(word, names) for word in proposal.layout.words]
    spelled = "; ".join(f"{name} = {bits}" for name, bits in said if name != bits)
    where = f", where {spelled}, lowest bit first" if spelled else ""
    first = [name for name, _ in said]
    phrase = proposal.operation.phrase
    listed = span([plain(name) for name in outputs])
    if proposal.is_comparison:
        (relation,) = proposal.bits.values()
        sign = COMPARED[phrase][relation.inverted]
        signed = " in two's complement" if "complement" in phrase else ""
        return f"{listed} is true when {first[0]} {sign} {first[1]}{signed}{where}"
    sign = SHORT.get(phrase, ("", ""))[0]
    what = sign.join(first) if sign else phrase.format(words=" and ".join(first))
    what += " + 1" if phrase.startswith("one more") else ""
    width = proposal.operation.width(proposal.layout.widths)
    bits = [relation.bit for relation in proposal.bits.values()]
    inverted = [relation.inverted for relation in proposal.bits.values()]
    if bits == list(range(width)) and not any(inverted):
        are = "is" if len(bits) == 1 else "are the bits of"
        return f"{listed} {are} {what}{where}"
    plainly = [str(bit) for bit, no in zip(bits, inverted, strict=True) if not no]
    told = [span(plainly)] if plainly else []
    told += [f"{bit} (negated)" for bit, no in zip(bits, inverted, strict=True) if no]
    return f"{listed} {'is bit' if len(bits) == 1 else 'are bits'} {', '.join(told)} of {what}{where}"


def word_name(word: Sequence[int], names: Sequence[str]) -> tuple[str, str]:
    """A word's name, and its bits from the lowest: their common prefix if they have one."""
    own = [names[index] for index in word]
    if len(own) == 1:
        return plain(own[0]), plain(own[0])
    bits = f"({span([plain(name) for name in own])})"
    matches = [NUMBERED.fullmatch(name) for name in own]
    prefixes = {match[1] if match else "" for match in matches}
    numbers = [int(match[2]) for match in matches if match]
    ordered = numbers in (sorted(numbers), sorted(numbers, reverse=True))
    others = sum(1 for name in names if (match := NUMBERED.fullmatch(name)) and match[1] in prefixes)
    if len(prefixes) == 1 and all(prefixes) and ordered and others == len(own):
        return plain(prefixes.pop()), f"({span([plain(name) for name in own])})"
    return bits, bits
