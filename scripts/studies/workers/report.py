"""The table of docs/workers.md, from the rows of study.py beside this file.

python scripts/studies/workers/report.py
"""

from __future__ import annotations

from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import Row
from scripts.lib.tables import markdown
from scripts.studies.workers.study import STORE

NAMES = {"pool": "`ProcessPoolExecutor`", "dask": "Dask", "mpi": "`MPIPoolExecutor`"}


def figures(row: Row) -> tuple[str, str]:
    """What was measured, and what came of it."""
    part = row["part"]
    if part == "overhead":
        return (
            "a trial costs more than here",
            f"{row['ms_more']:.1f} ms (here {row['ms_of_a_trial_here']:.1f} ms)",
        )
    if part == "win":
        last = max(seconds for seconds in row["seconds_until_others_ended"] if seconds is not None)
        free = max(row["seconds_until_all_take_other_work"])
        return "after a win: other trials end; all workers take other work", f"{last:.2f} s; {free:.2f} s"
    what = {
        "kills": "a worker killed every 5 s",
        "restart": "the scheduler killed, and begun anew 5 s later",
        "vanishes": "the mailbox's folder away for 10 s",
    }[part]
    came = "as here, to the last bit" if row["same"] else "OTHERS THAN HERE"
    killed = f"; {row['killed']} killed" if "killed" in row else ""
    return (
        f"{row['trials']} trials, {what}",
        f"{row['lost']} lost, {came} ({row['seconds_there']:.0f} s, here {row['seconds_here']:.0f} s{killed})",
    )


def table() -> str:
    last = {STORE.key_of(row): row for row in STORE.all()}
    return markdown(
        ("workers", "what", "measured"), [(NAMES[row["workers"]], *figures(row)) for row in last.values()]
    )


@options.command(__doc__)
def main() -> None:
    write_part(DOCS / "workers.md", "workers", table())


if __name__ == "__main__":
    main()
