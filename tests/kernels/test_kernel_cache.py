"""The kernel cache never stops a program: kernels run whatever its folder looks like, and one line says why."""

import errno
import importlib
import os
import subprocess
import sys
import warnings

import numpy as np
import pytest
from numba import config

from btfnet.errors import BtfnetWarning

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")

if not config.DISABLE_JIT:
    from btfnet.kernels import cache
    from btfnet.kernels.compiled import compiled


def add_up(values):
    total = 0
    for index in range(values.size):
        total += values[index]
    return total


def run():
    """A new dispatcher, as in a new process, and what it was warned of."""
    cache.told.clear()
    kernel = compiled(add_up)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert kernel(np.arange(5)) == 10
        assert kernel(np.arange(5, dtype=np.uint8)) == 10
    assert all(issubclass(warning.category, BtfnetWarning) for warning in caught)
    return [str(warning.message) for warning in caught]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The only folder that kernels are kept in."""
    place = tmp_path / "kernels"
    monkeypatch.setattr(cache, "folders", lambda: iter([place]))
    return place


def kept(folder):
    return sorted(folder.glob("*.kernel"))


def test_what_is_compiled_is_kept_and_loaded(folder, monkeypatch):
    assert run() == []
    assert len(kept(folder)) == 2
    assert sorted(folder.iterdir()) == kept(folder), "no drafts are left"
    monkeypatch.setattr("numba.core.compiler.compile_extra", None)  # compiling would fail
    assert run() == []


def damages(content, rng):
    yield b""
    yield bytes(len(content))
    yield content + b"x"
    yield b"\x80\x04N."  # a pickle
    for _ in range(6):
        yield content[: rng.integers(len(content))]
    for _ in range(6):
        changed = bytearray(content)
        changed[rng.integers(len(content))] ^= 1 << rng.integers(8)
        yield bytes(changed)


def test_damaged_files_are_compiled_again_said_once_and_replaced(folder):
    run()
    whole = kept(folder)[0].read_bytes()
    for damage in damages(whole, np.random.default_rng(0)):
        for path in kept(folder):
            path.write_bytes(damage)
        assert run() == [f"{folder}: compiled kernels there are damaged; they are compiled again."]
        assert run() == []


def test_another_kernels_file_is_not_taken_for_ones_own(folder):
    run()
    first, second = kept(folder)
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)
    assert len(run()) == 1
    assert run() == []


def test_a_kernel_elsewhere_is_compiled_again_when_its_own_file_changes(folder, tmp_path, monkeypatch):
    """Scripts have kernels too; the folder's name knows the package's sources only."""
    monkeypatch.syspath_prepend(tmp_path)
    answers = []
    for number in (1, 2):
        text = (
            f"from btfnet.kernels.compiled import compiled\nN = {number}\n@compiled\ndef n():\n    return N\n"
        )
        (tmp_path / "some_kernels.py").write_text(text)
        importlib.invalidate_caches()
        sys.modules.pop("some_kernels", None)
        for compiled_python in tmp_path.glob("__pycache__/*.pyc"):
            compiled_python.unlink()
        answers.append(importlib.import_module("some_kernels").n())
    assert answers == [1, 2]
    assert len(kept(folder)) == 2


def test_a_directory_where_a_file_should_be_is_left_alone(folder):
    run()
    for path in kept(folder):
        path.unlink()
        path.mkdir()
    (message,) = run()
    assert "every run compiles them again" in message
    assert "NUMBA_CACHE_DIR" in message


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT, errno.EIO])
def test_a_full_or_read_only_disk_is_said_once(folder, monkeypatch, code):
    def refuse(*_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(cache.os, "replace", refuse)
    (message,) = run()
    assert os.strerror(code) in message
    assert list(folder.iterdir()) == [], "no drafts are left"


def test_the_next_folder_is_taken_where_the_first_one_cannot_be(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    good = tmp_path / "good"
    monkeypatch.setattr(cache, "folders", lambda: iter([tmp_path / "file" / "below", good]))
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    assert run() == []
    assert len(kept(good)) == 2
    assert cache.writable_folder() == good
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    for path in kept(good):
        path.unlink()
    (message,) = run()
    assert "where NUMBA_CACHE_DIR says" in message
    assert str(good) in message


def test_a_damaged_file_in_a_folder_that_cannot_be_written_to_is_not_spoken_of_twice(tmp_path, monkeypatch):
    locked, good = tmp_path / "locked", tmp_path / "good"
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(cache, "folders", lambda: iter([locked]))
    run()
    for path in kept(locked):
        path.write_bytes(b"")
    replace = os.replace
    monkeypatch.setattr(cache, "folders", lambda: iter([locked, good]))

    def refuse_locked(draft, path):
        if path.parent == locked:
            raise PermissionError(errno.EACCES, "Permission denied")
        return replace(draft, path)

    monkeypatch.setattr(cache.os, "replace", refuse_locked)
    assert len(run()) == 1
    assert run() == []


def test_processes_that_write_the_same_kernels_at_once_all_come_right(tmp_path):
    script = (
        "import numpy as np\nfrom btfnet.kernels.bits import count_ones\n"
        "assert count_ones(np.arange(4, dtype=np.uint64)) == 4\n"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    started = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", script], env=environment) for _ in range(3)
    ]
    assert [process.wait() for process in started] == [0, 0, 0]
    assert len(list(tmp_path.glob("btfnet-*/*.kernel"))) == 1
    assert len(list(tmp_path.glob("btfnet-*/*"))) == 1
