"""The operations of the grammar once more, written as plainly as can be: for each phrase, what a result is.

Widths: of the first word. Results are Python numbers, negative ones in two's complement.
"""

from math import floor, sqrt


def of_sign(number, width):
    return number - 2**width if number >= 2 ** (width - 1) else number


def gray_code(number):
    return number ^ (number // 2)


def rotated(number, by, width):
    text = format(number, f"0{width}b")
    for _ in range(by):
        text = text[1:] + text[0]
    return int(text, 2)


TWINS = {
    "the sum of {words}": lambda width, *words: sum(words),
    "the difference of {words}": lambda width, a, b, c=0: a - (b + c),
    "the product of {words}": lambda width, a, b: sum(a for _ in range(b)),
    "the quotient of {words}": lambda width, a, b: floor(a / b) if b else 2**width - 1,
    "the remainder of {words}": lambda width, a, b: a - b * floor(a / b) if b else a,
    "of {words}, the first is less than the second": lambda width, a, b: int(b - a > 0),
    "of {words} in two's complement, the first is less than the second": lambda width, a, b: int(
        of_sign(b, width) - of_sign(a, width) > 0
    ),
    "{words} are equal": lambda width, a, b: int(a - b == 0),
    "the larger of {words}": lambda width, a, b: a if a > b else b,
    "the smaller of {words}": lambda width, a, b: a if a < b else b,
    "the larger of {words} in two's complement": lambda width, *words: max(of_sign(x, width) for x in words),
    "the smaller of {words} in two's complement": lambda width, *words: min(of_sign(x, width) for x in words),
    "the distance of {words}": lambda width, a, b: a - b if a > b else b - a,
    "one more than the sum of {words}": lambda width, a, b: 1 + a + b,
    "the product of {words} in two's complement": lambda width, a, b: of_sign(a, width) * of_sign(b, width),
    "the sum of the squares of {words}": lambda width, a, b: a**2 + b**2,
    "the square root of the sum of the squares of {words}": lambda width, a, b: floor(sqrt(a**2 + b**2)),
    "the product of the first two, and the third added, of {words}": lambda width, a, b, c: c + b * a,
    "the middle one of {words}": lambda width, a, b, c: a + b + c - max(a, b, c) - min(a, b, c),
    "{words}: the first moved up by the second": lambda width, a, b: a * 2**b,
    "{words}: the first moved down by the second": lambda width, a, b: a // 2**b,
    "{words}: the first rotated up by the second": lambda width, a, b: rotated(a, b, width),
    "the square root of {words}": lambda width, a: floor(sqrt(a)),
    "what the square root of {words} leaves": lambda width, a: a - floor(sqrt(a)) ** 2,
    "the square of {words}": lambda width, a: a**2,
    "the cube of {words}": lambda width, a: a * a**2,
    "minus {words}": lambda width, a: -a,
    "three times {words}": lambda width, a: a + a + a,
    "the number of which {words} is the Gray code": lambda width, a: next(
        number for number in range(2**width) if gray_code(number) == a
    ),
}
