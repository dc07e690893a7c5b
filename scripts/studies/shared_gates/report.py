"""The tables of docs/shared_gates.md, from the rows of study.py beside this file.

python scripts/studies/shared_gates/report.py
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, median

from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import Row
from scripts.lib.tables import markdown, percent, seconds
from scripts.studies.shared_gates.study import (
    CIRCUIT_ROWS,
    CIRCUITS,
    LADDER_CASES,
    LADDER_LIMIT,
    LADDERS,
    PLAIN,
    ROWS,
    STEPS,
    STORE,
)

PAGE = DOCS / "shared_gates.md"


def runs_of(rows: Sequence[Row], part: str, case: str, n_rows: int) -> list[Row]:
    wanted = (part, case, n_rows)
    newest = {row["seed"]: row for row in rows if (row["part"], row["case"], row["rows"]) == wanted}
    return [newest[seed] for seed in sorted(newest)]


def counted(runs: Sequence[Row]) -> str:
    """How many are right on every unseen row, and how many exact where that is not all."""
    right = sum(row["exact"] and row["unseen"] == 1 for row in runs)
    exact = sum(row["exact"] for row in runs)
    missed = "" if exact == len(runs) else f" ({exact} exact)"
    return f"{right} of {len(runs)}{missed}, {seconds(median(row['seconds'] for row in runs))}"


def rule_table(rows: Sequence[Row]) -> str:
    """Right runs and median seconds for all steps and rows; then the fewest rows of which all were right."""
    lines, fewest = [], []
    for which in ("first", "agreed"):
        for steps in STEPS:
            cells = [runs_of(rows, "rule", f"{steps}, {which}", n_rows) for n_rows in ROWS]
            if all(cells):
                lines.append([which, str(steps), *map(counted, cells)])
            enough = [
                n
                for n, runs in zip(ROWS, cells, strict=True)
                if runs and all(row["exact"] and row["unseen"] == 1 for row in runs)
            ]
            if which == "agreed" and enough:
                fewest.append([str(steps), str(enough[0])])
    table = markdown(["ends", "steps", *(f"{n} {'row' if n == 1 else 'rows'}" for n in ROWS)], lines)
    least = markdown(["steps", "fewest rows of which all five seeds were right (agreed)"], fewest)
    return f"\n{table}\n{least}\n"


def plain_table(rows: Sequence[Row]) -> str:
    lines = []
    for steps, n_rows in PLAIN:
        for run in runs_of(rows, "plain", str(steps), n_rows):
            exact = "yes" if run["exact"] else "no"
            right = f"{percent(run['unseen'])} %" if run["exact"] else ""
            lines.append([str(steps), str(n_rows), exact, right, seconds(run["seconds"])])
    return f"\n{markdown(['steps', 'rows', 'exact', 'unseen rows right', 'CPU'], lines)}\n"


def circuits_table(rows: Sequence[Row]) -> str:
    lines = []
    for name in CIRCUITS:
        for n_rows in CIRCUIT_ROWS.get(name, (4, 8, 16)):
            runs = runs_of(rows, "circuits", name, n_rows)
            if runs:
                gates = sorted(row["cell"] for row in runs if row["cell"] is not None)
                lines.append(
                    [name, str(n_rows), counted(runs), f"{gates[0]} to {gates[-1]}" if gates else ""]
                )
    return f"\n{markdown(['circuit', 'items', 'right, and CPU', 'gates of the cell'], lines)}\n"


def ladder_table(rows: Sequence[Row]) -> str:
    lines = []
    for which in LADDERS:
        cells = [runs_of(rows, "ladder", f"{name}: {which}", n_rows) for name, n_rows in LADDER_CASES]
        if all(cells):
            lines.append([which, *map(_reached, cells)])
    return f"\n{markdown(['temperatures', *(name for name, _ in LADDER_CASES)], lines)}\n"


def _reached(runs: Sequence[Row]) -> str:
    spent = fmean(row["seconds"] if row["exact"] else LADDER_LIMIT for row in runs)
    return f"{sum(row['exact'] for row in runs)}, {seconds(spent)}"


@options.command(__doc__)
def main() -> None:
    rows = STORE.all()
    tables = {"rule": rule_table, "plain": plain_table, "circuits": circuits_table, "ladder": ladder_table}
    for name, table in tables.items():
        write_part(PAGE, name, table(rows))


if __name__ == "__main__":
    main()
