"""docs/results.md, ten rows of the README, cells.json: rows come together as cells, a cell is judged by its goal.

python scripts/studies/panel/report.py
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import inf
from statistics import median
from typing import Any

from scripts.lib import options
from scripts.lib.pages import DOCS, README, write_part
from scripts.lib.rows import Row
from scripts.lib.tables import markdown, percent_reached, seconds
from scripts.studies.panel import sentences
from scripts.studies.panel.cases import CASES, ENGINES, STORE, Case, duration, last_rows, shape, short

TABLE, PAGE = STORE.path.with_name("cells.json"), DOCS / "results.md"
JUDGED = ("auto", "none")
"""Goals are for this engine, and these settings."""
ENOUGH = 5
"""Runs without which no goal is called met."""

Cell = dict[str, Any]


def cell(case: Case, engine: str, settings: str, rows: Sequence[Row]) -> Cell:
    """All runs of a case with one engine; times and gates are those of the exact runs."""
    exact = [row for row in rows if row["exact"]]
    problem = case.load()
    constant_bits, constant_words = problem.constant_accuracy
    numbers = {
        "seconds": _middle(exact, "seconds"),
        "seconds_most": max(_values(exact, "seconds"), default=None),
        "seconds_a_circuit": _ratio(sum(_values(rows, "seconds")), len(exact)),
        "cpu_seconds": _middle(exact, "cpu_seconds"),
        "trial_seconds": _middle(exact, "trial_seconds"),
        "starts": _middle(exact, "starts"),
        "iterations": _middle(exact, "all_iterations"),
        "sweeps": _middle(exact, "all_sweeps"),
        "words": _middle(rows, "test_words"),
        "words_least": min(_values(rows, "test_words"), default=None),
        "bits": _middle(rows, "test_bits"),
        "wrong_bits": sorted(_values([row for row in rows if not row["exact"]], "wrong_bits")),
        "constant_bits": constant_bits,
        "constant_words": constant_words,
        "gates": _middle(exact, "gates"),
        "ands": _middle(exact, "ands"),
    }
    return {
        "name": case.name,
        "problem": case.problem,
        "widths": shape(problem),
        "train": problem.n_train,
        "engine": engine,
        "settings": settings,
        "goal": str(case.goal),
        "verdict": verdict(case, rows) if (engine, settings) == JUDGED else "",
        "runs": len(rows),
        "exact": len(exact),
        "budget": case.limit,
        "limit": max(_values(rows, "limit"), default=None),
        **{name: _rounded(value) for name, value in numbers.items()},
        "found_by": dict(Counter(row["found_by"] for row in exact)),
        "sigma": sorted(set(_values(exact, "sigma"))),
        "cores": sorted(set(_values(rows, "cores"))),
        "load": max(_values(rows, "load"), default=None),
        "sources": sorted({row["sources"] for row in rows}),
    }


def verdict(case: Case, rows: Sequence[Row]) -> str:
    """Met, or missed; "so far" while there are too few runs."""
    goal, exact = case.goal, [row for row in rows if row["exact"]]
    if not rows:
        return "not measured"
    if any(row["limit"] < case.limit for row in rows if not row["exact"]):
        return "given too little time"
    if goal.mean:
        in_time = sum(_values(rows, "seconds")) <= goal.seconds * len(exact)
    else:
        in_time = len(exact) == len(rows) and max(_values(rows, "seconds")) <= goal.seconds
    right = goal.words is None or all(words >= goal.words for words in _values(rows, "test_words"))
    small = all(gates <= goal.gates for gates in _values(exact, "gates"))
    return ("met" if in_time and right and small else "missed") + (" so far" if len(rows) < ENOUGH else "")


def cells(rows: Iterable[Row]) -> list[Cell]:
    """Of every case, engine and way of settings that has rows, in the order of the panel."""
    together: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        key = tuple(row[name] for name in ("problem", "widths", "train", "engine", "settings"))
        together.setdefault(key, []).append(row)
    entries = []
    for case in CASES:
        key = (case.problem, shape(case.load()), case.load().n_train)
        for engine, settings in ((engine, way) for way in ("none", "own") for engine in ENGINES):
            mine = together.get((*key, engine, settings), [])
            if mine or (engine, settings) == JUDGED:
                entries.append(cell(case, engine, settings, mine))
    return entries


def _values(rows: Iterable[Row], name: str) -> list[Any]:
    """The values there are: rows of earlier panels lack some."""
    return [row[name] for row in rows if row.get(name) is not None]


def _middle(rows: Iterable[Row], name: str) -> float | None:
    values = _values(rows, name)
    return median(values) if values else None


def _ratio(total: float, count: int) -> float | None:
    return total / count if count else None


def _rounded(value: object) -> object:
    return round(value, 6) if isinstance(value, float) else value


# -- as text --------------------------------------------------------------------------------------------------


def exact_runs(entry: Cell) -> str:
    text = f"{entry['exact']}/{entry['runs']}" if entry["runs"] else ""
    wrong = entry["wrong_bits"]
    if not wrong:
        return text
    span = f"{wrong[0]}" if wrong[0] == wrong[-1] else f"{wrong[0]}–{wrong[-1]}"
    return f"{text} ({span} bits wrong after {seconds(entry['limit'])})"


def spent(entry: Cell) -> str:
    """The median and the most; with failed runs, also all runs' time over the exact ones."""
    if not entry["exact"]:
        return ""
    text = f"{seconds(entry['seconds'])} ({seconds(entry['seconds_most'])})"
    if entry["exact"] < entry["runs"]:
        text += f", {seconds(entry['seconds_a_circuit'])} a circuit"
    return text + (", one core" if entry["cores"] == [1] else "")


def _count(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}".replace(",", " ")


COLUMNS: dict[str, Callable[[Cell], str]] = {
    "problem": lambda entry: entry["problem"],
    "network": lambda entry: short(entry["widths"]),
    "N": lambda entry: str(entry["train"]),
    "goal": lambda entry: entry["goal"],
    "time given": lambda entry: duration(entry["budget"]),
    "goal met": lambda entry: entry["verdict"],
    "exact": exact_runs,
    "seconds (most)": spent,
    "processor": lambda entry: seconds(entry["cpu_seconds"]),
    "load": lambda entry: "" if entry["load"] is None else f"{entry['load']:.1f}",
    "starts": lambda entry: _count(entry["starts"]),
    "iterations": lambda entry: _count(entry["iterations"]),
    "sweeps": lambda entry: _count(entry["sweeps"]),
    "unseen words (least)": lambda entry: _unseen(entry),
    "constant, bits (words)": lambda entry: (
        f"{percent_reached(entry['constant_bits'])} % ({percent_reached(entry['constant_words'])} %)"
    ),
    "gates": lambda entry: _count(entry["gates"]),
    "Ands": lambda entry: _count(entry["ands"]),
    "sources": lambda entry: " ".join(entry["sources"]),
}
SHORT = ("problem", "network", "N", "goal", "goal met", "exact", "seconds (most)", "iterations",
         "unseen words (least)", "constant, bits (words)", "gates")  # fmt: skip
IN_README = ("problem", "N", "goal", "goal met", "exact", "seconds (most)", "unseen words (least)", "gates")
TEN = (("multiplier-2x2", 16), ("multiplier-5x5", 1024), ("autoencoder-16", 16), ("andor-4", 384),
       ("andor-5", 512), ("maj-5", 512), ("rule-30-1", 128), ("rule-30-3", 512), ("roman", 300),
       ("majtree-13-3", 4096))  # fmt: skip
"""Problems and N of the README's table: of every kind one, and of what was missed, two."""


def _unseen(entry: Cell) -> str:
    return (
        ""
        if entry["words"] is None
        else f"{percent_reached(entry['words'])} % ({percent_reached(entry['words_least'])} %)"
    )


def goals_table(entries: Iterable[Cell], columns: Sequence[str] = tuple(COLUMNS)) -> str:
    """One line a case: engine auto without settings, beside the goal."""
    entries = [entry for entry in entries if (entry["engine"], entry["settings"]) == JUDGED]
    return markdown(columns, ([COLUMNS[column](entry) for column in columns] for entry in entries))


def better(entries: Iterable[Cell]) -> list[Cell]:
    """Of every problem and N the network that does better, of those that were measured.

    First more exact runs, then more unseen words in the worst and the median run, fewer gates, less time.
    """
    together: dict[tuple[Any, ...], list[Cell]] = {}
    for entry in entries:
        if (entry["engine"], entry["settings"]) == JUDGED:
            together.setdefault((entry["problem"], entry["train"]), []).append(entry)

    def merit(entry: Cell) -> tuple[float, ...]:
        words = (1.0 if entry[name] is None else entry[name] for name in ("words_least", "words"))
        costs = (inf if entry[name] is None else entry[name] for name in ("gates", "seconds"))
        return (entry["exact"] / max(entry["runs"], 1), *words, *(-cost for cost in costs))

    return [max(group, key=merit) for group in together.values()]


def engines_table(entries: Sequence[Cell], settings: str) -> str:
    """One line a case, one column an engine."""
    mine = {(entry["name"], entry["engine"]): entry for entry in entries if entry["settings"] == settings}
    lines = []
    for case in CASES:
        each = [mine.get((case.name, engine)) for engine in ENGINES]
        if any(entry and entry["runs"] for entry in each):
            problem = case.load()
            named = [case.problem, short(shape(problem)), str(problem.n_train)]
            lines.append([*named, *(compact(entry) if entry else "" for entry in each)])
    return markdown(("problem", "network", "N", *ENGINES), lines)


def compact(entry: Cell) -> str:
    """Exact runs, their median seconds (or the time that was not enough), the median of unseen words."""
    if not entry["runs"]:
        return ""
    text = f"{entry['exact']}/{entry['runs']}"
    text += f", {seconds(entry['seconds'])}" if entry["exact"] else f" in {seconds(entry['limit'])}"
    return text + (f", {percent_reached(entry['words'])} %" if entry["words"] is not None else "")


def write_tables(rows: Sequence[Row]) -> None:
    entries = cells(rows)
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    TABLE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    PAGE.write_text(_page(entries), encoding="utf-8")
    ten = [entry for entry in measured(entries) if (entry["problem"], entry["train"]) in TEN]
    write_part(README, "results", sentences.OF_THE_README + "\n" + goals_table(ten, IN_README))


def measured(entries: Sequence[Cell]) -> list[Cell]:
    """The better network of every problem and N that was run."""
    return better(entry for entry in entries if entry["runs"])


def _page(entries: Sequence[Cell]) -> str:
    parts = [
        "# Results\n",
        "Made by `python scripts/studies/panel/study.py`; every run stands in "
        "[rows.jsonl](../scripts/studies/panel/rows.jsonl),\nthe table of all cells in "
        "[cells.json](../scripts/studies/panel/cells.json).\n"
        "Two cores of a shared machine, kernels compiled before.\n",
        sentences.AROUND,
        "## Goals\n",
        sentences.GOALS + sentences.BETTER,
        goals_table(measured(entries), SHORT),
        "## Layers and free networks, all columns\n",
        sentences.MORE,
        goals_table(entries),
        "## Engines\n",
        sentences.ENGINES,
        engines_table(entries, "none"),
        "## With the problem files' own settings\n",
        engines_table(entries, "own"),
    ]
    return "\n".join(parts)


@options.command(__doc__)
def main() -> None:
    write_tables(list(last_rows().values()))


if __name__ == "__main__":
    main()
