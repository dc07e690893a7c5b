"""One rule in many places: automata found from snapshots, however many steps apart.

    from btfnet.rules import reconstruct

    found = reconstruct([row_at_0, row_at_3], neighbours=6, steps=3)

The shared rule is the only unknown: all cells are run forward, all steps long, and what they get wrong is counted.

reconstruct.py      the door
observations.py     states that were seen, with gaps;  lattice.py  where cells lie, and what they read
rule.py, thresholds.py, gates.py   rules as tables, threshold nodes, circuits, and cells run by them, in NumPy
arrays.py           observations packed for the kernels (kernels/cells)
tables.py, gate_walks.py   walks over rules;  tempering.py  their temperatures;  attempt.py  one start
enumeration.py      all rules, where they are few
search.py           starts side by side;  store.py  their checkpoints
neighbourhoods.py   which sizes are tried, and how long, where they are to be found
warming.py          compiling beforehand
mending.py          first states that were seen wrong
confirming.py, alternatives.py     is there another rule?
records.py          `Reconstruction` and what it holds
cell_gates.py, unrolling.py        a cell, and all cells and steps, as circuits;  smallest.py  the fewest gates
names.py            what rules are called;  space_time.py, blocks.py  pictures of space and time
"""

from __future__ import annotations

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
