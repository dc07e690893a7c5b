"""Items: what they refuse, and what every format gives back of them."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest
from support.items_samples import KINDS, signs

from btfnet.errors import DataError, FormatError, UsageError
from btfnet.formats import Items, read_items, read_network, read_widths, write_items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

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


def test_an_expected_number_of_inputs_is_checked(tmp_path):
    for suffix, message in (
        (".dat", "found '4'; expected 5 inputs"),
        (".csv", "the header names 4 inputs, but 5 are expected"),
        (".npz", "have 4 inputs, expected 5"),
    ):
        write_items(tmp_path / f"x{suffix}", KINDS["bits"])
        assert read_items(tmp_path / f"x{suffix}", n_inputs=4) == KINDS["bits"]
        with pytest.raises(FormatError, match=message):
            read_items(tmp_path / f"x{suffix}", n_inputs=5)
        write_items(tmp_path / f"x{suffix}", KINDS["unknown_bits"])
        assert read_items(tmp_path / f"x{suffix}", n_inputs=6) == KINDS["counted_unknown"]


def test_the_same_outputs_with_other_bits_that_count_are_other_items():
    care = KINDS["care"]
    other = Items(care.inputs, care.outputs, care=care.care[::-1])
    assert care == Items(care.inputs, care.outputs, care=care.care.copy())
    assert care != Items(care.inputs, care.outputs)
    assert care != other
    assert care.first(3) == Items(care.inputs[:3], care.outputs[:3], care=care.care[:3])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"inputs": [[0.0, 1.0]]}, "item 1 has the input value 0.0 in column 1; expected -1 or \\+1"),
        ({"outputs": [[0]]}, "item 1 has the output value 0"),
        ({"outputs": [[257]]}, "item 1 has the output value 257"),
        ({"outputs": [[1.5]]}, "item 1 has the output value 1.5"),
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
