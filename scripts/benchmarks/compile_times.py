"""Where the time goes when kernels are compiled: by function, by task, and by step of the compiler.

    python scripts/benchmarks/compile_times.py                  # what `btfnet solve` needs first
    python scripts/benchmarks/compile_times.py --all            # what `btfnet warm` compiles
    python scripts/benchmarks/compile_times.py walk shrink      # tasks of btfnet.cli.compiling.tasks

Compiles in this process, into a temporary cache, and counts processor time, which other programs disturb less
than the clock. "own" is a function without those that it calls; what LLVM does for these within their callers is
counted there.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from typing import Any

import click

from scripts.lib import options

FIRST = ("sweep-float32", "fit", "circuits", "walk", "shrink")
STEPS = {
    "add_ir_module": "LLVM reads, and simplifies functions",
    "_optimize_final_module": "LLVM optimises modules",
    "_finalize_specific": "LLVM generates machine code",
}


class Times:
    """Processor seconds by function, without those compiled meanwhile."""

    def __init__(self) -> None:
        self.functions: list[tuple[float, float, str]] = []
        self._open: list[list[float]] = []

    def on_start(self, event: Any) -> None:
        self._open.append([time.process_time(), 0.0])

    def on_end(self, event: Any) -> None:
        begun, inner = self._open.pop()
        taken = time.process_time() - begun
        function = event.data["dispatcher"].py_func
        name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        self.functions.append((taken - inner, taken, name))
        if self._open:
            self._open[-1][1] += taken


def time_steps(steps: dict[str, float]) -> None:
    """Let the steps of Numba's code libraries count their time."""
    from numba.core.codegen import CPUCodeLibrary, JITCodeLibrary

    for name, words in STEPS.items():
        owner = JITCodeLibrary if name in JITCodeLibrary.__dict__ else CPUCodeLibrary
        setattr(owner, name, _timed(getattr(owner, name), steps, words))


def _timed(method: Callable[..., Any], steps: dict[str, float], words: str) -> Callable[..., Any]:
    def timed(*arguments: Any) -> Any:
        begun = time.process_time()
        try:
            return method(*arguments)
        finally:
            steps[words] = steps[words] + time.process_time() - begun

    return timed


@options.command(__doc__)
@click.argument("tasks", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All tasks.")
@click.option("--rows", type=int, default=25, show_default=True, help="So many functions.")
def main(tasks: tuple[str, ...], every: bool, rows: int) -> None:
    with tempfile.TemporaryDirectory(prefix="btfnet-compile-") as folder:
        os.environ["NUMBA_CACHE_DIR"] = folder
        from numba.core import event

        from btfnet.cli.compiling.tasks import TASKS

        times, steps = Times(), dict.fromkeys(STEPS.values(), 0.0)
        time_steps(steps)

        class Listener(event.Listener):
            def on_start(self, event: Any) -> None:
                times.on_start(event)

            def on_end(self, event: Any) -> None:
                times.on_end(event)

        with event.install_listener("numba:compile", Listener()):
            for name in tasks or (tuple(TASKS) if every else FIRST):
                begun = time.process_time()
                TASKS[name].run()
                click.echo(f"{time.process_time() - begun:7.2f} s  task {name}")
        total = sum(own for own, _, _ in times.functions)
        click.echo(f"{total:7.2f} s  {len(times.functions)} functions\n")
        for words, seconds in sorted(steps.items(), key=lambda step: -step[1]):
            click.echo(f"{seconds:7.2f} s  {words}")
        click.echo("\n    own     all  function")
        for own, whole, name in sorted(times.functions, reverse=True)[:rows]:
            click.echo(f"{own:7.2f} {whole:7.2f}  {name}")


if __name__ == "__main__":
    main()
