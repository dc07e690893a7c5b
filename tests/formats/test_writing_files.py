"""A file is written whole, or everything is as it was."""

from __future__ import annotations

import os
import stat

import numpy as np
import pytest
from support.naive_circuit import corner_circuits

from btfnet import formats
from btfnet.errors import OutputError
from btfnet.files import atomic
from btfnet.formats import Items
from btfnet.problem.network import Network

# -- writing ----------------------------------------------------------------------------------------------


def writers(directory):
    items, network = Items([[1, -1]], [[1]]), Network.layered([2, 1])
    for suffix in (".dat", ".csv", ".npy", ".npz"):
        yield directory / f"x{suffix}", lambda path: formats.write_items(path, items)
    for suffix in formats.CIRCUITS_OUT:
        if suffix == ".yosys.json":  # written like the others, but by way of Yosys' own files
            continue
        yield directory / f"x{suffix}", lambda path: formats.write_circuit(path, corner_circuits()["weights"])
    yield directory / "x.sol", lambda path: formats.write_network(path, network, np.zeros(3))
    yield directory / "x.gap", lambda path: formats.write_gap(path, [])


def test_a_place_that_cannot_be_written_is_one_clear_sentence(tmp_path):
    for path, write in writers(tmp_path / "absent"):
        with pytest.raises(
            OutputError, match=r"cannot be written \(No such file or directory\); nothing was changed"
        ):
            write(path)
    for path, write in writers(tmp_path):
        path.mkdir()
        with pytest.raises(OutputError, match=r"cannot be written \(Is a directory\)"):
            write(path)
        assert list(path.iterdir()) == []


@pytest.mark.parametrize("step", ["fsync", "replace", "open"])
def test_a_write_that_fails_midway_leaves_the_old_file_and_no_other(step, tmp_path, monkeypatch):
    def fail(*args, **options):
        raise OSError(28, "No space left on device")

    for path, _ in writers(tmp_path):
        path.write_text("old")
    monkeypatch.setattr(os, step, fail)
    for path, write in writers(tmp_path):
        with pytest.raises(OutputError, match="No space left on device"):
            write(path)
        assert path.read_text() == "old"
    monkeypatch.undo()
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path, _ in writers(tmp_path)}


def test_a_trace_that_fails_while_it_is_made_leaves_the_old_file(tmp_path):
    (tmp_path / "x.gap").write_text("old")
    with pytest.raises(ZeroDivisionError):
        formats.write_gap(tmp_path / "x.gap", (1 / 0 for _ in range(1)))
    assert (tmp_path / "x.gap").read_text() == "old"


def test_an_interrupt_leaves_no_part_behind(tmp_path, monkeypatch):
    def interrupt(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        atomic.write_text(tmp_path / "x", "new")
    assert not list(tmp_path.iterdir())


def test_a_write_protected_file_is_left_alone(tmp_path, monkeypatch):
    (tmp_path / "x").write_text("old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(OutputError, match="write-protected"):
        atomic.write_text(tmp_path / "x", "new")
    assert (tmp_path / "x").read_text() == "old"


def test_a_new_file_has_the_usual_rights_and_an_old_one_keeps_its_own(tmp_path):
    (tmp_path / "usual").write_text("")
    atomic.write_text(tmp_path / "new", "text")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == stat.S_IMODE(
        (tmp_path / "usual").stat().st_mode
    )
    (tmp_path / "new").chmod(0o640)
    atomic.write_text(tmp_path / "new", "again")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    assert (tmp_path / "new").read_text() == "again"


def test_a_link_is_followed_and_a_pipe_is_written_to(tmp_path):
    (tmp_path / "target").write_text("old")
    (tmp_path / "link").symlink_to("target")
    atomic.write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "new"
    os.mkfifo(tmp_path / "pipe")
    descriptor = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    atomic.write_text(tmp_path / "pipe", "through")
    assert os.read(descriptor, 100) == b"through"
    os.close(descriptor)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
