"""Proofs of equivalence: right on hundreds of pairs that brute force decides, and quick where that cannot."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.adder_circuits import built, multiplier_by_rows, ripple, skipping
from support.circuit_samples import multiplier
from support.naive_circuit import corner_circuits, evaluate, random_circuit, table

from btfnet import Circuit, DataError, Gate, UsageError, formats
from btfnet.logic.aig.aig import Builder
from btfnet.logic.aig.gates import aig_of
from btfnet.logic.proof.deadline import Deadline, OutOfTime
from btfnet.logic.proof.equivalence import prove_equal
from btfnet.logic.proof.sat import SatSolver


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


INTERRUPTED = """
import os, signal, threading, time
from support.adder_circuits import multiplier_by_rows
from support.circuit_samples import multiplier
from btfnet.logic.proof.equivalence import prove_equal

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell began this in the background
pair = multiplier(20), multiplier_by_rows(20)
begun = time.monotonic()
threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    prove_equal(*pair, time_limit=30)
except KeyboardInterrupt:
    print(time.monotonic() - begun)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_an_interrupt_ends_a_proof_at_once():
    """In a process of its own: here a callback of some library of tests may swallow the interrupt."""
    paths = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    child = subprocess.run(
        [sys.executable, "-c", INTERRUPTED],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert child.stderr == ""
    assert 1 <= float(child.stdout) < 6


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
    builder, deadline = Builder(2), Deadline(1e-9)
    with SatSolver(builder, deadline) as sat_solver, pytest.raises(OutOfTime):
        sat_solver.equal(2, 4, 100)
