"""Threshold gates and circuits of them as parts of an and-inverter graph.

Gates are folded before anything else looks at them, see `thresholds`: a majority of seven costs 20 Ands then, and
90 when its cubes are written out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from btfnet.logic.aig.aig import FALSE, TRUE, Aig, Builder
from btfnet.logic.aig.thresholds import Weights, threshold
from btfnet.logic.gate import Gate, fold_gate
from btfnet.logic.netlist import Netlist

AtLeast = Callable[[Builder, int, Weights], int]
"""How a builder says "at least so many of these literals"."""


def aig_of(circuit: Netlist) -> Aig:
    """An equivalent graph: constants folded, equal Ands shared, none without a use; `Circuit.from_aig` back."""
    builder = Builder(circuit.n_inputs)
    outputs = add_circuit(builder, circuit)
    return builder.finish(outputs, circuit.input_names, circuit.output_names, circuit.name)


def add_circuit(builder: Builder, circuit: Netlist, at_least: AtLeast = threshold) -> list[int]:
    """The outputs of a whole circuit over the builder's inputs."""
    literal_of = [FALSE, *(2 * node for node in range(1, circuit.n_inputs + 1))]
    for gate in circuit.gates:
        literal_of.append(_add_gate(builder, gate, literal_of, at_least))
    return [literal_of[abs(output)] ^ (output < 0) for output in circuit.outputs]


def _add_gate(builder: Builder, gate: Gate, literal_of: list[int], at_least: AtLeast) -> int:
    """A threshold gate over nodes whose literals are given."""
    gate = fold_gate(gate)
    literals = [literal_of[abs(literal)] ^ (literal < 0) for literal in gate.literals]
    m, k = len(literals), gate.at_least
    if gate.constant is not None:
        return TRUE if gate.constant else FALSE
    if k == m:
        return builder.all_of(literals)
    if k == 1:
        return builder.all_of([literal ^ 1 for literal in literals]) ^ 1
    if (m, k) == (3, 2):
        return builder.majority(*literals)
    return at_least(builder, k, Counter(literals))
