"""Circuits evaluated as the docstring of `Gate` says it, and random circuits to try formats on."""

from __future__ import annotations

from itertools import product

import numpy as np

from btfnet.logic.circuit import Circuit, Gate


def evaluate(circuit, bits):
    """Outputs, a list of bools, for one row of input bools."""
    values = [None, *map(bool, bits)]
    for gate in circuit.gates:
        true = sum(values[abs(literal)] == (literal > 0) for literal in gate.literals)
        values.append(true >= gate.at_least)
    return [values[abs(output)] == (output > 0) for output in circuit.outputs]


def every_input(n_inputs):
    return list(product([False, True], repeat=n_inputs))


def table(circuit):
    """Outputs for every input, in the order of `every_input`."""
    return [evaluate(circuit, bits) for bits in every_input(circuit.n_inputs)]


def random_circuit(rng: np.random.Generator, n_inputs=4, n_gates=8, n_outputs=3, widest=6, name="circuit"):
    """Every kind of gate, constants, weights, contradictions; outputs repeated, negated or inputs."""
    gates = []
    for node in range(n_inputs + 1, n_inputs + 1 + n_gates):
        size = int(rng.integers(0, widest + 1))
        literals = rng.integers(1, node, size) * rng.choice([-1, 1], size) if node > 1 else np.zeros(0, int)
        gates.append(Gate(int(rng.integers(0, len(literals) + 2)), tuple(literals.tolist())))
    outputs = rng.integers(1, n_inputs + n_gates + 1, n_outputs) * rng.choice([-1, 1], n_outputs)
    return Circuit(n_inputs, tuple(gates), tuple(outputs.tolist()), name=name)


def corner_circuits():
    """Circuits that exporters tend to get wrong."""
    and3, maj = Gate(3, (1, -2, 3)), Gate(2, (1, 2, -3))
    return {
        "outputs_that_are_inputs": Circuit(2, (), (1, -2, 1, -1)),
        "one_gate_four_times": Circuit(3, (maj,), (4, 4, -4, -4)),
        "constants": Circuit(
            1, (Gate(0, ()), Gate(1, ()), Gate(-3, (1,)), Gate(3, (1, -1))), (2, 3, 4, 5, -2)
        ),
        "constants_inside": Circuit(
            2, (Gate(0, ()), Gate(1, ()), Gate(2, (1, 3)), Gate(1, (2, -4, 4))), (5, 6, -5)
        ),
        "weights": Circuit(
            4, (Gate(3, (1, 1, 2, 3, -4)), Gate(2, (1, 1)), Gate(4, (-5, -5, -5, 2, 3))), (5, 6, 7)
        ),
        "both_signs": Circuit(2, (Gate(2, (1, -1, 2)), Gate(2, (1, -1)), Gate(3, (1, 1, -1, 2))), (3, 4, 5)),
        "copies": Circuit(1, (Gate(1, (1,)), Gate(1, (-2,)), Gate(1, (-3,))), (2, 3, 4)),
        "wide": Circuit(
            9, (Gate(5, tuple(range(1, 10))), Gate(1, tuple(-i for i in range(1, 10)))), (10, 11)
        ),
        "wide_weights": Circuit(
            9, (Gate(8, (*range(1, 10), 1, 1, -2, -2, -3)), Gate(7, (10, *range(1, 10)))), (10, -11)
        ),
        "unused_gates": Circuit(3, (and3, maj, Gate(1, (4, 5))), (4,)),
        "names": Circuit(
            4,
            (maj, and3),
            (5, -6, 1),
            ("a[0]", "n5", "two words", "module"),
            ("n6", "a[0]", "ü\\"),
            "dash-ed name",
        ),
        "more_names": Circuit(
            4,
            (maj, and3),
            (5, 6, -6),
            ("two_words", "two words", "n_5", '"'),
            ("two\nwords", "#", "1st"),
            "end",
        ),
        "comment_names": Circuit(
            4, (maj, and3), (5, 6, -5), ("//", "a/*b", "*/", "`x"), ("`define", "a\\", "a.b"), "`timescale"
        ),
        "no_inputs": Circuit(0, (Gate(0, ()), Gate(1, (-1,))), (1, 2, -2)),
        "same_names": Circuit(2, (Gate(2, (1, 2)),), (3, 1, -2), ("a", "b"), ("b", "a", "a_2"), "b"),
    }
