"""Proofs of equivalence: right on hundreds of pairs that brute force decides, and quick where that cannot."""

import os
import signal
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from support.circuit_samples import multiplier
from support.naive_circuit import corner_circuits, evaluate, random_circuit, table

from btfnet import Circuit, DataError, Gate, UsageError, formats
from btfnet.kernels.bits import unpack_bits
from btfnet.logic.aig.aig import FALSE, Builder
from btfnet.logic.aig.gates import add_circuit, aig_of
from btfnet.logic.proof.cone_check import Cones
from btfnet.logic.proof.deadline import OutOfTime, Watch
from btfnet.logic.proof.equivalence import prove_equal
from btfnet.logic.proof.names import ordered_as
from btfnet.logic.proof.random_patterns import Patterns, Simulator, column, first_difference
from btfnet.logic.proof.sat import SOLVERS, Oracle
from btfnet.logic.simulation.evaluate import exhaustive_words


def mutated(circuit, rng):
    """One gate changed: its threshold, or the sign of a literal."""
    gates = list(circuit.gates)
    index = int(rng.integers(len(gates)))
    at_least, literals = gates[index].at_least, gates[index].literals
    if literals and rng.random() < 0.5:
        place = int(rng.integers(len(literals)))
        literals = (*literals[:place], -literals[place], *literals[place + 1 :])
    else:
        at_least += int(rng.choice([-1, 1]))
    gates[index] = Gate(at_least, literals)
    return replace(circuit, gates=tuple(gates))


def built(n_inputs, build):
    builder = Builder(n_inputs)
    outputs = build(builder, [2 * node for node in range(1, n_inputs + 1)])
    return Circuit.from_aig(builder.finish(outputs, (), (), "built"))


def ripple(builder, a, b):
    carry, total = FALSE, []
    for first, second in zip(a, b, strict=True):
        bit, carry = builder.add(first, second, carry)
        total.append(bit)
    return [*total, carry]


def skipping(builder, a, b):
    """Ripple carry within fours of bits; a four whose bits all propagate is skipped."""
    carry, total = FALSE, []
    for first in range(0, len(a), 4):
        four = list(zip(a[first : first + 4], b[first : first + 4], strict=True))
        skipped, inside = builder.all_of([builder.add(x, y, FALSE)[0] for x, y in four]), carry
        for x, y in four:
            bit, inside = builder.add(y, x, inside)
            total.append(bit)
        carry = builder.either(builder.both(skipped, carry), builder.both(skipped ^ 1, inside))
    return [*total, carry]


def multiplier_by_rows(n_bits):
    """The numbers of `multiplier`, row by row."""

    def build(builder, bits):
        a, b = bits[:n_bits], bits[n_bits:]
        total = [FALSE] * (2 * n_bits)
        for place, bit in enumerate(a):
            row = [builder.both(bit, other) for other in b]
            total[place : place + n_bits + 1] = ripple(builder, total[place : place + n_bits], row)
        return total

    return built(2 * n_bits, build)


def assert_counterexample(found, a, b):
    example = found.counterexample
    assert list(example.expected) == evaluate(a, example.inputs)
    assert list(example.got) == evaluate(b, example.inputs)
    assert example.expected != example.got
    assert example.item == sum(1 << index for index, bit in enumerate(example.inputs) if bit)


# -- against brute force ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["sat", "exhaustive"])
@pytest.mark.parametrize("block", range(6))
def test_answers_are_those_of_brute_force(block, method):
    answers = []
    for seed in range(50 * block, 50 * block + 50):
        rng = np.random.default_rng(seed)
        a = random_circuit(rng, int(rng.integers(1, 7)), int(rng.integers(1, 20)))
        b = mutated(a.simplified() if seed % 2 and a.simplified().gates else a, rng)
        found = prove_equal(a, b, method=method)
        assert found.equal is (table(a) == table(b))
        assert found.method == method
        answers.append(found.equal)
        if not found.equal:
            assert_counterexample(found, a, b)
        assert (found.counterexample is None) == found.equal
    assert {True, False} == set(answers)


@pytest.mark.parametrize("seed", range(60))
def test_circuits_equal_by_construction_are_proven_equal(seed, tmp_path):
    rng = np.random.default_rng(seed)
    a = random_circuit(rng, int(rng.integers(1, 40)), int(rng.integers(1, 40)), widest=9)
    name = ("a.json", "a.blif", "a.graphml")[seed % 3]
    formats.write_circuit(tmp_path / name, a)
    for b in (a.simplified(), Circuit.from_aig(aig_of(a)), formats.read_circuit(tmp_path / name)):
        assert prove_equal(a, b, method="sat").equal is True


@pytest.mark.parametrize("name", corner_circuits())
def test_corner_circuits_equal_themselves_and_nothing_else(name):
    circuit = corner_circuits()[name]
    assert prove_equal(circuit, Circuit.from_aig(aig_of(circuit)), method="sat").equal is True
    other = replace(circuit, outputs=(-circuit.outputs[0], *circuit.outputs[1:]))
    found = prove_equal(circuit, other, method="sat")
    assert found.equal is False
    assert found.counterexample.wrong_outputs == (0,)


# -- beyond brute force -----------------------------------------------------------------------------------


def test_adders_of_different_structure_are_proven_equal():
    a = built(128, lambda builder, bits: ripple(builder, bits[:64], bits[64:]))
    b = built(128, lambda builder, bits: skipping(builder, bits[:64], bits[64:]))
    found = prove_equal(a, b)
    assert (found.equal, found.method) == (True, "sat")
    assert found.effort.merged == 16  # the carries behind the fours
    wrong = prove_equal(a, replace(b, outputs=(*b.outputs[:-1], b.outputs[-2])))
    assert wrong.equal is False
    assert_counterexample(wrong, a, replace(b, outputs=(*b.outputs[:-1], b.outputs[-2])))


def test_multipliers_by_rows_and_by_columns_are_proven_equal():
    assert prove_equal(multiplier(6), multiplier_by_rows(6), method="sat").equal is True


def test_multipliers_that_no_solver_gets_past_are_proven_equal_by_their_sums():
    found = prove_equal(multiplier(11), multiplier_by_rows(11), method="sat")
    assert found.equal is True
    assert found.effort.sums > 10


@pytest.mark.parametrize("missing", [0, 57, 99])
def test_one_wrong_input_among_more_than_can_be_tried_is_found(missing):
    every = Circuit(100, (Gate(100, tuple(range(1, 101))),), (101,))
    without = tuple(node for node in range(1, 101) if node != missing + 1)
    found = prove_equal(every, Circuit(100, (Gate(99, without),), (101,)))
    assert found.equal is False
    assert not found.counterexample.inputs[missing]
    assert sum(found.counterexample.inputs) == 99


def test_a_needle_that_patterns_miss_is_found_by_the_solver():
    needle = np.random.default_rng(5).choice([-1, 1], 60) * np.arange(1, 61)
    rare = Circuit(60, (Gate(60, tuple(needle.tolist())),), (61,))
    found = prove_equal(rare, Circuit(60, (Gate(1, ()),), (61,)))
    assert found.equal is False
    assert list(found.counterexample.inputs) == (needle > 0).tolist()


# -- limits and mistakes ----------------------------------------------------------------------------------


def test_time_limit_ends_a_proof_without_an_answer():
    begun = time.monotonic()
    found = prove_equal(multiplier(20), multiplier_by_rows(20), time_limit=0.5)
    assert (found.equal, found.counterexample, found.method) == (None, None, "sat")
    assert 0.5 <= found.seconds <= time.monotonic() - begun < 5


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_an_interrupt_ends_a_proof_at_once():
    timer = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT))
    begun = time.monotonic()
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        prove_equal(multiplier(20), multiplier_by_rows(20), time_limit=30)
    assert time.monotonic() - begun < 6


def test_time_limit_ends_trying_without_an_answer():
    wide = Circuit(40, (Gate(20, tuple(range(1, 41))),), (41,))
    found = prove_equal(wide, wide.simplified(), method="exhaustive", time_limit=0.1)
    assert found.equal is None
    assert 0 < found.n_items < 1 << 40


def test_a_difference_found_in_time_is_reported_though_time_ran_out():
    a = Circuit(40, (), (1,))
    found = prove_equal(a, Circuit(40, (), (-1,)), method="exhaustive", time_limit=0.1)
    assert found.equal is False
    assert_counterexample(found, a, Circuit(40, (), (-1,)))


def test_calls_that_make_no_sense_are_refused():
    one, wide = Circuit(1, (), (1,)), Circuit(41, (), (1,))
    with pytest.raises(UsageError, match="no method 'guess'; choose one of auto"):
        prove_equal(one, one, method="guess")
    for limit in (0, -1, float("nan")):
        with pytest.raises(UsageError, match="expected more than 0"):
            prove_equal(one, one, time_limit=limit)
    with pytest.raises(UsageError, match=r"2\^40"):
        prove_equal(wide, wide, method="exhaustive")
    for method in ("sat", "exhaustive"):
        with pytest.raises(DataError, match="has 1 inputs, but circuit has 2"):
            prove_equal(one, Circuit(2, (), (1,)), method=method)
        with pytest.raises(DataError, match="has 1 outputs, but circuit has 2"):
            prove_equal(one, Circuit(1, (), (1, 1)), method=method)


def test_limit_reaches_the_solver_between_its_calls():
    builder, watch = Builder(2), Watch(1e-9)
    with Oracle(builder, watch) as oracle, pytest.raises(OutOfTime):
        oracle.equal(2, 4, 100)


# -- parts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prover", [*SOLVERS, "cones"])
def test_provers_of_two_nodes_agree_with_all_values(prover):
    rng = np.random.default_rng(3)
    for _ in range(25):
        circuit = random_circuit(rng, 5, 12)
        builder = Builder(5)
        add_circuit(builder, circuit)
        n_variables = 6 + sum(1 for _ in builder._ands)
        graph = builder.finish([2 * variable for variable in range(n_variables)], (), (), "all")
        values = Simulator(graph).values(exhaustive_words(5, 0, 1)) & np.uint64(0xFFFF_FFFF)
        for first, second in rng.integers(0, 2 * n_variables, (10, 2)).tolist():
            word = int(values[first >> 1, 0]) ^ int(values[second >> 1, 0])
            differ = word ^ (0xFFFF_FFFF if (first ^ second) & 1 else 0)
            if prover == "cones":
                answer = Cones(builder, Watch(None)).equal(first, second, 1 << 20)
            else:
                with Oracle(builder, Watch(None), prover) as oracle:
                    answer = oracle.equal(first, second, 1000)
            if differ == 0:
                assert answer is True
            else:
                item = sum(1 << index for index, bit in enumerate(answer.tolist()) if bit)
                assert differ >> item & 1


def test_provers_say_so_when_it_takes_too_much():
    circuit = multiplier(12)
    builder = Builder(24)
    first, second = add_circuit(builder, circuit)[-1], add_circuit(builder, multiplier_by_rows(12))[-1]
    assert Cones(builder, Watch(None)).equal(first, second, 1 << 10) is None
    with Oracle(builder, Watch(None)) as oracle:
        assert oracle.equal(first, second, 10) is None


def test_a_new_pattern_stands_first_in_its_word_and_words_are_kept():
    patterns = Patterns(9)
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
