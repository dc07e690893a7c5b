"""Which nodes a circuit could do without: Copies, and at some cost all others, if they were Copies.

Arguments: shape, gates, work  as in gate_arrays.py.
Source: own; the prices of gate_arrays.py for the literal of largest correlation (best_gate.py). Twin:
tests/kernels/test_removal.py, test_the_price_of_a_copy_is_what_the_error_grows_by and
test_nobody_hears_a_copy_any_more_and_nothing_changes.
"""

from btfnet.kernels.compiled import compiled
from btfnet.kernels.descent.best_gate import correlate
from btfnet.kernels.descent.merge import take_over
from btfnet.kernels.descent.prices import price_node


@compiled
def price_copies(shape, gates, work, nodes, prices):
    """For each node the literal that it would copy at the least cost.

    nodes   int64, (n,): threshold nodes
    prices  int64, (n, 3): what the error grows by, the sender, its sign. Writes these
    """
    for index in range(nodes.size):
        node = nodes[index]
        first = shape.fan_in_start[node]
        width = shape.fan_in_start[node + 1] - first
        for column in range(width):
            work.listed[column] = column
        top = price_node(shape, gates, work, node)
        if top == 0:
            prices[index, 0], prices[index, 1], prices[index, 2] = 0, shape.fan_in[first], 1
            continue
        _, held = correlate(shape, work, node, top, width)
        best = work.order[0]
        prices[index, 0] = (held - work.correlation[best]) // 2
        prices[index, 1] = shape.fan_in[first + best]
        prices[index, 2] = work.sign[best]


@compiled
def bypass_copies(shape, gates):
    """Who hears a hidden node that is a Copy hears its sender instead, where there is an edge. Writes gates."""
    for node in range(shape.n_inputs + 1, shape.first_output):
        if gates.arity[node] == 1:
            take_over(shape, gates, gates.sender[node, 0], node, gates.sign[node, 0])
