"""The tables of docs/rules_by_projections.md, from the rows of baselines.py."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from scripts.lib.rows import Row
from scripts.lib.tables import markdown, seconds


def tables(rows: Sequence[Row]) -> dict[str, str]:
    """What stands between the marks of the page, by their names."""
    last = {(row["instance"], row["way"], row["seed"]): row for row in rows}
    names = dict.fromkeys(row["instance"] for row in rows)
    runs = {name: [row for row in last.values() if row["instance"] == name] for name in names}
    return {"baselines": f"{_settings([*last.values()])}\n{_successes(runs)}"}


def _settings(rows: Sequence[Row]) -> str:
    """What the runs were given, as lines of their own."""
    starts = dict.fromkeys((*row["scales"], row["limit"]) for row in rows if row["way"] == "projections")
    given = (f"η = {eta:g}, ζ = {zeta:g}, at most {_spaced(most)} iterations" for eta, zeta, most in starts)
    solver = dict.fromkeys(f"{row['limit']:g} s" for row in rows if row["way"] == "SAT")
    return f"- A start of the projections: {'; '.join(given)}.\n- The solver: at most {', '.join(solver)}.\n"


def _spaced(number: float) -> str:
    return f"{number:,.0f}".replace(",", " ")


def _successes(runs: dict[str, list[Row]]) -> str:
    lines = []
    for name, rows in runs.items():
        sat = [row for row in rows if row["way"] == "SAT"]
        starts = [row for row in rows if row["way"] == "projections"]
        lines.append([f"`{name}`" if "_" in name else name, *_projections(starts), *_sat(sat)])
    head = ("observed", "starts solved", "iterations, median", "CPU seconds a solution", "variables", "clauses",
            "solver, on the clock", "building the clauses")  # fmt: skip
    return markdown(head, lines)


def _projections(starts: Sequence[Row]) -> list[str]:
    """Solved, median of their iterations, and the seconds of all starts for each that was solved."""
    if not starts:
        return [""] * 3
    solved = [row for row in starts if row["found"]]
    close = sum(row["right"] and not row["found"] for row in starts)
    each = sum(row["seconds"] for row in starts) / len(solved) if solved else None
    middle = _spaced(median(row["iterations"] for row in solved)) if solved else ""
    return [f"{len(solved)}/{len(starts)}" + (f" (+ {close})" if close else ""), middle, seconds(each)]


def _sat(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return [""] * 4
    (row,) = rows
    late = f"{row['ended'].replace('_', ' ')}, {row['limit']:g} s"
    ended = seconds(row["wall"]) if row["found"] else late
    return [_spaced(row["variables"]), _spaced(row["clauses"]), ended, seconds(row["building"])]
