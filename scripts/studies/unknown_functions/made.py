"""Functions that are made here, some with wrong answers, and the tables of scikit-learn as bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets

from btfnet.tasks.registry import generate
from scripts.studies.unknown_functions.items import Benchmark, Bits, Part

SEEN = 4096
"""Rows of 13 inputs that are seen; as many are left."""
XOR_BITS, XOR_ITEMS = 12, 5000
RULE_ITEMS = 512


def majority_tree(rng: np.random.Generator, bits: int, depth: int) -> Benchmark:
    """A complete tree of majorities of three, whose leaves are inputs or their complements at random."""
    items = generate("majtree", {"bits": bits, "depth": depth}, int(rng.integers(2**31)))
    seen = Part(_bits(items.inputs), _bits(items.outputs))
    return Benchmark(seen.rows(slice(SEEN)), None, seen.rows(slice(SEEN, None)))


def noisy_xor(rng: np.random.Generator, rate: float) -> Benchmark:
    """Whether two of twelve bits differ; every label to train on is wrong with this probability, no test label.

    Source: Granmo, "The Tsetlin machine", arXiv 1804.01508, section 5.4, where 40 % are wrong.
    """
    seen, unseen = (rng.integers(0, 2, (XOR_ITEMS, XOR_BITS), dtype=np.uint8) for _ in range(2))
    train, test = (Part(rows, rows[:, :1] ^ rows[:, 1:2]) for rows in (seen, unseen))
    return Benchmark(flipped(rng, train, rate), None, test)


def flipped_rule(rng: np.random.Generator, rate: float) -> Benchmark:
    """Rule 30 on a ring of 16 cells, 512 items, each of whose output bits is wrong with this probability."""
    items = generate("automaton", {"rule": 30, "cells": 16}, int(rng.integers(2**31)))
    clean = Part(_bits(items.inputs), _bits(items.outputs))
    train = flipped(rng, clean.rows(slice(RULE_ITEMS)), rate)
    return Benchmark(train, None, clean.rows(slice(RULE_ITEMS, None)))


def parity(rng: np.random.Generator) -> Benchmark:
    """Whether an odd number of 16 bits is 1: as many rows seen as of 13 inputs, as many unseen."""
    items = generate("parity", {"bits": 16, "items": 2 * SEEN}, int(rng.integers(2**31)))
    rows = Part(_bits(items.inputs), _bits(items.outputs))
    return Benchmark(rows.rows(slice(SEEN)), None, rows.rows(slice(SEEN, None)))


def flipped(rng: np.random.Generator, part: Part, rate: float) -> Part:
    """The same items, every answer wrong with this probability, each by itself."""
    return Part(part.inputs, part.answers ^ (rng.random(part.answers.shape) < rate))


def _bits(values: NDArray[np.generic]) -> Bits:
    return (np.asarray(values) > 0).astype(np.uint8)


# -- tables -----------------------------------------------------------------------------------------------

TABLES = {
    "breast-cancer": datasets.load_breast_cancer,
    "digits": datasets.load_digits,
    "wine": datasets.load_wine,
    "iris": datasets.load_iris,
}
QUANTILES = (0.25, 0.5, 0.75)
GREY = 8
"""Of digits: half of the greyest."""
UNSEEN = 0.3


def table(rng: np.random.Generator, name: str) -> Benchmark:
    """A table of scikit-learn, 30 % of whose rows, chosen at random, are unseen.

    A number becomes three bits: whether it is above the first, second and third quartile of the rows seen. A
    pixel of the digits becomes one: whether it is darker than half of the greatest grey.
    """
    numbers, classes = TABLES[name](return_X_y=True)
    order = rng.permutation(len(numbers))
    unseen, seen = np.split(order, [round(UNSEEN * len(order))])
    cuts = (
        [np.full(numbers.shape[1], GREY)]
        if name == "digits"
        else np.quantile(numbers[seen], QUANTILES, axis=0)
    )
    bits = np.stack([numbers > cut for cut in cuts], axis=2).reshape(len(numbers), -1).astype(np.uint8)
    n_classes = int(classes.max()) + 1
    labels = classes.astype(np.uint8)
    if n_classes == 2:
        labels, n_classes = labels[:, None], 0
    whole = Part(bits, labels)
    return Benchmark(whole.rows(seen), None, whole.rows(unseen), n_classes)
