"""One measurement of the projections on the ranks that mpirun started, printed as JSON by the first of them.

mpirun -n K python scripts/studies/ranks/worker.py N_ITEMS HIDDEN THREADS ITERATIONS DELAY_MS GB_PER_SECOND

DELAY_MS and GB_PER_SECOND slow every exchange down, as a network would: so long for each, and so long for the
bytes that this rank sends to others; 0 for neither.
"""

from __future__ import annotations

import json
import resource
import time
from functools import partial
from hashlib import sha256
from typing import Any

import click
import numpy as np

from btfnet import Problem, Settings
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.ranks.mpi import MpiRanks
from scripts.lib import options


class SlowRanks(MpiRanks):
    """Counts the seconds and bytes of exchanges, and adds those of a slower network."""

    def __init__(self, delay: float, bytes_per_second: float) -> None:
        from mpi4py import MPI

        super().__init__(MPI.COMM_WORLD)
        self.delay, self.bytes_per_second = delay, bytes_per_second
        self.seconds, self.n_bytes, self.calls, self.waited = 0.0, 0, 0, 0.0

    def _measured(self, call: Any, n_bytes: int) -> None:
        begun = time.perf_counter()
        self.comm.Barrier()  # what is waited for the slowest rank is no communication
        met = time.perf_counter()
        call()
        wait = self.delay + (n_bytes / self.bytes_per_second if self.bytes_per_second else 0.0)
        if wait:
            time.sleep(wait)
        self.seconds += time.perf_counter() - met
        self.waited += met - begun
        self.n_bytes += n_bytes
        self.calls += 1

    def exchange(self, sent: Any, counts: Any, received: Any, came: Any) -> None:
        others = int(np.sum(counts)) - int(counts[self.rank])
        call = partial(super().exchange, sent, counts, received, came)
        self._measured(call, others * sent.itemsize)

    def gather_into(self, whole: Any, counts: Any) -> None:
        call = partial(super().gather_into, whole, counts)
        self._measured(call, int(counts[self.rank]) * whole.itemsize)


@click.command(help=__doc__)
@click.argument("n_items", type=options.COUNT)
@click.argument("hidden", type=options.COUNT)
@click.argument("threads", type=options.COUNT)
@click.argument("iterations", type=options.COUNT)
@click.argument("delay_ms", type=float)
@click.argument("gb_per_second", type=float)
def main(
    n_items: int, hidden: int, threads: int, iterations: int, delay_ms: float, gb_per_second: float
) -> None:
    delay, rate = delay_ms / 1e3, gb_per_second * 1e9
    draw = np.random.default_rng(0)
    problem = Problem.from_bits(
        draw.random((n_items, 64)) < 0.5, draw.random((n_items, 8)) < 0.5, hidden=(hidden,)
    )
    ranks = SlowRanks(delay, rate)
    stepper = NetworkStepper(
        problem, Settings(beta=0.3, gamma=1e-3), np.random.default_rng(3), threads=threads, ranks=ranks
    )
    stepper.advance(2, 0.0)
    ranks.seconds, ranks.n_bytes, ranks.calls, ranks.waited = 0.0, 0, 0, 0.0
    ranks.comm.Barrier()
    times = []
    for _ in range(iterations):
        begun = time.perf_counter()
        stepper.advance(1, 0.0)
        times.append(time.perf_counter() - begun)
    facts = {
        "ms": 1e3 * float(np.median(times)),
        "least_ms": 1e3 * min(times),
        "exchange_ms": 1e3 * ranks.seconds / iterations,
        "waiting_ms": 1e3 * ranks.waited / iterations,
        "kilobytes": ranks.n_bytes / iterations / 1e3,
        "exchanges": ranks.calls / iterations,
        "state_mib": stepper.state_bytes / 2**20,
        "process_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "digest": sha256(stepper.weights.tobytes()).hexdigest()[:16],
    }
    everyone = ranks.comm.gather(facts)
    if everyone is not None:
        slowest = max(everyone, key=lambda one: one["ms"])
        memory = {name: max(one[name] for one in everyone) for name in ("state_mib", "process_mib")}
        print(json.dumps({**slowest, **memory, "edges": problem.network.n_edges, "digest": facts["digest"]}))


if __name__ == "__main__":
    main()
