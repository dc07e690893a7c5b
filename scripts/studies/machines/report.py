"""The tables of docs/machines.md, from the rows of study.py beside this file.

python scripts/studies/machines/report.py
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import Row
from scripts.lib.tables import markdown, percent, seconds
from scripts.studies.machines.hidden import HIDDEN
from scripts.studies.machines.study import STORE, TRACES, WITH_UNKNOWN_START


def of(rows: Sequence[Row], name: str, start: str, traces: int) -> list[Row]:
    return [row for row in rows if (row["machine"], row["start"], row["traces"]) == (name, start, traces)]


def count(runs: Sequence[Row], field: str) -> str:
    return f"{sum(bool(row[field]) for row in runs)}/{len(runs)}"


def states(runs: Sequence[Row]) -> str:
    found = sorted({row["states"] for row in runs})
    return str(found[0]) if len(found) == 1 else f"{found[0]} to {found[-1]}"


def line(name: str, runs: Sequence[Row], judged: str) -> list[str]:
    return [
        name,
        states(runs),
        count(runs, "exact"),
        count(runs, "smallest"),
        count(runs, "forced"),
        judged,
        percent(min(row["right"] for row in runs), 1),
        f"{median(row['gates'] for row in runs):g}",
        seconds(median(row["seconds"] for row in runs)),
        seconds(max(row["seconds"] for row in runs)),
    ]


def of_so_many(runs: Sequence[Row]) -> str:
    return f"{count(runs, 'equal')} ({count(runs, 'forced')})" if runs else ""


def tables(rows: Sequence[Row]) -> str:
    latest = list({STORE.key_of(row): row for row in rows}.values())
    head = ["machine", "states", "exact", "proven smallest", "forced", "equal", "held-out traces right, worst, %",
            "gates", "seconds", "slowest"]  # fmt: skip
    full = [
        line(name, runs, count(runs, "equal")) for name in HIDDEN if (runs := of(latest, name, "known", 200))
    ]
    fewer = [[name, *(of_so_many(of(latest, name, "known", n)) for n in TRACES[::-1])] for name in HIDDEN]
    anywhere = [
        line(name, runs, "") for name in WITH_UNKNOWN_START if (runs := of(latest, name, "unknown", 200))
    ]
    forced = [row for row in latest if row["forced"] and row["start"] == "known"]
    return "\n".join(
        [
            "",
            "From 200 traces of 20 steps:\n",
            markdown(head, full),
            "From fewer traces: runs whose gates are equal to the hidden machine, and in brackets those whose "
            "transitions are proven to be the only ones:\n",
            markdown(["machine", *(f"{n} traces" for n in TRACES[::-1])], fewer),
            f"Of all runs whose transitions are proven to be the only ones, {count(forced, 'equal')} are equal.\n",
            "From 200 traces that begin anywhere (`--unknown-start`); held-out traces do, too:\n",
            markdown([*head[:5], *head[6:]], [[*cells[:5], *cells[6:]] for cells in anywhere]),
        ]
    )


@options.command(__doc__)
def main() -> None:
    write_part(DOCS / "machines.md", "measured", tables(STORE.all()))


if __name__ == "__main__":
    main()
