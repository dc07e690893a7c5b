"""All elementary cellular automata: how many are learned so that every unseen word is right?

    python scripts/studies/rules/study.py  # 88 rules, 1, 2 and 3 steps, free networks; what is still missing
    study.py 30 110 --steps 1  # some of them
    study.py --widths          # layers, for all rules the same
    study.py --jobs 2          # two runs side by side, each on half of the cores
    study.py --again           # also what other sources have measured

Of the 256 rules 88 are left when a rule counts as the same as its mirror image and as its complement (0 and 1
exchanged); the least number stands for all of them. A run is `btfnet.solve(problem)` without settings, as in
the panel: 16 cells on a ring, 512 of 10 000 items to train, no widths.
Rows go to rows.jsonl; report.py makes docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from scripts.lib import options
from scripts.lib.rows import RowStore, check_checkout, package_digest
from scripts.lib.workers import cores_of_each, side_by_side
from scripts.studies.panel.cases import FREE, SEED_STEP, Case, Goal, Job, Key, Widths, last_rows, missing
from scripts.studies.panel.runs import measured

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), Key._fields)
ITEMS = 512
STEPS = (1, 2, 3)
WIDTHS = {1: (16, 32, 32, 16), 2: (16, 64, 64, 64, 16)}
"""Of all rules, by the number of steps, where layers are asked for."""


def mirrored(rule: int) -> int:
    """The rule that does to mirror images what this one does: left and right neighbours change places."""
    return sum((rule >> (4 * right + 2 * own + left) & 1) << (4 * left + 2 * own + right)
               for left in (0, 1) for own in (0, 1) for right in (0, 1))  # fmt: skip


def complemented(rule: int) -> int:
    """The same rule with 0 and 1 exchanged, in the neighbourhood and in the outcome."""
    return sum((1 - (rule >> (7 - pattern) & 1)) << pattern for pattern in range(8))


def representatives(rules: Iterable[int] = range(256)) -> list[int]:
    """The least rule of every class to which these belong."""

    def least(rule: int) -> int:
        mirror = mirrored(rule)
        return min(rule, mirror, complemented(rule), complemented(mirror))

    return sorted({least(rule) for rule in rules})


def case(rule: int, steps: int, limit: float, widths: Widths = FREE) -> Case:
    name = f"rule-{rule}-{steps}"
    return Case(name, name, limit, Goal(limit, words=1), widths, ITEMS)


@options.command(__doc__)
@click.argument("rules", nargs=-1, type=click.IntRange(0, 255))
@click.option("--steps", "wanted_steps", multiple=True, type=click.IntRange(1, 3), help="All by default.")
@click.option("--widths", is_flag=True, help="Networks of layers; of 1 and 2 steps.")
@options.seeds(3, "0, 1000, …")
@options.limit(120.0)
@options.jobs(1)
@options.again()
def main(
    rules: tuple[int, ...],
    wanted_steps: tuple[int, ...],
    widths: bool,
    seeds: int,
    limit: float,
    jobs: int,
    again: bool,
) -> None:
    check_checkout()
    cores = cores_of_each(jobs)
    networks: dict[int, Widths] = dict(WIDTHS) if widths else dict.fromkeys(STEPS, FREE)
    wanted = [
        Job(case(rule, steps, limit, network), "auto", "none", SEED_STEP * number, limit, cores)
        for steps, network in networks.items()
        if steps in (wanted_steps or STEPS)
        for number in range(seeds)
        for rule in representatives(rules or range(256))
    ]
    left = missing(wanted, last_rows(STORE), package_digest() if again else None)
    for row in side_by_side(left, jobs, measured, lambda job: job.case.name, lambda job: job.limit):
        STORE.keep(row)


if __name__ == "__main__":
    main()
