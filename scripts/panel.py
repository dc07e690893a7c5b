"""Measure the panel: problems x engines x seeds, resumable, and write the results tables.

    python scripts/panel.py --seeds 3                         # everything still missing in docs/results.jsonl
    python scripts/panel.py maj-5 --engine auto --limit 1200  # some of it
    python scripts/panel.py --only-tables                     # tables from what is there

Each run is `btfnet.solve` with the problem file's own settings on all cores of the machine; the kernels are
compiled before. Rows are kept for one version of the sources (their digest stands in each row). Failed runs
stay in the table with their time: the limit. Nothing is chosen per seed.
"""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from statistics import median

import click

import btfnet
from btfnet.cli.warm import warm_up_search

ROOT = Path(__file__).resolve().parents[1]
ROWS, TABLE, README = ROOT / "docs" / "results.jsonl", ROOT / "docs" / "results.md", ROOT / "README.md"
ENGINES = ("auto", "rrr", "descent", "rrr+descent")
MARKS = ("<!-- results: written by scripts/panel.py -->", "<!-- end of results -->")

LIMITS = {
    "multiplier-2x2": 10,
    "multiplier-3x3": 60,
    "multiplier-4x4": 60,
    "autoencoder-8": 60,
    "autoencoder-16": 60,
    "decoder-16": 60,
    "rule-232-3": 60,
    "rule-30-1": 60,
    "rule-30-2": 60,
    "rule-30-2-wide": 60,
    "andor-2": 60,
    "maj-2": 60,
    "andor-3": 60,
    "maj-3": 60,
    "maj-5": 120,
    "andor-5": 120,
}
"""Seconds per run, unless --limit says otherwise."""
WIDER = {"rule-30-2-wide": ("rule-30-2", (16, 64, 64, 64, 16))}
"""Built-in problems with other widths."""


def digest() -> str:
    """Of everything that a result depends on."""
    sources = hashlib.sha256()
    for path in sorted([*(ROOT / "btfnet").rglob("*.py"), *(ROOT / "problems").glob("*.toml")]):
        sources.update(path.read_bytes())
    return sources.hexdigest()[:10]


def run(name: str, engine: str, seed: int, limit: float) -> dict[str, object]:
    name_of_task, widths = WIDER.get(name, (name, ()))
    task = btfnet.load(name_of_task)
    problem = task.problem.with_network(btfnet.Network.layered(widths)) if widths else task.problem
    warm_up_search(problem, precision="float32", jobs=None)
    begun = time.monotonic()
    result = btfnet.solve(problem, task.settings, engine=engine, seed=seed, trials=1000, time_limit=limit)
    kept = result.kept
    return {
        "problem": name,
        "engine": engine,
        "seed": seed,
        "limit": limit,
        "sources": digest(),
        "exact": result.exact,
        "found_by": kept.found_by,
        "seconds": round(time.monotonic() - begun, 2),
        "starts": len(result.trials),
        "iterations": kept.iterations,
        "wrong_bits": kept.wrong_bits,
        "test_bits": _number(kept.score.test_bits),
        "test_words": _number(kept.score.test_words),
        "constant_bits": problem.constant_accuracy[0],
        "gates": len(result.circuit.gates) if result.circuit else None,
    }


def _number(value: float) -> float | None:
    return None if value != value else value


def load_rows() -> list[dict]:
    if not ROWS.exists():
        return []
    return [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]


def cell(rows: list[dict]) -> str:
    """Exact runs of all, the median seconds of the exact ones, the median of unseen words right."""
    if not rows:
        return ""
    exact = [row for row in rows if row["exact"]]
    text = f"{len(exact)}/{len(rows)}"
    if exact:
        text += f", {median(row['seconds'] for row in exact):.3g} s"
    else:
        text += f" in {max(row['limit'] for row in rows):g} s"
    words = [row["test_words"] for row in rows if row["test_words"] is not None]
    return text + (f", {median(words):.2%}" if words else "")


def table(rows: list[dict]) -> str:
    lines = ["| problem | " + " | ".join(ENGINES) + " | constant, bits |", "|---" * (len(ENGINES) + 2) + "|"]
    for name in sorted({row["problem"] for row in rows}, key=lambda name: [*LIMITS, name].index(name)):
        mine = [row for row in rows if row["problem"] == name]
        cells = [cell([row for row in mine if row["engine"] == engine]) for engine in ENGINES]
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {mine[0]['constant_bits']:.1%} |")
    return "\n".join(lines)


def write_tables(rows: list[dict]) -> None:
    caption = (
        "Exact runs of all runs, median seconds of the exact ones (all cores), median of the unseen words that "
        "are right; where no run was exact, the time that the longest was given. Engines: rrr, the projections "
        "with gates completed at checkpoints; descent, gate descent from random gates; rrr+descent, gate "
        "descent from where the projections are; auto, the last two side by side."
    )
    text = f"{caption}\n\n{table(rows)}\n"
    TABLE.write_text(f"# Results\n\n{text}", encoding="utf-8")
    readme = README.read_text(encoding="utf-8")
    if MARKS[0] in readme:
        before, rest = readme.split(MARKS[0])
        after = rest.split(MARKS[1])[1]
        README.write_text(f"{before}{MARKS[0]}\n{text}{MARKS[1]}{after}", encoding="utf-8")


@click.command(help=__doc__)
@click.argument("names", nargs=-1)
@click.option("--engine", "engines", multiple=True, type=click.Choice(ENGINES), help="All by default.")
@click.option("--seeds", default=3, show_default=True, help="Seeds 0, 1000, 2000, …")
@click.option("--limit", type=float, help="Seconds per run.")
@click.option("--only-tables", is_flag=True)
def main(
    names: tuple[str, ...], engines: tuple[str, ...], seeds: int, limit: float | None, only_tables: bool
) -> None:
    rows = load_rows()
    done = {(row["problem"], row["engine"], row["seed"]) for row in rows}
    wanted = [
        (name, engine, seed)
        for name in (names or LIMITS)
        for engine in (engines or ENGINES)
        for seed in range(0, 1000 * seeds, 1000)
        if (name, engine, seed) not in done and not only_tables
    ]
    for name, engine, seed in wanted:
        row = run(name, engine, seed, limit or LIMITS.get(name, 60))
        rows.append(row)
        with ROWS.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        click.echo(json.dumps(row))
    write_tables(rows)


if __name__ == "__main__":
    main()
