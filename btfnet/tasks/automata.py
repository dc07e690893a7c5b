"""One-dimensional cellular automata in Wolfram's numbering."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import UsageError
from btfnet.problem.items import Items
from btfnet.tasks.generator import ITEMS, Parameter, generator
from btfnet.tasks.rows import bit_items, distinct_rows, n_rows, numbered, signs


@generator(
    "automaton",
    rule=Parameter("rule number in Wolfram's numbering, below 2^(2^(2 radius + 1))", low=0),
    cells=Parameter("number of cells", high=4096),
    steps=Parameter("number of steps between input and output", high=1000, default=1),
    radius=Parameter("how far a cell sees to either side", high=4, default=1),
    periodic=Parameter(
        "whether the row is a ring; else cells beyond its ends are false", kind=bool, default=True
    ),
    items=ITEMS,
)
def automaton(
    rng: np.random.Generator,
    *,
    rule: int,
    cells: int,
    steps: int = 1,
    radius: int = 1,
    periodic: bool = True,
    items: int | None = None,
) -> Items:
    """A cellular automaton: random distinct rows of cells, and the same rows some steps later.

    Bit v of the rule is the new value of a cell whose neighbourhood, read from left to right with the most
    significant bit first, spells v. Source: S. Wolfram, Rev. Mod. Phys. 55, 601 (1983).
    """
    patterns = 2 ** (2 * radius + 1)
    if rule >= 2**patterns:
        raise UsageError(
            f"generator automaton: rule is {rule}, but with radius {radius} it must be below 2^{patterns}."
        )
    if cells < 2 * radius + 1:
        raise UsageError(
            f"generator automaton: {cells} cells are fewer than the {2 * radius + 1} that a cell sees; "
            f"give it more cells, or a smaller radius."
        )
    table = np.array([rule >> value & 1 for value in range(patterns)], dtype=np.int64)
    rows = distinct_rows(rng, n_rows(items, cells), cells)
    later = (rows == 1).astype(np.int64)
    for _ in range(steps):
        later = step(later, table, radius, periodic=periodic)
    return bit_items(
        rows, signs(later), input_names=numbered("cell", cells), output_names=numbered("next", cells)
    )


def step(
    rows: NDArray[np.int64], table: NDArray[np.int64], radius: int, *, periodic: bool
) -> NDArray[np.int64]:
    """The next state of rows of 0/1 cells; table[v] is the new value for the neighbourhood v."""
    cells = rows.shape[1]
    padded = np.pad(rows, ((0, 0), (radius, radius)), mode="wrap" if periodic else "constant")
    neighbourhood = np.zeros_like(rows)
    for offset in range(2 * radius + 1):
        neighbourhood = 2 * neighbourhood + padded[:, offset : offset + cells]
    return table[neighbourhood]
