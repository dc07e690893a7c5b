"""`Gate` and `Circuit`: the one gate type, and acyclic netlists of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import NAMES, TEXT, is_whole, need, optional, said
from btfnet.errors import DataError
from btfnet.logic.checks import check_gate, check_parts

if TYPE_CHECKING:
    import networkx

    from btfnet.logic.simulation.compiled import CompiledCircuit
    from btfnet.logic.training_fit import TrainingFit
    from btfnet.matching.row_kinds import Kind


@dataclass(frozen=True, slots=True)
class Gate:
    """True when at least so many of its literals are true.

    literals   signed node numbers: +i is node i, -i its negation; a literal may stand more than once,
               which is an integer weight
    at_least   k of m literals: k = m is And, k = 1 is Or, the middle Majority, m = 1 Copy or Not;
               k ≤ 0 is the constant true, k > m the constant false

    Source: the ±1 networks of arXiv 2602.17493, with the bias folded into k.
    """

    at_least: int
    literals: tuple[int, ...]

    def __post_init__(self) -> None:
        if type(self.at_least) is not int or type(self.literals) is not tuple:
            check_gate(self.at_least, self.literals)
            object.__setattr__(self, "at_least", int(self.at_least))
            object.__setattr__(self, "literals", tuple(self.literals))

    @classmethod
    def from_weights(cls, weights: dict[int, int]) -> Gate:
        """The gate of y = sgn(Σ w_i x_i) with integer weights over ±1 nodes; node 0 is the constant -1.

        The sign of 0 is -1, as in the paper's inference.
        """
        bias = weights.get(0, 0)
        literals = tuple(
            (node if weight > 0 else -node)
            for node, weight in sorted(weights.items())
            if node != 0
            for _ in range(abs(weight))
        )
        return cls((len(literals) + bias) // 2 + 1, literals)

    @property
    def kind(self) -> str:
        """One of const, copy, not, and, or, maj, threshold."""
        m, k = len(self.literals), self.at_least
        if k <= 0 or k > m:
            return "const"
        if m == 1:
            return "copy" if self.literals[0] > 0 else "not"
        if len(set(map(abs, self.literals))) < m:
            return "threshold"
        if k in (1, m):
            return "or" if k == 1 else "and"
        return "maj" if 2 * k == m + 1 else "threshold"

    @property
    def constant(self) -> bool | None:
        """The value of a constant gate, None for all others."""
        if self.at_least <= 0:
            return True
        return False if self.at_least > len(self.literals) else None

    def dual(self) -> Gate:
        """The gate that is true exactly when this one is false."""
        m = len(self.literals)
        return Gate(m - self.at_least + 1, tuple(-literal for literal in self.literals))

    def __str__(self) -> str:
        names = [f"{'~' if literal < 0 else ''}n{abs(literal)}" for literal in self.literals]
        if self.kind == "const":
            return "true" if self.constant else "false"
        if self.kind in ("copy", "not"):
            return names[0]
        if self.kind == "threshold":
            return f"at least {self.at_least} of ({', '.join(names)})"
        title = {"and": "And", "or": "Or", "maj": f"Maj{len(names)}"}[self.kind]
        return f"{title}({', '.join(names)})"


@dataclass(frozen=True, eq=False)
class Circuit:
    """An acyclic netlist of threshold gates.

    Nodes count from 1: nodes 1 … n_inputs are the inputs, gate j (from 0) is node n_inputs + 1 + j and
    uses earlier nodes only. Outputs are literals: signed node numbers.

    input_names, output_names   distinct names, or empty for x0 …, y0 …
    training                    how far it reproduces the items that it was learned from; None: not known.
                                It says where the circuit comes from, not what it computes: circuits that
                                differ in it alone are equal. What computes the same keeps it (`named`,
                                `simplified`, `btfnet.synthesis.optimise`), what is built anew does not.

    Raises `DataError` when a literal or an output names no earlier node.
    """

    n_inputs: int
    gates: tuple[Gate, ...]
    outputs: tuple[int, ...]
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    name: str = "circuit"
    training: TrainingFit | None = None

    def __post_init__(self) -> None:
        check_parts(self.n_inputs, self.gates, self.outputs, self.input_names, self.output_names, self.name)
        object.__setattr__(self, "gates", tuple(self.gates))
        object.__setattr__(self, "outputs", tuple(int(output) for output in self.outputs))
        object.__setattr__(self, "input_names", tuple(self.input_names) or _numbered("x", self.n_inputs))
        object.__setattr__(self, "output_names", tuple(self.output_names) or _numbered("y", self.n_outputs))
        for what, names, expected in (
            ("input", self.input_names, self.n_inputs),
            ("output", self.output_names, len(self.outputs)),
        ):
            if len(names) != expected or len(set(names)) != expected:
                raise DataError(
                    f"{self.name}: {expected} {what}s need as many distinct names, not {list(names)[:8]}."
                )
        for index, gate in enumerate(self.gates):
            node = self.n_inputs + 1 + index
            for literal in gate.literals:
                if type(literal) is not int and not is_whole(literal):
                    raise DataError(
                        f"{self.name}: gate {node} has the literal {said(literal)}; give node numbers."
                    )
                if not 1 <= abs(literal) < node:
                    raise DataError(
                        f"{self.name}: gate {node} uses node {abs(literal)}; "
                        f"it may use nodes 1 to {node - 1} only."
                    )
        for index, output in enumerate(self.outputs):
            if not 1 <= abs(output) <= self.n_nodes:
                raise DataError(
                    f"{self.name}: output {index} is node {abs(output)}; nodes are 1 to {self.n_nodes}."
                )

    @property
    def n_nodes(self) -> int:
        """Inputs and gates."""
        return self.n_inputs + len(self.gates)

    @property
    def n_outputs(self) -> int:
        return len(self.outputs)

    def gate(self, node: int) -> Gate:
        """The gate at a node."""
        return self.gates[node - self.n_inputs - 1]

    @cached_property
    def levels(self) -> NDArray[np.int64]:
        """Gates on the longest path from an input to each node; (n_nodes + 1,), entry 0 unused."""
        level = np.zeros(self.n_nodes + 1, dtype=np.int64)
        for index, gate in enumerate(self.gates):
            below = (level[abs(literal)] for literal in gate.literals)
            level[self.n_inputs + 1 + index] = 1 + max(below, default=-1)
        return level

    @property
    def depth(self) -> int:
        """Gates on the longest path from an input to an output."""
        return int(max((self.levels[abs(output)] for output in self.outputs), default=0))

    def counts(self) -> dict[str, int]:
        """Gates by kind; negated outputs count as a Not each."""
        kinds = Counter(gate.kind for gate in self.gates)
        inverted = len({output for output in self.outputs if output < 0})
        if inverted:
            kinds["not"] += inverted
        return dict(sorted(kinds.items()))

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
        from btfnet.logic.simplify import simplify

        return simplify(self)

    def predict(self, inputs: ArrayLike, *, kind: Kind | None = None) -> NDArray[Any]:
        """Outputs for rows of inputs, (n_items, n_outputs), of the same kind: bool, 0/1 or ±1, as the rows are.

        inputs   (n_items, n_inputs): bool, 0/1 or ±1; or packed words (uint64), as `PackedModel.predict` takes
                 them; or a data frame, whose columns are matched by name and may include the outputs'
        kind     "bool", "bits" (0/1), "signs" (±1) or "words"; when not given: words for uint64, bool for bool,
                 signs where a -1 stands, else bits (`btfnet.matching.row_kinds`)

        Raises `DataError` when the rows are not Boolean, have a wrong length, or names that do not fit.
        """
        from btfnet.logic.simulation.evaluate import predict

        return predict(self, inputs, kind=kind)

    @cached_property
    def program(self) -> CompiledCircuit:
        """The circuit compiled for evaluation on many items; made at the first use."""
        from btfnet.logic.simulation.compiled import CompiledCircuit

        return CompiledCircuit.of(self)

    def to_networkx(self) -> networkx.DiGraph:
        """A `DiGraph` with an edge from every literal's node to its gate; `from_networkx` reads it back.

        Nodes carry kind, name (inputs) or at_least (gates); edges carry `weight`, the signed multiplicity
        of the literal, and gates the order in which their literals stand. Outputs are nodes of their own.
        All attributes are single strings or integers, so that networkx can write the graph as GraphML.
        The graph's attribute `training` says what the circuit's does; whoever changes the graph removes it.
        """
        from btfnet.logic.networkx_graph import to_networkx

        return to_networkx(self)

    @classmethod
    def from_networkx(cls, graph: networkx.DiGraph) -> Circuit:
        """From a graph as `to_networkx` makes them. Raises `DataError` for anything else."""
        from btfnet.logic.networkx_graph import from_networkx

        return from_networkx(graph)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Circuit) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return (self.n_inputs, self.gates, self.outputs, self.input_names, self.output_names, self.name)

    def __str__(self) -> str:
        from btfnet.logic.describe import describe

        return describe(self)


def _numbered(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{index}" for index in range(count))
