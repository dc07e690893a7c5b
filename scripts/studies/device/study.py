"""The device engine on the device that is there: a GPU at once where there is one, else the processor (small).

    python scripts/studies/device/study.py bytes       # bytes of an iteration as compiled, two layouts; a minute
    python scripts/studies/device/study.py speed       # batches of 1, 16 and 256 trials; candidates of descent
    python scripts/studies/device/study.py solution    # time to solution of rule-30-2 by RRR alone
    python scripts/studies/device/study.py page        # the tables of docs/device.md

Rows are appended to rows.jsonl beside this script; each says which device it is of.
"""

from __future__ import annotations

import os
import time
from typing import Any

import click

import btfnet
from btfnet.bench.device import BATCHES, LAYOUTS, measure_device
from btfnet.bench.kernel import random_problem
from btfnet.bench.sizes import Widths
from btfnet.engines.device.backend import device_named
from btfnet.engines.device.cost import iteration_cost
from btfnet.tasks import load
from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import check_checkout, package_digest
from scripts.studies.device.report import ROWS, table_of_bytes, table_of_solutions, table_of_speed

NETWORKS: tuple[tuple[Widths, int], ...] = (((16,) * 4, 64), ((32,) * 6, 512), ((128,) * 3, 512))
PROBLEM, SEED = "rule-30-2", 0
PAGE = DOCS / "device.md"


def stamp(what: str, name: str) -> dict[str, Any]:
    """What every row says: of what, where, when the machine was how busy, and by which sources."""
    device = device_named()
    return {
        "what": what, "device": str(device.device_kind), "name": name, "platform": device.platform,
        "load": round(os.getloadavg()[0], 1), "sources": package_digest(),
    }  # fmt: skip


@click.group(help=__doc__)
def main() -> None:
    check_checkout()


@main.command("bytes")
def compiled() -> None:
    """Bytes and operations of an iteration, as compiled for the device."""
    for widths, items in NETWORKS:
        problem = random_problem(widths, items)
        for layout, make in LAYOUTS.items():
            for trials in BATCHES[:2]:
                cost = iteration_cost(problem, trials, layout=make)
                name = f"{'-'.join(map(str, widths))}, {items} items, {layout}, {trials}"
                ROWS.keep({
                    **stamp("bytes", name), "layout": layout, "trials": trials, "items": items,
                    "network": "-".join(map(str, widths)), "edges": problem.network.n_edges,
                    "bytes": cost.bytes_moved, "operations": cost.operations,
                    "ns_at_3.35_TB_per_second": cost.nanoseconds(),
                })  # fmt: skip


@main.command()
def speed() -> None:
    """What `btfnet bench --device` measures."""
    ROWS.keep({**stamp("speed", "bench"), **measure_device()})


@main.command()
@options.limit(300.0, "Seconds of each engine.")
@click.option("--engine", "engines", multiple=True, default=("rrr", "rrr-jax"), show_default=True)
@click.option("--trials", default=16, show_default=True, type=options.COUNT)
def solution(limit: float, engines: tuple[str, ...], trials: int) -> None:
    """Seconds until the first exact circuit of rule-30-2, by RRR alone with the problem's own settings."""
    task = load(PROBLEM)
    for engine in engines:
        begun = time.monotonic()
        result = btfnet.solve(
            task.problem, task.settings, engine=engine, trials=trials, circuits=1, shrink=False, time_limit=limit,
            seed=SEED, tune=False,
        )  # fmt: skip
        ROWS.keep({
            **stamp("solution", engine), "problem": PROBLEM, "seed": SEED, "limit": limit, "exact": result.exact,
            "seconds": time.monotonic() - begun, "iterations": [trial.iterations for trial in result.trials],
            "wrong_bits": [trial.wrong_bits for trial in result.trials], "edge_items": task.problem.edge_items,
        })  # fmt: skip


@main.command()
def page() -> None:
    """Put the tables into docs/device.md."""
    write_part(PAGE, "bytes", table_of_bytes())
    write_part(PAGE, "speed", table_of_speed())
    write_part(PAGE, "solution", table_of_solutions())


if __name__ == "__main__":
    main()
