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
from pathlib import Path
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
from scripts.lib.rows import RowStore, check_checkout, package_digest
from scripts.lib.tables import markdown

ROWS = RowStore(Path(__file__).parent / "rows.jsonl", ("what", "device", "name"))
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


# -- the page -----------------------------------------------------------------------------------------------


def latest(what: str) -> list[dict[str, Any]]:
    """Of rows with one key the last."""
    return list({ROWS.key_of(row): row for row in ROWS.all() if row["what"] == what}.values())


def table_of_bytes() -> str:
    return markdown(
        ("network, items", "layout of the edges", "trials", "bytes", "ns at 3.35 TB/s: arithmetic, not measured"),
        [
            (f"{row['network']}, {row['items']}", row["layout"], str(row["trials"]), f"{row['bytes']:.0f}",
             f"{row['ns_at_3.35_TB_per_second']:.3f}")
            for row in latest("bytes")
        ],
    )  # fmt: skip


def table_of_speed() -> str:
    lines = []
    for facts in latest("speed"):
        where = f"{facts['platform']}, load {facts['load']}"
        for row in facts["batches"]:
            lines.append((
                where, row["layout"], str(row["trials"]), f"{row['ns']:.3g}", f"{row['ns_least']:.3g}",
                f"{row['bytes']:.0f}", f"{row['bytes_per_second'] / 1e9:.1f}", f"{row['share_of_copy']:.0%}",
            ))  # fmt: skip
        sweep = facts["sweep"]
        lines.append((where, "the engine rrr, one thread", "1", f"{sweep['ns']:.3g}", f"{sweep['ns_least']:.3g}",
                      "", "", ""))  # fmt: skip
    return markdown(
        ("device", "layout of the edges", "trials", "ns", "least", "bytes", "GB/s", "of a copy"), lines
    )


def table_of_solutions() -> str:
    return markdown(
        ("engine", "device", "seconds", "exact", "iterations of all trials", "wrong bits of the best"),
        [
            (row["name"], row["platform"], f"{row['seconds']:.0f}", "yes" if row["exact"] else "no",
             str(sum(row["iterations"])), str(min(bits for bits in row["wrong_bits"] if bits is not None)))
            for row in latest("solution")
        ],
    )  # fmt: skip


@main.command()
def page() -> None:
    """Put the tables into docs/device.md."""
    write_part(PAGE, "bytes", table_of_bytes())
    write_part(PAGE, "speed", table_of_speed())
    write_part(PAGE, "solution", table_of_solutions())


if __name__ == "__main__":
    main()
