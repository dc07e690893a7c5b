"""The rows of study.py, by problem and strategy."""

from __future__ import annotations

from collections.abc import Sequence

from scripts.lib.rows import Row

PRESENT = "repeats, .1 dropped, merging"
"""What the package does; all else is compared with it."""
SEEDS = 5
"""Of every strategy; the present one has more, for the restarts."""

Rows = list[Row]


class Study:
    """All rows, by problem and strategy."""

    def __init__(self, rows: Rows, problems: Sequence[str], strategies: Sequence[str]) -> None:
        measured = {row["strategy"] for row in rows}
        self.rows, self.problems = rows, problems
        self.strategies = [name for name in strategies if name in measured]

    def of(self, problem: str, strategy: str, *, all_seeds: bool = False) -> Rows:
        """The rows of one cell: the seeds that all strategies have, or all there are."""
        return [
            row
            for row in self.rows
            if (row["problem"], row["strategy"]) == (problem, strategy) and (all_seeds or row["seed"] < SEEDS)
        ]
