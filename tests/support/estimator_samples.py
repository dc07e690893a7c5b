"""Small tables for the estimators of scikit-learn: numbers, text and missing values, learned in half a second."""

from __future__ import annotations

import numpy as np
import pandas as pd

QUICK = {"method": "fast", "gates": 12, "random_state": 0}


def plain_table(n_rows: int = 80) -> tuple[pd.DataFrame, pd.Series]:
    """A rule about two columns of three, one of them with missing values: large, or red."""
    rng = np.random.default_rng(5)
    size = rng.normal(10, 3, n_rows).round(1)
    colour = rng.choice(["red", "green", "blue"], n_rows).astype(object)
    label = np.where((size >= 11) | (colour == "red"), "yes", "no")
    size[rng.random(n_rows) < 0.05] = np.nan
    X = pd.DataFrame({"size": size, "colour": colour, "noise": rng.integers(0, 50, n_rows)})
    return X, pd.Series(label, name="wanted")


def numbers(n_rows: int = 80) -> tuple[np.ndarray, np.ndarray]:
    """Three numbers, and two classes by one of them."""
    X = np.random.default_rng(6).normal(size=(n_rows, 3))
    return X, (X[:, 1] > 0.2).astype(int)
