"""What a row of the scoreboard is, where rows are, and what the project's methods are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scripts.lib.rows import Row, RowStore
from scripts.studies.unknown_functions.items import Benchmark

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("benchmark", "seed", "method"))
LEARNED, RECOGNISED = "btfnet", "btfnet, families"
OPTIONS: dict[str, dict[str, Any]] = {LEARNED: {}, RECOGNISED: {}}
"""The project's methods: learned alone; and with functions that are recognised by name."""
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
