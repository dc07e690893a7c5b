"""What is compiled together, and how: a task runs, on four items, what a command runs on its own.

    python -m btfnet.cli.compiling.kernel_tasks TASK …

compiles tasks in a process of its own, into the cache that all processes share, and writes a dot for every
function that is compiled.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from btfnet.problem.problem import Problem


@dataclass(frozen=True)
class Task:
    """Kernels that are needed together.

    run      compiles them, or loads them from the cache
    kernels  module.name of those that Python calls; what these call in turn is found by itself
    seconds  of one core, for sharing tasks out; from scripts/benchmarks/compile_times.py
    """

    run: Callable[[], object]
    kernels: tuple[str, ...]
    seconds: float


def conjunction() -> Problem:
    """The smallest problem with a hidden layer."""
    from btfnet.problem.problem import Problem

    return Problem.from_bits([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [0], [0], [1]], hidden=(2,))


def _walk() -> None:
    import numpy as np

    from btfnet.engines.descent.stepper import DescentStepper

    DescentStepper(conjunction(), np.random.default_rng(0)).advance(2, 0.0)


def _fit(precision: str) -> None:
    """From weights to gates, to a circuit and its check."""
    from btfnet.search.solve import solve
    from btfnet.settings import Settings

    few = Settings(max_iterations=50)
    solve(conjunction(), few, trials=1, jobs=1, precision=precision, engine="rrr", shrink=False)


def _shrink() -> None:
    import numpy as np

    from btfnet.engines.descent.local_search import GateSearch
    from btfnet.engines.descent.shrink import shrink

    walker = GateSearch.of(conjunction(), np.random.default_rng(0), repeats=False, begin=False)
    conjunctions = np.zeros(walker.network.n_edges, dtype=np.int64)
    for node in walker.network.btf_nodes:
        conjunctions[walker.network.edges(node)][:3] = 1  # of two senders: the third is the constant
    walker.start_from(conjunctions, np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=bool))
    shrink(walker, 1)


def _sweep(precision: str, threads: int) -> None:
    from btfnet.engines.projections import stepper as boolnet

    boolnet.warm_up(precision, threads)


def _circuits() -> None:
    """Circuits on rows, on packed words, and on tables as large as a program is worth it for."""
    import numpy as np

    from btfnet.logic.circuit import Circuit, Gate

    circuit = Circuit(2, (Gate(2, (1, 2)),), (3,))
    circuit.predict([[0, 1]])
    circuit.program.rows(np.zeros((1, 2), dtype=np.uint8))
    circuit.program.words(np.zeros((2, 1), dtype=np.uint64))


def _codes() -> None:
    """Inputs that are ours to choose."""
    import numpy as np

    from btfnet.engines.descent.local_search import CODES_AFTER, GateSearch
    from btfnet.problem.network import Network

    bits = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=bool)
    outputs = np.column_stack(
        [bits, bits.all(axis=1), bits.any(axis=1)]
    )  # too much for one gate after another
    walker = GateSearch(
        Network.layered([1, 1, 4]), bits[:, :1], outputs, np.random.default_rng(0), unknown=True
    )
    walker.walk(CODES_AFTER)


def _large_gates() -> None:
    """Gates beyond majorities of three, which are fitted one by one, and what the items say of them."""
    import numpy as np

    from btfnet.engines.completion.evidence import evidence
    from btfnet.logic.circuit import Circuit, Gate
    from btfnet.problem.problem import Problem
    from btfnet.search.solve import solve
    from btfnet.settings import Settings

    hard = Problem.from_bits([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]], hidden=(2,))
    solve(hard, Settings(max_iterations=20, sigma=9), trials=1, jobs=1, engine="rrr", shrink=False)
    evidence(Circuit(2, (Gate(2, (1, 2)),), (3,)), np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=bool))


def _committee() -> None:
    from btfnet.committee.training import train_committee
    from btfnet.problem.network import Network
    from btfnet.problem.problem import Problem
    from btfnet.problem.values import OutputKind

    corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    network, classes = Network.layered([2, 2]), OutputKind.CLASS
    problem = Problem.from_arrays(corners, [0, 0, 0, 1], network, output_kind=classes)
    committee = train_committee(problem, members=1, hidden=2, code_bits=2, bits=4, fan_in=2)
    committee.classifier().one_hot(corners)


ADVANCE, SHARED = ("projections.sweep.advance",), ("projections.sweep.advance_threads",)
WALKER = (
    "descent.best_gate.random_gate",
    "descent.gate_arrays.evaluate",
    "descent.walk.tell_apart",
    "descent.breakout.fill_slots",
    "descent.walk.copy_gates",
)
TASKS = {
    "walk": Task(_walk, (*WALKER, "descent.walk.walk"), 15),
    "sweep-float32": Task(lambda: _sweep("float32", 1), ADVANCE, 2),
    "sweep-float64": Task(lambda: _sweep("float64", 1), ADVANCE, 2),
    "shared-float32": Task(lambda: _sweep("float32", 2), SHARED, 4),
    "shared-float64": Task(lambda: _sweep("float64", 2), SHARED, 4),
    "fit": Task(
        lambda: _fit("float32"),
        ("completion.fit_gate.complete_network", "bits.evaluate_gates", "bits.count_ones"),
        4,
    ),
    "circuits": Task(_circuits, ("logic.byte_rows.kinds_of_bytes",), 2),
    "committee": Task(_committee, ("logic.packed.predict_rows",), 2),
    "codes": Task(_codes, ("descent.walk.improve_codes",), 3),
    "large-gates": Task(
        _large_gates,
        (
            "completion.fit_gate.fit_small_gate",
            "completion.fit_gate.best_pair",
            "completion.triples.exact_triples",
        ),
        4,
    ),
    "shrink": Task(_shrink, ("descent.cheapest_gate.total_cost", "descent.shrink.shrink_sweep"), 6),
}
"""In the order in which one process compiles them: shrinking needs what walking compiles first."""


def functions(tasks: Iterable[str]) -> int:
    """How many functions one process compiles for these tasks."""
    from importlib import import_module

    from numba.core.dispatcher import Dispatcher

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
    from btfnet.cli.compiling.compiled_functions import told
    from btfnet.kernels import cache

    with told(lambda: print(".", end="", flush=True)):
        for task in tasks:
            TASKS[task].run()
            cache.note_done(task)


if __name__ == "__main__":
    main(sys.argv[1:])
