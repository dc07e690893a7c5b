"""Is smaller truer? Gates, senders and unseen words of exact circuits before and after they are shrunk.

    python scripts/studies/shrink/study.py  # everything still missing
    study.py --problem andor-3 --train 96 --seeds 9  # one problem, from 96 of its items
    study.py --only-table                            # the table from what is there

Each run is `btfnet.solve` with gate descent on one core; its rows are kept in rows.jsonl, and the table
goes to docs/shrink.md. Runs that find no exact circuit within the limit stay as such. Nothing is chosen per seed.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import mean

import click

import btfnet
from btfnet.cli.compiling.prepare import warm_up_search

DOCS = Path(__file__).resolve().parents[3] / "docs"
ROWS, TABLE = Path(__file__).with_name("rows.jsonl"), DOCS / "shrink.md"
CASES = (
    ("multiplier-3x3", 64),
    ("rule-30-1", 256),
    ("rule-30-1", 128),
    ("rule-30-1", 96),
    ("rule-232-3", 256),
    ("rule-232-3", 128),
    ("maj-3", 512),
    ("maj-3", 128),
    ("maj-3", 96),
    ("andor-3", 256),
    ("andor-3", 128),
    ("andor-3", 96),
)
"""Problems and training items: as in the panel, and so few that what is exact need not be true."""
PAIRS = ("gates", "senders", "words")

TEXT = """# Is smaller truer?

Exact circuits before and after shrinking ([engines.md](engines.md)), means over the runs that found one: gates and
their senders after simplification, unseen words that are right in all bits, runs with more and with fewer of these
after shrinking than before, seconds of search and of shrinking on one core (shared with other work).
Made by `python scripts/studies/shrink/study.py`; every run stands in
[rows.jsonl](../scripts/studies/shrink/rows.jsonl).

"""

READING = """
Smaller is truer where the truth is small: And/Or and majority circuits with Copies and Nots among them gain most,
and the more the fewer items there are. It is not where the truth uses every node: rule-232-3 takes 96 majorities,
128 items leave room for circuits of 88, and these get about one unseen word in a hundred more wrong; 256 items
do not.
"""


def run(name: str, n_train: int, seed: int, limit: float) -> dict[str, object]:
    task = btfnet.load(name)
    problem = task.problem.with_train(n_train)
    warm_up_search(problem, precision="float32", jobs=1, quiet=True)
    result = btfnet.solve(
        problem, task.settings, engine="descent", seed=seed, trials=1000, time_limit=limit, jobs=1
    )
    shrunk = result.kept.shrunk
    row = {"problem": name, "train": n_train, "seed": seed, "exact": result.exact, "limit": limit}
    if shrunk is None:
        return row
    words = [None if value != value else value for value in shrunk.words]
    seconds = {"search_seconds": result.seconds - shrunk.seconds, "shrink_seconds": shrunk.seconds}
    return row | {"gates": shrunk.gates, "senders": shrunk.senders, "words": words} | seconds


def load_rows() -> list[dict]:
    if not ROWS.exists():
        return []
    return [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]


def line(name: str, n_train: int, rows: list[dict]) -> str:
    done = [row for row in rows if "gates" in row]
    cells = [name, str(n_train), f"{len(done)}/{len(rows)}"]
    if done:
        gates, senders, words = ([mean_of(done, pair, when) for when in (0, 1)] for pair in PAIRS)
        cells += [f"{gates[0]:.1f} → {gates[1]:.1f}", f"{senders[0]:.0f} → {senders[1]:.0f}"]
        if None in words:
            cells += ["", ""]
        else:
            signs = [row["words"][1] - row["words"][0] for row in done]
            cells += [f"{words[0]:.2%} → {words[1]:.2%}"]
            cells += [f"{sum(sign > 0 for sign in signs)} / {sum(sign < 0 for sign in signs)}"]
        cells += [f"{mean(row[f'{part}_seconds'] for row in done):.2g}" for part in ("search", "shrink")]
    return "| " + " | ".join(cells) + " |"


def mean_of(rows: list[dict], pair: str, when: int) -> float | None:
    values = [row[pair][when] for row in rows]
    return None if None in values else mean(values)


def table(rows: list[dict]) -> str:
    head = (
        "problem",
        "items",
        "exact",
        "gates",
        "senders",
        "unseen words",
        "more / fewer",
        "search",
        "shrink",
    )
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    cases = {(row["problem"], row["train"]) for row in rows}
    for case in sorted(cases, key=lambda case: [*CASES, case].index(case)):
        lines.append(line(*case, [row for row in rows if (row["problem"], row["train"]) == case]))
    return "\n".join(lines)


@click.command(help=__doc__)
@click.option("--problem", "names", multiple=True, help="All of the study by default.")
@click.option("--train", type=int, help="Training items, for --problem.")
@click.option("--seeds", default=5, show_default=True, help="Seeds 0, 1000, 2000, …")
@click.option("--limit", default=60.0, show_default=True, help="Seconds per run.")
@click.option("--only-table", is_flag=True)
def main(names: tuple[str, ...], train: int | None, seeds: int, limit: float, only_table: bool) -> None:
    cases = [(name, n) for name, n in CASES if (not names or name in names) and train in (None, n)]
    if train is not None:
        cases = cases or [(name, train) for name in names]
    done = {(row["problem"], row["train"], row["seed"]) for row in load_rows()}
    for name, n_train in [] if only_table else cases:
        for seed in range(0, 1000 * seeds, 1000):
            if (name, n_train, seed) in done:
                continue
            row = run(name, n_train, seed, limit)
            with ROWS.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            click.echo(json.dumps(row))
    text = table(load_rows())
    TABLE.write_text(f"{TEXT}{text}\n{READING}", encoding="utf-8")
    click.echo(text)


if __name__ == "__main__":
    main()
