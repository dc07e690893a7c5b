"""Gate descent on the ranks that mpirun started, on many items: seconds of a round, printed by the first rank.

mpirun -n K python scripts/studies/ranks/descent.py N_ITEMS ROUNDS
"""

from __future__ import annotations

import json
import os
import time
from hashlib import sha256

import click
import numpy as np

from btfnet import Problem
from btfnet.engines.descent.local_search import GateSearch
from btfnet.ranks.mpi import ranks_of
from scripts.lib import options


@click.command(help=__doc__)
@click.argument("n_items", type=options.COUNT)
@click.argument("rounds", type=options.COUNT)
def main(n_items: int, rounds: int) -> None:
    draw = np.random.default_rng(0)
    bits = draw.random((n_items, 12)) < 0.5
    outputs = np.column_stack([bits[:, :5].sum(axis=1) > 2, draw.random(n_items) < 0.5])
    ranks = ranks_of(True)
    search = GateSearch.of(
        Problem.from_bits(bits, outputs, hidden=(6,)), np.random.default_rng(1), ranks=ranks
    )
    search.walk(1)
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        search.walk(1)
        times.append(time.perf_counter() - begun)
    weights = sha256(search.integer_weights().tobytes()).hexdigest()[:16]
    if ranks.first:
        facts = {"items": n_items, "ranks": ranks.size, "load": os.getloadavg()[0]}
        print(
            json.dumps(
                {**facts, "seconds": float(np.median(times)), "error": search.error, "digest": weights}
            )
        )


if __name__ == "__main__":
    main()
