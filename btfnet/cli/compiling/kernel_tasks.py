"""What is compiled together, and how: a task runs, on four items, what a command runs on its own.

    python -m btfnet.cli.compiling.kernel_tasks TASK …

compiles tasks in a process of its own, into the cache that all processes share, and writes a dot for every
function that is compiled.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import numpy as np
from numba.core.dispatcher import Dispatcher

from btfnet.cli.compiling.compiled_functions import told
from btfnet.committee.training import train_committee
from btfnet.engines.protocol import KernelTask
from btfnet.engines.registry import ENGINES, engine_named
from btfnet.kernels import cache
from btfnet.logic.circuit import Circuit, Gate
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.problem.values import OutputKind


def _circuits() -> None:
    """Circuits on rows, on packed words, and on tables as large as a program is worth it for."""
    circuit = Circuit(2, (Gate(2, (1, 2)),), (3,))
    circuit.predict([[0, 1]])
    circuit.program.rows(np.zeros((1, 2), dtype=np.uint8))
    circuit.program.words(np.zeros((2, 1), dtype=np.uint64))


def _committee() -> None:
    corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    network, classes = Network.layered([2, 2]), OutputKind.CLASS
    problem = Problem.from_arrays(corners, [0, 0, 0, 1], network, output_kind=classes)
    committee = train_committee(problem, members=1, hidden=2, code_bits=2, bits=4, fan_in=2)
    committee.classifier().one_hot(corners)


TASKS = {name: task for engine in ENGINES for name, task in engine_named(engine).kernel_tasks.items()} | {
    "circuits": KernelTask(_circuits, ("logic.byte_rows.kinds_of_bytes",), 2),
    "committee": KernelTask(_committee, ("logic.packed.predict_rows",), 2),
}
"""In the order in which one process compiles them."""


def functions(tasks: Iterable[str]) -> int:
    """How many functions one process compiles for these tasks."""
    calls, seen = [], dict[int, Any]()
    for kernel in {name for task in tasks for name in TASKS[task].kernels}:
        module, _, name = kernel.rpartition(".")
        calls.append(getattr(import_module(f"btfnet.kernels.{module}"), name))
    waiting = [called for call in calls for called in _called(call, Dispatcher)]
    while waiting:
        part = waiting.pop()
        if id(part) not in seen:
            seen[id(part)] = part
            waiting += _called(part, Dispatcher)
    return len(calls) + len(seen)


def _called(kernel: Any, kind: type) -> list[Any]:
    """The kernels whose names a kernel's code has."""
    function = kernel.py_func
    named = (function.__globals__.get(name) for name in function.__code__.co_names)
    return [value for value in named if isinstance(value, kind)]


def main(tasks: list[str]) -> None:
    """Compile tasks, one after the other."""
    with told(lambda: print(".", end="", flush=True)):
        for task in tasks:
            TASKS[task].run()
            cache.note_done(task)


if __name__ == "__main__":
    main(sys.argv[1:])
