"""The table of operations on words. A new row is enough for a new family of functions."""

from __future__ import annotations

from math import isqrt

from btfnet.families import arithmetic as gates
from btfnet.families import operations as op
from btfnet.families.gate_builder import FALSE, TRUE
from btfnet.families.operations import Operation, signed

OF_TWO = (
    Operation(
        "of {words}, the first is less than the second",
        op.alike,
        op.one,
        lambda a, b, n: a < b,
        lambda b, w, n: [gates.less(b, w[0], w[1])],
        ordered=True,
        approximate=op.less_near,
    ),
    Operation(
        "of {words} in two's complement, the first is less than the second",
        op.alike,
        op.one,
        lambda a, b, n: signed(a, n) < signed(b, n),
        lambda b, w, n: [gates.less(b, op.flipped(w[0]), op.flipped(w[1]))],
        ordered=True,
        approximate=lambda b, w, bit, effort: op.less_near(b, [op.flipped(x) for x in w], bit, effort),
    ),
    Operation(
        "{words} are equal",
        op.alike,
        op.one,
        lambda a, b, n: a == b,
        lambda b, w, n: [gates.equal(b, w[0], w[1])],
    ),
    Operation(
        "the sum of {words}",
        op.alike,
        op.one_more,
        lambda a, b, n: a + b,
        op.sum_gates,
        approximate=op.sum_near,
    ),
    Operation(
        "the difference of {words}",
        op.alike,
        op.one_more,
        lambda a, b, n: a - b,
        op.difference_gates,
        ordered=True,
    ),
    Operation(
        "the product of {words}",
        op.alike,
        op.together,
        lambda a, b, n: a * b,
        op.product_gates,
        approximate=op.product_near,
    ),
    Operation(
        "the quotient of {words}",
        op.any_pair,
        op.as_wide,
        lambda a, b, n: a // b if b else (1 << n) - 1,
        op.quotient_gates,
        ordered=True,
        approximate=op.quotient_near,
    ),
    Operation(
        "the remainder of {words}",
        op.any_pair,
        lambda w: w[1],
        lambda a, b, n: a % b if b else a,
        op.remainder_gates,
        ordered=True,
        approximate=op.remainder_near,
    ),
    Operation("the larger of {words}", op.alike, op.as_wide, lambda a, b, n: max(a, b), op.larger_gates),
    Operation("the smaller of {words}", op.alike, op.as_wide, lambda a, b, n: min(a, b), op.smaller_gates),
    Operation(
        "the larger of {words} in two's complement",
        op.alike,
        op.as_wide,
        lambda a, b, n: max(signed(a, n), signed(b, n)),
        lambda b, w, n: op.flipped(op.larger_gates(b, [op.flipped(x) for x in w], n)),
    ),
    Operation(
        "the smaller of {words} in two's complement",
        op.alike,
        op.as_wide,
        lambda a, b, n: min(signed(a, n), signed(b, n)),
        lambda b, w, n: op.flipped(op.smaller_gates(b, [op.flipped(x) for x in w], n)),
    ),
    Operation("the distance of {words}", op.alike, op.as_wide, lambda a, b, n: abs(a - b), op.distance_gates),
    Operation(
        "one more than the sum of {words}",
        op.alike,
        op.one_more,
        lambda a, b, n: a + b + 1,
        lambda b, w, n: gates.add_words(b, w[0], w[1], TRUE),
    ),
    Operation(
        "the product of {words} in two's complement",
        op.alike,
        op.together,
        lambda a, b, n: signed(a, n) * signed(b, n),
        op.signed_product_gates,
    ),
    Operation(
        "the sum of the squares of {words}",
        op.alike,
        lambda w: 2 * w[0] + 1,
        lambda a, b, n: a * a + b * b,
        op.sum_of_squares_gates,
        approximate=op.squares_near,
    ),
    Operation(
        "the square root of the sum of the squares of {words}",
        op.alike,
        op.one_more,
        lambda a, b, n: isqrt(a * a + b * b),
        op.hypotenuse_gates,
    ),
)
"""For two words of one width, except division, for which the second may be narrower."""

OF_OTHERS = (
    Operation(
        "the sum of {words}",
        op.with_carry,
        op.one_more,
        lambda a, b, c, n: a + b + c,
        op.sum_gates,
        approximate=op.sum_near,
    ),
    Operation(
        "the difference of {words}",
        op.with_carry,
        op.one_more,
        lambda a, b, c, n: a - b - c,
        op.difference_gates,
        ordered=True,
    ),
    Operation(
        "the sum of {words}",
        op.three_alike,
        lambda w: w[0] + 2,
        lambda a, b, c, n: a + b + c,
        op.sum_of_three_gates,
    ),
    Operation(
        "the product of the first two, and the third added, of {words}",
        op.three_alike,
        op.together,
        lambda a, b, c, n: a * b + c,
        op.product_and_sum_gates,
        ordered=True,
    ),
    Operation(
        "the middle one of {words}",
        op.three_alike,
        op.as_wide,
        lambda a, b, c, n: sorted((a, b, c))[1],
        op.middle_gates,
    ),
    Operation(
        "{words}: the first moved up by the second",
        op.addressed,
        op.as_wide,
        lambda a, b, n: a << b,
        op.shifted_left_gates,
    ),
    Operation(
        "{words}: the first moved down by the second",
        op.addressed,
        op.as_wide,
        lambda a, b, n: a >> b,
        op.shifted_right_gates,
    ),
    Operation(
        "{words}: the first rotated up by the second",
        op.addressed,
        op.as_wide,
        lambda a, b, n: a << b % n | a >> n - b % n,
        op.rotated_gates,
    ),
)
"""For three words, for two and a carry, and for a word with the number of one of its bits."""

OF_ONE = (
    Operation(
        "the square root of {words}",
        op.alone,
        lambda w: (w[0] + 1) // 2,
        lambda a, n: isqrt(a),
        lambda b, w, n: gates.root(b, w[0])[0],
    ),
    Operation(
        "what the square root of {words} leaves",
        op.alone,
        lambda w: w[0] // 2 + 1,
        lambda a, n: a - isqrt(a) ** 2,
        lambda b, w, n: gates.root(b, w[0])[1],
    ),
    Operation(
        "the square of {words}",
        op.alone,
        lambda w: 2 * w[0],
        lambda a, n: a * a,
        op.sum_of_squares_gates,
        approximate=op.squares_near,
    ),
    Operation("the cube of {words}", op.alone, lambda w: 3 * w[0], lambda a, n: a**3, op.cube_gates),
    Operation(
        "minus {words}",
        op.alone,
        op.as_wide,
        lambda a, n: -a,
        lambda b, w, n: gates.add_words(b, gates.negated(w[0]), [TRUE]),
    ),
    Operation(
        "three times {words}",
        op.alone,
        lambda w: w[0] + 2,
        lambda a, n: 3 * a,
        lambda b, w, n: gates.add_words(b, w[0], [FALSE, *w[0]]),
    ),
    Operation(
        "the number of which {words} is the Gray code",
        op.alone,
        op.as_wide,
        lambda a, n: op.inverse_gray(a),
        op.inverse_gray_gates,
    ),
)
"""For all inputs as one word."""

OPERATIONS = (*OF_TWO, *OF_OTHERS, *OF_ONE)
"""The simplest first: of two that explain the same, the earlier one is meant."""
