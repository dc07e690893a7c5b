"""Real processes, real signals, at random moments: obeyed within a second, and never called a defect.

`test_cli_process` sends one signal, while a search is in its loop: the one place where Python's own handling is
enough. While kernels compile the exception may be swallowed, or come out as another one, and compiled code does
not look.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from llvmlite import binding as llvm

from btfnet.cli import signals as signals_module
from btfnet.cli.runs.saved import LOCK
from btfnet.cli.signals import Signals, Terminated

BTFNET = [sys.executable, "-m", "btfnet"]
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
SECONDS = 4.0
"""One is promised; a busy machine takes its time to end a process."""


def processes(test):
    """Real processes by the clock, which no other test may share"""
    without = os.name != "posix" or os.environ.get("NUMBA_DISABLE_JIT") == "1"
    return pytest.mark.alone(pytest.mark.skipif(without, reason="needs POSIX signals and kernels")(test))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A circuit, another one, many rows, a table without structure, and one with a huge network to come."""
    folder = tmp_path_factory.mktemp("files")
    rng = np.random.default_rng(0)
    lines = [",".join([f"in:i{column}" for column in range(10)] + ["out:y"])]
    lines += [",".join(map(str, [*map(int, f"{row:010b}"), rng.integers(2)])) for row in range(1024)]
    (folder / "random.csv").write_text("\n".join(lines) + "\n")
    lines = ["in:a,in:b,in:c,in:d,in:e,in:f,out:y"]  # parity, which no gate of gates of three inputs is
    lines += [",".join([*f"{row:06b}", str(row.bit_count() % 2)]) for row in range(64)]
    (folder / "parity.csv").write_text("\n".join(lines) + "\n")
    rows = [f"{' '.join(map(str, rng.integers(0, 2, 20)))} {rng.integers(10)}" for _ in range(2000)]
    (folder / "classes.dat").write_text("\n".join(["2000", "2 20", "10 1", *rows]) + "\n")
    names = [f"i{column}" for column in range(30)]
    chain = [".names i0 i1 x1\n1- 1\n-1 1"]
    chain += [f".names x{k} i{k + 1} x{k + 1}\n01 1\n10 1" for k in range(1, 29)]
    text = f".model m\n.inputs {' '.join(names)}\n.outputs x29\n" + "\n".join(chain) + "\n.end\n"
    (folder / "chain.blif").write_text(text)
    (folder / "rows.csv").write_text("\n".join([",".join(names)] + [",".join("01" * 15)] * 400_000) + "\n")
    subprocess.run(
        [*BTFNET, "warm"], check=True, capture_output=True
    )  # signals strike searches, not compilers
    return folder


def struck(command, moment, number, *, env=None, again=False, begun=None):
    """Exit code, what it said, and the seconds from the signal to the end; None where it had ended before.

    begun  a file from whose appearance on the moment counts: a busy machine starts slowly
    """
    process = subprocess.Popen(
        [*BTFNET, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=env
    )
    try:
        while begun is not None and not begun.exists() and process.poll() is None:
            time.sleep(0.05)
        process.wait(timeout=moment)
        process.communicate()
        return None
    except subprocess.TimeoutExpired:
        process.send_signal(number)
    sent = time.monotonic()
    if again:
        time.sleep(0.7)
        process.send_signal(number)
    try:
        _, errors = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return process.returncode, errors, time.monotonic() - sent


def check(outcome, number, *, early=False):
    """early: Python itself may still be starting, and die of the signal as any program does"""
    code, errors, seconds = outcome
    assert code in (CODES[number], *([-number] if early else [])), errors
    assert "Traceback" not in errors
    assert "defect" not in errors
    assert seconds < SECONDS


@processes
@pytest.mark.parametrize(
    "command",
    [
        ["solve", "multiplier-2x2"],
        ["verify", "chain.blif", "chain.blif"],
        ["predict", "chain.blif", "rows.csv"],
        ["inspect", "chain.blif", "--data", "rows.csv"],
        ["classify", "digits", "--members", "2"],
    ],
)
def test_while_kernels_compile(command, files, tmp_path):
    rng = random.Random(str(command))
    env = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    named = [files / word if (files / word).exists() else word for word in command]
    for number in CODES:
        outcome = struck(named, rng.uniform(1.5, 6), number, env=env)
        if outcome is not None:
            check(outcome, number, early=True)


@processes
@pytest.mark.parametrize("number", CODES)
@pytest.mark.parametrize(
    "start, options",
    [
        (0, ["random.csv", "--widths", "10,30,30,1"]),
        (0, ["random.csv", "--widths", "10,30,30,1", "--engine", "descent", "--all-trials"]),
        (0, ["random.csv", "--widths", "auto"]),
        (3, ["parity.csv", "--widths", "6,16000,1", "--engine", "descent"]),
    ],
)
def test_while_it_searches(start, options, number, files, tmp_path):
    command = ["solve", "--data", files / options[0], *options[1:], "--quiet", "--out", tmp_path / "run"]
    begun = tmp_path / "run" / LOCK
    moment = start + random.Random(str(options)).uniform(3, 6)
    check(struck(command, moment, number, begun=begun), number)
    assert json.loads((tmp_path / "run" / "run.json").read_text())["status"] == "interrupted"


@processes
def test_a_search_whose_trials_are_all_wanted_says_interrupted_though_one_is_exact(tmp_path):
    command = ["solve", "multiplier-2x2", "--trials", "100000", "--all-trials", "--out", tmp_path / "run"]
    for number in CODES:
        check(struck([*command, "--quiet"], 6, number), number)
        record = json.loads((tmp_path / "run" / "run.json").read_text())
        assert (record["status"], record["exact"]) == ("interrupted", True)
        command = [*command, "--resume"] if "--resume" not in command else command


@processes
def test_a_committee_in_training_says_interrupted(files, tmp_path):
    data = ["--data", files / "classes.dat"]
    command = ["classify", *data, "--members", "65536", "--out", tmp_path / "run", "--quiet"]
    lock = tmp_path / "run" / ".btfnet.lock"  # training begins soon after it, and takes some seconds
    check(struck(command, 2, signal.SIGTERM, begun=lock), signal.SIGTERM)
    if (tmp_path / "run" / "run.json").exists():  # else not even one member was trained
        assert json.loads((tmp_path / "run" / "run.json").read_text())["status"] == "interrupted"


@processes
def test_a_time_limit_counts_where_a_round_takes_many_seconds(files):
    begun = time.monotonic()
    command = [
        *BTFNET,
        "solve",
        "--data",
        str(files / "parity.csv"),
        "--widths",
        "6,16000,1",
        "--time-limit",
        "3",
    ]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 3
    assert time.monotonic() - begun < 3 + 2 * SECONDS  # it starts, it stops


# -- in this process --------------------------------------------------------------------------------------


def test_a_signal_while_asking_sets_the_event_and_raises_nothing():
    signals = Signals()
    with signals.asking() as stop:
        signals.handle(signal.SIGTERM, None)
        assert stop.is_set()
        with pytest.raises(Terminated), signals.raising():
            raise AssertionError("a signal that came before was not seen")
    assert signals.exit_code == 143


def test_a_signal_that_came_before_is_not_forgotten():
    signals = Signals()
    with pytest.raises(KeyboardInterrupt):
        signals.handle(signal.SIGINT, None)
    with pytest.raises(KeyboardInterrupt):
        signals.check()
    with signals.asking() as stop:
        assert stop.is_set()
    assert signals.exit_code == 130


def test_a_signal_that_comes_while_llvm_calls_python_does_not_raise_there():
    """It crashed the program (exit code -11) once in some hundred blows: LLVM got no buffer and looked into it."""
    signals, raised = Signals(), []

    def within_llvm(module):
        try:
            signals.handle(signal.SIGINT, sys._getframe())
        except KeyboardInterrupt as error:
            raised.append(error)

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    module = llvm.parse_assembly("define void @nothing() { ret void }")
    machine = llvm.Target.from_default_triple().create_target_machine()
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.set_object_cache(None, within_llvm)
    engine.finalize_object()
    assert signals.came == signal.SIGINT
    assert not raised


def test_signals_that_come_together_are_one_and_a_later_one_is_the_second(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(signals_module.time, "monotonic", lambda: now[0])
    signals = Signals()
    assert not signals.note(signal.SIGTERM)
    assert not signals.note(signal.SIGTERM)
    now[0] += 1
    assert signals.note(signal.SIGINT)
    assert signals.exit_code == 143


def test_handlers_are_those_of_before_once_a_command_has_ended():
    before = [signal.getsignal(number) for number in CODES]
    threads = threading.active_count()
    with signals_module.obeyed():
        assert [signal.getsignal(number) for number in CODES] != before
    assert [signal.getsignal(number) for number in CODES] == before
    assert threading.active_count() == threads
