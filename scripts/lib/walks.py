"""Which files and functions of the package a command crosses: run in a process of its own, its answer is JSON.

    PYTHONPATH=TREE python scripts/lib/walks.py TREE solve|predict|iteration

A function is crossed when it is called at least once, compiled ones included when they are called from outside
compiled code. What runs while a module is imported does not count. Everything runs once before, so that kernels
are compiled and libraries loaded.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ITEMS = ["a1,a0,b1,b0,p3,p2,p1,p0"] + [
    ",".join(f"{a:02b}{b:02b}{a * b:04b}") for a in range(4) for b in range(4)
]
ROWS = ["a1,a0,b1,b0"] + [",".join(f"{a:02b}{b:02b}") for a in range(4) for b in range(4)]
SOLVE = "solve --data items.csv --widths 4,8,8,4 --jobs 1 --quiet --netlist v"
PREDICT = "predict run rows.csv out.csv --force"


class Watch:
    """The functions of a tree's package that are called meanwhile, as (file, name)."""

    def __init__(self, tree: Path) -> None:
        self.package = str(tree / "btfnet") + "/"
        self.crossed: set[tuple[str, str]] = set()
        self._seen: set[CodeType] = set()

    def __enter__(self) -> Watch:
        threading.setprofile(self._called)
        sys.setprofile(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)

    def _called(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event != "call" or code in self._seen or not code.co_filename.startswith(self.package):
            return
        if self._is_importing(frame):
            return
        self._seen.add(code)
        if not code.co_name.startswith("<"):
            self.crossed.add((code.co_filename.removeprefix(self.package), code.co_qualname))

    def _is_importing(self, frame: FrameType | None) -> bool:
        while frame is not None:
            if frame.f_code.co_name == "<module>" and frame.f_code.co_filename.startswith(self.package):
                return True
            frame = frame.f_back
        return False


def command(line: str) -> Callable[[], None]:
    """A command of btfnet, in this process."""
    from click.testing import CliRunner

    main = importlib.import_module("btfnet.cli").main

    def call() -> None:
        result = CliRunner().invoke(main, line.split())
        if result.exit_code:
            raise SystemExit(f"btfnet {line}: {result.output}{result.exception!r}")

    return call


def iteration() -> Callable[[], None]:
    """One iteration of the projections, whatever the tree calls their stepper's room."""
    import numpy as np

    import btfnet

    for name in ("btfnet.engines.projections.stepper", "btfnet.boolnet"):
        with contextlib.suppress(ImportError):
            stepper = importlib.import_module(name).NetworkStepper
            break
    steps = stepper(btfnet.load("multiplier-2x2").problem, btfnet.Settings(), np.random.default_rng(0))
    return lambda: steps.advance(1, 0.0)


def main() -> None:
    tree, walk = Path(sys.argv[1]).resolve(), sys.argv[2]
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("items.csv").write_text("\n".join(ITEMS) + "\n", encoding="utf-8")
        Path("rows.csv").write_text("\n".join(ROWS) + "\n", encoding="utf-8")
        if walk == "iteration":
            call = iteration()
        else:
            if walk == "predict":
                command(f"{SOLVE} --out run")()
            call = command(PREDICT if walk == "predict" else SOLVE)
        with contextlib.redirect_stdout(io.StringIO()):
            call()
        with Watch(tree) as watch:
            call()
    json.dump(sorted(watch.crossed), sys.stdout)


if __name__ == "__main__":
    main()
