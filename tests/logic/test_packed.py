"""Packed models against the definition, gate by gate and bit by bit."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from support.naive_circuit import corner_circuits, every_input, random_circuit, table

import btfnet
from btfnet.errors import DataError, UsageError
from btfnet.kernels.logic.packed import BLOCK
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.packed.weights import terms_of, weights_of
from btfnet.logic.packed_model import PackedModel
from btfnet.matching.row_kinds import pack_rows, unpack_rows

pytestmark = pytest.mark.no_compiler

CIRCUITS = {
    **corner_circuits(),
    **{f"random{seed}": random_circuit(np.random.default_rng(seed), widest=9) for seed in range(20)},
    **{
        f"deep{seed}": random_circuit(np.random.default_rng(seed), n_inputs=seed, n_gates=150)
        for seed in range(8)
    },
}


def naive_predict(model, bits):
    """Outputs of rows of bools: integer weights over the places, a sum of true literals a gate."""
    places, weights = model.places, model.weights.toarray()
    values = np.zeros((len(bits), weights.shape[1]), dtype=int)
    values[:, : model.n_inputs] = bits
    for gate, at_least in enumerate(model.at_least):
        true = np.where(weights[gate] > 0, values, 1 - values)
        values[:, places[model.n_inputs + gate]] = true @ np.abs(weights[gate]) >= at_least
    chosen = values[:, places[np.abs(model.outputs) - 1]]
    return np.where(model.outputs > 0, chosen, 1 - chosen).astype(bool)


def layered(rng, widths, fan_in=None, *, most=1):
    """Layers of gates with integer weights of at most `most` over the layer below."""
    gates, first = [], 1
    for below, width in pairwise(widths):
        for _ in range(width):
            nodes = first + rng.choice(below, fan_in or below, replace=False)
            signs = rng.choice([-1, 1], nodes.size) * nodes
            literals = np.repeat(signs, rng.integers(1, most + 1, nodes.size))
            gates.append(Gate(int(literals.size // 2 + 1), tuple(literals.tolist())))
        first += below
    return Circuit(widths[0], tuple(gates), tuple(range(first, first + widths[-1])))


@pytest.fixture(params=["wide", "weighted", "sparse"])
def model(request):
    rng = np.random.default_rng(5)
    circuit = {
        "wide": lambda: layered(rng, (130, 70, 65, 3)),
        "weighted": lambda: layered(rng, (70, 20, 10), most=11),
        "sparse": lambda: layered(rng, (200, 80, 80, 80), fan_in=3),
    }[request.param]()
    return PackedModel.from_circuit(circuit)


def rows_for(model, n_items=BLOCK + 9, seed=0):
    return np.random.default_rng(seed).random((n_items, model.n_inputs)) < 0.5


# -- from a circuit and back ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CIRCUITS)
def test_packed_model_and_the_circuit_made_from_it_compute_the_same_on_every_input(name):
    circuit = CIRCUITS[name]
    model, inputs = PackedModel.from_circuit(circuit), every_input(circuit.n_inputs)
    bits = np.array(inputs, dtype=bool).reshape(len(inputs), circuit.n_inputs)
    expected = np.array(table(circuit))
    assert np.array_equal(model.predict(bits), expected)
    assert np.array_equal(naive_predict(model, bits), expected)
    again = model.to_circuit()
    assert table(again) == expected.tolist()
    assert (again.input_names, again.output_names, again.name) == (
        circuit.input_names, circuit.output_names, circuit.name,
    )  # fmt: skip


def test_circuit_in_layers_comes_back_as_it_was():
    circuit = layered(np.random.default_rng(0), (70, 66, 5), fan_in=9)
    ordered = [Gate(gate.at_least, tuple(sorted(gate.literals, key=abs))) for gate in circuit.gates]
    assert PackedModel.from_circuit(circuit).to_circuit().gates == tuple(ordered)


def test_kernel_agrees_with_its_naive_twin(model):
    bits = rows_for(model)
    assert np.array_equal(model.predict(bits), naive_predict(model, bits))


def test_weights_become_as_many_planes_as_they_have_digits():
    rng = np.random.default_rng(1)
    weights = rng.integers(-9, 10, (7, 150)) * (rng.random((7, 150)) < 0.4)
    terms = terms_of(weights_of_dense(weights))
    assert set(terms.plane.tolist()) == {0, 1, 2, 3}
    assert np.array_equal(weights_of(terms, 192).toarray()[:, :150], weights)
    assert np.array_equal(terms.totals(), np.abs(weights).sum(axis=1))


def weights_of_dense(weights):
    from scipy.sparse import csr_array

    return csr_array(weights.astype(np.int64))


def test_thresholds_beyond_the_literals_are_cut_to_constants():
    huge = Circuit(2, (Gate(10**30, (1, 2)), Gate(-(10**30), (1, 2))), (3, 4))
    model = PackedModel.from_circuit(huge)
    assert model.at_least.tolist() == [3, 0]
    assert model.predict([[0, 1]]).tolist() == [[0, 1]]


def test_large_weight_takes_one_term_for_each_binary_digit():
    n = 1000
    model = PackedModel.from_circuit(Circuit(2, (Gate(n, (1,) * n + (-2,)),), (3,)))
    assert model.terms.word.size == bin(n).count("1") + 1
    assert model.predict([[1, 1], [0, 0], [1, 0]]).tolist() == [[1], [0], [1]]


def test_few_bytes_do_not_become_gigabytes_of_literals():
    model = PackedModel.from_circuit(Circuit(1, (Gate(1, (1,)),), (2,)))
    huge = PackedModel(
        model.layers.copy(), model.at_least.copy(), model.terms._replace(plane=np.array([31])),
        model.outputs.copy(), ("a",), ("y",),
    )  # fmt: skip
    assert huge.predict([[1], [0]]).tolist() == [[1], [0]]
    with pytest.raises(DataError, match="2147483648 literals"):
        huge.to_circuit()


# -- rows -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n_items", [0, 1, BLOCK - 1, BLOCK, 3 * BLOCK + 1])
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_every_kind_of_rows_gives_the_same_answers_in_its_own_kind(model, n_items, threads):
    bits = rows_for(model, n_items)
    expected = naive_predict(model, bits)
    for kind, rows, answers in (
        ("bool", bits, expected),
        ("bits", bits.astype(np.uint8), expected.astype(int)),
        ("signs", np.where(bits, 1.0, -1.0), np.where(expected, 1, -1)),
        ("words", pack_rows(bits), pack_rows(expected)),
    ):
        for given in (kind, None) if n_items else (kind,):
            found = model.predict(rows, kind=given, threads=threads)
            assert np.array_equal(found, answers)
            assert found.dtype == {"bool": bool, "words": np.uint64}.get(kind, np.int8)


def test_pad_bits_of_packed_inputs_do_not_count(model):
    bits = rows_for(model)
    words = pack_rows(bits)
    words[:, -1] |= ~np.uint64(0) << np.uint64(model.n_inputs % 64)
    assert np.array_equal(model.predict(words), pack_rows(naive_predict(model, bits)))


@pytest.mark.parametrize("n_columns", [0, 1, 63, 64, 65, 130])
def test_unpacking_rows_gives_back_what_was_packed(n_columns):
    bits = np.random.default_rng(2).random((5, n_columns)) < 0.5
    words = pack_rows(bits)
    assert words.shape == (5, -(-n_columns // 64))
    assert np.array_equal(unpack_rows(words, n_columns), bits)


def test_rows_of_ones_only_are_bits_unless_they_are_said_to_be_signs():
    model = PackedModel.from_circuit(Circuit(1, (), (-1,)))
    assert model.predict([[1]]).tolist() == [[0]]
    assert model.predict([[1]], kind="signs").tolist() == [[-1]]


@pytest.mark.parametrize(
    "rows, kind, message",
    [
        ([[0, 1]], None, "rows have 2 values, but the circuit has 3 inputs"),
        ([[0, 1, 2]], None, "item 1 has the value 2"),
        ([[0, 1], [1]], None, "rows differ in length"),
        ([[0, -1, 1]], None, "mix 0 and -1"),
        (np.zeros((2, 3), np.uint64), None, r"expected packed words: uint64, \(n_items, 1\) for 3 inputs"),
        (np.zeros(1, np.uint64), None, "expected packed words"),
        ([[0, 1, 1]], "words", "expected packed words"),
    ],
)
def test_rows_that_do_not_fit_are_refused(rows, kind, message):
    model = PackedModel.from_circuit(Circuit(3, (Gate(2, (1, 2, 3)),), (4,)))
    with pytest.raises(DataError, match=message):
        model.predict(rows, kind=kind)


def test_unknown_kind_is_answered_with_the_known_ones():
    model = PackedModel.from_circuit(Circuit(1, (), (1,)))
    with pytest.raises(UsageError, match="known are bool, bits, signs, words"):
        model.predict([[1]], kind="trits")


# -- models -----------------------------------------------------------------------------------------------


def changed(model, **parts):
    """The model with other parts; a part of the terms by its name."""
    given = {name: parts.pop(name) for name in list(parts) if name in model.terms._fields}
    own = {name: getattr(model, name) for name in model.__dataclass_fields__}
    return PackedModel(**{**own, "terms": model.terms._replace(**given), **parts})


def two_layers():
    return PackedModel.from_circuit(Circuit(3, (Gate(2, (1, -2, 2, 3, 3)), Gate(1, (-4, 1))), (5, -1)))


@pytest.mark.parametrize(
    "parts, message",
    [
        ({"layers": np.array([1, 2])}, "layers hold 3 gates, expected 2"),
        ({"layers": np.array([2, 0])}, "layers hold 2 gates"),
        ({"layers": np.array([2])}, "gate 1 reads word 1 of the values, which is written by its own layer"),
        ({"word": np.array([0, 1, 0, 1])}, "gate 0 reads word 1"),
        ({"word": np.array([0, 0, 1, 0])}, "the terms of gate 1 are not in order"),
        ({"plane": np.array([0, 0, 0, 0])}, "the terms of gate 0 are not in order"),
        ({"plane": np.array([0, 32, 0, 0])}, "plane 32"),
        ({"mask": np.array([1, 0, 1, 1], np.uint64)}, "a term of gate 0 has no weight"),
        ({"mask": np.array([9, 4, 1, 1], np.uint64)}, "gate 0 has a weight where there is no node"),
        ({"sign": np.array([3, 4, 1, 0], np.uint64)}, "a sign where there is no weight"),
        ({"mask": np.array([5, 4, 1, 1], np.uint64)}, "different signs in its planes"),
        ({"at_least": np.array([5, 1])}, "gate 0 needs 5 literals; expected 0 to 4"),
        ({"at_least": np.array([-1, 1])}, "gate 0 needs -1 literals"),
        ({"outputs": np.array([6, 1])}, "output 0 is node 6; expected ±1 to ±5"),
        ({"outputs": np.array([0, 1])}, "output 0 is node 0"),
        ({"outputs": np.array([-(2**63), 1])}, "output 0 is node -9223372036854775808"),
        ({"input_names": ("a", "b", "a")}, "found 'a' twice, expected 3 distinct input names"),
        ({"output_names": ("y",)}, "found 1 names, expected 2 distinct output names"),
    ],
)
def test_model_that_does_not_fit_together_is_refused(parts, message):
    with pytest.raises(DataError, match=message):
        changed(two_layers(), **parts)


def test_more_input_names_than_words_read_change_nothing_but_the_places():
    model = changed(two_layers(), input_names=("a", "b", "c", "d"), outputs=np.array([6, -1]))
    assert model.predict([[0, 1, 1, 1]]).tolist() == two_layers().predict([[0, 1, 1]]).tolist()


def test_models_are_equal_when_all_their_parts_are():
    assert two_layers() == two_layers()
    assert hash(two_layers()) == hash(two_layers())
    assert changed(two_layers(), at_least=np.array([2, 1])) != two_layers()


def test_models_arrays_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        two_layers().terms.mask[0] = 0


def test_package_exports_the_model_and_its_loader(tmp_path):
    circuit = CIRCUITS["weights"]
    for name in ("model.btf", "circuit.json"):
        btfnet.formats.write_circuit(tmp_path / name, circuit)
        assert btfnet.load_model(tmp_path / name) == btfnet.PackedModel.from_circuit(circuit)
    assert btfnet.load_model(tmp_path) == btfnet.PackedModel.from_circuit(circuit)
