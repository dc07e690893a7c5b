"""What the rows amount to: medians, gaps, and how many items are enough."""

from __future__ import annotations

from collections.abc import Sequence

from scripts.lib.rows import Row
from scripts.studies.generalisation.cases import (
    NO_SETTINGS,
    OURS,
    PROBLEMS,
    PROJECT,
    PROJECT_FREE,
    methods_of,
    sizes_of,
)

METHODS = {
    PROJECT: "btfnet, layers",
    PROJECT_FREE: "btfnet, free",
    "relu": "ReLU, AdamW",
    "relu-l1": "ReLU, AdamW, L1",
    "relu-l1-weak": "ReLU, AdamW, L1 / 10",
    "sign": "sign, real weights",
    "ste": "binary, STE",
    "reste": "binary, ReSTE",
    "biper": "binary, BiPer",
}
"""Headings, by the names in the rows."""
SEEDS = 3
"""Fewer runs are not enough to say anything."""


class Study:
    """All rows by problem, training items and method."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = list(rows)
        cells = {(row["problem"], row["train"]) for row in rows}
        self.cells = sorted(cells, key=lambda cell: (PROBLEMS.index(cell[0]), cell[1]))
        self.problems = list(dict.fromkeys(problem for problem, _ in self.cells))
        self.methods = [name for name in METHODS if any(row["method"] == name for row in rows)]

    def of(self, problem: str, n_train: int, method: str) -> list[Row]:
        return [
            row
            for row in self.rows
            if (row["problem"], row["train"], row["method"]) == (problem, n_train, method)
        ]

    def measured(self, problem: str, method: str) -> list[int]:
        """The N of which there are enough runs."""
        return [size for size in sizes_of(problem) if len(self.of(problem, size, method)) >= SEEDS]

    def enough(self, problem: str, method: str) -> int | None:
        """The smallest N at which every run gets all unseen words right."""
        for size in self.measured(problem, method):
            if all(row["test_words"] == 1 for row in self.of(problem, size, method)):
                return size
        return None

    @property
    def own_settings(self) -> int:
        """btfnet's runs that did have settings, and are to be measured anew."""
        return sum(row["method"] in OURS and row.get("settings") != NO_SETTINGS for row in self.rows)


def left(study: Study) -> str:
    """Problems, N and methods of which there are too few rows, one line a problem."""
    lines = []
    for problem in PROBLEMS:
        gaps: dict[tuple[int, ...], list[str]] = {}
        methods = methods_of(problem, METHODS)
        for method in methods:
            measured = study.measured(problem, method)
            sizes = tuple(size for size in sizes_of(problem) if size not in measured)
            gaps.setdefault(sizes, []).append(METHODS[method])
        gaps.pop((), None)
        whole = gaps.get(sizes_of(problem), []) == [METHODS[method] for method in methods]
        texts = (
            ["everything"]
            if whole
            else [f"{'; '.join(titles)} (N = {', '.join(map(str, sizes))})" for sizes, titles in gaps.items()]
        )
        if texts:
            lines.append(f"- {problem}: {'; '.join(texts)}")
    return "\n".join(lines) + "\n" if lines else ""
