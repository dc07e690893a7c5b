"""Arrays with more values than items keep as numbers: read in pieces, packed, and refused as small ones are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.little_memory import little

from btfnet import FormatError, Items, PackedBits
from btfnet.formats import read_items, write_items
from btfnet.formats.arrays import npy_large
from btfnet.problem import packed_bits, packing

ROOT = Path(__file__).parents[2]
BITS = np.random.default_rng(0).random((300, 7)) < 0.5
SPELLINGS = {
    "bool": BITS,
    "uint8": BITS.astype(np.uint8),
    "signs": np.where(BITS, 1, -1).astype(np.int8),
    "big-endian": BITS.astype(">i4"),
    "float": BITS.astype(np.float32),
    "Fortran": np.asfortranarray(BITS.astype(np.int8)),
    "NaN in outputs": np.where((np.arange(7) > 4) & (np.arange(300) % 3 == 0)[:, None], np.nan, BITS),
}


@pytest.fixture
def pieces(monkeypatch):
    """Everything is large, and comes in many pieces."""
    monkeypatch.setattr(packed_bits, "MOST_DENSE", 64)
    monkeypatch.setattr(packing, "PIECE", 128)
    monkeypatch.setattr(npy_large, "PIECE_BYTES", 100)


def both(path, array, monkeypatch, **options):
    """What is read of a file, as a small one and as a large one; or what is said of it."""
    np.save(path, array)
    found = []
    for most in (1 << 26, 64):
        monkeypatch.setattr(packed_bits, "MOST_DENSE", most)
        try:
            found.append(read_items(path, **options))
        except FormatError as error:
            found.append(str(error))
    return found


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_large_file_holds_the_same_items_as_if_it_were_small(name, tmp_path, pieces, monkeypatch):
    small, large = both(tmp_path / "x.npy", SPELLINGS[name], monkeypatch, n_inputs=5)
    assert small == large
    assert small.packed is None
    assert large.packed is not None
    assert (small.care is None) == (large.care is None) == (name != "NaN in outputs")


def spoiled(item, column, value, dtype=np.int8):
    array = BITS.astype(dtype)
    array[item, column] = value
    return array


WRONG = {
    "two": (spoiled(200, 3, 2), 5, "item 201 has the value 2 in column 4"),
    "two in outputs": (spoiled(299, 6, 2), 5, "item 300 has the value 2 in column 7"),
    "mixed": (spoiled(299, 0, -1), 5, "the values mix 0 and -1"),
    "NaN": (spoiled(250, 1, np.nan, np.float32), 5, "item 251 has NaN in column 2, an input"),
    "infinite": (spoiled(250, 1, np.inf, np.float64), 5, "item 251 has the value inf in column 2"),
    "no inputs said": (BITS, None, "nothing says how many of the 7 columns"),
    "no outputs": (BITS, 7, "7 of them inputs; expected an output more"),
    "flat": (BITS.ravel(), 5, "has 1 dimensions; expected 2"),
    "text": (BITS.astype("U1"), 5, "the values are of type <U1; expected 0/1, -1/\\+1 or bool"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_large_file_is_said_as_of_a_small_one(name, tmp_path, pieces, monkeypatch):
    array, n_inputs, message = WRONG[name]
    small, large = both(tmp_path / "x.npy", array, monkeypatch, n_inputs=n_inputs)
    assert small == large
    with pytest.raises(FormatError, match=message):
        read_items(tmp_path / "x.npy", n_inputs=n_inputs)


def test_a_large_file_that_is_cut_short_is_refused(tmp_path, pieces):
    np.save(tmp_path / "x.npy", BITS)
    data = (tmp_path / "x.npy").read_bytes()
    (tmp_path / "x.npy").write_bytes(data[:-1])
    with pytest.raises(FormatError, match="2100 bytes, but 2099 follow; the file is cut short"):
        read_items(tmp_path / "x.npy", n_inputs=5)


def test_a_large_file_without_inputs_is_refused(tmp_path, pieces):
    np.save(tmp_path / "x.npy", BITS)
    with pytest.raises(FormatError, match="300 items have no inputs"):
        read_items(tmp_path / "x.npy", n_inputs=0)


def test_reading_takes_memory_for_bits_not_for_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(packed_bits, "MOST_DENSE", 1 << 20)
    rows = np.lib.format.open_memmap(tmp_path / "x.npy", "w+", np.int8, (200_000, 65))
    rows[:, ::3] = 1
    del rows
    with little(1 << 24):  # of 13 MB of bytes, 52 MB of floats
        items = read_items(tmp_path / "x.npy", n_inputs=64)
    assert items.packed is not None
    assert items.bits(199_999).dense()[0, :4].tolist() == [True, False, False, True]


def test_packed_items_are_written_as_words_and_come_back(tmp_path):
    packed = PackedBits.from_rows(BITS[:, :5])
    items = Items.from_arrays(packed, BITS[:, 5:])
    write_items(tmp_path / "x.npz", items)
    again = read_items(tmp_path / "x.npz", n_inputs=5)
    assert again == items
    assert again.packed is not None
    with np.load(tmp_path / "x.npz") as arrays:
        assert (arrays["input_words"] == packed.row_words()).all()
        assert arrays["n_inputs"] == 5
    for name in ("x.npy", "x.csv", "x.dat"):
        write_items(tmp_path / name, items)
        assert read_items(tmp_path / name, n_inputs=5) == items


WORDS = PackedBits.from_rows(BITS[:, :5]).row_words()
WRONG_WORDS = {
    "both": ({"inputs": BITS[:, :5]}, "found the arrays 'inputs' and 'input_words'"),
    "analog": ({"input_kind": "analog"}, "found analog inputs and 'input_words'"),
    "no count": ({"n_inputs": None}, "n_inputs: expected one whole number of at least 1"),
    "count 0": ({"n_inputs": 0}, "n_inputs: expected one whole number of at least 1"),
    "count of words": ({"n_inputs": 65}, r"expected packed words: uint64, \(n_items, 2\) for 65 columns"),
    "signed": ({"input_words": WORDS.astype(np.int64)}, "input_words: words is an array of shape"),
    "flat": ({"input_words": WORDS[:, 0]}, "input_words: words is an array of shape"),
    "too few": ({"input_words": WORDS[:-1]}, "299 rows of inputs, but 300 rows of outputs"),
    "count alone": ({"input_words": None}, "there is an array 'n_inputs', but no 'input_words'"),
}


@pytest.mark.parametrize("name", WRONG_WORDS)
def test_words_that_break_a_rule_are_refused(name, tmp_path):
    changes, message = WRONG_WORDS[name]
    arrays = {"input_words": WORDS, "n_inputs": 5, "outputs": BITS[:, 5:], **changes}
    np.savez(tmp_path / "x.npz", **{key: array for key, array in arrays.items() if array is not None})
    with pytest.raises(FormatError, match=message):
        read_items(tmp_path / "x.npz")


@pytest.mark.needs_jit
@pytest.mark.parametrize("name", ["x.npy", "x.npz"])
def test_the_command_solves_and_verifies_large_files(name, tmp_path):
    rng = np.random.default_rng(1)
    inputs = rng.random((5000, 20)) < 0.5
    outputs = inputs[:, :3].sum(axis=1, keepdims=True) > 1
    if name == "x.npy":
        np.save(tmp_path / name, np.hstack([inputs, outputs]))
    else:
        words = PackedBits.from_rows(inputs).row_words()
        np.savez(tmp_path / name, input_words=words, n_inputs=20, outputs=outputs)
    start = (
        "from btfnet.problem import packed_bits; packed_bits.MOST_DENSE = 1000\n"
        "from btfnet.cli import main; main(prog_name='btfnet')"
    )

    def run(*words):
        command = [sys.executable, "-c", start, *map(str, words)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)

    data = tmp_path / name
    options = ["--inputs", "20", "--engine", "descent", "--trials", "1", "--json", "--out", tmp_path / "run"]
    done = run("solve", "--data", data, *options)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["exact"] is True
    with np.load(tmp_path / "run" / "items.npz") as arrays:
        assert arrays["input_words"].shape == (5000, 1)
    for other in ((), (data,)):
        checked = run("verify", tmp_path / "run", *other)
        assert checked.returncode == 0, checked.stderr
        assert "all 5000 items" in checked.stdout
