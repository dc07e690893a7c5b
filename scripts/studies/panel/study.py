"""Measure the panel: problems x engines x seeds, resumable, and write the tables of results.

    python scripts/studies/panel/study.py  # every run still missing in rows.jsonl
    study.py andor-2 maj-5@512 --seeds 1    # some rows: cases, or all cases of a problem
    study.py --engine rrr --engine descent  # engines alone; auto by default
    study.py --settings own                 # with the problem files' own settings
    study.py --again                        # also what other sources have measured
    study.py --list                         # cases, networks, goals
    study.py --only-tables                  # tables from what is there

A run is `btfnet.solve(problem)` without any setting, until a circuit is exact or the case's time is up, in a
process that has compiled its kernels. Runs follow one another on all cores, or --jobs of them share the cores; the
first seed of all cases comes first. A run that was not exact is measured again when it may take longer now. A
killed panel loses only the runs under way.
Rows carry the digest of the sources they were made with; the last row of a run counts. Failed runs stay, with
their time. Writes rows.jsonl, cells.json, docs/results.md and the tables of the README.
"""

from __future__ import annotations

import json

import click

from scripts.studies.panel.cases import (
    ENGINES,
    SEED_STEP,
    SETTINGS,
    Job,
    cases_named,
    check_checkout,
    digest,
    duration,
    keep,
    load_rows,
    missing,
    shape,
)
from scripts.studies.panel.report import markdown, short, write_tables
from scripts.studies.panel.runs import cores_of_each, side_by_side


@click.command(help=__doc__)
@click.argument("names", nargs=-1)
@click.option("--engine", "engines", multiple=True, type=click.Choice(ENGINES), help="auto by default.")
@click.option("--settings", multiple=True, type=click.Choice(SETTINGS), help="none by default.")
@click.option("--seeds", default=5, show_default=True, type=click.IntRange(min=1), help="Seeds 0, 1000, …")
@click.option(
    "--limit", type=click.FloatRange(min=0, min_open=True), help="Seconds a run; by default the case's."
)
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(min=1), help="Runs side by side.")
@click.option("--again", is_flag=True, help="Measure anew what was measured with other sources.")
@click.option("--list", "only_list", is_flag=True, help="Show the cases, measure nothing.")
@click.option("--only-tables", is_flag=True, help="Measure nothing.")
def main(
    names: tuple[str, ...],
    engines: tuple[str, ...],
    settings: tuple[str, ...],
    seeds: int,
    limit: float | None,
    jobs: int,
    again: bool,
    only_list: bool,
    only_tables: bool,
) -> None:
    cases = cases_named(names)
    if only_list:
        click.echo(listing(cases), nl=False)
        return
    check_checkout()
    cores = cores_of_each(jobs)
    wanted = [
        Job(case, engine, way, SEED_STEP * number, limit or case.limit, cores)
        for number in range(seeds)
        for way in settings or SETTINGS[:1]
        for engine in engines or ENGINES[:1]
        for case in cases
    ]
    left = [] if only_tables else missing(wanted, load_rows(), digest() if again else None)
    try:
        for row in side_by_side(left, jobs):
            keep(row)
            click.echo(json.dumps(row))
    finally:
        write_tables(list(load_rows().values()))


def listing(cases: list) -> str:
    lines = [
        [case.name, short(shape(case.made())), str(case.made().n_train), duration(case.limit), str(case.goal)]
        for case in cases
    ]
    return markdown(("case", "network", "N", "limit", "goal"), lines)


if __name__ == "__main__":
    main()
