"""How fast this machine is: the kernel beside the plain copy of its memory, and how it scales.

sizes.py    how large and how long: FULL, QUICK
timing.py   tasks that take turns, medians over the rounds
kernel.py   the sweep on the contract's network, and over threads, items and edges
engines.py  gate descent and prediction
starts.py   what a user waits for before the first iteration
device.py   the projections in JAX
facts.py    all of it in one object
goals.py    the written goals, and which are met
"""

from btfnet.bench.facts import measure, warm_up
from btfnet.bench.goals import Goal, goals_of
from btfnet.bench.sizes import FULL, QUICK, BenchSizes

__all__ = ["FULL", "QUICK", "BenchSizes", "Goal", "goals_of", "measure", "warm_up"]
