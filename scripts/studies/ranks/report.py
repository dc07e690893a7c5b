"""The measured part of docs/ranks.md, from the rows of study.py beside this file.

python scripts/studies/ranks/report.py
"""

from __future__ import annotations

from math import ceil, log2
from statistics import median

from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import Row
from scripts.lib.tables import markdown
from scripts.studies.ranks.study import NETWORKS, SIZES, STORE, WAYS

EXCHANGES = 3
"""Of an iteration."""
NETWORK_SECONDS, NETWORK_BYTES = 30e-6, 10e9
"""Assumed of a network between machines: for one message, and a second."""
NS = 0.8
"""Assumed nanoseconds of one edge, item and iteration on one core: a quiet machine's."""
LOOKS = 0.1
"""Part of one process's time that looks take at most."""
LANES = 64
LARGE = ((5_000, 1_000), (20_000, 10_000), (500_000, 10_000))
"""Edges and items."""


def middle(name: str, items: int, ranks: int, threads: int, delay: float = 0.0, rate: float = 0.0) -> float:
    rows = [row for row in STORE.all() if _key(row) == (items, ranks, threads, delay, rate)]
    return median(row[name] for row in rows)


def _key(row: Row) -> tuple[int, int, int, float, float]:
    return tuple(row[name] for name in ("items", "ranks", "threads", "delay_ms", "gb_per_second"))


def ratio(items: int, way: tuple[int, int], other: tuple[int, int]) -> tuple[float, float, float]:
    """Median, least and largest over the rounds of the time of one way over that of the other."""
    rows = {(_key(row)[:3], row["round"]): row["ms"] for row in STORE.all() if not any(_key(row)[3:])}
    rounds = sorted({turn for _, turn in rows})
    found = [rows[(items, *way), turn] / rows[(items, *other), turn] for turn in rounds]
    return median(found), min(found), max(found)


def iteration(edges: int, items: int, ranks: int, ns: float, delay: float, rate: float) -> float:
    """Seconds of an iteration by the model that the page states."""
    blocks = ceil(items / LANES)
    share = ceil(blocks / ranks)
    compute = ns * 1e-9 * edges * LANES * share
    sent = 4 * edges * share * (ranks - 1) / ranks + 4 * edges + 24 * blocks
    steps = ceil(log2(ranks))
    return compute + (EXCHANGES * steps * delay + sent / rate if ranks > 1 else 0.0)


def measured() -> str:
    lines = []
    for items in SIZES:
        digests = {row["digest"] for row in STORE.all() if row["items"] == items}
        for ranks, threads in WAYS:
            times = [middle(name, items, ranks, threads) for name in ("ms", "exchange_ms", "waiting_ms")]
            gain = ratio(items, (1, 1), (ranks, threads))
            lines.append(
                [
                    f"{items}",
                    f"{ranks}",
                    f"{threads}",
                    f"{times[0]:.1f}",
                    f"{gain[0]:.2f} ({gain[1]:.2f} to {gain[2]:.2f})",
                    f"{times[1]:.2f} ({times[1] / times[0]:.1%})",
                    f"{times[2]:.1f}",
                    f"{middle('kilobytes', items, ranks, threads):.0f}",
                    f"{middle('state_mib', items, ranks, threads):.0f}",
                    f"{middle('process_mib', items, ranks, threads):.0f}",
                    "yes" if len(digests) == 1 else "NO",
                ]
            )
    head = (
        "items", "ranks", "threads of each", "ms an iteration", "gain over one of each (range)",
        "exchange, ms", "waiting, ms", "kB sent by a rank", "state of a rank, MiB", "largest process, MiB",
        "same bits",
    )  # fmt: skip
    return markdown(head, lines)


def slowed() -> tuple[str, float]:
    """Predicted and measured times with a slower network, and the largest error."""
    lines, errors = [], []
    for items in SIZES:
        plain, sent = middle("ms", items, 2, 1), middle("kilobytes", items, 2, 1)
        for delay, rate in NETWORKS:
            found = middle("ms", items, 2, 1, delay, rate)
            expected = plain + EXCHANGES * delay + (sent / 1e6 / rate * 1e3 if rate else 0.0)
            errors.append(abs(expected / found - 1))
            name = f"{delay:g} ms an exchange" if delay else f"{rate:g} GB/s"
            lines.append(
                [f"{items}", name, f"{expected:.1f}", f"{found:.1f}", f"{expected / found - 1:+.0%}"]
            )
    table = markdown(("items", "added on 2 ranks", "model, ms", "measured, ms", "model is off by"), lines)
    return table, max(errors)


def many(looks: float) -> str:
    lines = []
    for edges, items in LARGE:
        one = iteration(edges, items, 1, NS, 0, 1)
        cells = [f"{edges} × {items}"]
        for ranks in (8, 16, 32, 64):
            shared = iteration(edges, items, ranks, NS, NETWORK_SECONDS, NETWORK_BYTES)
            cells.append(f"{one / shared:.1f}× ({(1 + looks) * one / (shared + looks * one):.1f}×)")
        lines.append(cells)
    return markdown(("edges × items", "8 ranks", "16", "32", "64"), lines)


def text() -> str:
    largest = max(SIZES)
    ranks, threads = ratio(largest, (1, 1), (2, 1)), ratio(largest, (1, 1), (1, 2))
    table, worst = slowed()
    loads = [row["load"] for row in STORE.all()]
    return f"""
{measured()}
At {5118 * largest:.1e} edge·items two ranks are {ranks[0]:.2f} times as fast as one process on one thread, and
two threads of one process {threads[0]:.2f} times, in the same rounds; the load was {min(loads):.0f} to
{max(loads):.0f} on two cores.

### A model for more ranks

An iteration of E edges and B blocks on K ranks takes

    n · 64 E ⌈B/K⌉  +  3 ⌈log₂ K⌉ d  +  (4 E ⌈B/K⌉ (K - 1)/K + 4 E + 24 B) / r

with n for an edge and item on one core, d for a message and r bytes a second for what a rank sends. Assumed: all
ranks are equally fast and have a core and its share of the memory's bandwidth each, exchanges take ⌈log₂ K⌉ steps,
and do not overlap with computing. Checked with what can be measured: two ranks whose exchanges are made slower by
a known time, or by bytes over a known rate; the largest error is {worst:.0%}.

{table}
Not measured: the gain with n = {NS} ns, d = {NETWORK_SECONDS * 1e6:.0f} µs, r = {NETWORK_BYTES / 1e9:.0f} GB/s;
in brackets with looks of the first rank alone, if they take {LOOKS:.0%} of the time of one process's iterations
besides.

{many(LOOKS)}"""


@options.command(__doc__)
def main() -> None:
    write_part(DOCS / "ranks.md", "ranks", text())


if __name__ == "__main__":
    main()
