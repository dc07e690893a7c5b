"""The functions that are to be learned from examples, by name: what is seen, and what is judged.

Each has items to train on and unseen ones to be judged by; some also have validation items, which come with them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from scripts.studies.unknown_functions import given, made
from scripts.studies.unknown_functions.items import Benchmark

IWLS = tuple(f"ex{number:02}" for number in range(0, 90, 2))
"""The even-numbered benchmarks of the IWLS 2020 contest; the others are kept back."""
KINDS = ("adders", "dividers", "multipliers", "comparators", "square roots", "PicoJava", "i10", "MCNC, symmetric",
         "MNIST")  # fmt: skip
"""What every ten of the contest are, from ex00 on. Source: Rai et al., "Logic synthesis meets machine learning:
trading exactness for generalization", DATE 2021."""


def kind(name: str) -> str:
    """Of a benchmark of the contest."""
    return KINDS[int(name.removeprefix("ex")) // 10]


@dataclass(frozen=True, slots=True)
class Entry:
    """A benchmark before it is made.

    make   from the folder of others' data, which only some need, and a seed
    seeds  so many of them, 0, 1, …: what is drawn at random, and the learner's own seed
    """

    name: str
    make: Callable[[Path | None, int], Benchmark]
    seeds: int = 1
    others: bool = False


def _made(name: str, make: Callable[[np.random.Generator], Benchmark], seeds: int) -> Entry:
    return Entry(name, lambda folder, seed: make(np.random.default_rng(seed)), seeds)


def _iwls(name: str) -> Entry:
    return Entry(name, lambda folder, seed: given.contest_function(given.needed(folder), name), others=True)


ENTRIES: dict[str, Entry] = {
    entry.name: entry
    for entry in (
        *map(_iwls, IWLS),
        Entry(
            "maj13", lambda folder, seed: given.nested_majorities(given.needed(folder)), seeds=3, others=True
        ),
        _made("maj13-3", lambda rng: made.majority_tree(rng, 13, 3), 3),
        _made("maj13-4", lambda rng: made.majority_tree(rng, 13, 4), 3),
        _made("noisy-xor-10", lambda rng: made.noisy_xor(rng, 0.10), 10),
        _made("noisy-xor-40", lambda rng: made.noisy_xor(rng, 0.40), 10),
        _made("rule-30-1-flipped-2", lambda rng: made.flipped_rule(rng, 0.02), 3),
        _made("rule-30-1-flipped-5", lambda rng: made.flipped_rule(rng, 0.05), 3),
        _made("parity-16", made.parity, 3),
        *(_made(name, partial(made.table, name=name), 5) for name in made.TABLES),
    )
}
