"""What proofs are made of: provers of two nodes, patterns, and the names of inputs."""

from dataclasses import replace

import numpy as np
import pytest
from support.adder_circuits import multiplier_by_rows
from support.circuit_samples import multiplier
from support.naive_circuit import random_circuit

from btfnet import Circuit, DataError, Gate
from btfnet.kernels.bits import unpack_bits
from btfnet.logic.aig.aig import Builder
from btfnet.logic.aig.gates import add_circuit
from btfnet.logic.evaluate import exhaustive_words
from btfnet.logic.proof.cone_check import ConeCheck
from btfnet.logic.proof.deadline import Deadline
from btfnet.logic.proof.names import ordered_as
from btfnet.logic.proof.random_patterns import AigSimulator, RandomPatterns, column, first_difference
from btfnet.logic.proof.sat import SOLVERS, SatSolver


@pytest.mark.parametrize("prover", [*SOLVERS, "cones"])
def test_provers_of_two_nodes_agree_with_all_values(prover):
    rng = np.random.default_rng(3)
    for _ in range(25):
        circuit = random_circuit(rng, 5, 12)
        builder = Builder(5)
        add_circuit(builder, circuit)
        n_variables = builder.n_variables
        graph = builder.finish([2 * variable for variable in range(n_variables)], (), (), "all")
        values = AigSimulator(graph).values(exhaustive_words(5, 0, 1)) & np.uint64(0xFFFF_FFFF)
        for first, second in rng.integers(0, 2 * n_variables, (10, 2)).tolist():
            word = int(values[first >> 1, 0]) ^ int(values[second >> 1, 0])
            differ = word ^ (0xFFFF_FFFF if (first ^ second) & 1 else 0)
            if prover == "cones":
                answer = ConeCheck(builder, Deadline(None)).equal(first, second, 1 << 20)
            else:
                with SatSolver(builder, Deadline(None), prover) as sat_solver:
                    answer = sat_solver.equal(first, second, 1000)
            if differ == 0:
                assert answer is True
            else:
                item = sum(1 << index for index, bit in enumerate(answer.tolist()) if bit)
                assert differ >> item & 1


def test_provers_say_so_when_it_takes_too_much():
    circuit = multiplier(12)
    builder = Builder(24)
    first, second = add_circuit(builder, circuit)[-1], add_circuit(builder, multiplier_by_rows(12))[-1]
    assert ConeCheck(builder, Deadline(None)).equal(first, second, 1 << 10) is None
    with SatSolver(builder, Deadline(None)) as sat_solver:
        assert sat_solver.equal(first, second, 10) is None


def test_a_new_pattern_stands_first_in_its_word_and_words_are_kept():
    patterns = RandomPatterns(9)
    before = patterns.words.copy()
    inputs = np.arange(9) % 2 == 0
    word = patterns.add(inputs)
    assert (column(word, 0) == inputs).all()
    differing = unpack_bits(word ^ np.where(inputs, ~np.uint64(0), np.uint64(0))[:, None], 64).sum(axis=1)
    assert differing[0] == 0
    assert differing.max() <= 3
    assert (patterns.words[:, :-1] == before).all()
    assert (patterns.words[:, -1:] == word).all()


def test_the_first_difference_is_the_first():
    a = np.zeros(4, dtype=np.uint64)
    assert first_difference(a, a) is None
    b = np.array([0, 0, 0b1010 << 40, 1], dtype=np.uint64)
    assert first_difference(a, b) == 128 + 41


# -- names ------------------------------------------------------------------------------------------------


def test_by_name_undoes_a_permutation_of_inputs_and_outputs():
    rng = np.random.default_rng(1)
    for _ in range(20):
        a = random_circuit(rng, 5, 10, 3)
        a = a.named(inputs=tuple("vwxyz"), outputs=tuple("pqr"))
        order, out = rng.permutation(5), rng.permutation(3)
        node = [0, *(1 + np.argsort(order)), *range(6, a.n_nodes + 1)]
        signed = lambda literal, node=node: int(np.sign(literal) * node[abs(literal)])  # noqa: E731
        b = Circuit(
            5,
            tuple(Gate(gate.at_least, tuple(map(signed, gate.literals))) for gate in a.gates),
            tuple(signed(a.outputs[index]) for index in out),
            tuple(a.input_names[index] for index in order),
            tuple(a.output_names[index] for index in out),
        )
        assert ordered_as(a, b) == replace(a, name=b.name)


def test_names_that_do_not_match_are_named():
    a, b = Circuit(2, (), (1,), ("a", "b")), Circuit(2, (), (1,), ("a", "c"))
    with pytest.raises(DataError, match=r"inputs cannot be matched by name.*has no input named b"):
        ordered_as(a, b)
    with pytest.raises(DataError, match="outputs cannot be matched by name"):
        ordered_as(a, replace(a, output_names=("z",)))
