"""Data frames: columns are known by their names; no library of frames is needed, each is understood."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from support.circuit_samples import full_adder
from support.committee_samples import SMALL

import btfnet
from btfnet import BtfnetWarning, Circuit, DataError, Gate, PackedModel, Problem
from btfnet.committee.committee import Committee
from btfnet.committee.training import train_committee
from btfnet.logic.verify import verify_items
from btfnet.matching.row_kinds import pack_rows
from btfnet.problem.network import Network

AND_NOT = Circuit(2, (Gate(2, (1, -2)),), (3,), ("a", "b"), ("y",), "and-not")


class Frame:
    """The little that is asked of a frame."""

    def __init__(self, columns):
        self._columns = columns

    @property
    def columns(self):
        return list(self._columns)

    def __array__(self, dtype=None, copy=None):
        return np.array(list(self._columns.values()), dtype=dtype).T

    def __getitem__(self, names):
        return Frame({name: self._columns[name] for name in names})


def frames():
    found = [Frame]
    for library, maker in (("pandas", "DataFrame"), ("polars", "DataFrame"), ("pyarrow", "table")):
        try:
            found.append(getattr(import_module(library), maker))
        except ImportError:
            found.append(pytest.param(None, marks=pytest.mark.skip(f"needs {library}"), id=library))
    return found


@pytest.mark.parametrize("frame", frames())
@pytest.mark.parametrize("model", [AND_NOT, PackedModel.from_circuit(AND_NOT)], ids=["circuit", "packed"])
def test_columns_of_a_frame_are_matched_by_name_and_outputs_left_out(frame, model):
    assert model.predict(frame({"b": [0, 1, 0], "a": [1, 0, 0]})).tolist() == [[1], [0], [0]]
    assert model.predict(frame({"y": [0, 0], "b": [False, True], "a": [True, False]})).tolist() == [[1], [0]]
    assert model.predict(frame({"a": [1, 1], "b": [-1, 1]})).tolist() == [[1], [-1]]
    with pytest.raises(DataError, match=r"no input of and-not is named zzz.*\n.*a, b\n.*zzz"):
        model.predict(frame({"zzz": [1], "b": [0]}))
    with pytest.raises(DataError, match="no input of and-not is named qqq, zzz"):
        model.predict(frame({"qqq": [1], "zzz": [0]}))
    with pytest.raises(DataError, match="no input of and-not is named comment"):
        model.predict(frame({"a": [1], "b": [0], "comment": [0]}))
    with pytest.raises(DataError, match="has no input named a"):
        model.predict(frame({"b": [1]}))


@pytest.mark.parametrize("frame", frames())
def test_names_of_a_frame_become_the_problems(frame):
    rows, answers = frame({"p": [0, 0, 1, 1], "q": [False, True, False, True]}), frame({"s": [0, 1, 1, 0]})
    one = Problem.from_bits(rows, answers, hidden=(2,))
    two = Problem.from_arrays(rows, answers, Network.layered([2, 2, 1]))
    for problem in (one, two):
        assert (problem.input_names, problem.output_names) == (("p", "q"), ("s",))
        assert problem.inputs.tolist() == [[-1, -1], [-1, 1], [1, -1], [1, 1]]
    with pytest.raises(DataError, match="column q of the data frame has the value 'no' in item 2"):
        Problem.from_bits(
            frame({"p": [0, 1], "q": ["yes", "no"]}) if frame is None else mixed(frame), answers
        )


def mixed(frame):
    """A column of numbers and one of text that begins with a Boolean, where the library allows that."""
    if frame is Frame:
        return Frame({"p": np.array([0, 1], dtype=object), "q": np.array([True, "no"], dtype=object)})
    if frame.__module__.startswith("pandas"):
        return frame({"p": [0, 1], "q": [True, "no"]})
    pytest.skip("columns of this library have one type")


@pytest.mark.parametrize("frame", frames())
def test_verification_matches_columns_by_name(frame):
    two = Circuit(2, (Gate(2, (1, -2)), Gate(1, (1, 2))), (3, 4), ("a", "b"), ("y", "z"))
    rows, answers = frame({"b": [0, 1], "a": [1, 0]}), frame({"z": [1, 1], "y": [1, 0]})
    assert verify_items(two, rows, answers).exact
    with pytest.raises(DataError, match="no output of circuit is named w"):
        verify_items(two, rows, frame({"w": [1, 1], "y": [1, 0]}))


def test_columns_that_are_only_numbered_are_taken_by_position():
    pandas = pytest.importorskip("pandas")
    assert AND_NOT.predict(pandas.DataFrame([[1, 0], [0, 1]])).tolist() == [[1], [0]]
    problem = Problem.from_bits(pandas.DataFrame([[1, 0], [0, 1]]), pandas.DataFrame([[1], [0]]))
    assert (problem.input_names, problem.output_names) == ((), ())


@pytest.mark.parametrize("frame", frames())
def test_names_that_look_counted_are_names_all_the_same(frame):
    """They were thrown away: x0 went to the first input, though it was called x1, and problems forgot x1, x2."""
    crossed = Circuit(2, (Gate(2, (1, -2)),), (3,), ("x1", "x0"), ("y",), "crossed")
    for model in (crossed, PackedModel.from_circuit(crossed)):
        assert model.predict(frame({"x0": [0, 1], "x1": [1, 0]})).tolist() == [[1], [0]]
    assert AND_NOT.predict(frame({"column_0": [1], "column_1": [0]})).tolist() == [[1]]
    problem = Problem.from_bits(frame({"x1": [0, 1], "x2": [1, 0]}), frame({"y1": [0, 1]}))
    assert (problem.input_names, problem.output_names) == (("x1", "x2"), ("y1",))
    counted = crossed.named(inputs=("x0", "x1"))
    with pytest.warns(BtfnetWarning, match="matched by position: x1 of the latter for x0"):
        assert counted.predict(frame({"x1": [1], "x2": [0]})).tolist() == [[1]]


def test_a_frame_of_unsigned_words_is_no_packed_words():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"b": [0, 1], "a": [1, 0]}, dtype="uint64")
    assert AND_NOT.predict(frame).tolist() == [[1], [0]]
    one = Circuit(1, (), (1, -1), ("a",), ("y", "z"), "one")
    assert one.predict(pandas.DataFrame({"a": [0, 1]}, dtype="uint64")).tolist() == [[0, 1], [1, 0]]


def test_advice_for_a_frame_is_no_option():
    with pytest.raises(DataError, match="or hand over an array") as caught:
        AND_NOT.predict(Frame({"zzz": [0], "a": [1]}))
    assert "--" not in str(caught.value)


def test_gaps_in_the_outputs_of_a_frame_do_not_count_and_gaps_in_inputs_are_named():
    pandas = pytest.importorskip("pandas")
    rows = pandas.DataFrame({"p": [0, 1], "q": [1, 1]})
    answers = pandas.DataFrame({"s": pandas.array([1, None], dtype="Int64"), "t": [True, False]})
    problem = Problem.from_bits(rows, answers)
    assert problem.care.tolist() == [[True, True], [False, True]]
    gap = pandas.DataFrame({"p": pandas.array([1, None], dtype="boolean"), "q": [1, 1]})
    with pytest.raises(DataError, match="column p of the data frame has the value <NA> in item 2"):
        Problem.from_bits(gap, answers)


def test_a_name_that_stands_twice_is_refused():
    pandas = pytest.importorskip("pandas")
    with pytest.raises(DataError, match="two columns of the data frame are named a"):
        AND_NOT.predict(pandas.DataFrame([[0, 1]], columns=["a", "a"]))


@pytest.mark.parametrize("frame", frames())
def test_committees_and_classifiers_match_columns_by_name(frame):
    rng = np.random.default_rng(0)
    rows = rng.random((60, 3)).astype(np.float32)
    labels = (rows[:, 0] > rows[:, 1]).astype(int)
    problem = Problem.from_arrays(
        frame({name: rows[:, place].tolist() for place, name in enumerate("abc")}), labels,
        Network.layered([3, 2]), input_kind=btfnet.InputKind.ANALOG, output_kind=btfnet.OutputKind.CLASS,
    )  # fmt: skip
    assert problem.input_names == ("a", "b", "c")
    found = train_committee(problem, **SMALL)
    expected = found.predict(rows)
    shuffled = frame({name: rows[:, "abc".index(name)].tolist() for name in "cab"})
    assert np.array_equal(found.predict(shuffled), expected)
    assert np.array_equal(found.classifier().predict(shuffled), expected)
    for model in (found, found.classifier()):
        with pytest.raises(DataError, match="is named zzz"):
            model.predict(frame({"a": [0.5], "b": [0.5], "zzz": [0.5]}))


def test_predictions_are_of_the_kind_of_their_rows_whoever_makes_them():
    circuit = full_adder()
    model = PackedModel.from_circuit(circuit)
    bits = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)] * 800)
    words = pack_rows(bits > 0)
    for some in (bits[:8], bits):  # gate by gate, and compiled
        given = (some, some > 0, 2 * some - 1, some.astype(np.int8), (2 * some - 1).astype(np.int8),
                 some.astype(np.uint8), some.astype(float), 2.0 * some - 1, some[:8].tolist(), some[7:8],
                 words[: len(some)])  # fmt: skip
        for rows in given:
            one, other = circuit.predict(rows), model.predict(rows)
            assert one.dtype == other.dtype
            assert np.array_equal(one, other)
    assert set(circuit.predict(bits).ravel().tolist()) == {0, 1}
    assert set(circuit.predict(2 * bits - 1).ravel().tolist()) == {-1, 1}
    assert circuit.predict(bits > 0).dtype == bool


@pytest.mark.parametrize("kind", ["bool", "bits", "signs"])
def test_a_kind_that_is_asked_for_is_given(kind):
    expected = {"bool": [True], "bits": [1], "signs": [1]}[kind]
    for rows in ([[1, 0]], [[1, -1]], [[True, False]]):
        found = [AND_NOT.predict(rows, kind=kind), PackedModel.from_circuit(AND_NOT).predict(rows, kind=kind)]
        assert [one[0].tolist() for one in found] == [expected] * 2
    with pytest.raises(btfnet.UsageError, match="known are bool, bits, signs, words"):
        AND_NOT.predict([[0, 1]], kind="trits")


def test_classes_are_numbers_whatever_kind_of_rows_comes_in():
    rng = np.random.default_rng(1)
    rows = rng.integers(0, 2, (64, 4))
    problem = Problem.from_arrays(
        rows, rows[:, 0] ^ rows[:, 1], Network.layered([4, 2]), output_kind=btfnet.OutputKind.CLASS
    )
    found: Committee = train_committee(problem, **SMALL)
    for model in (found, found.classifier()):
        expected = model.predict(2 * rows - 1)
        assert expected.dtype == np.int64
        assert set(expected.tolist()) <= {0, 1}
        for one in (rows, rows > 0, 2.0 * rows - 1):
            assert np.array_equal(model.predict(one), expected)


def test_a_frame_that_spells_a_name_otherwise_is_matched_with_a_warning():
    with pytest.warns(BtfnetWarning, match="a is A"):
        assert AND_NOT.predict(Frame({"b": [0], "A": [1]})).tolist() == [[1]]
