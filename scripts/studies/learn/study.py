"""Ordinary tables: how often is the label of an unseen row right, without any options, beside other learners?

    python scripts/studies/learn/study.py      # what is missing in rows.jsonl
    study.py --table titanic --way learn
    study.py --list                            # tables and ways

Rows are shuffled once and cut into five stratified folds; each is unseen once. `btfnet.learn` gets the data frame
as it is. Nothing is chosen by unseen rows. Seconds are of one core: set OMP_NUM_THREADS to 1. report.py makes
docs/tables.md.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable
from pathlib import Path

import click
import numpy as np

import btfnet
from btfnet.cli.compiling.processes import warm_up_tables
from btfnet.sklearn import BTFClassifier
from scripts.lib import options
from scripts.lib.rows import Row, RowStore, check_checkout, package_digest
from scripts.lib.tables import markdown
from scripts.studies.learn.peers import PEERS, encoder, prepared
from scripts.studies.learn.tables import DATA, DIGITS, FOLDS, MNIST, NOISY, OTHERS, TABLES, folded

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("table", "way", "fold"))
LEARN, ESTIMATOR = "learn", "estimator"
WAYS = (LEARN, *PEERS)


def learned(name: str, fold: int) -> Row:
    rows, labels, unseen, wanted = folded(name, fold)
    begun = time.process_time()
    model = btfnet.learn(rows, labels=labels, seed=fold, jobs=1)
    seconds = time.process_time() - begun
    return {
        "train": model.score(rows, labels),
        "test": model.score(unseen, wanted),
        "seconds": round(seconds, 3),
        "gates": len(model.circuit.gates),
        "conditions": model.circuit.n_inputs,
        "how": model.learned[0].way,
        "expected": model.learned[0].expected,
    }


def estimated(name: str, fold: int) -> Row:
    rows, labels, unseen, wanted = folded(name, fold)
    begun = time.process_time()
    model = BTFClassifier(random_state=fold, n_jobs=1).fit(rows, labels)
    return {
        "train": model.score(rows, labels),
        "test": model.score(unseen, wanted),
        "seconds": round(time.process_time() - begun, 3),
        "gates": len(model.circuit_.gates),
    }


def peer(way: str, name: str, fold: int) -> Row:
    rows, labels, unseen, wanted = folded(name, fold)
    begun = time.process_time()
    known, classes = np.unique(labels, return_inverse=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = encoder(scaled=way == "MLP")
        inputs = made.fit_transform(prepared(rows))
        model = PEERS[way](fold).fit(inputs, classes)
        seconds = time.process_time() - begun
        found = [known[model.predict(part)] for part in (inputs, made.transform(prepared(unseen)))]
    right = [float((own == truth).mean()) for own, truth in zip(found, (labels, wanted), strict=True)]
    return {"train": right[0], "test": right[1], "seconds": round(seconds, 3)}


@options.command(__doc__)
@click.option(
    "--table", "names", multiple=True, type=click.Choice((*TABLES, *OTHERS)), help="All by default."
)
@click.option("--way", "ways", multiple=True, type=click.Choice((*WAYS, ESTIMATOR)), help="All by default.")
@click.option(
    "--data", type=click.Path(path_type=Path), help="A folder with lwl/mnist_train_10k.zip and _test_."
)
@click.option("--list", "only_list", is_flag=True, help="Show tables and ways, measure nothing.")
def main(names: Iterable[str], ways: Iterable[str], data: Path | None, only_list: bool) -> None:
    if only_list:
        click.echo(markdown(("tables", "ways"), [["; ".join((*TABLES, *OTHERS)), "; ".join(WAYS)]]), nl=False)
        return
    check_checkout()
    if data is not None:
        DATA["folder"] = data
    names = names or [name for name in (NOISY, *TABLES, DIGITS, MNIST) if name != MNIST or data]
    warm_up_tables(quiet=True)
    keys = [
        (name, way, fold)
        for name in names
        for way in ways or (WAYS if name != MNIST else (LEARN, ESTIMATOR))
        for fold in range(FOLDS if name != MNIST else 1)
    ]

    def measure(name: str, way: str, fold: int) -> Row:
        ours = {LEARN: learned, ESTIMATOR: estimated}
        row = ours[way](name, fold) if way in ours else peer(way, name, fold)
        return {"table": name, "way": way, "fold": fold, **row, "sources": package_digest()}

    STORE.fill(keys, measure)


if __name__ == "__main__":
    main()
