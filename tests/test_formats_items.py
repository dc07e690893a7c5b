"""Items, widths, networks and traces: in, out, and what is rejected."""

from __future__ import annotations

import re
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from btfnet.errors import DataError, FormatError, UsageError
from btfnet.formats import (
    Items,
    read_items,
    read_network,
    read_widths,
    write_gap,
    write_items,
    write_network,
)
from btfnet.network import Network
from btfnet.problem import InputKind, OutputKind, Problem, one_hot
from btfnet.rrr import Look

SHARED = Path(__file__).parents[1].parent / "shared" / "data" / "boolearn"


def signs(rng, *shape):
    return rng.choice([-1, 1], shape)


def every_kind(seed=0):
    rng = np.random.default_rng(seed)
    none, bits = np.zeros((7, 0)), signs(rng, 7, 3)
    classes = one_hot(rng.integers(0, 5, 7), 5, "test")
    analog = (2 * np.round(rng.uniform(0, 1, (7, 4)), 2) - 1).astype(np.float32)
    care = np.arange(21).reshape(7, 3) % 4 > 0
    return {
        "bits": Items(signs(rng, 7, 4), bits),
        "care": Items(signs(rng, 7, 4), bits, care=care),
        "class_care": Items(
            signs(rng, 7, 2), classes, output_kind=OutputKind.CLASS, care=np.repeat(care[:, :1], 5, axis=1)
        ),
        "unknown_care": Items(none, bits, InputKind.UNKNOWN_BITS, care=care),
        "one_item": Items([[1, -1]], [[1]]),
        "analog": Items(analog, bits, InputKind.ANALOG),
        "analog_classes": Items(analog, classes, InputKind.ANALOG, OutputKind.CLASS),
        "bit_classes": Items(signs(rng, 7, 2), classes, output_kind=OutputKind.CLASS),
        "unknown_bits": Items(none, bits, InputKind.UNKNOWN_BITS),
        "unknown_one_hot": Items(none, bits, InputKind.UNKNOWN_ONE_HOT),
        "counted_unknown": Items(none, bits, InputKind.UNKNOWN_BITS, n_unknown=6),
        "named": Items(bits, bits[:, :2], input_names=("a,b", " b ", '"q"'), output_names=("in", "ü")),
        "half_named": Items(bits, bits[:, :2], output_names=("p0", "p1")),
    }


KINDS = every_kind()
WITHOUT_LOSS = {
    ".dat": (
        "bits",
        "care",
        "class_care",
        "unknown_care",
        "one_item",
        "analog",
        "analog_classes",
        "bit_classes",
        "unknown_bits",
        "unknown_one_hot",
    ),
    ".csv": ("bits", "care", "unknown_care", "one_item", "unknown_bits", "named", "half_named"),
    ".npz": tuple(KINDS),
}
REFUSED = {
    ".csv": ("analog", "analog_classes", "bit_classes", "unknown_one_hot"),
    ".npy": ("analog", "bit_classes"),
}


@pytest.mark.parametrize(
    ("suffix", "kind"), [(s, kind) for s, kinds in WITHOUT_LOSS.items() for kind in kinds]
)
def test_reading_what_was_written_gives_the_same_items(suffix, kind, tmp_path):
    write_items(tmp_path / f"x{suffix}", KINDS[kind])
    assert read_items(tmp_path / f"x{suffix}") == KINDS[kind]
    assert list(tmp_path.iterdir()) == [tmp_path / f"x{suffix}"]


@pytest.mark.parametrize(("suffix", "kind"), [(s, kind) for s, kinds in REFUSED.items() for kind in kinds])
def test_a_format_refuses_items_that_it_cannot_hold(suffix, kind, tmp_path):
    with pytest.raises(UsageError, match=r"write \.dat or \.npz"):
        write_items(tmp_path / f"x{suffix}", KINDS[kind])
    assert not list(tmp_path.iterdir())


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


def test_items_and_problems_turn_into_each_other():
    network = Network.layered([4, 5, 3])
    for kind in ("bits", "analog", "counted_unknown", "care"):
        items = KINDS[kind]
        fitting = Network.layered([6, 3]) if kind == "counted_unknown" else network
        problem = items.problem(kind, fitting, n_train=5)
        assert (problem.n_train, problem.name, problem.network) == (5, kind, fitting)
        assert Items.from_problem(problem) == items
    with pytest.raises(DataError, match="Change the first width of the network to 6"):
        KINDS["counted_unknown"].problem("x", network)
    named = Problem(
        "p", Network.layered([2, 1]), [[1, -1]], [[1]], input_names=("a", "b"), output_names=("y",)
    )
    assert Items.from_problem(named).input_names == ("a", "b")


@pytest.mark.parametrize("seed", range(5))
def test_analog_values_survive_a_dat_file_to_the_last_bit(seed, tmp_path):
    rng = np.random.default_rng(seed)
    values = np.round(rng.uniform(-1, 1, (20, 5)) * 2.0**40) / 2.0**40
    values[0] = [-1, 1, 0, 2.0**-40, -(2.0**-30)]
    items = Items(values, signs(rng, 20, 1), InputKind.ANALOG)
    write_items(tmp_path / "x.dat", items)
    assert read_items(tmp_path / "x.dat") == items


def test_dat_files_may_break_their_lines_anywhere(tmp_path):
    (tmp_path / "x.dat").write_text("2 2 3\r\n2 1 1 0\n\n1 1\t0 1 1   0")
    assert read_items(tmp_path / "x.dat") == Items([[1, -1, 1], [-1, 1, 1]], [[1], [-1]])


def test_a_dat_file_with_labels_gives_one_hot_classes(tmp_path):
    (tmp_path / "x.dat").write_text("2\n0 1\n4 1\n\n0.25\n3\n\n1.0\n0\n")
    expected = Items([[-0.5], [1]], [[-1, -1, -1, 1], [1, -1, -1, -1]], InputKind.ANALOG, OutputKind.CLASS)
    assert read_items(tmp_path / "x.dat") == expected


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "the file ends here; expected the number of items"),
        ("0\n2 1\n2 1\n", 1, "found '0'; expected the number of items, from 1"),
        ("x\n2 1\n2 1\n", 1, "found 'x'; expected the number of items"),
        ("1\n3 1\n2 1\n1 1", 2, "expected the kind of the inputs"),
        ("1\n0 0\n2 1\n1", 2, "unknown inputs are bits (2 0) or one-hot (1 0)"),
        ("1\n1 2\n2 1\n1 1 1", 2, "one-hot inputs (kind 1) are unknown"),
        ("1\n2 1\n1 1\n1 1", 3, "expected the kind of the outputs"),
        ("1\n2 1\n5 2\n1 1 1", 3, "an item with one of 5 classes has 1 output value"),
        ("2\n2 1\n2 1\n\n1 0\n1", 6, "found 3 values after the header, expected 4 (2 items of 1 + 1 values)"),
        ("2\n2 1\n2 1\n\n1 0\n1 1\n7", 7, "something follows the items"),
        ("1\n2 2\n2 1\n\n1 2\n0\n", 5, "found '2'; in item 0, expected an input bit, 0 or 1"),
        ("2\n2 1\n2 2\n\n1 1 1\n0 1\n-1\n", 7, "found '-1'; in item 1, expected an output bit"),
        ("2\n0 1\n2 1\n\n.5 1\n1.5 1\n", 6, "found '1.5'; in item 1, expected an analog input from 0 to 1"),
        ("2\n2 1\n2 2\n\n1 1 -\n? 1 x\n", 6, "found '?'; in item 1, only outputs may be left open"),
        ("1\n2 1\n2 1\n\n1 --", 5, "found '--'; expected a finite number"),
        ("-\n2 1\n2 1\n\n1 1", 1, "found '-'; expected the number of items"),
        ("1\n0 1\n2 1\n\nnan 1", 5, "found 'nan'; expected a finite number"),
        ("1\n0 1\n2 1\n\n1e999 1", 5, "found '1e999'; expected a finite number"),
        ("1\n0 1\n2 1\n\n0_0 1", 5, "found '0_0'; expected a finite number"),
        ("1\n0 1\n3 1\n\n0.5 3", 5, "found '3'; in item 0, expected a class label from 0 to 2"),
        ("1\n0 1\n3 1\n\n0.5 1.5", 5, "expected a class label"),
        ("1\n2 1\n2 1\n\n1 ١", 5, "expected numbers in ASCII digits"),
        ("1000000000000000000\n2 1\n2 1\n\n1 1", 1, "from 1 to 2147483647"),
        ("2147483647\n2 2147483647\n2 2147483647\n\n1 1", 5, "the file is cut short"),
        ("9" * 5000, 1, "expected the number of items"),
        ("1 2 1 1000000 1 1 1", 1, "found '1000000'; expected the kind of the outputs"),
    ],
)
def test_dat_that_breaks_a_rule_is_rejected_with_line_and_rule(text, line, message, tmp_path):
    (tmp_path / "x.dat").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read_items(tmp_path / "x.dat")
    assert caught.value.line == line
    assert str(caught.value).startswith(f"{tmp_path / 'x.dat'}:{line}: ")


def test_an_expected_number_of_inputs_is_checked(tmp_path):
    for suffix in (".dat", ".csv", ".npz"):
        write_items(tmp_path / f"x{suffix}", KINDS["bits"])
        assert read_items(tmp_path / f"x{suffix}", n_inputs=4) == KINDS["bits"]
        with pytest.raises(FormatError, match="5"):
            read_items(tmp_path / f"x{suffix}", n_inputs=5)
        write_items(tmp_path / f"x{suffix}", KINDS["unknown_bits"])
        assert read_items(tmp_path / f"x{suffix}", n_inputs=6) == KINDS["counted_unknown"]


def test_absurd_counts_allocate_nothing_out_of_proportion(tmp_path):
    files = {
        "a.dat": f"{10**9} 2 {10**9} 2 1 " + "1 " * 100,
        "b.dat": "60000 2 1 4096 1 " + "1 4095 " * 6000,
        "a.wth": f"{10**9} 4 4",
        "a.net": f"{10**9 * 2} {10**9 * 2 - 1} 1 1\n2 1 0.5",
        "b.net": "2000000000 1999999999 1 1\n1999999999 1 0.5",
    }
    files = {**files, "c.json": '{"format": "btfnet-circuit", "version": 1, "inputs": 1000000000}'}
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 1000000000), }"
    data = b"\x93NUMPY\x01\x00" + (len(header) + 1).to_bytes(2, "little") + header + b"\n" + bytes(64)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "a.npy").write_bytes(data)
    from btfnet.formats import read_circuit

    for name in [*files, "a.npy"]:
        reader = {".wth": read_widths, ".net": read_network, ".json": read_circuit}.get(name[1:], read_items)
        tracemalloc.start()
        with pytest.raises(FormatError):
            reader(tmp_path / name)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 10_000_000, name


def test_ten_thousand_items_of_64_bits_load_in_well_under_a_second(tmp_path):
    rng = np.random.default_rng(0)
    items = Items(signs(rng, 10_000, 32), signs(rng, 10_000, 32))
    for suffix in (".dat", ".csv", ".npz"):
        write_items(tmp_path / f"x{suffix}", items)
        best = 9.0
        for _ in range(3):
            begun = time.process_time()
            again = read_items(tmp_path / f"x{suffix}")
            best = min(best, time.process_time() - begun)
        assert again == items
        assert best < 1.0


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is absent: files of others are not read")
def test_data_files_of_others_are_read_and_written_back():
    from tempfile import TemporaryDirectory

    facts = {}
    with TemporaryDirectory() as directory:
        for path in sorted(SHARED.glob("*.dat")):
            items = read_items(path)
            facts[path.name] = (
                items.n_items,
                items.inputs.shape[1],
                items.n_outputs,
                *map(str, items._facts()[:2]),
            )
            write_items(Path(directory) / path.name, items)
            assert read_items(Path(directory) / path.name) == items
    known = {
        "2x2.dat": (16, 4, 4, "bits", "bits"),
        "a2c.dat": (10_000, 32, 32, "bits", "bits"),
        "mnistjr.dat": (3823, 64, 10, "analog", "class"),
        "rand16.dat": (16, 0, 16, "unknown_bits", "bits"),
    }
    assert {name: facts[name] for name in known} == known


# -- csv --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "n_inputs"),
    [
        ("in:a,in:b,out:y\n0,1,1\n1,0,0\n", None),
        ("out:y,in:a,in:b\n1,-1,1\n-1,1,-1\n", None),
        ("a,b,y\n0, 1, 1\n\n1, 0, 0\n", 2),
        ('\ufeff"a","b","y"\r\n0,1,+1\r\n1.0,0,0', 2),
    ],
)
def test_csv_takes_bits_in_either_spelling_and_names_from_the_header(text, n_inputs, tmp_path):
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    expected = Items([[-1, 1], [1, -1]], [[1], [-1]], input_names=("a", "b"), output_names=("y",))
    assert read_items(tmp_path / "x.csv", n_inputs=n_inputs) == expected


@pytest.mark.parametrize(
    ("text", "n_inputs", "line", "message"),
    [
        ("", None, 1, "the file is empty"),
        ("in:a,out:y\n", None, 1, "no items below it"),
        ("a,y\n0,1\n", None, 1, "nothing says how many of the 2 columns are inputs"),
        ("0,1\n", None, 1, "add a header such as in:a,in:b,out:y"),
        ("0,1\n1,1\n", 2, 1, "all 2 columns are inputs"),
        ("in:a,out:y\n0,1\n1\n", None, 3, "item 1 has 1 values, but the first row has 2"),
        ("in:a,out:y\n0,1\n\n1,2\n", None, 4, "item 1 has '2' in column 2; expected 0/1 or -1/+1"),
        ("in:a,out:y\n0,1\n1,nan\n", None, 3, "item 1 has 'nan' in column 2"),
        ("in:a,out:y\n0,1\n1,yes\n", None, 3, "item 1 has 'yes' in column 2"),
        ("in:a,out:y\n0,1\n1,--\n", None, 3, "expected 0/1 or -1/+1, or - where the bit does not count"),
        ("in:a,out:y\n0,-\nx,1\n", None, 3, "item 1 has 'x' in column 1, an input; only outputs may be left"),
        ("-,1\n0,1\n", 1, 1, "item 0 has '-' in column 1, an input"),
        ("in:a,out:y\n0,1\n1,-1\n", None, 3, "0 and -1 both stand in the file"),
        ("in:a,in:a,out:y\n0,1,1\n", None, 1, "give all inputs distinct names"),
        ("in:a,in:b,out:y\n0,1,1\n", 3, 1, "the header names 2 inputs, but 3 are expected"),
        ('in:a,out:y\n0,"1\n', None, 2, "the row is no comma-separated text"),
    ],
)
def test_csv_that_breaks_a_rule_is_rejected_with_line_and_rule(text, n_inputs, line, message, tmp_path):
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read_items(tmp_path / "x.csv", n_inputs=n_inputs)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("text", "n_inputs"),
    [
        ("in:a,in:b,out:y,out:z\n0,0,1,-\n0,1,?,0\n1,1,x,X\n", None),
        ("out:y,in:a,out:z,in:b\n1,-1,- ,-1\n x,-1,-1,1\n-,1,-,1\n", None),
        ("a,b,y,z\n0,0,1,X\n0,1,x,0\n1,1,-,-\n", 2),
    ],
)
def test_marks_in_csv_outputs_are_bits_that_do_not_count(text, n_inputs, tmp_path):
    (tmp_path / "x.csv").write_text(text)
    expected = Items(
        [[-1, -1], [-1, 1], [1, 1]],
        [[1, -1], [-1, -1], [-1, -1]],
        input_names=("a", "b"),
        output_names=("y", "z"),
        care=np.array([[1, 0], [0, 1], [0, 0]]),
    )
    assert read_items(tmp_path / "x.csv", n_inputs=n_inputs) == expected


def test_a_first_row_with_marks_alone_beside_its_numbers_is_no_header(tmp_path):
    (tmp_path / "x.csv").write_text("0,1,-\n1,x,0\n")
    found = read_items(tmp_path / "x.csv", n_inputs=1)
    assert found.n_items == 2
    assert found.care.tolist() == [[True, False], [False, True]]


def test_the_same_outputs_with_other_bits_that_count_are_other_items():
    plain, care = KINDS["bits"], KINDS["care"]
    other = Items(care.inputs, care.outputs, care=care.care[::-1])
    assert len({plain == plain, care == care}) == 1
    assert care != Items(care.inputs, care.outputs)
    assert care != other
    assert care.first(3) == Items(care.inputs[:3], care.outputs[:3], care=care.care[:3])


# -- npy and npz ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array([[0, 1, 2]]), "item 0 has the value 2 in column 2"),
        (np.array([[np.nan, 1, 0.0]]), "item 0 has NaN in column 0, an input"),
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


def test_pickled_objects_are_never_loaded(tmp_path):
    trap = np.array([[Trap()]], dtype=object)
    np.save(tmp_path / "x.npy", trap, allow_pickle=True)
    np.savez(tmp_path / "x.npz", inputs=trap, outputs=trap)
    for name in ("x.npy", "x.npz"):
        with pytest.raises(FormatError, match="objects are never read"):
            read_items(tmp_path / name, n_inputs=1)


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


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
        ({"inputs": [[0.5, 1.0]]}, "the value 0.5 in column 0"),
        ({"inputs": [[1, 1], [0, 0]]}, "expected one row for each item"),
        ({"output_kind": "class", "outputs": [[1, 1]]}, "belongs to no single class"),
        ({"inputs": [[np.nan, 1]]}, "the value nan in column 0"),
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


# -- widths, networks, traces -----------------------------------------------------------------------------


def test_widths_are_read_inputs_first(tmp_path):
    (tmp_path / "x.wth").write_text("3\n4 8\n8 4\n")
    assert read_widths(tmp_path / "x.wth") == [4, 8, 8, 4]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "expected the number of layers"),
        ("0\n4\n", 1, "expected the number of layers, from 1"),
        ("2\n4 4\n", 2, "found 2 widths, expected 3 for 2 layers"),
        ("1\n4 4\n4\n", 3, "found 3 widths, expected 2"),
        ("1\n4 0\n", 2, "found '0'; expected the width of layer 1"),
        ("1\n4.5 1\n", 2, "found '4.5'; expected the width of layer 0"),
    ],
)
def test_widths_that_break_a_rule_are_rejected(text, line, message, tmp_path):
    (tmp_path / "x.wth").write_text(text)
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read_widths(tmp_path / "x.wth")
    assert caught.value.line == line


@pytest.mark.parametrize("seed", range(4))
def test_networks_and_weights_survive_to_the_last_bit(seed, tmp_path):
    rng = np.random.default_rng(seed)
    network = Network.sparse([5, 6, 3], 2, rng) if seed % 2 else Network.layered([2, 3, 1])
    weights = rng.normal(size=network.n_edges) * 10.0 ** rng.integers(-300, 300, network.n_edges)
    write_network(tmp_path / "x.sol", network, weights)
    again, read_back = read_network(tmp_path / "x.sol")
    assert again == network
    assert np.array_equal(read_back, weights)


def test_a_net_file_may_list_its_edges_in_any_order_and_omit_biases(tmp_path):
    (tmp_path / "x.net").write_text("5 3 1 4\n4 3 -1.5\n3 2 2\n4 0 .25\n3 1 1e-3\n")
    network, weights = read_network(tmp_path / "x.net")
    assert network == Network.from_edges(2, 1, [(3, 1), (3, 2), (4, 0), (4, 3)], bias=False)
    assert weights.tolist() == [1e-3, 2, 0.25, -1.5]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("4 3 1 1\n3 1\n", 2, "found 2 values after the header, expected 3"),
        ("4 3 1 1\n3 1 1\n3 2 1\n", 3, "a count in the header is wrong"),
        ("4 3 1 1\n3 3 1\n", 2, "node 3 listens to node 3, but every sender must come before"),
        ("4 3 1 1\n3 1.5 1\n", 2, "found '1.5'; expected a node"),
        ("4 3 1 1\n3 9 1\n", 2, "found '9'; expected a node, a whole number from 0 to 3"),
        ("4 3 1 1\n2 1 1\n", 2, "an edge ends at node 2, which is an input"),
        ("4 3 1 1\n0 0 1\n", 2, "an edge ends at node 0, which is the constant"),
        ("4 3 1 2\n3 1 1\n3 1 2\n", 3, "node 3 listens to node 1 twice"),
        ("5 3 1 2\n4 1 1\n4 2 1\n", 1, "node 3 has no edge"),
        ("4 3 1 1\n3 1 inf\n", 2, "found 'inf'; expected a finite number"),
        ("4 3 2 1\n3 1 1\n", 1, "expected the number of outputs, from 1 to 1"),
        ("4 1 1 1\n3 1 1\n", 1, "expected the number of inputs, the constant node 0 counted"),
        ("9 3 1 1\n3 1 1\n", 1, "are too many for 1 edges"),
    ],
)
def test_networks_that_break_a_rule_are_rejected(text, line, message, tmp_path):
    (tmp_path / "x.net").write_text(text)
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read_network(tmp_path / "x.net")
    assert caught.value.line == line


def test_weights_that_do_not_fit_the_network_are_not_written(tmp_path):
    network = Network.layered([2, 1])
    for weights in (np.zeros(2), np.array([0, 1, np.inf])):
        with pytest.raises(DataError, match="expected 3 finite numbers"):
            write_network(tmp_path / "x.sol", network, weights)
    assert not list(tmp_path.iterdir())


def test_a_gap_file_has_eight_numbers_for_each_look(tmp_path):
    looks = [Look(100, 0.5, 0.25, 1.0), Look(200, 0.125, 0.125, 2.0, 0.1, 0.2, 0.3, 0.75, 1.0)]
    write_gap(tmp_path / "x.gap", looks)
    rows = np.loadtxt(tmp_path / "x.gap")
    assert rows[1].tolist() == [200, 0.1, 0.2, 0.3, 0.125, 0.125, 75, 100]
    assert rows[0, [0, 4, 5]].tolist() == [100, 0.5, 0.25]
    assert np.isnan(rows[0, [1, 2, 3, 6, 7]]).all()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"inputs": [[0.0, 1.0]]}, "item 0 has the input value 0.0 in column 0; expected -1 or \\+1"),
        ({"outputs": [[0]]}, "item 0 has the output value 0"),
        ({"outputs": [[257]]}, "item 0 has the output value 257"),
        ({"outputs": [[1.5]]}, "item 0 has the output value 1.5"),
        ({"outputs": [["1"]]}, "of type <U1; expected numbers"),
        ({"inputs": [[1, -1], [1]]}, "the rows differ in length"),
        ({"inputs": [[1.0, np.nan]], "input_kind": "analog"}, "expected a number from -1 to 1"),
        ({"outputs": np.zeros((1, 0))}, "expected at least one item and one output"),
        ({"inputs": np.zeros((1, 0))}, "no inputs, although they are bits"),
        ({"input_names": ("a", "a")}, "2 input names, 1 of them distinct"),
        ({"output_names": ("a\n",)}, "all of them printable"),
    ],
)
def test_items_that_break_a_rule_cannot_be_made(changes, message):
    with pytest.raises(DataError, match=message):
        Items(**{"inputs": [[1, -1]], "outputs": [[1]], **changes})
