"""What may be done with words: what an operation is, and the gates of each; the table of them is `grammar`.

Numbers are not negative unless an operation is of two's complement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from btfnet.families import arithmetic as gates
from btfnet.families.gate_builder import FALSE, GateBuilder, Word

Value = Callable[..., int]
"""The result for one item: a number for each word, then the width of the first."""
Build = Callable[[GateBuilder, Sequence[Word], int], Sequence[int]]
"""The low bits of the result, as many as are asked for or more."""
Approximate = Callable[[GateBuilder, Sequence[Word], int, int], int]
"""One bit of the result, with so many more columns, rows or digits than the fewest possible."""
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Operation:
    """One row of the table.

    phrase       in words, with {words} where these are named; {bit} where the result has one bit only
    fits         whether it is for words of these widths
    width        bits of the result, by widths
    ordered      whether the words in another order give something else
    approximate  a smaller circuit that is nearly right, where that can be
    """

    phrase: str
    fits: Callable[[Shape], bool]
    width: Callable[[Shape], int]
    value: Value
    build: Build
    ordered: bool = False
    approximate: Approximate | None = None


def alone(widths: Shape) -> bool:
    return len(widths) == 1


def alike(widths: Shape) -> bool:
    return len(widths) == 2 and widths[0] == widths[1]


def three_alike(widths: Shape) -> bool:
    return len(widths) == 3 and len(set(widths)) == 1


def with_carry(widths: Shape) -> bool:
    return len(widths) == 3 and widths[0] == widths[1] and widths[2] == 1


def any_pair(widths: Shape) -> bool:
    return len(widths) == 2 and widths[0] >= widths[1]


def addressed(widths: Shape) -> bool:
    return len(widths) == 2 and widths[0] <= 1 << widths[1] <= 2 * widths[0]


def one(widths: Shape) -> int:
    return 1


def as_wide(widths: Shape) -> int:
    return widths[0]


def one_more(widths: Shape) -> int:
    return widths[0] + 1


def together(widths: Shape) -> int:
    return sum(widths)


def signed(number: int, width: int) -> int:
    return number - (number >> width - 1 << width)


def flipped(word: Word) -> list[int]:
    """The sign bit negated: then the order of two's complement is that of numbers."""
    return [*word[:-1], -word[-1]]


# -- gates of operations -------------------------------------------------------------------------------


def sum_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    return gates.add_words(builder, words[0], words[1], words[2][0] if len(words) == 3 else FALSE)


def sum_near(builder: GateBuilder, words: Sequence[Word], bit: int, effort: int) -> int:
    low = max(bit - effort, 0)
    return gates.add_words(
        builder, words[0][low:], words[1][low:], words[2][0] if len(words) == 3 else FALSE
    )[bit - low]


def difference_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    borrow = words[2][0] if len(words) == 3 else FALSE
    *low, no_borrow = gates.add_words(builder, words[0], gates.negated(words[1]), -borrow)
    return [*low, -no_borrow]


def distance_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    difference, negative = gates.subtract(builder, words[0], words[1])
    flips = [builder.differ(negative, bit) for bit in difference]
    return gates.add_words(builder, flips, [negative])[:-1]


def product_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    return gates.multiply(builder, words[0], words[1], width)


def product_near(builder: GateBuilder, words: Sequence[Word], bit: int, effort: int) -> int:
    return gates.multiply(builder, words[0], words[1], bit + 1, max(bit - effort, 0))[bit]


def signed_product_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    wide = [gates.widened(word, width, word[-1]) for word in words]
    return gates.multiply(builder, wide[0], wide[1], width)


def product_and_sum_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    columns = gates.product_columns(builder, words[0], words[1], 0, width - 1)
    for digit, literal in enumerate(words[2][:width]):
        columns[digit].append(literal)
    return gates.sum_columns(builder, columns, width)


def sum_of_three_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    return gates.sum_columns(builder, [list(column) for column in zip(*words, strict=True)], width)


def sum_of_squares_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    """Of one square, too."""
    return _squares(builder, words, width, 0)


def squares_near(builder: GateBuilder, words: Sequence[Word], bit: int, effort: int) -> int:
    return _squares(builder, words, bit + 1, max(bit - effort, 0))[bit]


def _squares(builder: GateBuilder, words: Sequence[Word], width: int, first: int) -> list[int]:
    each = [gates.square_columns(builder, word, first, width - 1) for word in words]
    columns = [[literal for column in same for literal in column] for same in zip(*each, strict=True)]
    dropped = sum(gates.square_dropped(word, first) for word in words)
    return gates.sum_columns(builder, gates.with_average(columns, dropped, first), width)


def hypotenuse_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    return gates.root(builder, _squares(builder, words, 2 * len(words[0]) + 1, 0))[0]


def quotient_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    return gates.divide(builder, words[0], words[1], len(words[0]))[0]


def remainder_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    return gates.divide(builder, words[0], words[1], len(words[0]))[1]


def leading_bits(words: Sequence[Word], rows: int) -> tuple[list[Word], int]:
    """The bits of dividend and divisor that decide a quotient of so many bits, and how many are left out."""
    left_out = max(len(words[0]) - 2 * rows - 1, 0)
    return [list(word[left_out:]) for word in words], left_out


def quotient_near(builder: GateBuilder, words: Sequence[Word], bit: int, effort: int) -> int:
    rows = min(bit + 1 + effort, len(words[0]))
    leading, _ = leading_bits(words, rows)
    return gates.divide(builder, leading[0], leading[1], rows)[0][bit]


def remainder_near(builder: GateBuilder, words: Sequence[Word], bit: int, effort: int) -> int:
    """Low bits as x - quotient y, high bits as the remainder of the leading ones."""
    rows = min(1 + effort, len(words[0]))
    leading, left_out = leading_bits(words, rows)
    quotient, remainder = gates.divide(builder, leading[0], leading[1], rows)
    if bit - left_out > bit // 2:
        return remainder[bit - left_out]
    multiple = gates.multiply(builder, quotient, words[1][: bit + 1], bit + 1)
    return gates.subtract(builder, words[0][: bit + 1], multiple)[0][bit]


def larger_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    return gates.choose_word(builder, gates.less(builder, words[0], words[1]), words[1], words[0])


def smaller_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    return gates.choose_word(builder, gates.less(builder, words[0], words[1]), words[0], words[1])


def middle_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    low, high = smaller_gates(builder, words[:2], width), larger_gates(builder, words[:2], width)
    return larger_gates(builder, (low, smaller_gates(builder, (high, words[2]), width)), width)


def less_near(builder: GateBuilder, words: Sequence[Word], bit: int, effort: int) -> int:
    return gates.less(builder, words[0][-effort - 1 :], words[1][-effort - 1 :])


def shifted_left_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    result = list(words[0])
    for digit, chooser in enumerate(words[1]):
        moved = gates.widened([FALSE] * (1 << digit) + result, len(result))
        result = gates.choose_word(builder, chooser, moved, result)
    return result


def shifted_right_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    return shifted_left_gates(builder, (words[0][::-1], words[1]), width)[::-1]


def rotated_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    result = list(words[0])
    for digit, chooser in enumerate(words[1]):
        by = (1 << digit) % len(result)
        result = gates.choose_word(builder, chooser, result[-by:] + result[:-by], result)
    return result


def inverse_gray_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    found: list[int] = [FALSE]
    for literal in reversed(words[0]):
        found.append(builder.differ(found[-1], literal))
    return found[:0:-1]


def inverse_gray(number: int) -> int:
    shift = 1
    while number >> shift:
        number ^= number >> shift
        shift *= 2
    return number


def cube_gates(builder: GateBuilder, words: Sequence[Word], width: int) -> Word:
    square = _squares(builder, words, min(width, 2 * len(words[0])), 0)
    return gates.multiply(builder, square, words[0], width)
