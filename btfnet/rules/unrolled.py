"""Cells and steps unrolled: the circuit from all first states to all last ones."""

from __future__ import annotations

import numpy as np

from btfnet.arguments import a, need, whole
from btfnet.errors import CapacityError, UsageError
from btfnet.families.gate_builder import FALSE, TRUE, GateBuilder
from btfnet.logic.circuit import Circuit
from btfnet.rules.cell_gates import bit_names
from btfnet.rules.lattice import OUTSIDE, Lattice, Neighbourhood

MOST_GATES = 1 << 20
"""Before equal ones are found: a quarter of a minute."""


def unrolled(circuit: Circuit, lattice: Lattice, neighbourhood: Neighbourhood, steps: int) -> Circuit:
    """The circuit that runs all cells so many steps: one copy of a cell's gates for each of them, equal ones once.

    circuit   of one cell, as `circuit_of` makes it: inputs what a cell sees, outputs the bits of its next state
    steps     1 or more
    Inputs are the first states c0, c1, … in the order of the lattice, row by row; outputs the last ones, c0_t3 and
    so on where there are three steps. Bits of a state are c0_b1, c0_b0. Beyond the ends of a lattice that is not
    periodic cells are in state 0.

    Raises `UsageError` where circuit and neighbourhood do not fit each other, `CapacityError` for more than a
    million gates.
    """
    need(
        "unrolled",
        circuit=(circuit, a(Circuit)),
        lattice=(lattice, a(Lattice)),
        neighbourhood=(neighbourhood, a(Neighbourhood)),
        steps=(steps, whole(1)),
    )
    bits = circuit.n_outputs
    if circuit.n_inputs != bits * neighbourhood.size or neighbourhood.dimensions != len(lattice.shape):
        raise UsageError(
            f"a cell of {circuit.n_inputs} inputs and {bits} outputs on a {lattice.in_words} that reads "
            f"{neighbourhood.in_words}; expected {bits * neighbourhood.size} inputs, and as many dimensions."
        )
    n_gates = lattice.n_cells * steps * max(1, len(circuit.gates))
    if n_gates > MOST_GATES:
        raise CapacityError(
            f"{lattice.n_cells} cells, {steps} steps and {len(circuit.gates)} gates a cell are {n_gates} gates; "
            f"at most {MOST_GATES}. Unroll fewer steps, or a smaller lattice."
        )
    builder = GateBuilder(bits * lattice.n_cells)
    states = np.arange(1, builder.n_inputs + 1, dtype=np.int64).reshape(lattice.n_cells, bits)
    reads = np.stack([lattice.reads(offset) for offset in neighbourhood.offsets], axis=1)
    for _ in range(steps):
        seen = np.where((reads == OUTSIDE)[..., None], FALSE, states[reads]).reshape(lattice.n_cells, -1)
        states = np.array([_cell(builder, circuit, row) for row in seen.tolist()], dtype=np.int64)
    names = [f"c{cell}" for cell in range(lattice.n_cells)]
    return builder.circuit(
        states.ravel().tolist(),
        input_names=tuple(name for cell in names for name in bit_names(cell, bits)),
        output_names=tuple(name for cell in names for name in bit_names(f"{cell}_t{steps}", bits)),
        name=f"{circuit.name}_{steps}_steps",
    )


def _cell(builder: GateBuilder, circuit: Circuit, seen: list[int]) -> list[int]:
    """A copy of a cell's gates on what it sees; the literals of its next state."""
    nodes = [0, *seen]

    def literal(signed: int) -> int:
        return nodes[signed] if signed > 0 else -nodes[-signed]

    for gate in circuit.gates:
        constant = gate.constant
        if constant is None:
            nodes.append(builder.at_least(gate.at_least, map(literal, gate.literals)))
        else:
            nodes.append(TRUE if constant else FALSE)
    return [literal(output) for output in circuit.outputs]
