"""Circuits of threshold gates: what a solved network means.

`core` holds `Gate` and `Circuit`; `evaluate` runs them 64 items at a time; `simplify` folds and removes;
`words` says gates in words; `fit` chooses gates for nodes; `rationalise` turns weights into a circuit;
`verify` checks a circuit on every item without a single float; `training` counts and carries what it gets wrong.
"""

from btfnet.circuit.core import Circuit, Gate

__all__ = ["Circuit", "Gate"]
