"""Kernels are compiled before they are needed: in processes, counted, once; `btfnet warm` compiles all of them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from numba import config
from support.cli_samples import run

from btfnet.cli.compiling import processes as compiling
from btfnet.cli.compiling import tasks as kernel_tasks
from btfnet.errors import BtfnetWarning

BTFNET = [sys.executable, "-W", "error", "-m", "btfnet"]
needs_jit = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")

if not config.DISABLE_JIT:
    from btfnet.kernels import cache


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return tmp_path


@needs_jit
def test_a_task_is_compiled_once_in_a_process_and_anew_where_its_files_are_gone(folder, capsys, monkeypatch):
    monkeypatch.setattr(compiling, "SECONDS_BEFORE_MESSAGE", 0.0)
    compiling.prepare(["circuits"], quiet=False)
    assert capsys.readouterr().err.startswith("Compiling kernels ")
    assert cache.is_done("circuits")
    assert not cache.is_done("walk")
    compiling.prepare(["circuits"], quiet=False)
    assert capsys.readouterr().err == "", "nothing is to be done, whatever the load of the machine"
    next(folder.rglob("*.kernel")).unlink()
    assert not cache.is_done("circuits")
    compiling.prepare(["circuits"], quiet=True)
    assert cache.is_done("circuits")
    assert capsys.readouterr().err == ""


@needs_jit
def test_where_nothing_can_be_kept_the_processes_still_compile_for_this_command(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(cache, "writable_folder", lambda: None)
    monkeypatch.setattr(compiling, "_run", lambda shares, count: None)
    cache.told.clear()
    with pytest.warns(BtfnetWarning, match="every run compiles them again") as told:
        compiling.prepare(["circuits"], quiet=True)
    assert len(told) == 1
    assert os.environ["NUMBA_CACHE_DIR"] != str(tmp_path), "a temporary folder"
    assert os.path.isdir(os.environ["NUMBA_CACHE_DIR"])


@needs_jit
def test_a_process_that_fails_or_cannot_start_leaves_the_work_to_the_command(folder, monkeypatch):
    monkeypatch.setattr(compiling.sys, "executable", str(folder / "no-such-python"))
    compiling.prepare(["circuits"], quiet=True)
    assert not cache.is_done("circuits")
    kernel_tasks.TASKS["circuits"].run()


@needs_jit
def test_another_btfnet_in_the_working_directory_is_not_what_is_compiled(folder, tmp_path, monkeypatch):
    """In a checkout the README's first command compiled the checkout, and then what is installed on one core."""
    (tmp_path / "btfnet").mkdir()
    (tmp_path / "btfnet" / "__init__.py").write_text("raise SystemExit(3)\n")
    monkeypatch.chdir(tmp_path)
    compiling.prepare(["circuits"], quiet=True)
    assert cache.is_done("circuits")


def test_tasks_are_shared_out_evenly_and_keep_their_order():
    names = list(kernel_tasks.TASKS)
    for processes in (1, 2, 3, 50):
        shares = compiling.shared_out(names, processes)
        assert sorted(name for share in shares for name in share) == sorted(names)
        assert len(shares) == min(processes, len(names))
        assert all(share == sorted(share, key=names.index) for share in shares)
        loads = [sum(kernel_tasks.TASKS[name].seconds for name in share) for share in shares]
        longest = max(task.seconds for task in kernel_tasks.TASKS.values())
        assert max(loads) - min(loads) <= longest


@pytest.mark.parametrize("free, expected", [(None, 4), (10**12, 4), (800_000_000, 2), (1, 1)])
def test_fewer_processes_where_memory_is_short(monkeypatch, free, expected):
    monkeypatch.setattr("btfnet.cli.compiling.processes.available_bytes", lambda: free)
    monkeypatch.setattr("btfnet.cli.compiling.processes.cores", lambda: 4)
    assert compiling.processes_for(9) == expected
    assert compiling.processes_for(1) == 1


@pytest.mark.parametrize(
    "seconds, shown", [(1.9, ""), (2.1, "Compiling kernels 3/10, once for this machine")]
)
def test_a_log_gets_one_line_when_it_takes_long(capsys, seconds, shown):
    now = [0.0]
    line = compiling.Line(10, lambda: now[0])
    line.add(3)
    now[0] = seconds
    line.add(0)
    line.add(1)
    assert capsys.readouterr().err.startswith(shown)
    line.add(1)
    assert capsys.readouterr().err == ""


@needs_jit
@posix
@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_warm_within_a_second_and_its_processes_too(folder, number, code):
    process = subprocess.Popen(
        [*BTFNET, "warm"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NUMBA_CACHE_DIR": str(folder)},
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    begun, found = time.monotonic(), ""
    while not found and time.monotonic() - begun < 60:
        time.sleep(0.05)
        found = children.read_text() if children.exists() else "?"
    time.sleep(0.5)
    process.send_signal(number)
    sent = time.monotonic()
    _, errors = process.communicate(timeout=30)
    assert process.returncode == code
    assert "defect" not in errors
    assert time.monotonic() - sent < 3, "one second, and the load of a busy machine"
    assert not any(os.path.exists(f"/proc/{child}") for child in found.split() if child != "?")


def test_warm_is_a_command_and_says_where_kernels_are(monkeypatch, tmp_path):
    monkeypatch.setattr("btfnet.cli.commands.warm.prepare", lambda *_, **__: None)
    monkeypatch.setattr("btfnet.kernels.cache.is_done", lambda task: True)
    monkeypatch.setattr("btfnet.kernels.cache.writable_folder", lambda: tmp_path)
    result = run("warm")
    assert (result.exit_code, result.stderr) == (0, "")
    assert str(tmp_path) in result.stdout


@pytest.mark.parametrize("writable", [True, False])
def test_warm_says_what_could_not_be_compiled_or_kept(monkeypatch, tmp_path, writable):
    monkeypatch.setattr("btfnet.cli.commands.warm.prepare", lambda *_, **__: None)
    monkeypatch.setattr("btfnet.kernels.cache.is_done", lambda task: False)
    monkeypatch.setattr("btfnet.kernels.cache.writable_folder", lambda: tmp_path if writable else None)
    result = run("warm")
    assert result.exit_code == 1
    assert ("could not be compiled" if writable else "NUMBA_CACHE_DIR") in result.stderr
