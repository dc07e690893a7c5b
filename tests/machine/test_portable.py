"""What Windows and macOS lack is asked for in one place, and btfnet works where it is taken away."""

from __future__ import annotations

import ast
import json
import os
import select
import subprocess
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from btfnet import machine, tasks
from btfnet.errors import BtfnetError, ToolError
from btfnet.files.reading import read_bytes
from btfnet.formats.recognise import suffix_called, suffix_of
from btfnet.tools.programs import Program
from btfnet.tools.running import run

PACKAGE = Path(machine.__file__).parent
NOT_EVERYWHERE = {
    "os": {
        "sched_getaffinity",
        "sched_setaffinity",
        "getuid",
        "geteuid",
        "getgid",
        "getegid",
        "getpgid",
        "setsid",
        "killpg",
        "fork",
        "forkpty",
        "sysconf",
        "statvfs",
        "mkfifo",
        "uname",
        "getloadavg",
        "nice",
        "fchmod",
        "chown",
        "lchown",
        "wait3",
        "wait4",
        "posix_spawn",
        "posix_fadvise",
        "posix_fallocate",
        "pread",
        "pwrite",
        "sync",
        "openpty",
        "O_NONBLOCK",
        "O_CLOEXEC",
        "O_NOCTTY",
        "O_DIRECTORY",
        "O_NOFOLLOW",
        "O_BINARY",
    },
    "select": {"poll", "epoll", "kqueue"},
    "signal": {
        "SIGKILL",
        "SIGHUP",
        "SIGALRM",
        "SIGUSR1",
        "SIGUSR2",
        "SIGPIPE",
        "alarm",
        "setitimer",
        "sigwait",
        "pthread_kill",
    },
}
"""By module, what some system lacks."""
OF_LIBRARIES = {"O_NONBLOCK", "O_CLOEXEC", "O_NOFOLLOW"}
"""Of these what the lock of files needs on this system."""
NO_MODULES = ("resource", "fcntl", "pwd", "grp", "termios", "tty", "pty")

PROLOGUE = f"""
import os, select, signal, sys
import subprocess, tempfile, multiprocessing, filelock, numba, numpy, scipy, pysat.solvers, rich  # these may
for module, names in {NOT_EVERYWHERE!r}.items():
    for name in names - {OF_LIBRARIES!r}:
        if hasattr(sys.modules[module], name):
            delattr(sys.modules[module], name)
for name in {NO_MODULES!r}:
    sys.modules[name] = None  # importing it fails
from btfnet.cli import main
"""


def poor(folder, *words):
    """What the command line prints where all of that is missing."""
    done = subprocess.run(
        [sys.executable, "-c", f"{PROLOGUE}main({list(words)!r}, prog_name='btfnet')"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_some_systems_lack_is_used_in_one_file_alone():
    used = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.attr in NOT_EVERYWHERE.get(node.value.id, ()):
                    used.setdefault(path.name, set()).add(node.attr)
            elif isinstance(node, ast.Import):
                for name in (alias.name for alias in node.names if alias.name in NO_MODULES):
                    used.setdefault(path.name, set()).add(name)
    assert set(used) == {"machine.py"}, used


def test_a_search_is_made_saved_verified_exported_and_used_without_them(tmp_path):
    (tmp_path / "rows.csv").write_text("0,1,1,1\n1,1,1,1\n")
    out = json.loads(poor(tmp_path, "solve", "multiplier-2x2", "--out", "run", "--json", "--quiet"))
    assert out["exact"]
    poor(tmp_path, "verify", "run")
    poor(tmp_path, "export", "run", "adder.v")
    assert len(poor(tmp_path, "predict", "run", "rows.csv").split()) >= 2
    assert "multiplier-2x2" in poor(
        tmp_path, "solve", "multiplier-2x2", "--out", "run", "--resume", "--quiet"
    )


def test_a_program_is_run_and_ended_where_there_are_no_groups(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "killpg", raising=False)
    sleeper = Program("python", "test", (sys.executable, "-c", "import time; time.sleep(60)"))
    with pytest.raises(ToolError, match="was stopped after"):
        run(sleeper, [], seconds=0.5, cwd=tmp_path)


def test_a_pipe_is_read_to_its_end_where_it_cannot_be_asked_who_writes(tmp_path, monkeypatch):
    monkeypatch.delattr(select, "poll", raising=False)
    reading, writing = os.pipe()
    os.write(writing, b"0,1\n")
    os.close(writing)
    assert read_bytes(f"/dev/fd/{reading}") == b"0,1\n"
    os.close(reading)


def test_without_affinity_users_and_memory_figures_there_are_answers(monkeypatch, tmp_path):
    for name in ("sched_getaffinity", "getuid", "sysconf"):
        monkeypatch.delattr(os, name, raising=False)
    assert machine.cores() == (os.cpu_count() or 1)
    assert machine.user_number() is None
    assert machine.available_bytes(tmp_path, tmp_path) is None or machine.address_space() is not None
    assert machine.fits(1)


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("win32", {"LOCALAPPDATA": "/c/Users/x/AppData/Local"}, "/c/Users/x/AppData/Local"),
        ("win32", {"LOCALAPPDATA": ""}, None),
        ("darwin", {"HOME": "/Users/x"}, "/Users/x/Library/Caches"),
        ("linux", {"HOME": "/home/x", "XDG_CACHE_HOME": ""}, "/home/x/.cache"),
        ("linux", {"HOME": "/home/x", "XDG_CACHE_HOME": "/elsewhere"}, "/elsewhere"),
        ("linux", {"HOME": "/home/x", "XDG_CACHE_HOME": "not/absolute"}, "/home/x/.cache"),
    ],
)
def test_every_system_has_its_folder_of_what_can_be_made_again(monkeypatch, platform, variables, expected):
    monkeypatch.setattr(machine.sys, "platform", platform)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert machine.user_cache() == (None if expected is None else Path(expected))


@pytest.mark.parametrize("kind", [PurePosixPath, PureWindowsPath])
def test_suffixes_are_found_in_paths_of_every_system(monkeypatch, kind):
    monkeypatch.setattr("btfnet.formats.recognise.Path", kind)
    folder = r"C:\Users\some.one\my runs" if kind is PureWindowsPath else "/home/some.one/my runs"
    for name, suffix in (
        ("a.V", ".v"),
        ("x.yosys.json", ".yosys.json"),
        ("b.tar.csv", ".csv"),
        ("plain", ""),
    ):
        assert suffix_of(str(kind(folder) / name)) == suffix
    assert suffix_called("Verilog") == ".v"


@pytest.mark.parametrize("word", [r"problems\mine", r"C:\data\mine.toml", "./mine", "mine.toml"])
def test_paths_of_every_system_are_no_names_of_problems(word):
    with pytest.raises(BtfnetError, match=r"there is no such file|cannot be read"):
        tasks.find(word)


def test_programs_are_called_as_the_system_calls_them(monkeypatch):
    assert machine.executable("yosys-abc") == "yosys-abc"
    monkeypatch.setattr(machine.os, "name", "nt")
    assert machine.executable("yosys-abc") == "yosys-abc.exe"


@pytest.mark.parametrize("words", [["solve", "--help"], ["formats", "csv"], ["problems"]], ids=" ".join)
def test_what_an_encoding_of_windows_lacks_is_a_question_mark_and_no_error(words):
    environment = dict(os.environ, PYTHONUTF8="0", PYTHONIOENCODING="cp1252")
    done = subprocess.run(
        [sys.executable, "-m", "btfnet", *words],
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("cp1252")
