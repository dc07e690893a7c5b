"""Do two circuits compute the same? Proven, with a counterexample where they do not.

`equivalence` holds `equivalent`, the door; `exhaustive` tries every input; `sweep` proves larger circuits equal
from the inputs up, with `patterns` to guess what is equal, `cones` and `oracle` to prove it; `watch` keeps the time.
"""

from btfnet.proof.equivalence import METHODS, Equivalence, equivalent

__all__ = ["METHODS", "Equivalence", "equivalent"]
