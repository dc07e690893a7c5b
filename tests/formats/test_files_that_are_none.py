"""Devices, directories and pipes: read where they can be, refused at once where not."""

from __future__ import annotations

import os
import threading
import time

import pytest
from support.cli_samples import HALF_ADDER, run
from support.little_memory import little

from btfnet import formats
from btfnet.errors import FormatError
from btfnet.files import reading
from btfnet.formats import read_circuit, read_items
from btfnet.formats.toml.problem import read_problem_file

# -- text -------------------------------------------------------------------------------------------------


def circuit_text(**changes):
    fields = {"format": '"btfnet-circuit"', "version": "1", "name": '"c"', "inputs": '["a"]', "gates": "[]",
              "outputs": '[{"name": "y", "node": 1}]', **changes}  # fmt: skip
    return "{" + ", ".join(f'"{key}": {value}' for key, value in fields.items()) + "}"


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
