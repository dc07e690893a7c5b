"""Files that are missing, damaged or hostile; places that cannot be written."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from support.naive_circuit import corner_circuits, random_circuit

from btfnet import formats
from btfnet.errors import BtfnetWarning, FormatError, UsageError
from btfnet.formats import Items, read_circuit, read_items, read_network, read_widths
from btfnet.formats.pla.reader import read_table
from btfnet.problem.network import Network

N_MUTATIONS = 300
NASTY = [
    b"nan", b"inf", b"1e999", b"-1", b"0", b"1000000000000000000", b"99999999999999999999999999", b"\0",
    b"\xff\xfe", b"\xc3", b"\n", b"\r", b",", b'"', b"1_0", b"0x1", b"-", b"2147483647", b"{", b"[[[[",
    b"}", b"#", b"\\\n", b".names y\n", b"<a>", b"&#0;", b"null", b"1.5", "١".encode(), "é".encode(),
    b"true", b'"a": 1,', b".end", b".type fr", b"DFF(a)", b"LUT 0xffff (", b"\x80\x80\x80\x80\x80\x80",
]  # fmt: skip


def bits(*shape):
    return np.random.default_rng(0).choice([-1, 1], shape)


def good_files(directory):
    """A good file of every format that is read, and its reader."""
    none, circuit = np.zeros((6, 0)), random_circuit(np.random.default_rng(3))
    items = {
        "bits.dat": Items(bits(6, 3), bits(6, 2)),
        "classes.dat": Items(
            (bits(6, 3) / 4), np.where(np.eye(3)[[0, 1, 2, 0, 1, 2]], 1, -1), "analog", "class"
        ),
        "unknown.dat": Items(none, bits(6, 3), "unknown_one_hot"),
        "named.csv": Items(bits(6, 3), bits(6, 2), input_names=("a", "b", "c,")),
        "bits.npy": Items(bits(6, 3), bits(6, 2)),
        "named.npz": Items(bits(6, 2), bits(6, 2), input_names=("a", "b"), output_names=("y", "z")),
        "unknown.npz": Items(none, bits(6, 3), "unknown_bits", n_unknown=4),
    }
    readers = {}
    for name, value in items.items():
        formats.write_items(directory / name, value)
        readers[name] = lambda path: read_items(path, n_inputs=3 if path.suffix == ".npy" else None)
    (directory / "x.wth").write_text("3\n4 8 8 4\n")
    for name in ("x.pla", "listed.pla"):
        kind = ".type fdr\n" if name == "listed.pla" else ""
        lines = "1-0- 10-\n-111 -11\n0000 1~1\n1111 11-\n0110 010\n"
        (directory / name).write_text(f".i 4\n.o 3\n.ilb a b c d\n.ob x y z\n{kind}{lines}.e\n")
        readers[name] = read_items
    network = Network.layered([2, 2, 1])
    formats.write_network(directory / "x.net", network, np.linspace(-1, 1, network.n_edges))
    for suffix in formats.CIRCUITS_IN:
        formats.write_circuit(directory / f"x{suffix}", circuit)
        formats.write_circuit(directory / f"wide{suffix}", corner_circuits()["wide_weights"])
        readers[f"x{suffix}"] = readers[f"wide{suffix}"] = read_circuit
    return {**readers, "x.wth": read_widths, "x.net": read_network}


NAMES = [
    "bits.dat", "classes.dat", "unknown.dat", "named.csv", "bits.npy", "named.npz", "unknown.npz", "x.wth",
    "x.net", "x.json", "wide.json", "x.graphml", "wide.graphml", "x.blif", "wide.blif",
    "x.aag", "wide.aag", "x.aig", "wide.aig", "x.bench", "wide.bench", "x.pla", "listed.pla",
    "x.btf", "wide.btf",
]  # fmt: skip
SUFFIXES = sorted({Path(name).suffix for name in NAMES} | {".sol"})


def reader_of(suffix):
    if suffix in (".net", ".sol"):
        return read_network
    return read_widths if suffix == ".wth" else read_circuit if suffix in formats.CIRCUITS_IN else read_items


def mutated(data, rng):
    """The data after one to three small accidents."""
    for _ in range(int(rng.integers(1, 4))):
        start, end = sorted(rng.integers(0, len(data) + 1, 2).tolist())
        end = min(end, start + int(rng.integers(0, 12)))
        match rng.integers(0, 7):
            case 0:
                data = data[:start]
            case 1:
                data = data[:start] + data[end:]
            case 2:
                data = data[:start] + bytes(rng.integers(0, 256, 1).tolist()) + data[start + 1 :]
            case 3:
                data = data[:start] + data[start:end] * 2 + data[end:]
            case 4:
                words = data.split(b" ")
                words[int(rng.integers(len(words)))] = NASTY[int(rng.integers(len(NASTY)))]
                data = b" ".join(words)
            case 5:
                lines = data.split(b"\n")
                a, b = rng.integers(0, len(lines), 2)
                lines[a], lines[b] = lines[b], lines[a]
                data = b"\n".join(lines)
            case _:
                data = data[:start] + NASTY[int(rng.integers(len(NASTY)))] + data[end:]
    return data


@pytest.mark.filterwarnings("ignore::btfnet.errors.BtfnetWarning")
@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_file_is_read_or_rejected_but_never_breaks_the_reader(name, tmp_path):
    read = good_files(tmp_path)[name]
    good, rng = (tmp_path / name).read_bytes(), np.random.default_rng(NAMES.index(name))
    rejected = []
    for _ in range(N_MUTATIONS):
        (tmp_path / name).write_bytes(mutated(good, rng))
        try:
            read(tmp_path / name)
        except FormatError as error:
            rejected.append(str(error))
    assert len(rejected) > N_MUTATIONS / 4
    assert all(text.startswith(str(tmp_path / name)) and len(text) < 800 for text in rejected)
    (tmp_path / name).write_bytes(good)
    read(tmp_path / name)


def is_complete(name, data, length):
    """Whether a prefix of a file says all that it must: only blank space, or symbols of AIGER, are missing."""
    symbols = data.find(b"\ni0 ")
    return not data[length:].strip() or (name.endswith((".aag", ".aig")) and length > symbols)


@pytest.mark.parametrize(
    "name", [name for name in NAMES if Path(name).suffix not in (".csv", ".npz", ".pla")]
)
def test_a_file_that_is_cut_short_anywhere_is_rejected(name, tmp_path):
    read = good_files(tmp_path)[name]
    good = (tmp_path / name).read_bytes()
    last_word = (
        len(good.rstrip()) - len(good.split()[-1]) if name.endswith((".dat", ".wth", ".net")) else None
    )
    for length in range(0, len(good), max(1, len(good) // 150)):
        if is_complete(name, good, length) or (last_word is not None and length > last_word):
            continue
        (tmp_path / name).write_bytes(good[:length])
        with pytest.raises((FormatError, BtfnetWarning)):  # .blif without .end is a warning, an error here
            read(tmp_path / name)


@pytest.mark.parametrize("name", ["x.pla", "listed.pla"])
def test_a_table_without_its_end_is_read_but_never_with_half_a_term(name, tmp_path):
    """Neither espresso nor ABC asks for .e, so a table that ends between two terms is a table."""
    good_files(tmp_path)
    good = (tmp_path / name).read_text()
    begin, width = good.index("1-0-"), 7
    for length in range(begin, good.index("\n.e")):
        (tmp_path / name).write_text(good[:length])
        signs = good[begin:length].replace("\n", "").replace(" ", "")
        if len(signs) % width:
            with pytest.raises(
                FormatError, match=r"the term that begins here has \d signs when the file ends"
            ):
                read_table(tmp_path / name)
        else:
            assert read_table(tmp_path / name).n_lines == len(signs) // width


@pytest.mark.parametrize(
    "name", [name for name in NAMES if Path(name).suffix not in (".npz", ".aag", ".aig", ".pla")]
)
def test_a_file_with_something_behind_its_end_is_rejected(name, tmp_path):
    read = good_files(tmp_path)[name]
    with open(tmp_path / name, "ab") as file:
        file.write(b"\n1 1 7\n")
    with pytest.raises(FormatError):
        read(tmp_path / name)


EMPTY = {
    ".dat": ":1: the file ends here; expected the number of items",
    ".csv": ": the file is empty: there are no rows; expected one row for each item",
    ".net": ":1: the file ends here; expected the number of nodes",
    ".wth": ":1: the file ends here; expected the number of layers",
    ".sol": ":1: the file ends here; expected the number of nodes",
    ".json": ":1: this is no JSON",
    ".graphml": ":1: this is no XML",
    ".aag": ":1: the file ends here; expected aag or aig",
    ".aig": ":1: the file ends here; expected aag or aig",
    ".bench": ":1: the file has no OUTPUT; expected at least one",
    ".blif": ":1: the model has no .outputs",
    ".pla": ":1: nothing says how many inputs there are; expected .i",
    ".npy": "this is no .npy data of version 1 or 2",
    ".npz": "this is no .npz file",
    ".btf": "this is no packed model, or a damaged one",
}
"""What is said of an empty file of each kind; of any other bytes, too, where a kind is no text."""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_no_readable_file_is_named_with_the_reason(suffix, tmp_path):
    read = reader_of(suffix)
    (tmp_path / f"directory{suffix}").mkdir()
    (tmp_path / f"empty{suffix}").write_bytes(b"")
    (tmp_path / f"binary{suffix}").write_bytes(bytes(range(256)) * 20)
    (tmp_path / f"latin{suffix}").write_bytes("1\n1\nä\n".encode("latin-1"))
    text = suffix not in (".npy", ".npz", ".btf")
    for name, message in (
        ("missing", "there is no such file"),
        ("directory", "this is a directory"),
        ("empty", EMPTY[suffix]),
        ("binary", ":1: found a zero byte" if text else EMPTY[suffix]),
        ("latin", ":3: found the byte 0xe4, which is not UTF-8" if text else EMPTY[suffix]),
    ):
        with pytest.raises(FormatError) as caught:
            read(tmp_path / f"{name}{suffix}")
        assert message in str(caught.value)
    with pytest.raises(UsageError, match="zero byte"):
        read(Path("a\0b" + suffix))


def test_an_unreadable_file_is_named_with_the_reason(tmp_path):
    (tmp_path / "x.dat").write_text("1\n2 1\n2 1\n\n1\n1\n")
    (tmp_path / "x.dat").chmod(0)
    if os.access(tmp_path / "x.dat", os.R_OK):
        pytest.skip("the user of this test may read every file")
    with pytest.raises(FormatError, match="cannot be read"):
        read_items(tmp_path / "x.dat")


def test_a_negative_number_of_inputs_and_an_unknown_suffix_are_errors_of_use(tmp_path):
    with pytest.raises(UsageError, match="n_inputs is -1"):
        read_items(tmp_path / "x.npy", n_inputs=-1)
    for act in (read_items, lambda path: formats.write_items(path, Items([[1]], [[1]]))):
        with pytest.raises(UsageError, match=r"use one of \.dat, \.csv, \.tsv, \.npy, \.npz"):
            act(tmp_path / "x.xlsx")
