"""Rules from two snapshots: how many of the seeds are solved, how fast, and whether the rule is the hidden one.

    python scripts/studies/reconstruction/study.py               # what is still missing; rows go to rows.jsonl
    study.py --data FOLDER --only gol                            # files of the reference's programs
    study.py --only "n = 6, t = 4" --seeds 2                     # some of it
    study.py --list

Every run has all cores and its limit of seconds. What a rule gets wrong is counted by running it without kernels.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import click

from btfnet.machine import cores
from btfnet.rules import Reconstruction, TableRule, reconstruct
from scripts.lib import options
from scripts.lib.rows import Row, RowStore, check_checkout
from scripts.studies.reconstruction.commands import Commands
from scripts.studies.reconstruction.instances import Instance, LifeTable, Planted, files

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("case", "seed"))
SEED_STEP = 1000
GATES = (("cell", "gates"),)


class Case(Protocol):
    """What has an instance for every seed."""

    def instance(self, seed: int) -> Instance: ...


def cases() -> dict[str, tuple[Case | Commands, float]]:
    """By name, with the limit in seconds."""
    found: dict[str, tuple[Case | Commands, float]] = {}
    for number in (30, 110):
        for steps in range(2, 9):
            found[f"rule {number}, t = {steps}, ring of 30"] = Planted(3, steps, 30, number), 10
        found[f"rule {number}, t = 2 to 8, ring of 30, by the command"] = Commands(number, 30), 10
    sizes = [
        (6, 2, 200), (6, 3, 200), (6, 4, 200), (6, 4, 1000), (6, 5, 1000), (7, 2, 200), (7, 2, 1000), (7, 3, 1000),
        (8, 2, 200), (8, 2, 1000),
    ]  # fmt: skip
    for inputs, steps, cells in sizes:
        limit = 60 if (inputs, steps) in ((6, 2), (6, 3), (7, 2)) else 300
        found[f"n = {inputs}, t = {steps}, ring of {cells}"] = Planted(inputs, steps, cells), limit
    found["n = 6, t = 2, ring of 200, 10 % unknown"] = Planted(6, 2, 200, unknown=0.1), 60
    found["n = 6, t = 2, ring of 200, 15 % unknown"] = Planted(6, 2, 200, unknown=0.15), 60
    noise = (("noise", "auto"),)
    found["n = 6, t = 2, ring of 200, 2 % wrong"] = Planted(6, 2, 200, wrong=0.02, told=noise), 120
    found["n = 6, t = 3, ring of 200, 1 % wrong"] = Planted(6, 3, 200, wrong=0.01, told=noise), 300
    for rows in (1, 2, 4, 8, 16):
        name = f"rule 30, t = 8, {rows} rows of 16, gates"
        found[name] = Planted(3, 8, 16, 30, runs=rows, told=GATES), 60
    found["Life as a table, t = 1, 32 x 32"] = LifeTable(32, 1), 60
    found["Life as a table, t = 2, 32 x 32"] = LifeTable(32, 2), 300
    return found


def measured(name: str, case: Case | Commands, seed: int, limit: float) -> Row:
    """One run."""
    if isinstance(case, Commands):
        return {"case": name, "seed": seed, "limit": limit, "cores": cores(), **case.measured(seed)}
    instance = case.instance(seed)
    begun, processor = time.monotonic(), time.process_time()
    result = reconstruct(
        instance.observations, time_limit=limit, seed=SEED_STEP * seed, unique=False, **instance.told
    )
    seconds, processor = time.monotonic() - begun, time.process_time() - processor
    return {
        "case": name, "seed": seed, "status": result.status.key, "exact": result.exact, "wrong": result.wrong,
        "known": result.n_known, "seconds": seconds, "cpu_seconds": processor, "limit": limit, "cores": cores(),
        "tried": sum(trial.tried for trial in result.trials), "starts": len(result.trials),
        **_beside(result, instance.rule),
    }  # fmt: skip


def _beside(result: Reconstruction, rule: TableRule | None) -> Row:
    """Bits of the rule that no cell asked for, and of the others those that are not the hidden rule's."""
    table = result.table if result.neighbourhood.size <= 10 else None
    open_bits = table.n_open if table is not None else 0
    found: Row = {
        "open": open_bits,
        "different": None,
        "number": None if table is None else hex(table.number),
    }
    if rule is not None and table is not None:
        found["different"] = int(((table.values != rule.values) & ~table.unseen).sum())
    return found


def wanted(data: Path | None) -> Iterator[tuple[str, Case | Commands, float]]:
    for name, (case, limit) in cases().items():
        yield name, case, limit
    for file in files(data) if data else ():
        yield f"file {file.path.name}", file, 60


def warm() -> None:
    """Compiles, or loads, all that is timed."""
    small = Planted(3, 2, 8, 30).instance(0)
    seen = small.observations
    for neighbours in (3, 6):
        reconstruct(seen, neighbours=neighbours, time_limit=5.0, unique=False)
    reconstruct(seen, neighbours=3, cell="gates", time_limit=5.0, unique=False)
    reconstruct(seen, neighbours=3, cell="masks", time_limit=5.0, unique=False)
    reconstruct(seen, neighbours=12, cell="masks", time_limit=0.2, unique=False)


@options.command(__doc__)
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="The reference's files."
)
@click.option("--only", default="", help="Cases with this in their name.")
@click.option("--list", "listed", is_flag=True, help="Name the cases.")
@options.seeds(5)
@options.limit(help="Seconds of a run, in place of each case's own.")
def main(data: Path | None, only: str, listed: bool, seeds: int, limit: float | None) -> None:
    chosen = [(name, case, limit) for name, case, limit in wanted(data) if only in name]
    if listed:
        click.echo("\n".join(name for name, _, _ in chosen))
        return
    check_checkout()
    warm()
    done = set(map(STORE.key_of, STORE.all()))
    for seed in range(seeds):
        for name, case, own in chosen:
            if (name, seed) not in done:
                STORE.keep(measured(name, case, seed, limit or own))


if __name__ == "__main__":
    main()
