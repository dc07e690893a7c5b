"""Gate descent: the discrete engine that finishes circuits.

It changes one gate at a time, each change priced exactly on all items, and never uses a gradient or a float.
By itself it solves networks of a few layers; in deep ones a start from the projections is often the better one.

local_search.py  a network with a gate at every node, and the search that mends it
buffers.py       the memory of a search, of all its items or of one rank's
state.py         where a search stands, what is kept of it, its memory, and gates as integer weights
driven.py        a walk through several networks, like one search from outside
engine.py        the search as the loop and a trial drive it; tuning.py how its settings find themselves
widening.py      beginnings in wider layers, squeezed step by step into the network
free.py          networks without layers, which grow where the error stands still; inputs.py which inputs they hear
rearrange.py     gates moved into another free network, in another order
shrink.py        an exact circuit made smaller by steps that never get a bit wrong
tighten.py       one of a free network, by walks (exact_walk.py); votes.py what circuits on the way say together
codes.py         unknown one-hot inputs; cuts.py layers that must tell items apart
"""
