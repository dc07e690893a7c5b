"""Names of circuits: what is said holds for every input, and what people know by name is found."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.circuit_samples import (
    all_inputs,
    full_adder,
    half_adder,
    multiplier,
    naive_outputs,
    random_circuit,
)
from support.spoken_names import holds

from btfnet import Circuit, Gate, identify
from btfnet.explaining.symmetric import counted
from btfnet.families import arithmetic as gates
from btfnet.families.gate_builder import FALSE, TRUE, AndBuilder, GateBuilder


def _all_hold(circuit):
    """What is said of a circuit, each checked on all its inputs."""
    rows = all_inputs(circuit.n_inputs)
    values = np.array([naive_outputs(circuit, row) for row in rows.tolist()]).T
    outputs = dict(zip(circuit.output_names, values, strict=True))
    found = identify(circuit, seconds=20.0)
    for each in found.names:
        if each.kind in ("table of a count", "polynomial over GF(2)", "arithmetic"):
            continue  # said in words of the families, which nobody here reads
        assert holds(each.words, circuit.input_names, rows, outputs), each
    return found


def _built(n, make, inputs=(), outputs=(), kind=GateBuilder):
    builder = kind(n)
    literals = make(builder)
    return builder.circuit(literals, input_names=tuple(inputs), output_names=tuple(outputs))


def _kinds(circuit):
    return [each.kind for each in _all_hold(circuit).names]


def _few(*numbers):
    return list(range(*numbers))


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    st.integers(0, 10**6),
    st.integers(1, 6),
    st.integers(0, 20),
    st.integers(1, 5),
    st.sampled_from([2, 3, 5]),
)
def test_what_is_said_of_random_circuits_holds(seed, n_inputs, n_gates, n_outputs, widest):
    _all_hold(random_circuit(seed, n_inputs, n_gates, n_outputs, widest=widest))


@pytest.mark.parametrize("seed", range(20))
def test_what_is_said_of_nearly_known_circuits_holds(seed):
    """An adder or a product of which one gate is another one."""
    rng = np.random.default_rng(seed)
    circuit = multiplier(2 + seed % 2)
    index = int(rng.integers(len(circuit.gates)))
    gate = circuit.gates[index]
    other = Gate(
        int(rng.integers(1, len(gate.literals) + 1)),
        tuple(int(x * rng.choice([1, -1])) for x in gate.literals),
    )
    _all_hold(replace(circuit, gates=(*circuit.gates[:index], other, *circuit.gates[index + 1 :])))


def test_single_outputs_have_the_names_of_textbooks():
    six, five = _few(1, 7), _few(1, 6)

    def make(b):
        return [
            b.parity(six), -b.parity(six), b.at_least(3, six), -b.at_least(3, five), b.at_least(3, five),
            b.all_of(1, -2), b.any_of(1, 2, 3), -b.all_of(1, 2, 3), -b.any_of(1, 2), 3, -4, TRUE, FALSE,
            b.differ(1, 2), -b.differ(1, 2), b.choose(1, 2, 3), b.choose(1, b.choose(2, 3, 4), b.choose(2, 5, 6)),
            b.all_of(b.at_least(2, [1, 2, 3, 4]), -b.at_least(3, [1, 2, 3, 4])),
            b.any_of(b.all_of(1, 2, 3), b.all_of(-1, -2, -3)),
        ]  # fmt: skip

    for kind in (GateBuilder, AndBuilder):
        circuit = _built(6, make, kind=kind)
        alone = [
            _kinds(replace(circuit, outputs=(output,), output_names=("y",)))[0] for output in circuit.outputs
        ]
        assert alone == [
            "parity", "even parity", "at least 3 of 6", "not majority", "majority", "and", "or", "nand", "nor",
            "copy", "not", "constant true", "constant false", "xor", "xnor", "multiplexer", "multiplexer",
            "exactly 2 of 4", "all equal",
        ]  # fmt: skip
        _all_hold(circuit)


def _sum(order, builder):
    return gates.add_words(builder, order[:4], order[4:], FALSE)


def test_adders_are_named_in_any_order_of_their_bits():
    assert _kinds(half_adder()) == ["adder"]
    assert _kinds(full_adder()) == ["adder"]
    names = [*(f"a{i}" for i in range(4)), *(f"b{i}" for i in range(4)), "cin"]
    add = _built(
        9,
        lambda b: gates.add_words(b, _few(1, 5), _few(5, 9), 9),
        names,
        [*(f"s{i}" for i in range(4)), "cout"],
    )
    (found,) = _all_hold(add).names
    assert (
        found.words
        == "s0, s1, s2, s3, cout are the bits of a + b + cin, where a = (a0 … a3); b = (b0 … b3), lowest bit first"
    )
    assert found.proof == "on all 512 inputs"
    for seed in range(5):
        order = [int(x) + 1 for x in np.random.default_rng(seed).permutation(8)]
        assert _kinds(_built(8, partial(_sum, order), kind=AndBuilder)) == ["adder"]
    last_first = _built(6, lambda b: gates.add_words(b, [3, 2, 1], [6, 5, 4], FALSE)[::-1])
    assert _kinds(last_first) == ["adder"]


def test_products_differences_and_comparisons_are_named():
    assert _kinds(multiplier(2)) == ["multiplier"]
    assert _kinds(multiplier(4)) == ["multiplier"]
    minus = _built(8, lambda b: gates.add_words(b, _few(1, 5), gates.negated(_few(5, 9)), TRUE))
    assert _kinds(minus) == ["subtractor"]
    for seed in range(5):
        order = [int(x) + 1 for x in np.random.default_rng(seed).permutation(8)]
        a, b = order[:4], order[4:]

        def compare(builder, a=a, b=b):
            less, equal = gates.less(builder, a, b), gates.equal(builder, a, b)
            return [less, -less, gates.less(builder, b, a), equal, -equal]

        assert _kinds(_built(8, compare)) == ["comparator"] * 5


def test_decoders_buses_and_counts_are_named_together():
    decode = _built(
        3, lambda b: [b.all_of(*(j + 1 if k >> j & 1 else -j - 1 for j in range(3))) for k in range(8)]
    )
    assert _kinds(decode) == ["decoder"]
    assert "one-hot" in _kinds(replace(decode, outputs=decode.outputs[:3], output_names=("a", "b", "c")))
    assert _kinds(_built(5, lambda b: [b.choose(1, 2, 4), b.choose(1, 3, 5)])) == ["multiplexer"]
    assert _kinds(_built(7, lambda b: gates.sum_columns(b, [[1, 2, 3, 4, 5, -6, 7]], 3))) == ["count of ones"]


def test_wide_functions_are_proven_by_sat():
    n = 40
    every = _few(1, n + 1)

    def make(b):
        signed = [x * (-1) ** x for x in every]
        return [
            b.parity(every),
            b.at_least(21, every),
            b.all_of(*signed),
            -b.any_of(*every),
            b.at_least(9, signed),
            b.all_of(1, -1),
        ]

    found = identify(_built(n, make), seconds=60.0)
    assert [each.kind for each in found.names] == [
        "parity",
        "at least 21 of 40",
        "and",
        "nor",
        "at least 9 of 40",
        "constant false",
    ]
    assert {each.proof for each in found.names[:5]} == {"by SAT"}
    add = _built(40, lambda b: gates.add_words(b, _few(1, 21), _few(21, 41), FALSE), kind=AndBuilder)
    assert [each.kind for each in identify(add, seconds=60.0).names] == ["adder"]


def test_no_name_is_given_where_there_is_none_and_the_time_is_told():
    found = identify(_built(5, lambda b: [b.all_of(b.any_of(1, 2), b.any_of(3, 4), 5)]))
    assert found.names == ()
    assert found.unnamed == (0,)
    assert found.complete
    assert not identify(multiplier(12), seconds=0.01).complete


@pytest.mark.parametrize("seed", range(20))
def test_a_table_is_a_count_of_literals_exactly_when_some_signs_make_it_one(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 6))
    entries = np.arange(1 << n)
    flips = int(rng.integers(1 << n))
    count = np.array([int(x).bit_count() for x in entries ^ flips])
    table = (rng.random(n + 1) < 0.5)[count]
    if seed % 2:
        table[int(rng.integers(1 << n))] ^= True
    by_trying = any(
        all(
            len(set(table[np.array([int(x).bit_count() for x in entries ^ signs]) == k])) == 1
            for k in range(n + 1)
        )
        for signs in range(1 << n)
    )
    found = counted(table)
    assert (found is not None) == by_trying
    if found is not None:
        signs = np.array(found.signs)
        true = (entries[:, None] >> np.arange(n) & 1).astype(bool) == signs
        np.testing.assert_array_equal(found.values[true.sum(axis=1)], table)


def test_a_circuit_over_many_inputs_is_looked_at_in_its_time():
    circuit = Circuit(300, tuple(Gate(2, (j + 1, j + 2, j + 3)) for j in range(298)), tuple(range(301, 599)))
    found = identify(circuit)
    assert [each.kind for each in found.names] == ["majority"] * 298
