"""All forms of a circuit compute the same, and the one that answers soonest is taken."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.circuit_samples import full_adder
from support.naive_circuit import corner_circuits, random_circuit

from btfnet import Circuit, Gate, PackedModel
from btfnet.kernels.bits import pack_bits, unpack_bits
from btfnet.logic import execution
from btfnet.logic.execution import WIDE, Executor
from btfnet.logic.packed.packed_circuit import PackedCircuit
from btfnet.logic.simulation import rows as blocks
from btfnet.logic.simulation.compiled import CompiledCircuit
from btfnet.logic.simulation.flat import BLOCK, FlatCircuit
from btfnet.matching.row_kinds import pack_rows


def wide(n_literals=WIDE, n_gates=3):
    """Gates of so many literals, of which some repeat."""
    rng = np.random.default_rng(0)
    signs = rng.choice([-1, 1], (n_gates, n_literals))
    literals = (signs * rng.integers(1, n_literals + 1, (n_gates, n_literals))).tolist()
    gates = tuple(Gate(n_literals // 2, tuple(row)) for row in literals)
    return Circuit(n_literals, gates, tuple(range(n_literals + 1, n_literals + 1 + n_gates)))


def forms(source):
    executor = Executor(source)
    return executor.flat, executor.compiled, executor.packed


@given(
    seed=st.integers(0, 2**32 - 1),
    widest=st.integers(1, 40),
    n_items=st.sampled_from([0, 1, 63, 64, 65, 200]),
    low=st.sampled_from([0, -1]),
)
@settings(max_examples=60, deadline=None)
def test_every_form_gives_the_same_outputs_for_any_circuit_and_rows(seed, widest, n_items, low):
    rng = np.random.default_rng(seed)
    circuit = random_circuit(rng, n_inputs=int(rng.integers(1, 70)), n_gates=12, widest=widest)
    rows = rng.integers(0, 2, (n_items, circuit.n_inputs), dtype=np.uint8)
    expected = FlatCircuit.of(circuit).rows(rows, low=low)
    words = pack_bits(rows == 1)
    for source in (circuit, PackedModel.from_circuit(circuit)):
        for form in forms(source):
            assert np.array_equal(form.rows(rows, low=low), expected)
            assert np.array_equal(unpack_bits(form.words(words), n_items), expected == 1)


@pytest.mark.parametrize("n_items", [64 * BLOCK - 1, 64 * BLOCK, 64 * BLOCK + 1, 3 * 64 * BLOCK + 100])
@pytest.mark.parametrize("threads", [1, 3])
def test_blocks_and_threads_change_no_output(monkeypatch, n_items, threads):
    monkeypatch.setattr(blocks, "OPERATIONS_A_THREAD", 1)
    circuit = corner_circuits()["weights"]
    rows = np.random.default_rng(1).integers(0, 2, (n_items, circuit.n_inputs), dtype=np.uint8)
    expected = CompiledCircuit.of(circuit).rows(rows, threads=1)
    for form in forms(circuit):
        assert np.array_equal(form.rows(rows, threads=threads), expected)
        assert np.array_equal(
            unpack_bits(form.words(pack_bits(rows == 1), threads=threads), n_items), expected
        )


def test_few_rows_are_run_gate_by_gate_and_many_by_the_compiled_circuit(monkeypatch):
    monkeypatch.setattr(execution, "COMPILED_ROWS", 1000)
    for source in (full_adder(), PackedModel.from_circuit(full_adder())):
        executor = Executor(source)
        taken = [type(executor.choose(n_rows)) for n_rows in (1, 998, 1, 1)]
        assert taken == [FlatCircuit, FlatCircuit, CompiledCircuit, CompiledCircuit]


def test_wide_gates_are_packed_once_there_are_rows_enough(monkeypatch):
    monkeypatch.setattr(execution, "PACKED_ROWS", 100)
    executor = Executor(wide())
    assert [type(executor.choose(n_rows)) for n_rows in (99, 1, 1)] == [
        FlatCircuit,
        PackedCircuit,
        PackedCircuit,
    ]
    assert isinstance(Executor(wide(WIDE - 1)).choose(100), FlatCircuit)


def test_a_packed_model_of_wide_gates_is_run_as_it_is():
    assert isinstance(Executor(PackedModel.from_circuit(wide(200))).choose(1), PackedCircuit)


def test_predictions_do_not_depend_on_the_rows_before_them(monkeypatch):
    monkeypatch.setattr(execution, "COMPILED_ROWS", 300)
    monkeypatch.setattr(execution, "PACKED_ROWS", 300)
    for circuit in (full_adder(), wide()):
        rows = np.random.default_rng(2).random((200, circuit.n_inputs)) < 0.5
        models = circuit, PackedModel.from_circuit(circuit)
        expected = circuit.predict(rows)
        for _ in range(3):
            for model in models:
                assert np.array_equal(model.predict(rows), expected)
                assert np.array_equal(model.predict(pack_rows(rows)), pack_rows(expected))
