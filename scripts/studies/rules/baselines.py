"""Rules from two observations, by what others would use: satisfiability, and the published projections.

    python scripts/studies/rules/baselines.py  # what is still missing; rows go to baselines.jsonl
    baselines.py --data FOLDER  # also the reference's files that lie there
    baselines.py --only "n = 6" --way projections  # some of them
    baselines.py --write        # the tables of docs/rules_by_projections.md

Satisfiability: the clauses of encodings.py, CaDiCaL 1.9.5, LIMIT seconds of the processor. Projections: the worked
problem problems/rule_from_rows.py, STARTS starts; rings alone. A rule that was found is tried: from the first row
or grid it must lead to the last. `right`: it did so, though the copies may not have agreed yet. A run has
one core; `seconds` are the processor's, `wall` those on the clock.
"""

from __future__ import annotations

import multiprocessing
import resource
import runpy
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import click
import numpy as np
from pysat.solvers import Solver

from scripts.lib import options
from scripts.lib.pages import DOCS, ROOT, write_part
from scripts.lib.rows import Row, RowStore
from scripts.studies.rules import baselines_page
from scripts.studies.rules.encodings import encoded
from scripts.studies.rules.instances import Instance, Ring, planted, read

STORE = RowStore(Path(__file__).with_name("baselines.jsonl"), ("instance", "way", "seed"))
PAGE, PROBLEM = DOCS / "rules_by_projections.md", ROOT / "problems" / "rule_from_rows.py"
SOLVER, LIMIT, STARTS = "cadical195", 120.0, 5
SAT, PROJECTIONS = "SAT", "projections"


@cache
def problem() -> dict[str, Any]:
    return runpy.run_path(str(PROBLEM))


def by_projections(ring: Ring, seed: int) -> Row:
    """One start."""
    solve, (scales, most) = problem()["rule_from_rows"], budget(ring.inputs)
    begun, wall = time.process_time(), time.monotonic()
    solution, table, right = solve(
        ring.first, ring.last, ring.inputs, ring.steps, seed, scales=scales, max_iterations=most
    )
    seconds, wall = time.process_time() - begun, time.monotonic() - wall
    return {
        "found": bool(solution.solved and right), "ended": solution.status.key, "right": right, "seconds": seconds,
        "wall": wall, "iterations": solution.iterations, "limit": most, "scales": scales, "rule": numbered(table),
    }  # fmt: skip


def by_sat(instance: Instance, limit: float) -> Row:
    """In a process of its own, which the system ends when its time is over."""
    begun = time.process_time()
    clauses, rule = encoded(instance)
    building = time.process_time() - begun
    ours, theirs = multiprocessing.Pipe(duplex=False)
    arguments = (theirs, clauses.lists, rule.ravel(), limit)
    process = multiprocessing.get_context("spawn").Process(target=_solve, args=arguments)
    process.start()
    theirs.close()
    try:
        answer, seconds, wall = ours.recv()
    except EOFError:
        answer, seconds, wall = None, limit, None
    process.join()
    bits = None if not answer else np.array(answer).reshape(rule.shape)
    found = bits is not None and bool((instance.later(bits) == instance.last).all())
    return {
        "found": found, "ended": "time_limit" if answer is None else "solved" if answer else "refuted",
        "seconds": seconds, "wall": wall, "building": building, "limit": limit,
        "variables": clauses.n_variables, "clauses": len(clauses.lists),
        "rule": None if bits is None else numbered(bits),
    }  # fmt: skip


def _solve(pipe: Connection, lists: list[list[int]], rule: Sequence[int], limit: float) -> None:
    """Sends the rule's bits (none: there is no rule) and the seconds of the solver."""
    begun, wall = time.process_time(), time.monotonic()
    resource.setrlimit(resource.RLIMIT_CPU, (int(begun + limit) + 1, resource.RLIM_INFINITY))
    with Solver(name=SOLVER, bootstrap_with=lists) as solver:
        solver.solve()
        model = solver.get_model()
    bits = [] if model is None else [int(model[variable - 1] > 0) for variable in rule]
    pipe.send((bits, time.process_time() - begun, time.monotonic() - wall))


def numbered(bits: np.ndarray) -> str:
    """A table as the number of its rule; masks as their bits."""
    if bits.ndim == 1:
        return str(sum(int(bit) << pattern for pattern, bit in enumerate(bits)))
    return " ".join("".join(map(str, mask)) for mask in bits)


def budget(inputs: int) -> tuple[tuple[float, float], int]:
    """Scales η and ζ, and the most iterations of a start: the reference's for three inputs."""
    return ((0.4, 0.7), 50_000) if inputs <= 3 else ((0.5, 0.4), 30_000)


Job = tuple[tuple[str, str, int], Callable[[], Row]]
"""What tells its row from others, and how it is measured."""


def jobs(instances: Sequence[Instance], ways: Sequence[str], limit: float) -> Iterator[Job]:
    for each in instances:
        if SAT in ways:
            yield (each.name, SAT, 0), partial(by_sat, each, limit)
        if PROJECTIONS in ways and isinstance(each, Ring):
            for seed in range(STARTS):
                yield (each.name, PROJECTIONS, seed), partial(by_projections, each, seed)


@options.command(__doc__)
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="The reference's files."
)
@click.option("--only", default="", help="Instances whose name has this in it.")
@click.option("--way", "ways", multiple=True, type=click.Choice([SAT, PROJECTIONS]), help="All by default.")
@click.option("--write", is_flag=True, help="Measure nothing; write the page's tables.")
@options.limit(LIMIT, "Seconds of the solver for an instance.")
def main(data: Path | None, only: str, ways: tuple[str, ...], write: bool, limit: float) -> None:
    if write:
        for name, text in baselines_page.tables(STORE.all()).items():
            write_part(PAGE, name, text)
        return
    instances = [each for each in [*planted(), *(read(data) if data else ())] if only in each.name]
    done = set(map(STORE.key_of, STORE.all()))
    for key, measure in jobs(instances, ways or (SAT, PROJECTIONS), limit):
        if key not in done:
            STORE.keep({**dict(zip(STORE.key, key, strict=True)), **measure()})


if __name__ == "__main__":
    main()
