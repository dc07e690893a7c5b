"""Do two circuits compute the same? Proven, with a counterexample where they do not.

`equivalence` holds `equivalent`, the door; up to 24 inputs all of them are tried. `sweep` proves wider circuits
equal from the inputs up: `patterns` guess what is equal, `oracle` and `cones` prove it, `watch` keeps the time.
`difference` widens a counterexample. `names` puts the inputs of two circuits into one order; `tables` finds lines
of a table that contradict each other. docs/proof.md says how far this goes.
"""

from btfnet.proof.difference import difference_cube
from btfnet.proof.equivalence import METHODS, Equivalence, all_true, equivalent
from btfnet.proof.names import ordered_as
from btfnet.proof.tables import Contradiction, contradiction_of

__all__ = [
    "METHODS",
    "Contradiction",
    "Equivalence",
    "all_true",
    "contradiction_of",
    "difference_cube",
    "equivalent",
    "ordered_as",
]
