"""Gate descent: the discrete engine that finishes circuits.

It changes one gate at a time, each change priced exactly on all items, and never uses a gradient or a float.
By itself it solves networks of a few layers; in deep ones a start from the projections is often the better one.

local_search.py  a network with a gate at every node, and the search that mends it
state.py         where a search stands, and what is kept of it
stepper.py       the search as the loop drives it
widening.py      beginnings in wider layers, squeezed step by step into the network
shrink.py        an exact circuit made smaller by steps that never get a bit wrong
codes.py         unknown one-hot inputs; cuts.py layers that must tell items apart
weights.py       gates as integer weights, and back
buffers.py       memory for a search, made once
"""
