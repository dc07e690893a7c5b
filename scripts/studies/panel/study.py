"""Measure the panel: problems x engines x seeds, resumable.

    python scripts/studies/panel/study.py  # every run still missing in rows.jsonl
    study.py andor-2 maj-5@512 --seeds 1    # some rows: cases, or all cases of a problem
    study.py --engine rrr --engine descent  # engines alone; auto by default
    study.py --settings own                 # with the problem files' own settings
    study.py free                           # all cases with networks that grow, which nobody gave widths
    study.py --again                        # also what other sources have measured
    study.py --list                         # cases, networks, goals

A run is `btfnet.solve(problem)` without any setting, until a circuit is exact or the case's time is up, in a
process that has compiled its kernels. Runs follow one another on all cores, or --jobs of them share the cores; the
cases that may take the least time come first. A run that was not exact is measured again when it may take longer
now. A killed panel loses only the runs under way, a killed run only itself.
Rows carry the digest of the sources they were made with; the last row of a run counts. Failed runs stay, with
their time. report.py makes docs/results.md and the README's ten rows.
"""

from __future__ import annotations

import click

from scripts.lib import options
from scripts.lib.rows import check_checkout, package_digest
from scripts.lib.tables import markdown
from scripts.lib.workers import cores_of_each, side_by_side
from scripts.studies.panel.cases import (
    ENGINES,
    SEED_STEP,
    SETTINGS,
    STORE,
    Case,
    Job,
    cases_named,
    duration,
    last_rows,
    missing,
    shape,
    short,
)
from scripts.studies.panel.runs import measured


@options.command(__doc__)
@click.argument("names", nargs=-1)
@click.option("--engine", "engines", multiple=True, type=click.Choice(ENGINES), help="auto by default.")
@click.option("--settings", multiple=True, type=click.Choice(SETTINGS), help="none by default.")
@options.seeds(5, "0, 1000, …")
@options.limit(help="Seconds of a run; by default the case's.")
@options.jobs(1)
@options.again()
@click.option("--list", "only_list", is_flag=True, help="Show the cases, measure nothing.")
def main(
    names: tuple[str, ...],
    engines: tuple[str, ...],
    settings: tuple[str, ...],
    seeds: int,
    limit: float | None,
    jobs: int,
    again: bool,
    only_list: bool,
) -> None:
    cases = cases_named(names)
    if only_list:
        click.echo(listing(cases), nl=False)
        return
    check_checkout()
    cores = cores_of_each(jobs)
    wanted = [
        Job(case, engine, way, SEED_STEP * number, limit or case.limit, cores)
        for case in cases
        for way in settings or SETTINGS[:1]
        for engine in engines or ENGINES[:1]
        for number in range(seeds)
    ]
    left = missing(cheapest_first(wanted), last_rows(), package_digest() if again else None)
    for row in side_by_side(left, jobs, measured, lambda job: job.case.name, lambda job: job.limit):
        STORE.keep(row)


def cheapest_first(jobs: list[Job]) -> list[Job]:
    """By the time that a run may take; all seeds of a case together."""
    return sorted(jobs, key=lambda job: job.limit)


def listing(cases: list[Case]) -> str:
    lines = [
        [case.name, short(shape(case.load())), str(case.load().n_train), duration(case.limit), str(case.goal)]
        for case in cases
    ]
    return markdown(("case", "network", "N", "limit", "goal"), lines)


if __name__ == "__main__":
    main()
