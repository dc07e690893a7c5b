"""Circuits that a network holds against what the data say: the table of docs/tuning.md, "Data without structure".

    python scripts/studies/counts/study.py

Counting takes milliseconds; nothing is searched for.
"""

from __future__ import annotations

from pathlib import Path

import btfnet
from btfnet.search.tuning.information import LADDER, chance_wrong, circuit_bits, data_bits

PAGE = Path(__file__).resolve().parents[3] / "docs" / "tuning.md"
MARKS = ("<!-- counts: written by scripts/studies/counts/study.py -->", "<!-- end of counts -->")
NAMES = (
    "autoencoder-16",
    "autoencoder-32",
    "autoencoder-64",
    "decoder-16",
    "decoder-32",
    "multiplier-3x3",
    "rule-30-1",
    "andor-3",
)


def row(name: str) -> str:
    problem = btfnet.load(name).problem
    bits, _ = data_bits(problem)
    cells = [
        f"{circuit_bits(problem, sigma) / bits:.2f} ({chance_wrong(problem, sigma):.0f})" for sigma in LADDER
    ]
    return f"| {name} | {bits:.0f} | {' | '.join(cells)} |"


def table() -> str:
    head = "| problem | D | " + " | ".join(f"σ {sigma:g}" for sigma in LADDER) + " |"
    return "\n".join([head, "|---" * (len(LADDER) + 2) + "|", *map(row, NAMES)])


def main() -> None:
    before, rest = PAGE.read_text(encoding="utf-8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    PAGE.write_text(f"{before}{MARKS[0]}\n{table()}\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
