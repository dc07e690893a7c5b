"""Projections on 1, 2 and 4 ranks, by turns, beside threads, and on 2 ranks with a slower network.

    python scripts/studies/ranks/study.py  # every run that is still missing

Rows lie in rows.jsonl beside this file. Needs the extra `mpi`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from scripts.lib import options
from scripts.lib.pages import ROOT, STUDIES
from scripts.lib.rows import Row, RowStore

HERE = STUDIES / "ranks"
STORE = RowStore(HERE / "rows.jsonl", ("items", "ranks", "threads", "delay_ms", "gb_per_second", "round"))
HIDDEN = 70
"""Hidden nodes behind 64 inputs, 8 outputs: 5118 edges."""
SIZES = {2_000: 30, 10_000: 12}
"""Items, and iterations of a run: 10⁷ and 5·10⁷ edge·items."""
WAYS = ((1, 1), (1, 2), (2, 1), (4, 1))
"""Ranks, and threads of each."""
NETWORKS = ((1.0, 0.0), (5.0, 0.0), (0.0, 0.1))
"""Milliseconds for each exchange, and gigabytes a second, that are added on two ranks."""
ROUNDS = 5


def measure(n_items: int, ranks: int, threads: int, delay: float, rate: float, turn: int) -> Row:
    mpirun = str(Path(sys.executable).with_name("mpirun"))
    words = [n_items, HIDDEN, threads, SIZES[n_items], delay, rate]
    done = subprocess.run(
        [mpirun, "-n", str(ranks), sys.executable, str(HERE / "worker.py"), *map(str, words)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    key = {"items": n_items, "ranks": ranks, "threads": threads, "delay_ms": delay, "gb_per_second": rate}
    return {**key, "round": turn, "load": os.getloadavg()[0], **json.loads(done.stdout)}


def keys() -> list[tuple[int, int, int, float, float, int]]:
    """Rounds outermost: what is compared runs by turns."""
    ways = [(ranks, threads, 0.0, 0.0) for ranks, threads in WAYS]
    ways += [(2, 1, *network) for network in NETWORKS]
    return [(n_items, *way, turn) for turn in range(ROUNDS) for n_items in SIZES for way in ways]


@options.command(__doc__)
def main() -> None:
    STORE.fill(keys(), measure)


if __name__ == "__main__":
    main()
