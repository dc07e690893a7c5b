"""Handwritten digits: one network, a committee, and gradient baselines, into docs/digits.md.

    python scripts/studies/digits/study.py  # what is missing in rows.jsonl, then the page
    study.py --seeds 1 2 --train 512  # only these
    study.py --page                   # the page alone

The MLP and the linear model are scikit-learn's; the networks of signs need PyTorch (extra `baselines`).
A seed draws the order of the 1797 pictures: the first N train, all others test; "all" trains on four fifths.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

import btfnet
from btfnet import Problem

DOCS = Path(__file__).resolve().parents[3] / "docs"
ROWS, PAGE = Path(__file__).with_name("rows.jsonl"), DOCS / "digits.md"
BEGIN, END = "<!-- table: written by scripts/studies/digits/study.py -->\n", "<!-- end of table -->\n"
ALL = 1437
TRAIN = (512, 256, 128, ALL)
SINGLE = {"members": 1, "hidden": 512, "code_bits": 1023}
COMMITTEE = {"members": 16}
STEPS = 3000
"""Of AdamW, all training pictures in each."""

Row = dict[str, Any]


def committee(problem: Problem, seed: int, sizes: dict[str, int]) -> Row:
    """Train and judge, in seconds of CPU; the one circuit must agree with the votes on every picture."""
    begun = time.process_time()
    found = btfnet.train_committee(problem, seed=seed, **sizes)
    seconds = time.process_time() - begun
    circuit = found.circuit()
    classes = circuit.predict(found.comparisons.encode(problem.inputs)).argmax(axis=1)
    assert np.array_equal(classes, found.predict(problem.inputs))
    train, test = found.scores(problem)
    return {
        "train": train,
        "test": test,
        "seconds": seconds,
        "gates": len(circuit.gates),
        "bits": circuit.n_inputs,
    }


def learned_by(model: Any, problem: Problem) -> Row:
    """A scikit-learn model on the grey values."""
    n, labels = problem.n_train, problem.outputs.argmax(axis=1)
    begun = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(problem.inputs[:n], labels[:n])
    seconds = time.process_time() - begun
    right = model.predict(problem.inputs) == labels
    return {"train": float(right[:n].mean()), "test": float(right[n:].mean()), "seconds": seconds}


def signs(method: str, problem: Problem, seed: int) -> Row:
    """One of baseline_nets.py on the grey values, on the problem's widths; the class is the largest output."""
    from scripts.studies.baselines.networks import train

    (fit,) = train(problem, method, seeds=[seed], steps=STEPS)
    train_right, _, test_right, _ = problem.scores(fit.outputs)
    return {"train": train_right, "test": test_right, "seconds": fit.seconds}


WAYS: dict[str, Callable[[Problem, int], Row]] = {
    "single network": lambda problem, seed: committee(problem, seed, SINGLE),
    "committee of 16": lambda problem, seed: committee(problem, seed, COMMITTEE),
    "MLP 64-64-10": lambda problem, seed: learned_by(
        MLPClassifier((64,), max_iter=2000, random_state=seed), problem
    ),
    "linear": lambda problem, seed: learned_by(LogisticRegression(max_iter=5000), problem),
    "sign 64-64-10, real weights, STE": lambda problem, seed: signs("sign", problem, seed),
    "binary 64-64-10, STE": lambda problem, seed: signs("ste", problem, seed),
    "binary 64-64-10, ReSTE": lambda problem, seed: signs("reste", problem, seed),
    "binary 64-64-10, BiPer": lambda problem, seed: signs("biper", problem, seed),
}


def rows() -> list[Row]:
    return (
        [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()] if ROWS.exists() else []
    )


def measure(trains: list[int], seeds: list[int], ways: list[str]) -> None:
    """Append what is not there yet."""
    done = {(row["way"], row["n_train"], row["seed"]) for row in rows()}
    for n_train in trains:
        for seed in seeds:
            problem = btfnet.load("digits", seed=seed).problem.with_train(n_train)
            for way in ways:
                if (way, n_train, seed) not in done:
                    row = {"way": way, "n_train": n_train, "seed": seed, **WAYS[way](problem, seed)}
                    with ROWS.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(row) + "\n")
                    print(row, flush=True)


def table() -> list[str]:
    """One line for every number of pictures and way: mean ± standard deviation over the seeds."""
    found = rows()
    lines = [
        "| trained on | way | unseen right | training right | seeds | CPU s | gates |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    for n_train in sorted({row["n_train"] for row in found}):
        for way in WAYS:
            some = [row for row in found if (row["way"], row["n_train"]) == (way, n_train)]
            if not some:
                continue
            test, train, seconds = (
                np.array([row[key] for row in some]) for key in ("test", "train", "seconds")
            )
            spread = f" ± {test.std(ddof=1):.1%}" if len(some) > 1 else ""
            gates = f"{np.median([row['gates'] for row in some]):.0f}" if "gates" in some[0] else ""
            lines.append(
                f"| {n_train} | {way} | {test.mean():.1%}{spread} | {train.mean():.1%} | {len(some)} "
                f"| {np.median(seconds):.2g} | {gates} |"
            )
    return lines


def write_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    PAGE.write_text(before + BEGIN + "\n".join(table()) + "\n" + END + rest.split(END)[1], encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--train", type=int, nargs="+", default=list(TRAIN))
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--page", action="store_true", help="write the page from what was measured before")
    options = parser.parse_args()
    if not options.page:
        measure(options.train, options.seeds, options.ways)
    write_page()
    print("\n".join(table()))


if __name__ == "__main__":
    main()
