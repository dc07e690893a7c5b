"""The tables of docs/reconstruction.md, from the rows of study.py beside this file.

python scripts/studies/reconstruction/report.py
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import Row
from scripts.lib.tables import markdown, seconds
from scripts.studies.reconstruction.study import STORE

PAGE = DOCS / "reconstruction.md"
HEAD = (
    "observed", "explained", "rule right", "open bits", "seconds, median", "most", "of the processor, median",
    "10⁶ changes, median", "10⁶ a second of a core", "limit",
)  # fmt: skip


def newest(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The last row of each case and seed, by case."""
    last = {(row["case"], row["seed"]): row for row in rows}
    together: dict[str, list[Row]] = {}
    for (name, _), row in sorted(last.items(), key=lambda each: each[0][1]):
        together.setdefault(name, []).append(row)
    return together


def line(name: str, rows: Sequence[Row]) -> list[str]:
    """Of one case: how many of its seeds, and how long those took that were explained."""
    done = [row for row in rows if row["status"] in ("exact", "noisy")]
    right = [row for row in done if row["different"] == 0]
    known = all(row["different"] is not None for row in done)
    times = [row["seconds"] for row in done]
    opens = [row["open"] for row in done]
    return [
        name, f"{len(done)}/{len(rows)}", f"{len(right)}/{len(rows)}" if done and known else "",
        f"{min(opens)} to {max(opens)}" if opens else "",
        seconds(median(times)) if times else "", seconds(max(times)) if times else "",
        seconds(median(row["cpu_seconds"] for row in done)) if done else "",
        f"{median(row['tried'] for row in rows) / 1e6:.3g}",
        f"{sum(row['tried'] for row in rows) / sum(row['cpu_seconds'] for row in rows) / 1e6:.2g}",
        f"{rows[0]['limit']:g} s",
    ]  # fmt: skip


def table(rows: Sequence[Row]) -> str:
    together = newest(rows)
    return markdown(HEAD, [line(name, together[name]) for name in together])


@options.command(__doc__)
def main() -> None:
    write_part(PAGE, "planted", table(STORE.all()))


if __name__ == "__main__":
    main()
