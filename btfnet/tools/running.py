"""Running an outside program: no shell, a directory of its own, a time limit."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from btfnet.errors import ToolError
from btfnet.machine import end_with_children
from btfnet.printable import printable
from btfnet.tools.programs import Program, find

_LAST_LINES = 8
_ABC_FAILED = "** cmd error"
"""ABC stops a script at the first command that fails, and ends with exit code 0 all the same."""


def workbench() -> tempfile.TemporaryDirectory[str]:
    """A new directory that is gone when its `with` ends, for the files of one run."""
    return tempfile.TemporaryDirectory(prefix="btfnet-", ignore_cleanup_errors=True)


def run(
    program: str | Program, arguments: Sequence[str], *, seconds: float, cwd: str | os.PathLike[str]
) -> str:
    """What a program prints, standard output and errors together, in the order in which they came.

    program   a name for `find`, or a program that it found
    seconds   the wall-clock time after which the program and all that it started are killed
    cwd       its directory; file names among the arguments should be plain names in it

    Raises `ToolMissing` when there is no such program, `ToolError` with its last lines when it fails and when its
    time is over.
    """
    tool = find(program) if isinstance(program, str) else program
    try:
        process = subprocess.Popen(
            [*tool.command, *arguments],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(os.environ, LC_ALL="C.UTF-8"),
            start_new_session=True,
        )
    except OSError as error:
        raise ToolError(
            f"{tool.name} ({tool.command[0]}) cannot be started: {error.strerror}. Is its installation whole?"
        ) from error
    try:
        output, _ = process.communicate(timeout=seconds)
    except BaseException as end:  # Ctrl-C does not reach a program in a session of its own
        _kill(process)
        if not isinstance(end, subprocess.TimeoutExpired):
            raise
        raise ToolError(
            f"{tool.name} ({tool.origin}) was stopped after {seconds:g} s. "
            f"Give it more time, or a smaller circuit."
        ) from None
    text = output.decode("utf-8", errors="replace").replace("\r\n", "\n")
    if process.returncode:
        raise _failed(tool, f"failed with exit code {process.returncode}", text)
    return text


def run_script(program: str | Program, script: str, *, seconds: float, cwd: str | os.PathLike[str]) -> str:
    """What Yosys or ABC prints over a script of commands, one a line: a log of no fixed form, and errors.

    The script may name files in `cwd` only, by plain names. Raises as `run` does, for ABC also when one of its
    commands fails, which its exit code does not tell.
    """
    tool = find(program) if isinstance(program, str) else program
    path = Path(cwd) / f"btfnet-script.{'ys' if tool.name == 'yosys' else 'abc'}"
    path.write_text(script if script.endswith("\n") else script + "\n", encoding="utf-8")
    text = run(tool, [path.name], seconds=seconds, cwd=cwd)
    if tool.name == "abc" and _ABC_FAILED in text:
        raise _failed(tool, "failed", text)
    return text


def _failed(program: Program, how: str, text: str) -> ToolError:
    lines = [line.rstrip() for line in text.splitlines() if line.strip()][-_LAST_LINES:]
    tail = "\n".join(f"  {printable(line[:300])}" for line in lines) or "  (nothing)"
    return ToolError(f"{program.name} ({program.origin}) {how}. Its last words:\n{tail}")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a program that still runs, its own children too, and leave no zombie."""
    end_with_children(process)
    process.wait()
    if process.stdout:
        process.stdout.close()
