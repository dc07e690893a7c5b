"""Which senders a visit to a node sees: all, or where there are many the gate's own and a random sample.

A visit takes time with the number of senders that it looks at, pairs and triples of them most of all, while
hundreds of nodes hear hundreds. Many visits that see few senders each come further in the same time than few that
see all, and end with fewer gates (docs/free.md).

Arguments: shape, gates, work, node, rng  as in gate_arrays.py.
Source: own; the sample is drawn again and again until it is new, since it is small. Twin:
tests/kernels/test_senders.py,
test_of_many_senders_a_visit_sees_those_of_the_gate_and_others_each_once.
"""

from btfnet.kernels.compiled import compiled
from btfnet.kernels.random_draw import below


@compiled
def column_of(shape, node, sender):
    """Which of a node's senders a sender is, by bisection. Returns an integer, writes nothing."""
    first = shape.fan_in_start[node]
    edge, above = first, shape.fan_in_start[node + 1]
    while above - edge > 1:
        middle = (edge + above) // 2
        if shape.fan_in[middle] <= sender:
            edge = middle
        else:
            above = middle
    return edge - first


@compiled
def list_senders(shape, gates, work, node, rng):
    """The columns that a visit sees: all senders, or those of the gate held and a random sample.

    Writes work.listed; returns how many.
    """
    width = shape.fan_in_start[node + 1] - shape.fan_in_start[node]
    listed = work.listed
    if width <= shape.most_seen:
        for column in range(width):
            listed[column] = column
        return width
    n_listed = 0
    for literal in range(gates.arity[node]):
        n_listed = list_once(listed, n_listed, column_of(shape, node, gates.sender[node, literal]))
    while n_listed < shape.most_seen:
        n_listed = list_once(listed, n_listed, below(rng, width))
    return n_listed


@compiled
def list_once(listed, n_listed, column):
    """Add a column to the first n_listed, unless it is there; returns how many there are. Writes listed, int64."""
    for index in range(n_listed):
        if listed[index] == column:
            return n_listed
    listed[n_listed] = column
    return n_listed + 1
