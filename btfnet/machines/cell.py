"""The cell of a machine: the circuit that takes inputs and state, and gives outputs and next state."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import BtfnetWarning
from btfnet.halting import Stop
from btfnet.logic.circuit import Circuit, Gate
from btfnet.machines.codes import counting_codes, n_bits, smooth_codes
from btfnet.machines.prefix_tree import NONE
from btfnet.machines.state_table import StateTable
from btfnet.problem.items import Items
from btfnet.problem.problem import Problem
from btfnet.search.solve import solve

TRIALS = 2
"""Starts of the search for gates, for each code."""
SMALL = 200
"""Tables of so many bits at most are searched for gates under several codes."""


class Ports(NamedTuple):
    """Names of a machine's input and output bits."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


class Cell(NamedTuple):
    """A circuit, and the code of each state."""

    circuit: Circuit
    codes: tuple[int, ...]


class Effort(NamedTuple):
    """What the search for gates may take.

    seconds  that are left, asked when it begins; None: no limit
    """

    seed: int
    jobs: int | None
    seconds: Callable[[], float | None]
    stop: Stop | None


class Row(NamedTuple):
    """A line of a truth table: the inputs; the outputs, and which of them are told."""

    inputs: int
    outputs: int
    known: int


Maker = Callable[[Sequence[Row], int, int], Circuit | None]
"""A circuit of rows, with so many inputs and outputs; None where there is none in time."""


def cell_of(table: StateTable, ports: Ports, name: str, effort: Effort) -> Cell:
    """The smallest of the cells that a few state codes lead to; right on everything that the table tells.

    The inputs are the ports' and the state bits, `s0` the lowest; the outputs the ports' and the next state's.
    Where no search ends in time, the truth table is taken apart as it stands.
    """

    def searched(rows: Sequence[Row], n_inputs: int, n_outputs: int) -> Circuit | None:
        return _gates(rows, n_inputs, n_outputs, effort)

    ways = [counting_codes(table), smooth_codes(table, effort.seed)]
    bits = len(table.seen()) * (n_bits(table.n_states) + len(ports.outputs))
    cells = [(_assembled(table, ways[0], ports, _one_by_one), ways[0])]
    for codes in ways if bits <= SMALL and ways[0] != ways[1] else ways[1:]:
        cells.append((_assembled(table, codes, ports, searched), codes))
    circuit, codes = min(
        ((circuit, codes) for circuit, codes in cells if circuit is not None),
        key=lambda cell: len(cell[0].gates),
    )
    return Cell(_named(circuit, ports, n_bits(table.n_states), name), tuple(codes))


def rows_of(table: StateTable, codes: Sequence[int], n_inputs: int, n_outputs: int) -> list[Row]:
    """The truth table of the cell, as far as the machine's table tells it: inputs lowest, then the state bits."""
    state = (1 << n_bits(table.n_states)) - 1
    rows = []
    for q, code in enumerate(codes):
        for a, word in enumerate(table.alphabet):
            value, known = table.output(q, a)
            to = table.next_state[q][a]
            if to != NONE:
                value, known = value | codes[to] << n_outputs, known | state << n_outputs
            rows.append(Row(word | code << n_inputs, value, known))
    return [row for row in rows if row.known]


def items_of(table: StateTable, codes: Sequence[int], circuit: Circuit) -> Items:
    """The truth table of the cell as items, under the circuit's names."""
    bits = n_bits(table.n_states)
    rows = rows_of(table, codes, circuit.n_inputs - bits, circuit.n_outputs - bits)
    inputs = _bits([row.inputs for row in rows], circuit.n_inputs)
    outputs = _bits([row.outputs for row in rows], circuit.n_outputs)
    care = _bits([row.known for row in rows], circuit.n_outputs)
    items = Items.from_arrays(inputs, outputs, care=care)
    return replace(items, input_names=circuit.input_names, output_names=circuit.output_names)


def is_right(circuit: Circuit, rows: Sequence[Row]) -> bool:
    """Whether a circuit gives every bit that is told."""
    if not rows:
        return True
    outputs = circuit.predict(_bits([row.inputs for row in rows], circuit.n_inputs), kind="bool")
    wanted = _bits([row.outputs for row in rows], circuit.n_outputs)
    known = _bits([row.known for row in rows], circuit.n_outputs)
    return not ((outputs != wanted) & known).any()


def _bits(words: Sequence[int], width: int) -> NDArray[Any]:
    return np.array([[word >> bit & 1 for bit in range(width)] for word in words], dtype=bool).reshape(
        -1, width
    )


def _assembled(table: StateTable, codes: list[int], ports: Ports, make: Maker) -> Circuit | None:
    """The cell of circuits that `make` makes of rows: one; of a Moore machine two, the outputs' sees no inputs."""
    n_inputs, n_outputs, bits = len(ports.inputs), len(ports.outputs), n_bits(table.n_states)
    rows = rows_of(table, codes, n_inputs, n_outputs)
    if not table.moore:
        return make(rows, n_inputs + bits, n_outputs + bits)
    after = [Row(row.inputs, row.outputs >> n_outputs, row.known >> n_outputs) for row in rows]
    told = [Row(code, *table.output(q, 0)) for q, code in enumerate(codes)]
    next_state, outputs = make(after, n_inputs + bits, bits), make(told, bits, n_outputs)
    return None if next_state is None or outputs is None else _beside(next_state, outputs, n_inputs)


def _gates(rows: Sequence[Row], n_inputs: int, n_outputs: int, effort: Effort) -> Circuit | None:
    """A circuit of these rows, which is right on all of them."""
    rows = [row for row in rows if row.known]
    left = effort.seconds()
    if not rows or n_outputs == 0 or n_inputs == 0:
        return _one_by_one(rows, n_inputs, n_outputs)
    if left is not None and left <= 0:
        return None
    problem = Problem.from_bits(
        _bits([row.inputs for row in rows], n_inputs),
        _bits([row.outputs for row in rows], n_outputs),
        care=_bits([row.known for row in rows], n_outputs),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BtfnetWarning)  # of outputs that never change, which is no news here
        result = solve(
            problem, trials=TRIALS, circuits=1, deterministic=True, engine="descent", seed=effort.seed,
            jobs=effort.jobs, time_limit=left, stop=effort.stop,
        )  # fmt: skip
    if result.circuit is None:
        return None
    circuit = result.circuit.simplified()
    return circuit if is_right(circuit, rows) else None


def _beside(next_state: Circuit, outputs: Circuit, n_ports: int) -> Circuit:
    """Outputs of the state alone, and the next state, in one circuit."""
    wide, gates = next_state.n_inputs, list(next_state.gates)

    def moved(literal: int) -> int:
        node = abs(literal)
        node += n_ports if node <= outputs.n_inputs else wide + len(next_state.gates) - outputs.n_inputs
        return node if literal > 0 else -node

    gates += [Gate(gate.at_least, tuple(map(moved, gate.literals))) for gate in outputs.gates]
    return Circuit(wide, tuple(gates), (*map(moved, outputs.outputs), *next_state.outputs)).simplified()


def _one_by_one(rows: Sequence[Row], n_inputs: int, n_outputs: int) -> Circuit:
    gates: list[Gate] = []
    outputs = []
    for bit in range(n_outputs):
        true = [row.inputs for row in rows if row.known >> bit & row.outputs >> bit & 1]
        terms = []
        for word in true:
            literals = tuple(node if word >> node - 1 & 1 else -node for node in range(1, n_inputs + 1))
            gates.append(Gate(len(literals), literals))
            terms.append(n_inputs + len(gates))
        gates.append(Gate(1, tuple(terms)))
        outputs.append(n_inputs + len(gates))
    return Circuit(n_inputs, tuple(gates), tuple(outputs)).simplified()


def _named(circuit: Circuit, ports: Ports, bits: int, name: str) -> Circuit:
    """Names of all ends: a state bit is called s0, or, where a port has that name, s0_, s0__ …."""
    taken, states = {*ports.inputs, *ports.outputs}, list[str]()
    for bit in range(bits):
        state = f"s{bit}"
        while {state, f"{state}_next"} & taken:
            state += "_"
        states.append(state)
        taken |= {state, f"{state}_next"}
    return circuit.named(
        name=name,
        inputs=(*ports.inputs, *states),
        outputs=(*ports.outputs, *(f"{state}_next" for state in states)),
    )
