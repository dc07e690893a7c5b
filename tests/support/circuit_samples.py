"""Circuits for the tests: random ones of every kind, and a few that people know."""

import numpy as np

from btfnet import Circuit, Gate


def random_gate(rng: np.random.Generator, n_nodes: int, *, widest: int = 7) -> Gate:
    """Any gate: also constants, copies, repeated and contradictory literals."""
    n_literals = int(rng.integers(0, widest + 1)) if n_nodes else 0
    nodes = rng.integers(1, n_nodes + 1, n_literals) if n_nodes else []
    literals = tuple(int(node) * int(rng.choice((-1, 1))) for node in nodes)
    return Gate(int(rng.integers(-1, n_literals + 3)), literals)


def random_circuit(
    seed: int, n_inputs: int = 5, n_gates: int = 14, n_outputs: int = 4, *, widest: int = 7
) -> Circuit:
    """Seeded; its outputs may be inputs, negated, constant or equal."""
    rng = np.random.default_rng(seed)
    gates = tuple(random_gate(rng, n_inputs + index, widest=widest) for index in range(n_gates))
    nodes = rng.integers(1, n_inputs + n_gates + 1, n_outputs)
    return Circuit(n_inputs, gates, tuple(int(node) * int(rng.choice((-1, 1))) for node in nodes))


def half_adder() -> Circuit:
    """a + b = 2 carry + sum: And(a, b), and the sum from it."""
    gates = (Gate(2, (1, 2)), Gate(1, (1, 2)), Gate(2, (-3, 4)))
    return Circuit(2, gates, (5, 3), ("a", "b"), ("sum", "carry"), "half adder")


def full_adder() -> Circuit:
    """a + b + c = 2 carry + sum, with the sum as one gate of weights (1, 1, 1, -2)."""
    gates = (Gate(2, (1, 2, 3)), Gate(3, (1, 2, 3, -4, -4)))
    return Circuit(3, gates, (5, 4), ("a", "b", "c"), ("sum", "carry"), "full adder")


def multiplier(n_bits: int) -> Circuit:
    """a × b with n_bits each, by columns of half and full adders; lowest bits first."""
    n_inputs, gates = 2 * n_bits, []

    def add(at_least: int, *literals: int) -> int:
        gates.append(Gate(at_least, literals))
        return n_inputs + len(gates)

    columns: list[list[int]] = [[] for _ in range(2 * n_bits)]
    for i in range(n_bits):
        for j in range(n_bits):
            columns[i + j].append(add(2, i + 1, n_bits + j + 1))
    for index, column in enumerate(columns):
        while len(column) > 1:
            terms, column[:] = column[:3], column[3:]
            carry = add(2, *terms)
            sum_of_three = (3, *terms, -carry, -carry)
            column.append(add(*sum_of_three) if len(terms) == 3 else add(2, add(1, *terms), -carry))
            columns[index + 1].append(carry)
    outputs = tuple(column[0] for column in columns)
    inputs = tuple(f"{letter}{bit}" for letter in "ab" for bit in range(n_bits))
    return Circuit(
        n_inputs,
        tuple(gates),
        outputs,
        inputs,
        tuple(f"p{bit}" for bit in range(2 * n_bits)),
        f"multiplier {n_bits}",
    )


def naive_outputs(circuit: Circuit, inputs: list[bool]) -> list[bool]:
    """The definition: at least k of the literals are true."""
    values = [False, *(bool(value) for value in inputs)]
    for gate in circuit.gates:
        true = sum(values[abs(literal)] == (literal > 0) for literal in gate.literals)
        values.append(true >= gate.at_least)
    return [values[abs(output)] == (output > 0) for output in circuit.outputs]


def all_inputs(n_inputs: int) -> np.ndarray:
    """(2^n_inputs, n_inputs) bool; item t has input j true where bit j of t is 1."""
    return (np.arange(1 << n_inputs)[:, None] >> np.arange(n_inputs) & 1).astype(bool)
