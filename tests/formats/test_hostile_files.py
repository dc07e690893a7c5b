"""Files that promise, nest or repeat more than anybody needs: refused at once, in little memory.

The files of the older tests were damaged by accident, so that none of them was of a size, a depth or a kind that
only an enemy chooses.
"""

from __future__ import annotations

import io
import os
import struct
import threading
import time
import tracemalloc
import zipfile
from contextlib import contextmanager

import networkx
import numpy as np
import pytest
from support.cli_samples import HALF_ADDER, run

from btfnet import formats
from btfnet.errors import FormatError
from btfnet.files import reading
from btfnet.formats import read_circuit, read_items
from btfnet.formats.arrays import zip_arrays
from btfnet.formats.arrays.npy import encode
from btfnet.formats.btf import model as btf
from btfnet.formats.circuits import graphml
from btfnet.formats.toml.problem import read_problem_file

assert btf, graphml  # imported, so that no test counts that
networkx.DiGraph()

QUICK = 2.0
"""Seconds, with all the rest that this machine does."""


@contextmanager
def little(n_bytes=1 << 22):
    """What happens inside takes little memory and time."""
    tracemalloc.start()
    begun = time.monotonic()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < n_bytes
        assert time.monotonic() - begun < QUICK
    finally:
        tracemalloc.stop()


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


# -- text -------------------------------------------------------------------------------------------------


def circuit_text(**changes):
    fields = {"format": '"btfnet-circuit"', "version": "1", "name": '"c"', "inputs": '["a"]', "gates": "[]",
              "outputs": '[{"name": "y", "node": 1}]', **changes}  # fmt: skip
    return "{" + ", ".join(f'"{key}": {value}' for key, value in fields.items()) + "}"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "{" + ", ".join(f'"{i}": 0' for i in range(30_000)) + ', "29999": 1}'}, "'29999' stands twice"),
        ({"name": "[" * 100_000}, "nested too deeply"),
        ({"version": "9" * 5000}, "a number of 5000 characters"),
        ({"version": "1." + "9" * 5000}, "a number of 5002 characters"),
        ({"version": "1e400"}, "found version inf"),
        ({"version": "-Infinity"}, "found -Infinity"),
        ({"name": "9" * 400}, "name: found 999"),
        ({"outputs": '[{"name": "y", "node": 99999999999999999999}]'}, "node of output 0: found 99999"),
    ],
)  # fmt: skip
def test_json_of_absurd_depth_length_or_repetition_is_refused_at_once(changes, message, tmp_path):
    (tmp_path / "x.json").write_text(circuit_text(**changes))
    with little(1 << 25), pytest.raises(FormatError, match=message) as caught:
        read_circuit(tmp_path / "x.json")
    assert len(str(caught.value)) < 500


PROBLEM = """format = 1
name = "x"
[data]
generator = "parity"
bits = 2
[network]
widths = [2, 2, 1]
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("bits = 2", "bits = " + "9" * 5000, "a value is not accepted"),
        ("bits = 2", "bits = 0x" + "f" * 5000, "a number of 20000 bits"),
        ("bits = 2", ".".join(["a"] * 50_000) + " = 1", "mine.toml:5: a key has more than 64 parts"),
        ("bits = 2", "bits." + '"b" . ' * 64 + "c = 1", "mine.toml:5: a key has more than 64 parts"),
        ("bits = 2", "bits = " + "[" * 20_000, "nested too deeply"),
        ("[2, 2, 1]", "[2" + ",2" * 10**6 + "]", "a file of this kind has at most 1.0 MiB"),
        ('name = "x"', "name = 'x\x1b[31my'".replace("\x1b", "\\u001b").replace("'", '"'), "name"),
        ('format = 1', 'format = 1\n"\\u001b[31m" = 1', "is unknown"),
    ],
)  # fmt: skip
def test_toml_of_absurd_length_depth_or_numbers_is_refused_at_once(old, new, message, tmp_path):
    (tmp_path / "mine.toml").write_text(PROBLEM.replace(old, new))
    begun = time.monotonic()
    with pytest.raises(FormatError, match=message) as caught:
        read_problem_file(tmp_path / "mine.toml")
    assert time.monotonic() - begun < QUICK
    assert str(caught.value).replace("\n", "").isprintable()
    assert len(str(caught.value)) < 500


def test_long_texts_and_long_words_in_toml_take_no_time(tmp_path):
    for filler in ("a" * 10**6, "a." * 60, '"a' * 60, "'" + "b" * 10**5 + "'"):
        (tmp_path / "mine.toml").write_text(f"summary = '''{filler}'''\n" + PROBLEM)
        begun = time.monotonic()
        assert read_problem_file(tmp_path / "mine.toml").name == "x"
        assert time.monotonic() - begun < QUICK


# -- what is no file --------------------------------------------------------------------------------------

READERS = [".dat", ".csv", ".npy", ".npz", ".pla", ".json", ".btf", ".aag", ".aig", ".bench", ".blif",
           ".graphml", ".net", ".sol", ".wth", ".toml"]  # fmt: skip


def read_any(path):
    """Read a file by its suffix."""
    if path.suffix == ".toml":
        return read_problem_file(path)
    if path.suffix == ".wth":
        return formats.read_widths(path)
    if path.suffix in (".net", ".sol"):
        return formats.read_network(path)
    if path.suffix in formats.CIRCUITS_IN:
        return read_circuit(path)
    return read_items(path, n_inputs=1)


@pytest.mark.skipif(os.name != "posix", reason="needs devices and pipes")
@pytest.mark.parametrize("suffix", READERS)
def test_devices_directories_and_pipes_to_which_nobody_writes_are_refused(suffix, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "WRITER_SECONDS", 0.2)
    (tmp_path / f"zero{suffix}").symlink_to("/dev/zero")
    (tmp_path / f"folder{suffix}").mkdir()
    os.mkfifo(tmp_path / f"pipe{suffix}")
    for name, message in (
        ("zero", "this is a device; name a file, or a pipe"),
        ("folder", "this is a directory"),
        ("pipe", "this is a pipe to which nobody writes"),
    ):
        with little(), pytest.raises(FormatError, match=message):
            read_any(tmp_path / f"{name}{suffix}")


@pytest.mark.skipif(os.name != "posix", reason="needs pipes")
def test_a_pipe_is_read_when_its_writer_comes_late_writes_slowly_or_has_gone(tmp_path):
    path = tmp_path / "x.json"
    os.mkfifo(path)
    text = circuit_text()

    def write():
        time.sleep(0.2)
        with open(path, "w") as file:
            for piece in (text[:9], text[9:]):
                time.sleep(0.2)
                file.write(piece)
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    assert read_circuit(path).input_names == ("a",)
    writer.join()
    read_end, write_end = os.pipe()
    os.write(write_end, text.encode())
    os.close(write_end)
    link = tmp_path / "y.json"
    link.symlink_to(f"/dev/fd/{read_end}")
    assert read_circuit(link).input_names == ("a",)
    with pytest.raises(FormatError, match="this is no JSON"):  # the same pipe, now empty
        read_circuit(link)
    os.close(read_end)


@pytest.mark.skipif(os.name != "posix", reason="needs pipes")
def test_a_pipe_without_end_is_given_up_once_it_exceeds_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "available_bytes", lambda: 10**7)
    read_end, write_end = os.pipe()
    ended = threading.Event()

    def write():
        with os.fdopen(write_end, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"0 1 " * 1000)
            except BrokenPipeError:
                ended.set()

    threading.Thread(target=write, daemon=True).start()
    (tmp_path / "x.dat").symlink_to(f"/dev/fd/{read_end}")
    with pytest.raises(FormatError, match="but the free memory allows"):
        read_items(tmp_path / "x.dat")
    os.close(read_end)
    assert ended.wait(5)


@pytest.mark.parametrize("suffix", READERS)
def test_a_sparse_file_larger_than_the_memory_is_refused_unread(suffix, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "available_bytes", lambda: 1 << 30)
    with open(tmp_path / f"x{suffix}", "wb") as file:
        file.truncate(1 << 40)
    with little(), pytest.raises(FormatError, match=r"the file has 1024\.0 GiB"):
        read_any(tmp_path / f"x{suffix}")


# -- what is printed --------------------------------------------------------------------------------------

RED = "\x1b[31mred\x07\u202e\ud800\n"


def test_names_with_escape_sequences_are_printed_without_any(tmp_path):
    named = HALF_ADDER.named(name=RED, inputs=(RED + "a", "b"), outputs=(RED + "y", "z"))
    for name in ("x.json", "x.btf"):
        formats.write_circuit(tmp_path / name, named)
    formats.write_items(tmp_path / "i.csv", formats.Items([[1, 1]], [[1, 1]]))
    for arguments in (
        ("inspect", tmp_path / "x.json"),
        ("inspect", tmp_path / "x.btf"),
        ("verify", tmp_path / "x.json", tmp_path / "i.csv"),
        ("verify", tmp_path / "x.json", tmp_path / "x.btf"),
        ("export", tmp_path / "x.json", tmp_path / "out.dot"),
        ("export", tmp_path / "x.json", tmp_path / "out.svg"),
        ("export", tmp_path / "x.json", tmp_path / "out.v"),
    ):
        result = run(*arguments)
        said = result.stdout + result.stderr
        assert not set(said) & set(RED.replace("\n", "").replace("red", "").replace("[31m", "")), arguments
    for name in ("out.dot", "out.svg", "out.v"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert str(named).count("\n") == HALF_ADDER.n_nodes


def test_a_file_whose_own_name_has_escape_sequences_is_named_without_any(tmp_path):
    result = run("inspect", str(tmp_path / "\x1b[31m.json"))
    assert result.exit_code == 1
    assert "\\x1b[31m.json: there is no such file" in result.stderr
    assert "\x1b" not in result.stderr


def test_what_is_left_out_of_a_message_is_never_made_first():
    from btfnet.printable import shown

    with little():
        assert shown(10**6000).startswith("a number of 19932 bits")
        assert len(shown("\x1b" * 10**5)) <= 42


@pytest.mark.skipif(os.name != "posix", reason="needs pipes")
def test_predict_reads_a_pipe_without_a_suffix_as_csv(tmp_path):
    formats.write_circuit(tmp_path / "m.json", HALF_ADDER)
    read_end, write_end = os.pipe()
    os.write(write_end, b"a,b\n1,1\n0,1\n")
    os.close(write_end)
    result = run("predict", tmp_path / "m.json", f"/dev/fd/{read_end}")
    os.close(read_end)
    assert (result.exit_code, result.stdout) == (0, "1,0\n0,1\n")
    refused = run("predict", tmp_path / "m.json", "/dev/zero")
    assert refused.exit_code == 2
    assert "/dev/zero" in refused.stderr
