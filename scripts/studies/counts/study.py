"""Circuits that a network holds against what the data say: the table of docs/tuning.md, "Data without structure".

    python scripts/studies/counts/study.py

Counting takes milliseconds; nothing is searched for.
"""

from __future__ import annotations

import btfnet
from btfnet.engines.tuning.information import LADDER, capacity_bits, data_bits, expected_error_random
from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.tables import markdown

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


def cells_of(name: str) -> list[str]:
    problem = btfnet.load(name).problem
    bits, _ = data_bits(problem)
    each = [
        f"{capacity_bits(problem, sigma) / bits:.2f} ({expected_error_random(problem, sigma):.0f})"
        for sigma in LADDER
    ]
    return [name, f"{bits:.0f}", *each]


@options.command(__doc__)
def main() -> None:
    columns = ("problem", "D", *(f"σ {sigma:g}" for sigma in LADDER))
    write_part(DOCS / "tuning.md", "counts", markdown(columns, map(cells_of, NAMES)))


if __name__ == "__main__":
    main()
