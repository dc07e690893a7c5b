"""What the generalisation study measures, and where its rows are; scripts/generalisation.py tells the rest."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import btfnet

ROOT = Path(__file__).resolve().parents[1]
ROWS = ROOT / "docs" / "generalisation.jsonl"
PROBLEMS = (
    "rule-232-3",
    "andor-2",
    "maj-2",
    "rule-30-1",
    "maj-3",
    "andor-3",
    "rule-110-1",
    "rorschach-3",
    "roman",
    "andor-4",
    "maj-4",
    "rule-30-2",
    "andor-5",
    "maj-5",
    "rule-30-3",
)
"""In the order in which they are measured; the rest can follow later."""
SIZES = (64, 128, 256, 512)
"""Training items."""
PROJECT = "btfnet"
"""The method that is not a baseline."""

Row = dict


def load_rows() -> list[Row]:
    if not ROWS.exists():
        return []
    return [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]


def keep(row: Row) -> None:
    """Append a row; several programs may do so at once."""
    with ROWS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def missing(
    problems: Iterable[str], sizes: Iterable[int], methods: Iterable[str], seeds: int
) -> Iterator[tuple[str, int, str, list[int]]]:
    """Problem, training items, method and the seeds 0, 1, … of which there is no row yet."""
    done = {(row["problem"], row["train"], row["method"], row["seed"]) for row in load_rows()}
    methods, sizes = list(methods), list(sizes)
    for problem in problems:
        for n_train in sizes:
            for method in methods:
                left = [seed for seed in range(seeds) if (problem, n_train, method, seed) not in done]
                if left:
                    yield problem, n_train, method, left


def scores(problem: btfnet.Problem, bits: float, words: float, train_bits: float, train_words: float) -> Row:
    """The fractions that a row keeps: unseen and training bits and words, and the best constant's unseen ones."""
    constant_bits, constant_words = problem.constant_accuracy
    fractions = {
        "test_bits": bits,
        "test_words": words,
        "train_bits": train_bits,
        "train_words": train_words,
        "constant_bits": constant_bits,
        "constant_words": constant_words,
    }
    return {name: None if math.isnan(value) else round(value, 6) for name, value in fractions.items()}


def digest(*paths: Path) -> str:
    """Of the sources that a result depends on."""
    sources = hashlib.sha256()
    for path in paths:
        sources.update(path.read_bytes())
    return sources.hexdigest()[:10]
