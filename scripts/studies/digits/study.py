"""Handwritten digits: a committee, and gradient baselines.

    python scripts/studies/digits/study.py  # what is missing in rows.jsonl
    study.py --seed 1 --seed 2 --train 512  # only these

The MLP and the linear model are scikit-learn's; the networks of signs need PyTorch (extra `baselines`).
A seed draws the order of the 1797 pictures: the first N train, all others test; "all" trains on four fifths.
report.py makes the table of docs/digits.md.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np

import btfnet
from btfnet import Problem
from scripts.lib import options
from scripts.lib.rows import Row, RowStore

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("way", "n_train", "seed"))
ALL = 1437
TRAIN = (512, 256, 128, ALL)
STEPS = 3000
"""Of AdamW, all training pictures in each."""


def committee(problem: Problem, seed: int) -> Row:
    """Train and judge, in seconds of CPU; the one circuit must agree with the votes on every picture."""
    begun = time.process_time()
    trained = btfnet.train_committee(problem, seed=seed, jobs=1, picture=btfnet.Picture(8, 8))
    seconds = time.process_time() - begun
    circuit = trained.circuit()
    classes = circuit.predict(trained.comparisons.encode(problem.inputs)).argmax(axis=1)
    assert np.array_equal(classes, trained.predict(problem.inputs))
    train, test = trained.scores(problem)
    return {
        "train": train,
        "test": test,
        "seconds": seconds,
        "gates": len(circuit.gates),
        "bits": circuit.n_inputs,
    }


def learned_by(model: Any, problem: Problem) -> Row:
    """A scikit-learn model on the grey values."""
    from sklearn.exceptions import ConvergenceWarning

    n, labels = problem.n_train, problem.outputs.argmax(axis=1)
    begun = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(problem.inputs[:n], labels[:n])
    seconds = time.process_time() - begun
    right = model.predict(problem.inputs) == labels
    return {"train": float(right[:n].mean()), "test": float(right[n:].mean()), "seconds": seconds}


def signs(method: str, problem: Problem, seed: int) -> Row:
    """A gradient baseline on the grey values, on the problem's widths; the class is the largest output."""
    from scripts.studies.baselines.networks import train  # PyTorch, which the other ways do not need

    (fit,) = train(problem, method, seeds=[seed], steps=STEPS)
    train_right, _, test_right, _ = problem.scores(fit.outputs)
    return {"train": train_right, "test": test_right, "seconds": fit.seconds}


def perceptron(seed: int) -> Any:
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier((64,), max_iter=2000, random_state=seed)


def linear() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=5000)


WAYS: dict[str, Callable[[Problem, int], Row]] = {
    "committee": committee,
    "MLP 64-64-10": lambda problem, seed: learned_by(perceptron(seed), problem),
    "linear": lambda problem, seed: learned_by(linear(), problem),
    "sign 64-64-10, real weights, STE": lambda problem, seed: signs("sign", problem, seed),
    "binary 64-64-10, STE": lambda problem, seed: signs("ste", problem, seed),
    "binary 64-64-10, ReSTE": lambda problem, seed: signs("reste", problem, seed),
    "binary 64-64-10, BiPer": lambda problem, seed: signs("biper", problem, seed),
}


def measured(way: str, n_train: int, seed: int) -> Row:
    problem = btfnet.load("digits", seed=seed).problem.with_train(n_train)
    return {"way": way, "n_train": n_train, "seed": seed, **WAYS[way](problem, seed)}


@options.command(__doc__)
@click.option("--seed", "seeds", multiple=True, type=int, default=(1, 2, 3), show_default=True)
@click.option("--train", "sizes", multiple=True, type=int, default=TRAIN, show_default=True)
@click.option("--way", "ways", multiple=True, type=click.Choice(list(WAYS)), help="All by default.")
def main(seeds: tuple[int, ...], sizes: tuple[int, ...], ways: tuple[str, ...]) -> None:
    wanted = [(way, n_train, seed) for n_train in sizes for seed in seeds for way in ways or WAYS]
    STORE.fill(wanted, measured)


if __name__ == "__main__":
    main()
