"""Arithmetic of words as gates: full adders, arrays of which only the columns and rows that are needed remain.

Words are lists of literals, the least significant bit first. What nobody uses is dropped when the circuit is made
(`GateBuilder.circuit`), so that a function here makes whole results, whichever bits of them are wanted.

Source: B. Parhami, Computer Arithmetic, 2nd ed. 2010: array multipliers 11.5, restoring dividers 13.3 and 15.2,
restoring square roots 21.2.
"""

from __future__ import annotations

from collections import deque

from btfnet.families.gate_builder import FALSE, TRUE, GateBuilder, Word

Columns = list[list[int]]
"""Literals by the power of two that each counts."""


def negated(word: Word) -> list[int]:
    return [-literal for literal in word]


def widened(word: Word, width: int, fill: int = FALSE) -> list[int]:
    """The word with so many bits: more by `fill`, or its low ones."""
    return [*word[:width], *[fill] * (width - len(word))]


def constant(value: int, width: int) -> list[int]:
    return [TRUE if value >> digit & 1 else FALSE for digit in range(width)]


def add_words(builder: GateBuilder, x: Word, y: Word, carry: int = FALSE) -> list[int]:
    """x + y + carry, one bit longer than the longer word."""
    width, total = max(len(x), len(y)), []
    for a, b in zip(widened(x, width), widened(y, width), strict=True):
        bit, carry = builder.add(a, b, carry)
        total.append(bit)
    return [*total, carry]


def subtract(builder: GateBuilder, x: Word, y: Word) -> tuple[list[int], int]:
    """x - y modulo 2^width of the longer word, and whether x < y."""
    width = max(len(x), len(y))
    *difference, no_borrow = add_words(builder, widened(x, width), negated(widened(y, width)), TRUE)
    return difference, -no_borrow


def less(builder: GateBuilder, x: Word, y: Word, borrow: int = FALSE) -> int:
    """x < y; with a borrow, x ≤ y. One majority for each bit."""
    width = max(len(x), len(y))
    for a, b in zip(widened(x, width), widened(y, width), strict=True):
        borrow = builder.majority(-a, b, borrow)
    return borrow


def equal(builder: GateBuilder, x: Word, y: Word) -> int:
    return builder.all_of(*(-builder.differ(a, b) for a, b in zip(x, y, strict=True)))


def choose_word(builder: GateBuilder, chooser: int, if_true: Word, if_false: Word) -> list[int]:
    return [builder.choose(chooser, a, b) for a, b in zip(if_true, if_false, strict=True)]


def sum_columns(builder: GateBuilder, columns: Columns, width: int) -> list[int]:
    """The low bits of Σ 2^i (number of ones in column i): adders, column by column."""
    total: list[int] = []
    waiting = [deque(column) for column in columns[:width]]
    waiting += [deque() for _ in range(width + 1 - len(waiting))]
    for digit in range(width):
        column = waiting[digit]
        while len(column) > 1:
            a, b = column.popleft(), column.popleft()
            bit, carry = builder.add(a, b, column.popleft() if column else FALSE)
            column.append(bit)
            waiting[digit + 1].append(carry)
        total.append(column[0] if column else FALSE)
    return total


def count_ones(builder: GateBuilder, literals: Word) -> list[int]:
    """How many of these are true, as a word."""
    return sum_columns(builder, [list(literals)], len(literals).bit_length())


def product_columns(builder: GateBuilder, x: Word, y: Word, first: int, last: int) -> Columns:
    """The Ands of bits of x and y whose product counts 2^first to 2^last; other columns stay empty."""
    columns: Columns = [[] for _ in range(last + 1)]
    for i, a in enumerate(x):
        for j in range(max(first - i, 0), min(last - i + 1, len(y))):
            columns[i + j].append(builder.all_of(a, y[j]))
    return columns


def multiply(builder: GateBuilder, x: Word, y: Word, width: int, first: int = 0) -> list[int]:
    """The low `width` bits of x y, without the columns below `first` (see `with_average`)."""
    columns = product_columns(builder, x, y, first, width - 1)
    dropped = sum(1 << i + j for i in range(len(x)) for j in range(len(y)) if i + j < first)
    return sum_columns(builder, with_average(columns, dropped, first), width)


def square_columns(builder: GateBuilder, x: Word, first: int, last: int) -> Columns:
    """As `product_columns` of x and x: two equal products are one of the next column."""
    columns: Columns = [[] for _ in range(last + 1)]
    for i, a in enumerate(x):
        if first <= 2 * i <= last:
            columns[2 * i].append(a)
        for j in range(i + 1, len(x)):
            if first <= i + j + 1 <= last:
                columns[i + j + 1].append(builder.all_of(a, x[j]))
    return columns


def square_dropped(x: Word, first: int) -> int:
    """The sum of all products that `square_columns` leaves out below `first`; those of one bit count double."""
    n = len(x)
    single = sum(2 << 2 * i for i in range(n) if 2 * i < first)
    return single + sum(2 << i + j for i in range(n) for j in range(i + 1, n) if i + j + 1 < first)


def with_average(columns: Columns, dropped: int, first: int) -> Columns:
    """Columns, and from `first` on a quarter of what products of two bits, when all are 1, would add."""
    average = (dropped + (2 << first)) // 4 >> first << first
    for digit in range(first, min(average.bit_length(), len(columns))):
        if average >> digit & 1:
            columns[digit].append(TRUE)
    return columns


def divide(builder: GateBuilder, x: Word, y: Word, rows: int) -> tuple[list[int], list[int]]:
    """Quotient and remainder by restoring division; right where the quotient has no more than `rows` bits.

    A divisor of 0 gives all ones, and x. Widths: quotient `rows`, remainder that of y.
    """
    none_above = [TRUE]
    for literal in reversed(y):
        none_above.append(builder.all_of(-literal, none_above[-1]))
    none_above.reverse()  # none_above[i]: the bits of y from i on are 0
    rest, quotient = widened(x[rows:], len(y)) if rows < len(x) else [], []
    for literal in reversed(x[:rows]):
        rest = [literal, *rest]
        part = widened(y, len(rest))
        rest, borrow = _restoring_row(builder, rest, part, none_above[min(len(rest), len(y))])
        rest = rest[: len(y)]
        quotient.append(-borrow)
    return quotient[::-1], widened(rest, len(y))


def root(builder: GateBuilder, x: Word) -> tuple[list[int], list[int]]:
    """The whole part of the square root, and what is left: x = root² + rest."""
    x = widened(x, len(x) + len(x) % 2)
    rest: list[int] = []
    found: list[int] = []  # the leading bits of the root, the last one first
    for index in reversed(range(0, len(x), 2)):
        rest = [*x[index : index + 2], *rest]
        trial = [TRUE, FALSE, *found]
        rest, borrow = _restoring_row(builder, rest, widened(trial, len(rest)), TRUE)
        found = [-borrow, *found]
        rest = rest[: len(found) + 1]
    return found, rest


def _restoring_row(builder: GateBuilder, x: Word, y: Word, fits: int) -> tuple[list[int], int]:
    """x - y where that is not negative, else x; and whether it is. `fits` false: y is larger for other reasons.

    Each bit is x xor (restored and (y xor borrow)): 9 Ands with the borrow, 10 in an adder and a choice.
    """
    borrow, borrows = FALSE, []
    for a, b in zip(x, y, strict=True):
        borrows.append(borrow)
        borrow = builder.borrow(a, b, borrow)
    negative = builder.any_of(borrow, -fits)
    rest = [
        builder.differ(a, builder.all_of(-negative, builder.differ(b, below)))
        for a, b, below in zip(x, y, borrows, strict=True)
    ]
    return rest, negative
