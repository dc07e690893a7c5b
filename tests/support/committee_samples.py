"""Problems with classes, and a small committee that has learned one of them."""

from __future__ import annotations

from functools import cache

import numpy as np

from btfnet import Network, Problem, formats, train_committee
from btfnet.committee.boosting import Boost
from btfnet.formats.btf.classifier import encode

SMALL = {"members": 12, "boost": Boost(items=64, inputs=8, hidden=4, rounds=2), "validation": 0}


def clusters(seed=0, n_items=120, n_classes=4, n_inputs=6, noise=0.25, **more):
    """Noisy points around one random centre for each class."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(-0.7, 0.7, (n_classes, n_inputs))
    labels = rng.integers(0, n_classes, n_items)
    points = np.clip(centres[labels] + noise * rng.standard_normal((n_items, n_inputs)), -1, 1)
    network = Network.layered([n_inputs, 4, n_classes])
    kinds = {"input_kind": "analog", "output_kind": "class", "n_train": n_items // 2}
    return Problem.from_arrays(points, labels, network, name="clusters", **(kinds | more))


def bit_classes(n_inputs=7):
    """Rows of bits in three classes: how many of the first two are true."""
    rows = np.random.default_rng(1).integers(0, 2, (60, n_inputs))
    network = Network.layered([n_inputs, 3])
    return Problem.from_arrays(rows, rows[:, :2].sum(axis=1), network, output_kind="class", name="twos")


@cache
def model_bytes():
    """A saved committee."""
    return encode(train_committee(clusters(), **SMALL).classifier())


def made_small(patch):
    """Committees of the command line are small, and there is nothing to warm up."""

    def train(problem, **options):
        return train_committee(problem, **(SMALL | options))

    patch.setattr("btfnet.cli.commands.classify.train_committee", train)
    patch.setattr("btfnet.cli.commands.classify.warm_up_committee", lambda **_: None)


def items_file(path, problem):
    """The problem's items, saved there."""
    formats.write_items(path, problem.items)
    return path
