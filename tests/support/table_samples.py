"""Ordinary tables that tests learn from: a few columns of each kind, and a rule that is known."""

from __future__ import annotations

import numpy as np

from btfnet.tables.table import Table
from btfnet.tables.ways import Boosted, Single

QUICK = (Boosted(2, 0.2), Single((3,)))
"""Ways that take a moment."""


def people(n_rows: int = 120, seed: int = 0) -> dict[str, list]:
    """Ages, colours, sizes, flags and gaps; who is `in`: at least 37 and no red, or has the flag."""
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 80, n_rows)
    colour = rng.choice(["red", "green", "blue"], n_rows)
    flag = rng.choice(["yes", "no"], n_rows, p=[0.2, 0.8])
    height = rng.normal(170, 10, n_rows).round(1)
    is_in = ((age >= 37) & (colour != "red")) | (flag == "yes")
    gaps = rng.random(n_rows) < 0.1
    return {
        "id": [f"p{number:04d}" for number in range(n_rows)],
        "age": age.tolist(),
        "colour": colour.tolist(),
        "flag": flag.tolist(),
        "height": [None if gap else value for gap, value in zip(gaps, height.tolist(), strict=True)],
        "country": ["here"] * n_rows,
        "class": ["in" if value else "out" for value in is_in],
    }


def csv_of(columns: dict[str, list], separator: str = ",") -> str:
    """As a table of text; what is missing is empty."""
    rows = zip(*columns.values(), strict=True)
    lines = [separator.join("" if cell is None else str(cell) for cell in row) for row in rows]
    return "\n".join([separator.join(columns), *lines]) + "\n"


def without(columns: dict[str, list], *names: str) -> dict[str, list]:
    return {name: values for name, values in columns.items() if name not in names}


def table_of(columns: dict[str, list]) -> Table:
    return Table.of(columns)
