"""`Circuit`: an acyclic netlist of threshold gates, and what users do with one."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import NAMES, TEXT, need, optional
from btfnet.logic import networkx_graph
from btfnet.logic.aig.aig import Aig
from btfnet.logic.describe import describe, headline
from btfnet.logic.drawing.labels import escaped
from btfnet.logic.drawing.svg import draw_svg
from btfnet.logic.gate import Gate
from btfnet.logic.netlist import Netlist
from btfnet.logic.simplify import simplify

if TYPE_CHECKING:
    import networkx

    from btfnet.logic.execution import Executor
    from btfnet.logic.simulation.compiled import CompiledCircuit
    from btfnet.matching.row_kinds import Kind

__all__ = ["Circuit", "Gate"]

MOST_GATES_SHOWN = 300
"""A notebook does not draw larger circuits; `draw_svg` does."""


class Circuit(Netlist):
    """An acyclic netlist of threshold gates.

    Nodes count from 1: nodes 1 … n_inputs are the inputs, gate j (from 0) is node n_inputs + 1 + j and
    uses earlier nodes only. Outputs are literals: signed node numbers.

    input_names, output_names   distinct names, or empty for x0 …, y0 …
    training                    how far it reproduces the items that it was learned from; None: not known.
                                It says where the circuit comes from, not what it computes: circuits that
                                differ in it alone are equal. What computes the same keeps it (`named`,
                                `simplified`, `btfnet.synthesis.optimising.optimise`), what is built anew does not.

    Raises `DataError` when a literal or an output names no earlier node.
    """

    def named(
        self, *, name: str | None = None, inputs: tuple[str, ...] = (), outputs: tuple[str, ...] = ()
    ) -> Circuit:
        """The same circuit with other names."""
        need("named", name=(name, optional(TEXT)), inputs=(inputs, NAMES), outputs=(outputs, NAMES))
        return replace(
            self,
            name=name or self.name,
            input_names=inputs if len(inputs) else self.input_names,
            output_names=outputs if len(outputs) else self.output_names,
        )

    def simplified(self) -> Circuit:
        """An equivalent circuit without constants, copies, duplicates and dead gates where possible."""
        return simplify(self)

    def predict(self, inputs: ArrayLike, *, kind: Kind | None = None) -> NDArray[Any]:
        """Outputs for rows of inputs, (n_items, n_outputs), of the same kind: bool, 0/1 or ±1, as the rows are.

        inputs   (n_items, n_inputs): bool, 0/1 or ±1; or packed words (uint64), as `PackedModel.predict` takes
                 them; or a data frame, whose columns are matched by name and may include the outputs'
        kind     "bool", "bits" (0/1), "signs" (±1) or "words"; when not given: words for uint64, bool for bool,
                 signs where a -1 stands, else bits (`btfnet.matching.row_kinds`)

        Raises `DataError` when the rows are not Boolean, have a wrong length, or names that do not fit.
        """
        return self.executor.predict(inputs, kind=kind)

    @cached_property
    def executor(self) -> Executor:
        """What runs the circuit; made at the first use."""
        from btfnet.logic.execution import (
            Executor,  # the compiler, for which those who only convert need not wait
        )

        return Executor(self)

    @property
    def program(self) -> CompiledCircuit:
        """The circuit compiled for evaluation on many items; made at the first use."""
        return self.executor.compiled

    def to_networkx(self) -> networkx.DiGraph:
        """A `DiGraph` with an edge from every literal's node to its gate; `from_networkx` reads it back.

        Nodes carry kind, name (inputs) or at_least (gates); edges carry `weight`, the signed multiplicity
        of the literal, and gates the order in which their literals stand. Outputs are nodes of their own.
        All attributes are single strings or integers, so that networkx can write the graph as GraphML.
        The graph's attribute `training` says what the circuit's does; whoever changes the graph removes it.
        """
        return networkx_graph.to_networkx(self)

    @classmethod
    def from_networkx(cls, graph: networkx.DiGraph) -> Circuit:
        """From a graph as `to_networkx` makes them. Raises `DataError` for anything else."""
        return networkx_graph.from_networkx(graph, cls)

    @classmethod
    def from_aig(cls, graph: Aig) -> Circuit:
        """And gates for the Ands of a graph, and a constant where an output is one.

        Raises `DataError` where an And takes a constant, which `Aig.cleaned` folds.
        """
        gates, outputs = graph.as_gates()
        return cls(graph.n_inputs, gates, outputs, graph.input_names, graph.output_names, graph.name)

    def __str__(self) -> str:
        return describe(self)

    def _repr_svg_(self) -> str | None:
        """The picture, for notebooks; None where it would be too large to look at."""
        return draw_svg(self) if len(self.gates) <= MOST_GATES_SHOWN else None

    def _repr_html_(self) -> str:
        """The picture and, behind a click, the gates in words, for notebooks; the headline alone of large ones."""
        if len(self.gates) > MOST_GATES_SHOWN:
            return f"<p>{escaped(headline(self))}</p>"
        return (
            f'<div style="overflow-x:auto">{draw_svg(self)}</div>'
            f"<details><summary>Gates in words</summary><pre>{escaped(describe(self))}</pre></details>"
        )
