"""Gate descent: the discrete engine that finishes circuits.

It changes one gate at a time, each change priced exactly on all items, and never uses a gradient or a float.
By itself it solves networks of a few layers; in deep ones a start from the projections is often the better one.
"""

from btfnet.descent.shrink import shrink
from btfnet.descent.stepper import DescentStepper
from btfnet.descent.walker import Walker

__all__ = ["DescentStepper", "Walker", "shrink"]
