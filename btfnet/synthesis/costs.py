"""What a graph costs in hardware."""

from __future__ import annotations

from dataclasses import dataclass

from btfnet.logic.aig.aig import Aig
from btfnet.logic.aig.gates import aig_of
from btfnet.logic.circuit import Circuit
from btfnet.synthesis.luts import map_luts

MOST_ANDS = 10_000
"""Larger graphs are not mapped to look-up tables: that takes about a millisecond an And."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Size and depth of an and-inverter graph, and of its look-up tables of six inputs; inverters are free.

    luts, lut_depth   None above `MOST_ANDS`
    """

    ands: int
    and_depth: int
    luts: int | None
    lut_depth: int | None

    def as_dict(self) -> dict[str, int | None]:
        return {
            "ands": self.ands,
            "and_depth": self.and_depth,
            "luts": self.luts,
            "lut_depth": self.lut_depth,
        }

    def __str__(self) -> str:
        text = f"{self.ands} Ands in {self.and_depth} levels"
        if self.luts is None:
            return text
        return f"{text}, {self.luts} LUT6 in {self.lut_depth}"


def figures(circuit: Circuit | Aig) -> Figures:
    """Of a circuit as it is: its threshold gates normalised, nothing optimised. Needs no outside tool."""
    graph = aig_of(circuit) if isinstance(circuit, Circuit) else circuit
    if graph.n_ands > MOST_ANDS:
        return Figures(graph.n_ands, graph.depth, None, None)
    mapping = map_luts(graph)
    return Figures(graph.n_ands, graph.depth, len(mapping.tables), mapping.depth)
