"""Packed bits: the same items in an eighth of the memory, and whatever is asked of them answered alike."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from btfnet import Circuit, DataError, Gate, Items, Network, PackedBits, Problem, verify_items
from btfnet.errors import CapacityError
from btfnet.problem import packed_bits, packing
from btfnet.problem.merging import merged
from btfnet.problem.values import InputKind
from btfnet.search.impossible import impossible
from btfnet.search.notable_outputs import notable_outputs
from btfnet.search.persistence.identity import digest, items_digest

SIZES = [(1, 1), (63, 2), (64, 64), (65, 65), (200, 7), (1000, 130)]


def bits_of(n_items, n_columns, seed=0):
    return np.random.default_rng([seed, n_items, n_columns]).random((n_items, n_columns)) < 0.5


@pytest.fixture(params=SIZES, ids=str)
def bits(request, monkeypatch):
    monkeypatch.setattr(packing, "PIECE", 128)  # so that small arrays come in several pieces
    return bits_of(*request.param)


@pytest.mark.parametrize("spelling", [bool, np.int8, np.float32, "signs"])
def test_rows_in_any_spelling_are_the_same_bits(bits, spelling):
    rows = np.where(bits, 1, -1) if spelling == "signs" else bits.astype(spelling)
    packed = PackedBits.from_rows(rows)
    assert packed.shape == bits.shape == (len(packed), packed.shape[1])
    assert (np.asarray(packed) == bits).all()


def test_words_lead_there_and_back(bits):
    packed = PackedBits.from_rows(bits)
    words = packed.row_words()
    assert words.shape == (len(bits), -(-bits.shape[1] // 64))
    for item in {0, len(bits) - 1}:
        for column in range(bits.shape[1]):
            assert int(words[item, column // 64]) >> column % 64 & 1 == bits[item, column]
    assert (PackedBits.from_words(words, bits.shape[1]).column_words == packed.column_words).all()


def test_bits_beyond_the_last_item_or_column_do_not_count():
    full = np.full((2, 1), ~np.uint64(0))
    assert PackedBits(full, 3).column_words.tolist() == [[7], [7]]
    assert PackedBits.from_words(full, 3).shape == (2, 3)


def test_any_items_and_columns_are_those_of_the_rows(bits):
    packed, n_items = PackedBits.from_rows(bits), len(bits)
    rng = np.random.default_rng(1)
    for first, last in [(0, n_items), *np.sort(rng.integers(0, n_items + 1, (8, 2)), axis=1).tolist()]:
        assert (np.asarray(packed.some(slice(first, last))) == bits[first:last]).all()
        assert (packed.dense(first, last) == bits[first:last]).all()
    order = rng.integers(0, n_items, 2 * n_items)
    assert (np.asarray(packed.some(order)) == bits[order]).all()
    columns = rng.integers(0, bits.shape[1], 3)
    assert (np.asarray(packed.of_columns(columns)) == bits[:, columns]).all()
    assert (np.asarray(packed.joined(packed.some(slice(1, None)))) == np.concatenate([bits, bits[1:]])).all()


def test_keys_order_items_as_their_floats_do(bits):
    signs = np.where(bits, np.float32(1), np.float32(-1))
    floats = np.ascontiguousarray(signs).view(np.dtype((np.void, 4 * bits.shape[1])))[:, 0]
    expected = np.unique(floats, return_inverse=True)[1]
    assert (np.unique(PackedBits.from_rows(bits).keys(), return_inverse=True)[1] == expected).all()


def problems(n_items=300, n_inputs=70, **more):
    """The same problem from rows and from packed bits; some items stand several times."""
    rng = np.random.default_rng(3)
    inputs = bits_of(n_items, n_inputs)[rng.integers(0, n_items // 2, n_items)]
    outputs = np.column_stack([inputs[:, 0], inputs[:, :3].sum(axis=1) > 1])
    given = {"hidden": (4,), "n_train": 201, **more}
    return [Problem.from_bits(form, outputs, **given) for form in (inputs, PackedBits.from_rows(inputs))]


def test_a_problem_is_the_same_in_either_form():
    rows, packed = problems()
    assert rows.items == packed.items
    assert hash(rows.items) == hash(packed.items)
    assert (rows.inputs == packed.inputs).all()
    assert repr(rows) == repr(packed)
    assert "PackedBits: 300 items, 70 columns" in repr(packed.items)
    assert (digest(rows), items_digest(rows)) == (digest(packed), items_digest(packed))
    assert rows.contradiction is packed.contradiction is None
    assert notable_outputs(rows) == notable_outputs(packed) != ()
    assert packed.training_items.packed is not None
    assert rows.training_items == packed.training_items == pickle.loads(pickle.dumps(packed.training_items))
    assert rows.items.some(np.arange(9)[::-1]) == packed.items.some(np.arange(9)[::-1])
    assert packed.items.joined(rows.items) == rows.items.joined(packed.items) == rows.items.joined(rows.items)
    assert packed.items != rows.items.first(299)


@pytest.mark.parametrize("counted", [1.0, 0.7])
def test_items_that_contradict_each_other_are_told_and_merged_alike(counted):
    rng = np.random.default_rng(4)
    inputs = bits_of(400, 70)[rng.integers(0, 90, 400)]
    outputs, care = rng.random((400, 2)) < 0.4, rng.random((400, 2)) < counted
    rows, packed = (
        Items.from_arrays(form, outputs, care=care) for form in (inputs, PackedBits.from_rows(inputs))
    )
    assert rows.contradiction == packed.contradiction is not None
    one, other = merged(rows), merged(packed)
    assert one.items == other.items
    assert other.items.packed is not None
    assert np.array_equal(
        (one.step, one.wrong_bits, *one.best), (other.step, other.wrong_bits, *other.best), equal_nan=True
    )


@pytest.mark.needs_jit
def test_circuits_answer_and_are_checked_alike():
    rows, packed = problems()
    circuit = Circuit(70, (Gate(2, (1, 2, -9)), Gate(1, (3, 71))), (71, -72))
    assert (circuit.predict(rows.items.bits()) == circuit.predict(packed.items.bits())).all()
    assert circuit.predict(packed.items.bits(), kind="signs").dtype == np.int8
    verdicts = [verify_items(circuit, each.items.bits(), each.outputs > 0) for each in (rows, packed)]
    assert verdicts[0] == verdicts[1]
    assert not verdicts[0].exact
    with pytest.raises(DataError, match="70 values, but the circuit has 2 inputs"):
        Circuit(2, (Gate(2, (1, 2)),), (3,)).predict(packed.items.bits())
    with pytest.raises(DataError, match="expected rows of 2 values"):
        verify_items(Circuit(2, (Gate(2, (1, 2)),), (3,)), packed.items.bits(), packed.outputs[:, :1] > 0)


def test_what_no_circuit_can_do_is_told_alike():
    inputs = bits_of(64, 6)
    outputs = inputs[:, [0]] ^ inputs[:, [1]]
    forms = (inputs, PackedBits.from_rows(inputs))
    assert impossible(Problem.from_bits(forms[1], outputs, hidden=())) is not None
    unseen = Network.from_edges(6, 1, [(7, 1)])
    for network in (Network.layered([6, 1]), unseen):
        told = [impossible(Problem("x", network, Items.from_arrays(form, outputs))) for form in forms]
        assert told[0] == told[1] is not None


def test_many_bits_are_packed_whoever_gives_them(monkeypatch):
    monkeypatch.setattr(packed_bits, "MOST_DENSE", 100)
    bits = bits_of(30, 4)
    signs = np.where(bits, 1, -1)
    for items in (Items.from_arrays(bits, bits), Items.from_arrays(signs, bits), Items(signs, signs)):
        assert items.packed is not None
        assert (items.inputs == signs).all()
        assert items.inputs.dtype == np.float32
    analog = Items(0.5 * signs, signs, InputKind.ANALOG)
    assert analog.packed is None


WRONG = {
    "two": (lambda rows: rows.astype(int) * 2, "item 1 has the value 2 in column"),
    "mixed": (lambda rows: np.vstack([rows.astype(int), -np.ones((1, 4), int)]), "mix 0 and -1"),
    "NaN": (lambda rows: np.where(rows, 1.0, np.nan), "has the value nan"),
    "text": (lambda rows: rows.astype(str), "expected 0/1, -1/\\+1 or bool"),
}


@pytest.mark.parametrize("name", WRONG)
def test_many_wrong_values_are_told_as_few_are(name, monkeypatch):
    spoiled, message = WRONG[name]
    rows = spoiled(bits_of(130, 4))
    told = []
    for most in (1 << 20, 100):
        monkeypatch.setattr(packed_bits, "MOST_DENSE", most)
        with pytest.raises(DataError, match=message) as caught:
            Items.from_arrays(rows, np.ones((len(rows), 1)))
        told.append(str(caught.value))
    assert told[0] == told[1]


def test_words_and_shapes_that_do_not_fit_are_refused():
    words = np.zeros((4, 2), dtype=np.uint64)
    with pytest.raises(DataError, match=r"expected uint64, \(n_columns, 3\) for 129 items"):
        PackedBits(words, 129)
    with pytest.raises(DataError, match=r"expected packed words: uint64, \(n_items, 1\) for 64 columns"):
        PackedBits.from_words(words, 64)
    with pytest.raises(DataError, match="shape \\(4, 2\\) and type int64"):
        PackedBits.from_words(words.astype(np.int64), 100)
    with pytest.raises(DataError, match="4 rows of inputs, but 5 rows of outputs"):
        Items.from_arrays(PackedBits.from_words(words, 100), np.ones((5, 1)))
    with pytest.raises(DataError, match="packed bits, but they are said to be analog"):
        Items.from_arrays(PackedBits.from_words(words, 100), np.ones((4, 1)), input_kind="analog")


def test_inputs_that_do_not_fit_as_numbers_name_the_engine_that_needs_none(monkeypatch):
    items = problems()[1].items
    monkeypatch.setattr(packed_bits, "available_bytes", lambda: 50_000)
    with pytest.raises(CapacityError, match="choose the engine descent"):
        _ = items.inputs
