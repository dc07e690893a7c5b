"""How long it takes to see what sets of inputs tell of an output.

    python scripts/benchmarks/spectrum_speed.py

Random inputs and one random output; processor seconds of all sets of up to so many inputs, least of three runs.
"""

from __future__ import annotations

import time

import click
import numpy as np

from btfnet.engines.descent.inputs import find_sets, n_sets, spectrum_of
from scripts.lib import options

CASES = ((32, 6400, 3), (256, 6400, 2), (256, 6400, 3), (512, 6400, 3), (768, 60_000, 2))
"""Inputs, items, and the size of the largest sets."""


def seconds(n_inputs: int, n_items: int, largest: int) -> float:
    rng = np.random.default_rng(0)
    inputs, output = rng.random((n_items, n_inputs)) < 0.5, rng.random(n_items) < 0.5
    taken = []
    for _ in range(3):
        spectrum = spectrum_of(inputs, output, np.ones(n_items, dtype=np.int64), n_inputs)
        begun = time.process_time()
        find_sets(spectrum, largest)
        taken.append(time.process_time() - begun)
    return min(taken)


@options.command(__doc__)
def main() -> None:
    click.echo("inputs   items  largest sets      sets  seconds  ns a set")
    for n_inputs, n_items, largest in CASES:
        sets, took = n_sets(n_inputs, n_inputs, largest), seconds(n_inputs, n_items, largest)
        click.echo(f"{n_inputs:6} {n_items:7} {largest:13} {sets:9} {took:8.3f} {1e9 * took / sets:9.1f}")


if __name__ == "__main__":
    main()
