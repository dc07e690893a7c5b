"""Items as .npy and .npz: in, out, and what is rejected."""

from __future__ import annotations

import re

import numpy as np
import pytest
from support.items_samples import KINDS

from btfnet.errors import FormatError
from btfnet.formats import Items, read_items, write_items


def test_npy_gives_the_same_items_when_told_the_number_of_inputs(tmp_path):
    for kind in ("care", "bits"):
        write_items(tmp_path / "x.npy", KINDS[kind])
        assert read_items(tmp_path / "x.npy", n_inputs=4) == KINDS[kind]
    for n_inputs, message in (
        (None, "nothing says how many of the 7 columns"),
        (7, "expected an output more"),
    ):
        with pytest.raises(FormatError, match=message):
            read_items(tmp_path / "x.npy", n_inputs=n_inputs)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array([[0, 1, 2]]), "item 1 has the value 2 in column 3"),
        (np.array([[np.nan, 1, 0.0]]), "item 1 has NaN in column 1, an input"),
        (np.array([[0, 1, -1]]), "mix 0 and -1"),
        (np.array([0, 1]), "1 dimensions"),
        (np.array([["a", "b"]]), "type <U1"),
        (np.zeros((0, 4)), "which is empty"),
        (np.zeros((2, 2), dtype=complex), "found the type complex128"),
        (np.zeros(2, dtype=[("a", "i4")]), "found the type"),
    ],
)
def test_npy_of_anything_but_bits_is_rejected(array, message, tmp_path):
    np.save(tmp_path / "x.npy", array)
    with pytest.raises(FormatError, match=re.escape(message)):
        read_items(tmp_path / "x.npy", n_inputs=1)


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


def test_pickled_objects_are_never_loaded(tmp_path):
    trap = np.array([[Trap()]], dtype=object)
    np.save(tmp_path / "x.npy", trap, allow_pickle=True)
    np.savez(tmp_path / "x.npz", inputs=trap, outputs=trap)
    for name in ("x.npy", "x.npz"):
        with pytest.raises(FormatError, match="objects are never read"):
            read_items(tmp_path / name, n_inputs=1)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, ">i2", np.float16, np.float64])
def test_arrays_of_every_number_type_and_order_are_read(dtype, order, tmp_path):
    array = np.array([[0, 1, 1], [1, 0, 0]]).astype(dtype, order=order)
    expected = Items([[-1, 1], [1, -1]], [[1], [-1]])
    np.save(tmp_path / "x.npy", array)
    np.savez(tmp_path / "x.npz", inputs=array[:, :2], outputs=array[:, 2:])
    assert read_items(tmp_path / "x.npy", n_inputs=2) == read_items(tmp_path / "x.npz") == expected


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outputs": None}, "but no 'outputs'"),
        ({"inputs": None, "input_kind": "bits"}, "there is no array 'inputs'"),
        ({"extra": [1]}, "found the array 'extra'"),
        ({"input_kind": "bytes"}, "input_kind: found 'bytes', expected one of bits, analog"),
        ({"input_kind": 3}, "input_kind: found the type int64, expected text"),
        ({"input_kind": "unknown_bits"}, "2 inputs are given, although they are unknown_bits"),
        ({"inputs": [[0.5, 2.0]], "input_kind": "analog"}, "expected -1 to 1"),
        ({"inputs": [[0.5, np.nan]], "input_kind": "analog"}, "no NaN"),
        ({"inputs": [[0.5, 1.0]], "input_kind": "bits"}, "the value 0.5 in column 1"),
        ({"inputs": [[1, 1], [0, 0]]}, "expected one row for each item"),
        ({"output_kind": "class", "outputs": [[1, 1]]}, "belongs to no single class"),
        ({"inputs": [[np.nan, 1]]}, "expected finite ones, no NaN"),
        ({"care": [[1, 1]]}, "care has the shape (1, 2), but the outputs have (1, 1)"),
        ({"care": [[2]]}, "care holds other values than true and false"),
        ({"care": [["no"]]}, "care: found the type <U2, expected Booleans"),
        (
            {"output_kind": "class", "outputs": [[1, 0]], "care": [[1, 0]]},
            "in some of its class's outputs only",
        ),
        ({"input_names": ["a"]}, "1 input names"),
        ({"input_names": [["a", "b"]]}, "found 2 dimensions"),
        ({"output_names": [""]}, "a name needs at least one character"),
        ({"n_unknown": 4}, "n_unknown is 4 with bits inputs"),
        ({"n_unknown": 0.5}, "expected one whole number"),
    ],
)
def test_npz_that_breaks_a_rule_is_rejected_with_the_rule(changes, message, tmp_path):
    arrays = {"inputs": [[0, 1]], "outputs": [[1]], **changes}
    np.savez(tmp_path / "x.npz", **{name: array for name, array in arrays.items() if array is not None})
    with pytest.raises(FormatError, match=re.escape(message)):
        read_items(tmp_path / "x.npz")


def test_nan_and_care_in_an_npz_file_both_leave_bits_open(tmp_path):
    np.savez(tmp_path / "x.npz", inputs=[[0], [1]], outputs=[[np.nan, 1], [1, 0]], care=[[1, 1], [1, 0]])
    expected = Items([[-1], [1]], [[-1, 1], [1, -1]], care=np.array([[0, 1], [1, 0]]))
    assert read_items(tmp_path / "x.npz") == expected


def test_the_same_items_make_the_same_npz_bytes(tmp_path):
    write_items(tmp_path / "a.npz", KINDS["named"])
    write_items(tmp_path / "b.npz", KINDS["named"])
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
