"""Gate descent: what every item's error would change by if a node flipped there, for all items at once.

Arguments: shape, gates, work, node  as in gate_arrays.py, which has the derivation, too (own).
Twin: tests/support/descent_samples.py, wrong_bits, with a node flipped.
"""

from btfnet.kernels.bits import NONE
from btfnet.kernels.compiled import compiled
from btfnet.kernels.descent.bitrows import add_votes
from btfnet.kernels.descent.gate_arrays import spread
from btfnet.kernels.fill import fill
from btfnet.kernels.shared_rows import most_of


@compiled
def price_flips(shape, work):
    """d in bit planes, magnitude and sign, from the flipped outputs; returns the planes used, 0 if all d = 0.

    The counters grow a plane, a copy of the sign, whenever the number of votes needs it. Writes work.planes.
    """
    planes, used, votes = work.planes, 0, 0
    for output in range(shape.targets.shape[0]):
        node = shape.first_output + output
        if not work.changed[node]:
            continue
        votes += 1
        while (1 << used) <= 2 * votes:
            for word in range(planes.shape[1]):
                planes[used, word] = planes[used - 1, word] if used > 1 else NONE
            used += 1
        add_votes(planes, used, work.values[node], work.flipped[node], work.wrong[output], shape.care[output])
    return most_of(work.share, take_magnitudes(planes, used))


@compiled
def take_magnitudes(planes, used):
    """Two's complement to magnitude and sign, in place; returns the planes that |d| uses.

    planes  uint64, (n_planes, n_words): the first `used` are read. Writes these, and the sign into the last plane.
    """
    top, last = 0, planes.shape[0] - 1
    for word in range(planes.shape[1] if used else 0):
        negative = planes[used - 1, word]
        carry = negative
        for plane in range(used):
            bit = planes[plane, word] ^ negative
            planes[plane, word] = bit ^ carry
            carry = bit & carry
            if plane >= top and planes[plane, word] != 0:
                top = plane + 1
        planes[last, word] = negative
    return top


@compiled
def price_node(shape, gates, work, node):
    """d of a node: flip it on all items, evaluate what hears it, count; returns as `price_flips` does.

    Writes work.planes, work.flipped and work.changed.
    """
    for word in range(work.values.shape[1]):
        work.flipped[node, word] = ~work.values[node, word]
    fill(work.changed, False)
    spread(gates, node, work, work.values.shape[0] - 1)
    return price_flips(shape, work)
