"""What is compiled together, by name, and how many functions that is: what engines run, and what commands do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pkgutil import resolve_name
from typing import Any

from numba.core.dispatcher import Dispatcher

from btfnet.engines.protocol import KernelTask
from btfnet.engines.registry import ENGINES, engine_named
from btfnet.logic.evaluate import warm_up_circuits, warm_up_other_forms


def _committee() -> None:
    """By name: no search waits for what only classes need."""
    resolve_name("btfnet.committee.training:warm_up")()


def _rules(cell: str) -> Callable[[], object]:
    """The same of cells of automata."""
    return lambda: resolve_name("btfnet.rules.warming:warm_up")(cell)


FEW_ROWS = (
    "bits.evaluate_gates",
    "logic.byte_rows.kinds_of_bytes",
    "logic.bit_transpose.pack_rows",
    "logic.bit_transpose.unpack_rows",
)
MANY_ROWS = ("logic.program.run_rows", "logic.program.run_words", "logic.packed.predict_rows")
COMMITTEE = (
    "bits.evaluate_gates",
    "columns.gather_columns",
    "pictures.find_templates",
    "pictures.window_words",
)
RULES = {
    "table": (
        "cells.all_hypotheses.try_tables",
        "cells.anneal.anneal_tables",
        "cells.anneal.change",
        "cells.anneal.price",
        "cells.anneal.remember",
    ),
    "masks": (
        "cells.all_hypotheses.try_pairs",
        "cells.thresholds.anneal_nodes",
        "cells.thresholds.price_nodes",
        "cells.thresholds.remember_nodes",
        "cells.thresholds.set_node",
    ),
    "gates": ("cells.gates.anneal_gates", "cells.gates.price_gates", "cells.gates.remember_gates"),
}
TASKS = {name: task for engine in ENGINES.own for name, task in engine_named(engine).kernel_tasks.items()} | {
    "circuits": KernelTask(warm_up_circuits, FEW_ROWS, 2),
    "other-forms": KernelTask(warm_up_other_forms, MANY_ROWS, 2),
    "committee": KernelTask(_committee, COMMITTEE, 4),
    **{f"rules-{cell}": KernelTask(_rules(cell), kernels, 4) for cell, kernels in RULES.items()},
}
"""In the order in which one process compiles them."""


def functions(tasks: Iterable[str]) -> int:
    """How many functions one process compiles for these tasks."""
    calls, seen = [], dict[int, Any]()
    for path in {name for task in tasks for name in TASKS[task].kernels}:
        module, _, name = path.rpartition(".")
        calls.append(resolve_name(f"btfnet.kernels.{module}:{name}"))
    waiting = [called for call in calls for called in _called(call)]
    while waiting:
        kernel = waiting.pop()
        if id(kernel) not in seen:
            seen[id(kernel)] = kernel
            waiting += _called(kernel)
    return len(calls) + len(seen)


def _called(kernel: Any) -> list[Any]:
    """The kernels whose names a kernel's code has."""
    function = kernel.py_func
    named = (function.__globals__.get(name) for name in function.__code__.co_names)
    return [value for value in named if isinstance(value, Dispatcher)]
