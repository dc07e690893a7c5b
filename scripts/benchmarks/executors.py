"""What each form of a circuit costs to make and to run, by literals per gate: from this the executor chooses.

    python scripts/benchmarks/executors.py                # a minute or two
    executors.py --literals 3,9,65 --rows 65536 --gates 200

Layers of threshold gates "more than half of so many literals" with random signs, rows of bytes in and out, one
thread, by its processor time. Medians. `btfnet.logic.execution` has the three marks that were read off.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import click
import numpy as np

from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.execution import Executor

CALLS = 5
"""Timed calls of each form, after one that is not timed."""
DEAREST = 4e4
"""Literals of a circuit beyond which it is not compiled: that would take more than a second."""


def layered(n_gates: int, n_literals: int, rng: np.random.Generator) -> Circuit:
    """Two layers of gates of so many literals, over twice as many inputs."""
    gates, below, first = [], max(64, 2 * n_literals), 1
    for width in (max(n_gates // 2, n_literals), n_gates // 2):
        for _ in range(width):
            nodes = first + rng.choice(below, n_literals, replace=False)
            gates.append(Gate(n_literals // 2 + 1, tuple((nodes * rng.choice([-1, 1], n_literals)).tolist())))
        first, below = first + below, width
    return Circuit(max(64, 2 * n_literals), tuple(gates), tuple(range(first, first + below)))


def seconds(call: Callable[[], object]) -> float:
    """Of this thread's processor, so that other programs matter less."""
    start = time.thread_time()
    call()
    return time.thread_time() - start


def measured(circuit: Circuit, form: str, rows: np.ndarray) -> tuple[float, float, float]:
    """Seconds to make a form, and nanoseconds for each row and gate: of all rows, and of a single one."""
    executor = Executor(circuit)
    to_make = seconds(lambda: getattr(executor, form))
    run = getattr(executor, form).rows

    def per_row_and_gate(some: np.ndarray) -> float:
        run(some, threads=1)
        times = [seconds(lambda: run(some, threads=1)) for _ in range(CALLS)]
        return 1e9 * median(times) / len(some) / len(circuit.gates)

    return to_make, per_row_and_gate(rows), per_row_and_gate(rows[:1])


@click.command(help=__doc__)
@click.option("--literals", default="3,5,9,17,33,49,65,97,129,257,401", help="of a gate, separated by commas")
@click.option("--gates", default=400, help="of a circuit")
@click.option("--rows", "n_rows", default=1 << 15)
def main(literals: str, gates: int, n_rows: int) -> None:
    print(
        "| literals | gates | form | seconds to make | ns per row and gate | of a single row | rows that pay |"
    )
    print("|---:|---:|---|---:|---:|---:|---:|")
    for n_literals in map(int, literals.split(",")):
        rng = np.random.default_rng(n_literals)
        circuit = layered(gates, n_literals, rng)
        rows = rng.integers(0, 2, (n_rows, circuit.n_inputs), dtype=np.uint8)
        n_gates = len(circuit.gates)
        flat = measured(circuit, "flat", rows)
        for form in ("flat", "packed", "compiled")[: 2 + (n_gates * n_literals <= DEAREST)]:
            to_make, many, single = flat if form == "flat" else measured(circuit, form, rows)
            gain = (flat[1] - many) * n_gates / 1e9
            pays = f"{(to_make - flat[0]) / gain:.2g}" if gain > 0 else "-"
            cells = (n_literals, n_gates, form, f"{to_make:.2g}", f"{many:.3g}", f"{single:.3g}", pays)
            print(f"| {' | '.join(map(str, cells))} |", flush=True)


if __name__ == "__main__":
    main()
