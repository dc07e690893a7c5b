"""Pictures: how many unseen ones are named rightly, with how many gates, in what time, beside other learners?

    python scripts/studies/pictures/study.py --data DIR  # what is missing in rows.jsonl
    study.py --way committee --picture mnist --seeds 1 --data DIR
    study.py --list                                      # pictures and ways

DIR (or BTFNET_DATA) has others' data: lwl/mnist_train_10k.zip and lwl/mnist_test_10k.zip, 10 000 digits to train
on and 10 000 to test. Scikit-learn's digits, 1797 of 8 x 8 pixels, need no folder: 512 train and all others test,
the order drawn by the seed; or four fifths train, one fifth tests. Nothing is chosen by test pictures.
Seconds are of one core: set OMP_NUM_THREADS to 1. report.py makes docs/committees.md.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import click
import numpy as np

import btfnet
from btfnet import Network, Problem
from btfnet.cli.compiling.processes import warm_up_committee
from btfnet.committee.trainer import Look
from btfnet.committee.varied import varied
from scripts.lib import options
from scripts.lib.peers import Make, boosted_trees, fitted, forest
from scripts.lib.rows import Row, RowStore, check_checkout, package_digest
from scripts.lib.tables import markdown

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("picture", "way", "seed"))
MNIST = ("mnist_train_10k", "mnist_test_10k")
DIGITS = 512


def mnist(folder: Path, seed: int) -> Problem:
    """The order is theirs, whatever the seed."""
    parts = [_rows(folder / "lwl" / f"{name}.zip") for name in MNIST]
    return _problem("mnist", np.concatenate(parts), len(parts[0]))


@cache
def _rows(path: Path) -> np.ndarray:
    """A line with two numbers, then rows of 784 numbers and a label."""
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
        file.readline()
        return np.loadtxt(io.TextIOWrapper(file), dtype=np.float32)


def digits(seed: int, n_train: int) -> Problem:
    from sklearn.datasets import load_digits

    found = load_digits()
    order = np.random.default_rng(seed).permutation(len(found.target))
    rows = np.column_stack([found.data, found.target]).astype(np.float32)[order]
    return _problem(f"digits-{n_train}", rows, n_train)


def _problem(name: str, rows: np.ndarray, n_train: int) -> Problem:
    labels = rows[:, -1].astype(np.int64)
    kinds: dict[str, Any] = {"input_kind": "numbers", "output_kind": "class"}
    network = Network.free(rows.shape[1] - 1, int(labels.max()) + 1)
    return Problem.from_arrays(rows[:, :-1], labels, network, name=name, n_train=n_train, **kinds)


PICTURES: dict[str, Callable[[Path, int], Problem]] = {
    "mnist": mnist,
    f"digits-{DIGITS}": lambda folder, seed: digits(seed, DIGITS),
    "digits-1437": lambda folder, seed: digits(seed, 1437),
}
SIZES = {"mnist": (28, 28)}
"""Of the pictures; those of digits are 8 x 8."""


POINTS = 40
"""Of a training's course that are kept."""


def committee(problem: Problem, seed: int, **how: Any) -> Row:
    """The one circuit must agree with the votes on every picture.

    Its course: CPU seconds, members, and the part of validation items that are right, while these choose how many.
    """
    begun, course = time.process_time(), list[tuple[float, int, float]]()

    def look(at: Look) -> None:
        if at.right[1] is not None:
            course.append((round(time.process_time() - begun, 2), at.members, round(at.right[1], 4)))

    trained = btfnet.train_committee(problem, seed=seed, jobs=1, report=look, **how)
    seconds = time.process_time() - begun
    circuit, score = trained.circuit(), trained.score(problem)
    found = trained.predict(problem.inputs)
    for first in range(0, problem.n_items, 1000):
        some = slice(first, first + 1000)
        classes = circuit.predict(trained.comparisons.encode(problem.inputs[some]), kind="bool").argmax(
            axis=1
        )
        assert np.array_equal(classes, found[some])
    return {
        "train": score.train_words,
        "test": score.test_words,
        "seconds": round(seconds, 2),
        "members": len(trained.members),
        "member_gates": sum(len(each.circuit.gates) for each in trained.members),
        "gates": len(circuit.gates),
        "depth": circuit.depth,
        "course": course[:: max(1, len(course) // POINTS)],
    }


def of_pictures(problem: Problem, seed: int, **how: Any) -> Row:
    size = SIZES.get(problem.name, (8, 8))
    return committee(problem, seed, picture=btfnet.Picture(*size), **how)


def learned_by(make: Make) -> Callable[[Problem, int], Row]:
    """A scikit-learn model on the grey values, from 0 to 1."""

    def measure(problem: Problem, seed: int) -> Row:
        inputs = problem.inputs / max(1.0, float(problem.inputs.max()))
        return fitted(make, seed, inputs, problem.outputs.argmax(axis=1), problem.n_train)

    return measure


def perceptron(seed: int) -> Any:
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier((128,), early_stopping=True, max_iter=200, random_state=seed)


def linear(seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=1000)


VALIDATING, MANY = 1500, 8000


def raw_and_varied(problem: Problem, seed: int) -> Row:
    """Pixels as they are, no templates; pictures with small changes are further items to train on."""
    picture = btfnet.Picture(*SIZES.get(problem.name, (8, 8)))
    n_train, labels = problem.n_train, problem.outputs.argmax(axis=1)
    order = np.random.default_rng(seed).permutation(n_train)
    validating, training = np.split(order, [VALIDATING])
    own = problem.inputs[training]
    changed = np.concatenate(list(varied(own, picture)))
    parts = [own, changed, problem.inputs[validating], problem.inputs[n_train:]]
    n_changed = 1 + len(changed) // len(own)
    classes = [np.tile(labels[training], n_changed), labels[validating], labels[n_train:]]
    larger = Problem.from_arrays(
        np.concatenate(parts), np.concatenate(classes), problem.network, name=problem.name,
        input_kind=problem.input_kind, output_kind=problem.output_kind,
        n_train=len(own) + len(changed), n_validation=VALIDATING,
    )  # fmt: skip
    return committee(larger, seed, boost=btfnet.Boost(hidden=12), members=MANY)


WITHIN = (2500, 5000, 10_000, 20_000)
"""Gates of the whole circuit."""


def within(gates: int) -> Callable[[Problem, int], Row]:
    return lambda problem, seed: of_pictures(problem, seed, gates=gates, members=MANY)


WAYS: dict[str, Callable[[Problem, int], Row]] = {
    "committee": of_pictures,
    f"committee of up to {MANY}": lambda problem, seed: of_pictures(problem, seed, members=MANY),
    **{f"committee within {gates} gates": within(gates) for gates in WITHIN},
    "committee on raw pixels": committee,
    "committee on raw pixels, varied": raw_and_varied,
    "random forest": learned_by(forest),
    "boosted trees": learned_by(boosted_trees),
    "MLP": learned_by(perceptron),
    "linear": learned_by(linear),
}


def listing() -> str:
    return markdown(("pictures", "ways"), [["; ".join(PICTURES), "; ".join(WAYS)]])


@options.command(__doc__)
@click.option("--picture", "names", multiple=True, type=click.Choice(tuple(PICTURES)), help="All by default.")
@click.option("--way", "ways", multiple=True, type=click.Choice(tuple(WAYS)), help="All by default.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    envvar="BTFNET_DATA",
    help="The folder of others' data.",
)
@options.seeds(5)
@click.option("--list", "only_list", is_flag=True, help="Show pictures and ways, measure nothing.")
def main(names: Iterable[str], ways: Iterable[str], data: Path | None, seeds: int, only_list: bool) -> None:
    if only_list:
        click.echo(listing(), nl=False)
        return
    check_checkout()
    warm_up_committee(quiet=True)
    wanted = [name for name in names or PICTURES if data or name not in SIZES]
    keys = [(name, way, seed) for name in wanted for way in ways or WAYS for seed in range(seeds)]

    def measure(name: str, way: str, seed: int) -> Row:
        row = WAYS[way](PICTURES[name](data or Path(), seed), seed)
        return {"picture": name, "way": way, "seed": seed, **row, "sources": package_digest()}

    STORE.fill(keys, measure)


if __name__ == "__main__":
    main()
