"""Fewer gates for hardware: logic synthesis by existing tools, and every result proven.

`optimising` holds `optimise`, the door; `in_process` works with aigverse, `abc` with ABC in a subprocess;
`costs` counts Ands, levels and look-up tables, which `luts` maps without any tool.
"""

from btfnet.synthesis.costs import Figures, figures
from btfnet.synthesis.optimising import SECONDS, TOOLS, Attempt, Optimised, optimise, require

__all__ = ["SECONDS", "TOOLS", "Attempt", "Figures", "Optimised", "figures", "optimise", "require"]
