"""Disks that are full, folders that vanish, files of others: a search goes on, and nothing is lost."""

from __future__ import annotations

import errno
import shutil

import numpy as np
import pytest
from numba import config
from support.search_samples import same_trials, solve

from btfnet.checkpoint import file
from btfnet.checkpoint import folder as folder_module
from btfnet.checkpoint.file import Record
from btfnet.checkpoint.folder import Checkpoint, SaveInterval

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="whole searches need compiled kernels")


def test_full_disk_is_told_once_and_does_not_end_the_search(problem, whole, monkeypatch, tmp_path):
    def full(path, record):
        raise OSError(errno.ENOSPC, "No space left on device")

    told = []
    monkeypatch.setattr(folder_module.file, "write", full)
    monkeypatch.setattr(SaveInterval, "due", lambda self: True)
    result = solve(problem, "rrr", Checkpoint(tmp_path / "c", report=told.append))
    assert same_trials(result.trials, whole["rrr"].trials)
    assert len(told) == 1
    assert "No space left on device" in told[0]


def test_write_cut_short_leaves_the_earlier_checkpoint(tmp_path, monkeypatch):
    path = tmp_path / "trial-0.safetensors"
    file.write(path, Record({"a": 1}, {"x": np.arange(3)}))

    def fail(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(file.os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        file.write(path, Record({"a": 2}, {"x": np.arange(4)}))
    assert file.read(path).values == {"a": 1}
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_vanished_folder_is_made_anew(problem, whole, monkeypatch, tmp_path):
    real = Checkpoint.save_running

    def save(checkpoint, index, record):
        shutil.rmtree(tmp_path / "run", ignore_errors=True)
        return real(checkpoint, index, record)

    monkeypatch.setattr(Checkpoint, "save_running", save)
    monkeypatch.setattr(SaveInterval, "due", lambda self: True)
    told = []
    result = solve(problem, "rrr", Checkpoint(tmp_path / "run" / "c", report=told.append))
    assert same_trials(result.trials, whole["rrr"].trials)
    assert told == []


def test_file_in_the_place_of_the_folder_is_told_once(problem, monkeypatch, tmp_path):
    monkeypatch.setattr(SaveInterval, "due", lambda self: True)
    told: list[str] = []
    checkpoint = Checkpoint(tmp_path / "c", report=told.append)
    (tmp_path / "c").write_text("mine")
    assert solve(problem, "rrr", checkpoint).finished
    assert len(told) == 1
    assert (tmp_path / "c").read_text() == "mine"


def test_what_a_killed_process_was_writing_counts_for_nothing(problem, whole, unfinished):
    part = unfinished / "trial-0.4711.part"
    part.write_bytes(b"half a state")
    result = solve(problem, "rrr", Checkpoint(unfinished, resume=True))
    assert not part.exists()
    assert same_trials(result.trials, whole["rrr"].trials)


def test_files_of_others_survive(unfinished):
    (unfinished / "notes.txt").write_text("mine")
    Checkpoint(unfinished, resume=True).discard()
    assert [entry.name for entry in unfinished.iterdir()] == ["notes.txt"]
