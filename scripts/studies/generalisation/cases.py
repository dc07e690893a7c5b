"""What the generalisation study measures, and where its rows are; study.py tells the rest."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import btfnet
from scripts.lib.rows import Row, RowStore
from scripts.studies.panel.cases import FREE, OWN_ANSWERS, shape
from scripts.studies.panel.cases import STORE as PANEL
from scripts.studies.panel.cases import load_problem as panel_problem

PROBLEMS = (
    "andor-2",
    "andor-3",
    "andor-4",
    "andor-5",
    "maj-2",
    "maj-3",
    "maj-4",
    "maj-5",
    "rule-30-1",
    "rule-30-2",
    "rule-30-3",
    "rule-110-1",
    "rule-232-3",
    "rorschach-3",
    "roman",
)
SIZES = (64, 128, 256, 512)
"""Training items."""
OWN_SIZES = {
    "rorschach-3": (64, 128, 200),
    "andor-4": (64, 128, 256, 384, 512),
    "andor-5": (*SIZES, 1024),
    "rule-30-3": (*SIZES, 1024),
}
"""Of problems that are said to need no more, or that do."""
PROJECT, PROJECT_FREE = "btfnet", "btfnet, free"
"""The methods that are no baselines: layers of the problem's widths, and a network to which nobody gave widths."""
OURS = (PROJECT, PROJECT_FREE)
NO_SETTINGS = "none"
"""What a row of btfnet says under `settings`; rows of older runs, with the problem file's, say nothing."""


def sizes_of(problem: str) -> tuple[int, ...]:
    return OWN_SIZES.get(problem, SIZES)


def methods_of(problem: str, methods: Iterable[str]) -> list[str]:
    """Those that make sense: where outputs are inputs, a free network would copy them."""
    return [name for name in methods if name != PROJECT_FREE or not problem.startswith(OWN_ANSWERS)]


def load_problem(name: str, n_train: int, method: str) -> btfnet.Problem:
    return panel_problem(name, FREE if method == PROJECT_FREE else (), n_train)


STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("problem", "train", "method", "seed"))
"""What this study and that of the baselines measured."""


def load_rows(store: RowStore = STORE, panel: RowStore = PANEL) -> list[Row]:
    """Of several with one key the last: what is measured anew is appended. The panel's count as well."""
    rows = store.all()
    older = [row for row in rows if row["method"] in OURS and row.get("settings") != NO_SETTINGS]
    newer = [row for row in rows if row["method"] not in OURS or row.get("settings") == NO_SETTINGS]
    return list({store.key_of(row): row for row in [*older, *_of_panel(panel), *newer]}.values())


def _of_panel(panel: RowStore) -> list[Row]:
    """The panel's runs of both engines without settings, where problem, network and N are ours."""
    return [
        {
            **{name: row[name] for name in ("problem", "train", "exact", "sources", "constant_bits")},
            **{name: row[name] for name in ("test_bits", "test_words", "constant_words")},
            "method": PROJECT_FREE if row["widths"] == FREE else PROJECT,
            "seed": row["seed"] // 1000,
            "seconds": row["cpu_seconds"],
            "budget": f"{row['limit']:g} s",
            "settings": NO_SETTINGS,
        }
        for row in panel.all()
        if row["engine"] == "auto" and row.get("settings") == NO_SETTINGS and _is_ours(row)
    ]


def _is_ours(row: Row) -> bool:
    name = row["problem"]
    return bool(
        name in PROBLEMS and row["train"] in sizes_of(name) and row["widths"] in (FREE, widths_of(name))
    )


@cache
def widths_of(name: str) -> str:
    """The layers of a problem's own network, as the panel writes them."""
    return shape(btfnet.load(name).problem)


def missing(
    cell: tuple[str, int, str],
    seeds: int,
    rows: Iterable[Row],
    counts: Callable[[Row], bool] = lambda row: True,
) -> list[int]:
    """The seeds 0, 1, … of a problem, N and method of which there is no row that counts."""
    done = {STORE.key_of(row) for row in rows if counts(row)}
    return [seed for seed in range(seeds) if (*cell, seed) not in done]


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
