"""Archives and arrays made to do harm: refused before they are unpacked."""

from __future__ import annotations

import io
import struct
import zipfile

import numpy as np
import pytest
from support.little_memory import little

from btfnet.errors import FormatError
from btfnet.formats import read_items
from btfnet.formats.arrays import zip_arrays
from btfnet.formats.arrays.npy import encode


def archive(path, entries, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in entries:
            file.writestr(name, content)
    return path


def zeros(n_bytes):
    """The .npy file of a column of so many zeros, without numpy's own."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|i1", "fortran_order": False, "shape": (n_bytes, 1)}
    )
    return header.getvalue() + bytes(n_bytes)


# -- archives ---------------------------------------------------------------------------------------------


def test_an_archive_that_unpacks_a_thousandfold_is_refused_before_it_is_unpacked(tmp_path):
    path = archive(tmp_path / "x.npz", [("outputs.npy", zeros(zip_arrays.FREE_BYTES + 1))])
    assert path.stat().st_size < 1 << 20
    with little(), pytest.raises(FormatError, match="nearly all values are the same"):
        read_items(path)


def test_arrays_that_do_not_fit_into_memory_are_refused_before_they_are_unpacked(tmp_path, monkeypatch):
    path = archive(tmp_path / "x.npz", [("inputs.npy", zeros(10**6)), ("outputs.npy", zeros(10**6))])
    monkeypatch.setattr(zip_arrays, "available_bytes", lambda: 10**7)
    with little(), pytest.raises(FormatError, match=r"inputs \(1000000, 1\).* GiB are free"):
        read_items(path)


@pytest.mark.parametrize("told", [100, 2000, 1 << 31])
def test_an_archive_that_lies_about_a_size_costs_no_more_than_it_tells(told, tmp_path):
    path = archive(tmp_path / "x.npz", [("outputs.npy", zeros(1 << 24))])
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\1\2")
    data[place + 24 : place + 28] = struct.pack("<I", told)
    path.write_bytes(data)
    with little(), pytest.raises(FormatError, match=r"x\.npz: outputs"):
        read_items(path)


def test_an_array_that_promises_more_than_its_entry_holds_is_refused(tmp_path):
    content = encode(np.ones((4, 1), dtype=np.int8)).replace(b"(4, 1)", b"(4, 9)")
    with pytest.raises(FormatError, match="outputs: the header promises the shape"):
        read_items(archive(tmp_path / "x.npz", [("outputs.npy", content)]))


def test_archives_of_many_entries_doubles_and_strange_names_are_refused(tmp_path):
    one = encode(np.ones((1, 1), dtype=np.int8))
    many = archive(tmp_path / "many.npz", [(f"{index}.npy", b"") for index in range(30_000)])
    with little(1 << 23), pytest.raises(FormatError, match="more than 64 files"):
        read_items(many)
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = archive(tmp_path / "twice.npz", [("outputs.npy", one), ("outputs.npy", one)])
    with pytest.raises(FormatError, match="found the array 'outputs'; expected each once"):
        read_items(twice)
    for name in ("a/outputs.npy", "../outputs.npy", "/etc/outputs.npy", "\x1b[31m.npy"):
        with pytest.raises(FormatError, match="expected each once of") as caught:
            read_items(archive(tmp_path / "strange.npz", [(name, one)]))
        assert "\x1b" not in str(caught.value)


def test_encrypted_and_oddly_packed_arrays_are_named_as_such(tmp_path):
    one = encode(np.ones((1, 1), dtype=np.int8))
    path = archive(tmp_path / "x.npz", [("outputs.npy", one)])
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(FormatError, match="outputs: the array is encrypted"):
        read_items(path)
    with pytest.raises(FormatError, match="other than deflate"):
        read_items(archive(tmp_path / "y.npz", [("outputs.npy", one)], zipfile.ZIP_BZIP2))


@pytest.mark.parametrize("name", ["input_kind", "output_kind", "n_unknown"])
def test_a_single_word_of_an_archive_is_never_large(name, tmp_path):
    value = encode(np.array("x" * 1000) if name != "n_unknown" else np.ones(1000, dtype=np.int64))
    path = archive(tmp_path / "x.npz", [(f"{name}.npy", value), ("outputs.npy", encode(np.ones((1, 1))))])
    with pytest.raises(FormatError, match=f"{name}: found the type"):
        read_items(path)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("code", [0x110000, 0x7FFFFFFF, 0xFFFFFFFF])
@pytest.mark.parametrize("name", ["input_kind", "input_names"])
def test_text_of_an_archive_holds_characters_that_exist(name, code, order, tmp_path):
    """SystemError came out of NumPy for the larger ones, only that of mutated names had been tried."""
    good = np.array("bits" if name == "input_kind" else ["aaaa"], dtype=f"{order}U4")
    content = encode(good)[:-4] + struct.pack(f"{order}I", code)
    one = encode(np.ones((1, 1), dtype=np.int8))
    path = archive(tmp_path / "x.npz", [(f"{name}.npy", content), ("inputs.npy", one), ("outputs.npy", one)])
    with pytest.raises(FormatError, match=f"{name}: the text is damaged: there is no character {code:#x}"):
        read_items(path)


def test_weights_of_a_run_are_looked_into_as_carefully(tmp_path):
    from btfnet.cli.runs.saved import training_sigma

    (tmp_path / "run.json").write_text('{"problem": "p", "status": "solved", "model": "m"}')
    archive(tmp_path / "weights.npz", [("sigma.npy", encode(np.float64(3)))])
    assert training_sigma(str(tmp_path)) == 3
    archive(tmp_path / "weights.npz", [("sigma.npy", zeros(1 << 26))])
    with little():
        assert training_sigma(str(tmp_path)) is None


# -- arrays -----------------------------------------------------------------------------------------------


def with_header(text):
    text = text.encode("latin-1").ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


@pytest.mark.parametrize("suffix", [".npy", ".npz"])
@pytest.mark.parametrize(
    "shape",
    ["(" + "1," * 70 + ")", "(True, True)", "(-1, -1)", "(2**70,)", f"({2**70}, 1)", f"({'9' * 4000}, 1)",
     "(1.0, 1)", "(None,)", "('a',)", f"({2**62}, {2**62})", "(" + "1," * 33 + ")"],
)  # fmt: skip
def test_shapes_that_no_array_has_are_refused(shape, suffix, tmp_path):
    data = with_header(f"{{'descr': '|i1', 'fortran_order': False, 'shape': {shape}}}") + b"\1"
    path = tmp_path / f"outputs{suffix}"
    if suffix == ".npy":
        path.write_bytes(data)
    else:
        archive(path, [("outputs.npy", data)])
    with little(), pytest.raises(FormatError) as caught:
        read_items(path, n_inputs=0)
    assert len(str(caught.value)) < 500


def test_a_header_of_ten_megabytes_is_refused(tmp_path):
    text = b"{'descr': '|i1', 'fortran_order': False, 'shape': (1, 2)}" + b" " * 10**7
    (tmp_path / "x.npy").write_bytes(b"\x93NUMPY\x02\x00" + struct.pack("<I", len(text)) + text + b"\1\1")
    with pytest.raises(FormatError, match=r"no \.npy data"):
        read_items(tmp_path / "x.npy", n_inputs=1)
