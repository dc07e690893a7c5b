"""Functions that nobody knows, from examples: how many unseen answers are right, beside other learners?

    python scripts/studies/unknown_functions/study.py --data DIR  # everything that is still missing
    study.py ex00 noisy-xor-10          # some benchmarks
    study.py --method MLP --method btfnet --data DIR  # some learners
    study.py --jobs 2 --data DIR        # runs of btfnet side by side, each on one core
    study.py --again --data DIR         # also what another version of btfnet measured
    study.py --list                     # benchmarks and methods

DIR (or BTFNET_DATA) has others' data, which are in no commit; benchmarks that need none run without it. A run is a
benchmark, a seed and a method; peers are measured in this process, btfnet in processes of their own: first what it
recognises, then what it learns. A stopped study goes on where it was, and loses the runs under way alone. Seconds
are those of one core: set OMP_NUM_THREADS to 1. Rows go to rows.jsonl; report.py makes docs/unknown_functions.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import click

from scripts.lib import options
from scripts.lib.rows import Row, check_checkout, digest, package_digest
from scripts.lib.tables import markdown
from scripts.lib.workers import side_by_side
from scripts.studies.unknown_functions.benchmarks import ENTRIES, IWLS, KINDS, kind
from scripts.studies.unknown_functions.cases import (
    BUDGET,
    COMMITTEE,
    LEARNED,
    OURS,
    RECOGNISED,
    STORE,
    head,
    last_rows,
)
from scripts.studies.unknown_functions.given import Published, published
from scripts.studies.unknown_functions.items import Benchmark
from scripts.studies.unknown_functions.peers import PEERS
from scripts.studies.unknown_functions.peers import measured as peer_measured
from scripts.studies.unknown_functions.runs import Run, measured

HERE = Path(__file__).parent
METHODS = (*PEERS, *OURS)
Key = tuple[str, int, str]


@cache
def benchmark(name: str, folder: Path | None, seed: int) -> Benchmark:
    return ENTRIES[name].make(folder, seed)


def measure_peers(keys: Iterable[Key], folder: Path | None) -> None:
    sources = digest(*(HERE / f"{name}.py" for name in ("peers", "made", "given")))

    def measure(name: str, seed: int, method: str) -> Row:
        given = benchmark(name, folder, seed)
        row = peer_measured(given, PEERS[method], seed)
        return {**head(name, seed, method, given), **row, "sources": sources}

    STORE.fill(keys, measure)


def measure_ours(keys: Iterable[Key], folder: Path | None, limit: float, jobs: int, again: bool) -> None:
    check_checkout()
    rows, sources = last_rows(), package_digest()
    done = {
        key
        for key, row in rows.items()
        if row.get("limit", limit) >= limit and (not again or row.get("sources") == sources)
    }
    runs = [Run(*key, folder, limit) for key in keys if key not in done]
    for row in side_by_side(runs, jobs, measured, lambda run: run.name, lambda run: run.limit):
        STORE.keep(row)


def kind_row(team: str, name: str, teams: Sequence[Published]) -> Row:
    """What a contest's team did on the functions of one kind, on average. Single results are others' data."""
    mine = [each for each in teams if each.team == team and kind(each.name) == name]
    return {
        "benchmark": name,
        "seed": 0,
        "method": team,
        "functions": len(mine),
        "accuracy": round(sum(each.accuracy for each in mine) / len(mine), 6),
        "least": round(min(each.accuracy for each in mine), 6),
        "ands": round(sum(each.ands for each in mine) / len(mine), 1),
    }


def keep_published(folder: Path) -> None:
    teams = published(folder)
    keys = [(name, 0, team) for name in KINDS for team in dict.fromkeys(each.team for each in teams)]
    STORE.fill(keys, lambda name, seed, team: kind_row(team, name, teams))


def listing() -> str:
    lines = [
        [entry.name, kind(entry.name) if entry.name in IWLS else "", str(entry.seeds)]
        for entry in ENTRIES.values()
    ]
    return markdown(("benchmark", "what", "seeds"), lines) + f"\nmethods: {'; '.join(METHODS)}\n"


@options.command(__doc__)
@click.argument("names", nargs=-1, type=click.Choice(tuple(ENTRIES)))
@click.option("--method", "methods", multiple=True, type=click.Choice(METHODS), help="All by default.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    envvar="BTFNET_DATA",
    help="The folder of others' data.",
)
@options.limit(BUDGET, "Seconds on the clock of a run of btfnet.")
@options.jobs(1)
@options.again()
@click.option("--list", "only_list", is_flag=True, help="Show the benchmarks, measure nothing.")
def main(
    names: tuple[str, ...],
    methods: tuple[str, ...],
    data: Path | None,
    limit: float,
    jobs: int,
    again: bool,
    only_list: bool,
) -> None:
    if only_list:
        click.echo(listing(), nl=False)
        return
    entries = [ENTRIES[name] for name in names or ENTRIES]
    keys = [
        (entry.name, seed, method)
        for entry in entries
        if data or not entry.others
        for seed in range(entry.seeds)
        for method in methods or METHODS
    ]
    if data is not None:
        keep_published(data)
    measure_peers([key for key in keys if key[2] in PEERS], data)
    for method in (RECOGNISED, COMMITTEE, LEARNED):
        measure_ours([key for key in keys if key[2] == method], data, limit, jobs, again)


if __name__ == "__main__":
    main()
