"""Items in files: what every format gives back of them."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest
from support.items_samples import KINDS, signs

from btfnet.errors import FormatError, UsageError
from btfnet.formats import Items, read_items, read_network, read_widths, write_items

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
