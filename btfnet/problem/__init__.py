"""Problems: a network and the items that it must reproduce.

network.py        `Network`: who listens to whom; network_checks.py whether arrays and edges describe one;
                  layers.py its layers; free.py those without; sparse.py layers of random senders;
                  networkx_graph.py from graphs and back
sharing.py        `SharedGates`: which nodes share a gate; unrolled.py networks of copies of cells
widths.py         widths of layers, how large a network they make, and what memory that takes
values.py         kinds of inputs and outputs; Booleans, classes and care bits from what a user gives
read_only.py      `ReadOnly`: what goes to another process arrives as it was
targets.py        `Targets`: what items say of the outputs, how much of an answer is right, and items that no
                  circuit can reproduce
packed_bits.py    `PackedBits`: rows of Booleans, 64 items to a word; packing.py how they fill up; item_inputs.py
                  what is asked of inputs in either form
items.py          `Items`: inputs and targets, with names; item_checks.py what they must be
merging.py        items with equal inputs as one, and the least error there can be
problem.py        `Problem`: a network and items; checks.py whether they fit, in the arguments of before, too
"""
