"""Searches whose results are printed as digests: python -m support.ranks_program [ranks] engine…

With `ranks` every process that mpirun started runs it, and the first one prints.
"""

from __future__ import annotations

import sys
from hashlib import sha256

import numpy as np

import btfnet
from btfnet.ranks.mpi import ranks_of


def problem():
    draw = np.random.default_rng(2)
    bits = (np.arange(256)[:, None] >> np.arange(8)) & 1
    outputs = np.column_stack([bits[:, :3].sum(1) > 1, bits[:, 3] & bits[:, 4], bits[:, 5] ^ bits[:, 6]]) > 0
    return btfnet.Problem.from_bits(bits[draw.permutation(256)[:200]], outputs[:200], hidden=(6,))


def digest(trial):
    looks = [(look.iteration, look.gap, look.train_bits) for look in trial.trace]
    facts = (trial.status.name, trial.iterations, trial.gap, looks, trial.circuit)
    return sha256(repr(facts).encode() + trial.weights.tobytes()).hexdigest()


def main():
    ranks = "ranks" in sys.argv
    for engine in [name for name in sys.argv[1:] if name != "ranks"]:
        settings = btfnet.Settings(sigma=3, beta=0.4, gamma=1e-3, max_iterations=60)
        result = btfnet.solve(
            problem(),
            settings,
            engine=engine,
            trials=2,
            seed=5,
            all_trials=True,
            ranks=ranks,
            jobs=1,
            tune=False,
        )
        if ranks_of(ranks).first:
            print(engine, *map(digest, result.trials), flush=True)


if __name__ == "__main__":
    main()
