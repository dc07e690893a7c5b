"""Memory of a large run: peak bytes per edge and item beyond the data, and the refusal of one that cannot fit.

    python scripts/benchmarks/memory.py                   # 5·10⁸ edge·items, about 4.5 GB: the written goal
    python scripts/benchmarks/memory.py --edge-items 5e7  # a tenth of it
    python scripts/benchmarks/memory.py --command         # the same through btfnet.solve, looks included

The run happens in a process of its own. `data` is what the process holds once problem and compiled kernels are
there; `peak` is the most that it ever held (ru_maxrss), so that whatever the start needs for a moment counts.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import click
import numpy as np

from scripts.lib import options

WIDTH, LAYERS = 500, 3
GOAL_BYTES, GOAL_TOTAL = 9.0, 8e9
MIB = 2**20


def peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def held_bytes() -> int:
    """Resident now; the peak so far where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return peak_bytes()


def random_problem(width: int, n_items: int):
    from btfnet import Items, Network, Problem

    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2, (2, n_items, width), dtype=np.int8) * 2 - 1
    return Problem("memory", Network.layered([width] * LAYERS), Items(bits[0].astype(np.float32), bits[1]))


def measure(n_items: int, threads: int, iterations: int, command: bool) -> dict[str, float]:
    """In this process: what a run takes."""
    import btfnet
    from btfnet.engines.projections import stepper as boolnet

    boolnet.warm_up(threads=threads)
    settings = btfnet.Settings(max_iterations=iterations)
    problem = random_problem(WIDTH, n_items)
    data, begun = held_bytes(), time.monotonic()
    if command:
        btfnet.solve(problem, settings, trials=1, jobs=threads, engine="rrr")
    else:
        stepper = boolnet.NetworkStepper(problem, settings, np.random.default_rng(0), threads=threads)
        stepper.advance(iterations, 0.0)
    return {
        "edges": problem.network.n_edges,
        "items": n_items,
        "edge_items": problem.edge_items,
        "iterations": iterations,
        "seconds": time.monotonic() - begun,
        "data_bytes": data,
        "peak_bytes": peak_bytes(),
        "expected_bytes_per_edge_item": boolnet.state_bytes(problem) / problem.edge_items,
        "bytes_per_edge_item": (peak_bytes() - data) / problem.edge_items,
    }


def refuse(times_memory: float) -> dict[str, object]:
    """In this process: ask for a state several times as large as the memory; what happens, and what it took."""
    from btfnet import CapacityError, Settings
    from btfnet.engines.projections import stepper as boolnet

    total = _total_memory()
    n_items = max(1, round(times_memory * total / 8 / random_problem(WIDTH, 1).network.n_edges))
    problem = random_problem(WIDTH, n_items)
    before, begun = peak_bytes(), time.monotonic()
    try:
        boolnet.NetworkStepper(problem, Settings(), np.random.default_rng(0))
        message = None
    except CapacityError as error:
        message = str(error)
    return {
        "edge_items": problem.edge_items,
        "refused": message is not None,
        "message": message,
        "seconds": time.monotonic() - begun,
        "allocated_bytes": peak_bytes() - before,
    }


def _total_memory() -> float:
    return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


def in_own_process(call: str) -> dict[str, float]:
    """The result of one of the functions above, called in a fresh interpreter."""
    script = f"import json, memory\nprint(json.dumps(memory.{call}))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"the measuring process ended with {done.returncode}; see above.")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


@options.command(__doc__)
@click.option("--edge-items", type=float, default=5e8, show_default=True)
@click.option("--iterations", default=3, show_default=True)
@click.option("--threads", default=2, show_default=True)
@click.option("--command", is_flag=True, help="Through btfnet.solve instead of the engine alone.")
def main(edge_items: float, iterations: int, threads: int, command: bool) -> None:
    n_items = max(1, round(edge_items / ((LAYERS - 1) * WIDTH * (WIDTH + 1))))
    figures = in_own_process(f"measure({n_items}, {threads}, {iterations}, {command})")
    per, peak = figures["bytes_per_edge_item"], figures["peak_bytes"]
    click.echo(
        f"{figures['edges']} edges x {figures['items']} items = {figures['edge_items']:.3g} edge·items, "
        f"{iterations} iterations in {figures['seconds']:.0f} s\n"
        f"data   {figures['data_bytes'] / MIB:8.0f} MiB\n"
        f"peak   {peak / MIB:8.0f} MiB   goal {GOAL_TOTAL / MIB:.0f}: {verdict(peak <= GOAL_TOTAL)}\n"
        f"beyond the data {per:.2f} bytes per edge·item   goal {GOAL_BYTES:g}: {verdict(per <= GOAL_BYTES)}; "
        f"expected {figures['expected_bytes_per_edge_item']:.2f}"
    )
    refused = in_own_process("refuse(4.0)")
    click.echo(
        f"{refused['edge_items']:.3g} edge·items: {verdict(bool(refused['refused']), 'refused', 'NOT refused')} "
        f"after {refused['seconds']:.3f} s and {refused['allocated_bytes'] / MIB:.1f} MiB\n{refused['message']}"
    )


def verdict(good: bool, yes: str = "met", no: str = "missed") -> str:
    return yes if good else no


if __name__ == "__main__":
    main()
