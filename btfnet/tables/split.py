"""Rows that train, and rows that only tell how good the rule is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.tables.cells import as_texts
from btfnet.tables.table import Table


@dataclass(frozen=True, eq=False)
class Rows:
    """A table in two parts.

    targets  the columns to learn
    test     None where nothing tests, and why
    """

    targets: tuple[str, ...]
    train: Table
    test: Table | None
    why: str = ""


def drawn(table: Table, target: str, fraction: float, seed: int) -> NDArray[np.bool_]:
    """Which rows test, (n_rows,): as large a part of each class as of all."""
    labels = as_texts(table.column(target)).astype(str)
    rng = np.random.default_rng([seed, 11])
    order = rng.permutation(table.n_rows)
    by_class = order[np.argsort(labels[order], kind="stable")]
    chosen = np.zeros(table.n_rows, dtype=bool)
    n_test = round(fraction * table.n_rows)
    if n_test:
        places = (np.arange(n_test) + 0.5) * (table.n_rows / n_test)
        chosen[by_class[places.astype(np.int64)]] = True
    return chosen
