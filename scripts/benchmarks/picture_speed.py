"""Pictures a second and core: what a committee's model predicts of 28 x 28 pictures, and where the time goes.

A committee is trained within some gates on drawn pictures, which the speed does not depend on; then its classifier
names the classes of many pictures, on one thread:

whole     from grey values to classes
bits      of it comparing grey values with levels
circuit   of it the circuit, bits in, classes out
"""

from __future__ import annotations

import time
from collections.abc import Callable

import click
import numpy as np

import btfnet
from btfnet import Network, Picture, Problem
from scripts.lib import options

SIDE, CLASSES = 28, 10
TRAINED = 2000
SOME = 4096
"""As many as a classifier takes at once."""


def drawn(n_items: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures of a few bright bars where the class says, in noise."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 60, (n_items, SIDE, SIDE))
    labels = rng.integers(0, CLASSES, n_items)
    for image, label in zip(images, labels, strict=True):
        place = 4 + 2 * label + rng.integers(-2, 3)
        image[place : place + 2, 4:24] += 150
        image[4:24, 26 - place : 28 - place] += 120
    return images.reshape(n_items, -1).astype(np.float32), labels


def committee_within(gates: int) -> btfnet.Committee:
    rows, labels = drawn(TRAINED, 0)
    network = Network.free(SIDE * SIDE, CLASSES)
    numbers, classes = btfnet.InputKind.NUMBERS, btfnet.OutputKind.CLASS
    problem = Problem.from_arrays(rows, labels, network, input_kind=numbers, output_kind=classes)
    boost = btfnet.Boost(items=256, rounds=4)
    return btfnet.train_committee(
        problem, gates=gates, members=20_000, picture=Picture(SIDE, SIDE), boost=boost, validation=0
    )


def rate(work: Callable[[], object], n_items: int, seconds: float) -> float:
    """Items a second: the best of as many turns as there is time for."""
    work()
    best, begun = float("inf"), time.perf_counter()
    while time.perf_counter() - begun < seconds:
        turn = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - turn)
    return n_items / best


@options.command(__doc__)
@click.option("--gates", multiple=True, type=int, default=(2500, 10_000, 20_000), show_default=True)
@click.option("--pictures", default=50_000, show_default=True)
@click.option("--seconds", default=5.0, show_default=True, help="Of each figure.")
def main(gates: tuple[int, ...], pictures: int, seconds: float) -> None:
    click.echo("| gates | of them not of members | members | whole | bits | circuit |")
    click.echo("|---|---|---|---|---|---|")
    rows, _ = drawn(pictures, 1)
    for most in gates:
        committee = committee_within(most)
        classifier, circuit = committee.classifier(), committee.circuit()
        columns, executor = classifier.comparisons.columns(rows[:SOME]), classifier.model.executor
        figures = (
            rate(lambda c=classifier: c.one_hot(rows), pictures, seconds),  # type: ignore[misc]
            rate(lambda c=classifier: c.comparisons.columns(rows[:SOME]), SOME, seconds),  # type: ignore[misc]
            rate(lambda e=executor, w=columns: e.words(w, threads=1), SOME, seconds),  # type: ignore[misc]
        )
        n_gates, n_members = len(circuit.gates), len(committee.members)
        of_members = sum(len(member.circuit.gates) for member in committee.members)
        cells = [n_gates, n_gates - of_members, n_members, *(f"{figure:.3g}" for figure in figures)]
        click.echo("| " + " | ".join(map(str, cells)) + " |")


if __name__ == "__main__":
    main()
