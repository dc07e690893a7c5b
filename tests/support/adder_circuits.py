"""Sums and products as and-inverter graphs of several structures."""

from btfnet import Circuit
from btfnet.logic.aig.aig import FALSE, Builder


def built(n_inputs, build):
    builder = Builder(n_inputs)
    outputs = build(builder, [2 * node for node in range(1, n_inputs + 1)])
    return Circuit.from_aig(builder.finish(outputs, (), (), "built"))


def ripple(builder, a, b):
    carry, total = FALSE, []
    for first, second in zip(a, b, strict=True):
        bit, carry = builder.add(first, second, carry)
        total.append(bit)
    return [*total, carry]


def skipping(builder, a, b):
    """Ripple carry within fours of bits; a four whose bits all propagate is skipped."""
    carry, total = FALSE, []
    for first in range(0, len(a), 4):
        four = list(zip(a[first : first + 4], b[first : first + 4], strict=True))
        skipped, inside = builder.all_of([builder.add(x, y, FALSE)[0] for x, y in four]), carry
        for x, y in four:
            bit, inside = builder.add(y, x, inside)
            total.append(bit)
        carry = builder.either(builder.both(skipped, carry), builder.both(skipped ^ 1, inside))
    return [*total, carry]


def multiplier_by_rows(n_bits):
    """The numbers of `multiplier`, row by row."""

    def build(builder, bits):
        a, b = bits[:n_bits], bits[n_bits:]
        total = [FALSE] * (2 * n_bits)
        for place, bit in enumerate(a):
            row = [builder.both(bit, other) for other in b]
            total[place : place + n_bits + 1] = ripple(builder, total[place : place + n_bits], row)
        return total

    return built(2 * n_bits, build)
