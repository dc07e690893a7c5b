"""Compiled programs against the gates' definition, and the turning of rows into columns against NumPy."""

import numpy as np
import pytest
from support.circuit_samples import all_inputs, full_adder, multiplier
from support.naive_circuit import corner_circuits, evaluate, every_input, random_circuit, table

from btfnet import Circuit, Gate
from btfnet.errors import DataError
from btfnet.kernels.bits import pack_bits, unpack_bits
from btfnet.kernels.logic.bit_transpose import pack_rows, unpack_rows
from btfnet.kernels.logic.byte_rows import MINUS, ONES, OTHERS, ZEROS, kinds_of_bytes
from btfnet.kernels.logic.program import OPS, apply
from btfnet.logic.simulation import rows as blocks
from btfnet.logic.simulation.compiled import CompiledCircuit
from btfnet.logic.simulation.rows import as_bytes, row_scratch
from btfnet.logic.simulation.xmg import lower

pytestmark = pytest.mark.no_compiler

RANDOM = {
    f"random{seed}": random_circuit(np.random.default_rng(seed), n_gates=12, widest=9) for seed in range(30)
}
CIRCUITS = {**corner_circuits(), **RANDOM}
FORMULAS = {
    "false": lambda a, b, c: a & ~a,
    "and2": lambda a, b, c: a & b,
    "but2": lambda a, b, c: ~a & b,
    "or2": lambda a, b, c: a | b,
    "and3": lambda a, b, c: a & b & c,
    "but3": lambda a, b, c: ~a & b & c,
    "neither3": lambda a, b, c: ~a & ~b & c,
    "or3": lambda a, b, c: a | b | c,
    "maj3": lambda a, b, c: (a & b) | (a & c) | (b & c),
    "maj3_not": lambda a, b, c: (~a & b) | (~a & c) | (b & c),
    "xor2": lambda a, b, c: a ^ b,
    "xor3": lambda a, b, c: a ^ b ^ c,
}


# -- lowering ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CIRCUITS)
def test_program_computes_what_the_gates_say_on_every_input(name):
    circuit = CIRCUITS[name]
    rows = all_inputs(circuit.n_inputs)[:, ::-1].astype(np.uint8)  # in the order of every_input
    program = CompiledCircuit.of(circuit)
    assert (program.rows(rows) == table(circuit)).all()
    words = program.words(pack_bits(rows == 1))
    assert (unpack_bits(words, len(rows)) == table(circuit)).all()


@pytest.mark.parametrize("n_literals", [1, 2, 3, 4, 7, 12])
def test_every_threshold_counts_its_literals(n_literals):
    rows = all_inputs(n_literals)
    for at_least in range(-1, n_literals + 2):
        gate = Gate(at_least, tuple(range(1, n_literals + 1)))
        outputs = CompiledCircuit.of(Circuit(n_literals, (gate,), (n_literals + 1,))).rows(
            rows.view(np.uint8)
        )
        assert (outputs[:, 0] == (rows.sum(axis=1) >= at_least)).all()


def test_and_or_and_majority_with_any_signs_are_one_step_each():
    for size in (2, 3):
        for signs in every_input(size):
            literals = tuple(node if sign else -node for node, sign in enumerate(signs, start=1))
            for at_least in range(1, size + 1):
                steps = lower(Circuit(size, (Gate(at_least, literals),), (size + 1,)))
                assert len(steps.steps) == 1


def test_copies_constants_and_unused_gates_are_no_steps_and_equal_steps_are_one():
    gates = (Gate(1, (-1,)), Gate(2, (2, 3)), Gate(2, (3, 2)), Gate(1, (1, 2, 3)), Gate(2, (4, 1)))
    steps = lower(Circuit(3, gates, (4, 5, -6, 8)))
    assert [step.op for step in steps.steps] == ["and2"]
    assert steps.outputs == (3, 8, 9, 0)


def test_rows_are_given_to_other_values_once_their_own_is_not_needed():
    chain = tuple(Gate(2, (1, node)) for node in range(2, 102))
    assert CompiledCircuit.of(Circuit(2, chain, (102,))).n_rows == 2


# -- evaluation -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n_words", [0, 1, 7, 31, 64, 65, 1000])
def test_blocks_give_what_all_words_at_once_would(n_words):
    circuit = multiplier(3)
    words = np.random.default_rng(n_words).integers(0, 2**64, (6, n_words), dtype=np.uint64)
    products = (unpack_bits(words, 64 * n_words) @ [1, 2, 4, 0, 0, 0]) * (
        unpack_bits(words, 64 * n_words) @ [0, 0, 0, 1, 2, 4]
    )
    found = unpack_bits(CompiledCircuit.of(circuit).words(words), 64 * n_words) @ (1 << np.arange(6))
    assert (found == products).all()


@pytest.mark.parametrize("n_items", [0, 1, 7, 8, 9, 63, 64, 65, 300, 9001])
def test_rows_of_bytes_predict_what_the_definition_says(n_items):
    rows = np.random.default_rng(n_items).integers(0, 2, (n_items, 4), dtype=np.int8)
    circuit = RANDOM["random7"]
    values = {bits: evaluate(circuit, bits) for bits in every_input(4)}
    expected = np.array([values[tuple(row)] for row in rows.astype(bool).tolist()]).reshape(n_items, 3)
    assert (CompiledCircuit.of(circuit).rows(rows.view(np.uint8)) == expected).all()
    assert (CompiledCircuit.of(circuit).rows((2 * rows - 1).view(np.uint8), low=-1) == 2 * expected - 1).all()
    assert (circuit.predict(rows) == expected).all()
    assert (circuit.predict(2 * rows - 1, kind="signs") == 2 * expected - 1).all()


def test_result_is_the_same_for_one_and_for_three_threads(monkeypatch):
    monkeypatch.setattr(blocks, "OPERATIONS_A_THREAD", 1)
    rng, program = np.random.default_rng(0), CompiledCircuit.of(RANDOM["random3"])
    words = rng.integers(0, 2**64, (4, 1003), dtype=np.uint64)
    assert (program.words(words, threads=1) == program.words(words, threads=3)).all()
    rows = rng.integers(0, 2, (40_003, 4), dtype=np.uint8)
    assert (program.rows(rows, threads=1) == program.rows(rows, threads=3)).all()


def test_operands_and_results_may_share_a_row():
    rng = np.random.default_rng(0)
    for number, name in enumerate(OPS):
        memory = rng.integers(0, 2**64, 3 * 64 + 8, dtype=np.uint64)
        start = -(memory.ctypes.data // 8) % 8
        values = memory[start : start + 3 * 64].reshape(3, 64)
        expected = FORMULAS[name](*values.copy())
        apply(number, values, 0, 1, 2, 1) if _interpreted() else _applied(number, values)
        assert (values[1] == expected).all(), name


def _interpreted():
    from numba import config

    return bool(config.DISABLE_JIT)


def _applied(number, values):
    from btfnet.kernels.logic.program import ProgramArrays, run_steps

    none = np.zeros(0, dtype=np.int64)
    step = np.array([[0, 1, 2, 1]], dtype=np.int64)
    run_steps(ProgramArrays(3, np.array([number]), step, none, none.astype(np.uint64)), values)


# -- rows of bytes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("n_columns", [1, 3, 8, 16, 17, 64, 85, 150])
@pytest.mark.parametrize("n_items", [1, 8, 63, 64, 65, 200])
def test_packing_rows_agrees_with_numpy_and_unpacking_is_its_inverse(n_items, n_columns):
    rows = np.random.default_rng(n_columns).integers(0, 2, (n_items, n_columns), dtype=np.uint8)
    values = np.zeros((n_columns + 2, 5), dtype=np.uint64)
    pack_rows(rows, 0, n_items, values, row_scratch(n_columns))
    expected = pack_bits(rows == 1)
    assert (values[:n_columns, : expected.shape[1]] == expected).all()
    assert not values[n_columns:].any()
    signs = np.where(rows == 1, 1, -1).astype(np.int8).view(np.uint8)
    again = np.zeros_like(values)
    pack_rows(signs, 0, n_items, again, row_scratch(n_columns))
    assert (again == values).all()
    columns, flips = np.arange(n_columns)[::-1].copy(), np.zeros(n_columns, dtype=np.uint64)
    flips[0] = 2**64 - 1
    out = np.full((n_items + 1, n_columns), 7, dtype=np.uint8)
    unpack_rows(values, columns, flips, np.uint8(255), out, 0, n_items, row_scratch(n_columns))
    wanted = signs[:, ::-1].copy()
    wanted[:, 0] = 0 - wanted[:, 0]
    assert (out[:-1] == wanted).all()
    assert (out[-1] == 7).all()


def test_kinds_of_bytes_are_found_wherever_they_stand():
    for length in (1, 64, 100, 333):
        for value, kind in ((0, ZEROS), (1, ONES), (255, MINUS), (2, OTHERS), (254, OTHERS), (128, OTHERS)):
            for place in {0, length // 2, length - 1}:
                values = np.ones(length, dtype=np.uint8)
                values[place] = value
                assert kinds_of_bytes(values) == kind | (ONES if length > 1 else 0)
    assert kinds_of_bytes(np.zeros(0, dtype=np.uint8)) == 0


def test_bytes_are_not_copied_and_what_is_no_boolean_is_refused():
    rows = np.array([[0, 1], [1, 1]], dtype=np.uint8)
    assert as_bytes(rows, "rows").base is rows
    for bad, message in (
        (np.array([[0, 255]], dtype=np.uint8), "item 1 has the value 255 in column 2"),
        (np.array([[0, 1], [1, -1]], dtype=np.int8), "mix 0 and -1"),
        (np.array([[0, 2]], dtype=np.int8), "item 1 has the value 2"),
        ([[0.5, 1]], "item 1 has the value 0.5"),
        (np.zeros(3, dtype=np.uint8), "1 dimensions"),
    ):
        with pytest.raises(DataError, match=message):
            as_bytes(bad, "rows")


def test_program_is_compiled_once_for_a_circuit():
    circuit = full_adder()
    assert circuit.program is circuit.program
