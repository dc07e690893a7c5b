"""What a row of the scoreboard is, where rows are, and what the project's methods are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scripts.lib.rows import Row, RowStore
from scripts.studies.unknown_functions.items import Benchmark

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("benchmark", "seed", "method"))
LEARNED, RECOGNISED, COMMITTEE = "btfnet", "recognised", "committee"
OURS = (LEARNED, RECOGNISED, COMMITTEE)
"""The project's methods: `btfnet.solve` learns, `btfnet.recognise` knows functions by name, and
`btfnet.train_committee` has many small circuits that vote.
"""
BUDGET = 240.0
"""Seconds on the clock that a run may take, on one core."""
MOST_ANDS = 5000
"""Larger circuits were not admitted to the contest."""


def last_rows(store: RowStore = STORE) -> dict[tuple[Any, ...], Row]:
    """The last row of every key."""
    return {store.key_of(row): row for row in store.all()}


def head(name: str, seed: int, method: str, given: Benchmark) -> Row:
    """What the row of every learner begins with."""
    return {
        "benchmark": name,
        "seed": seed,
        "method": method,
        "inputs": given.n_inputs,
        "outputs": given.n_outputs,
        "train": len(given.train),
        "validation": len(given.validation) if given.validation else 0,
        "test": len(given.test),
        "constant": round(given.constant(), 6),
    }


def with_families(rows: dict[tuple[Any, ...], Row], name: str, seed: int) -> Row | None:
    """What is kept where functions may be recognised: what does better on validation items, then what is named.

    Where a benchmark has none, the items to train on decide.
    """
    found = [
        row
        for method in (LEARNED, RECOGNISED)
        if (row := rows.get((name, seed, method))) and row.get("accuracy") is not None
    ]
    return max(found, key=lambda row: (merit(row), row["method"] == RECOGNISED), default=None)


def merit(row: Row) -> float:
    chosen_by = row["validation_accuracy"]
    return row["train_accuracy"] if chosen_by is None else chosen_by
