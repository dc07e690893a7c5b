"""Scikit-learn's learners beside ours: how they are made, and how one is fitted and judged."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from scripts.lib.rows import Row

Make = Callable[[int], Any]
"""From a seed to a model that is not fitted yet."""


def fitted(make: Make, seed: int, inputs: np.ndarray, classes: np.ndarray, n_train: int) -> Row:
    """The first rows train, all others are unseen: fractions right, and CPU seconds of fitting."""
    begun = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = make(seed).fit(inputs[:n_train], classes[:n_train])
    seconds = time.process_time() - begun
    right = np.concatenate([model.predict(part) for part in np.array_split(inputs, 10)]) == classes
    return {
        "train": float(right[:n_train].mean()),
        "test": float(right[n_train:].mean()),
        "seconds": round(seconds, 3),
    }


def tree(seed: int) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(random_state=seed)


def forest(seed: int) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(100, random_state=seed)


def boosted_trees(seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(random_state=seed)
