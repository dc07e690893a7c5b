"""What is checked of a run when a page is made of it: every training item, by integer gates."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from btfnet.logic.circuit import Circuit
from btfnet.logic.verify import verify_items
from btfnet.viewing.story import Rows

MOST_INPUTS = 24
"""Of more, items are not asked whether they are all patterns."""


@dataclass(frozen=True)
class Certificate:
    """What came of it.

    n_bits         output bits that count
    every_pattern  whether the items are all patterns of the inputs, all bits of which count: a proof
    """

    n_items: int
    n_bits: int
    wrong_items: int
    wrong_bits: int
    every_pattern: bool
    seconds: float

    @property
    def exact(self) -> bool:
        return self.wrong_bits == 0


def certify(circuit: Circuit, rows: Rows) -> Certificate:
    """Run every item through the circuit and compare; `btfnet.verify_items` does it."""
    begun = time.monotonic()
    verdict = verify_items(circuit, rows.inputs, rows.outputs, rows.care)
    n_bits = rows.outputs.size if rows.care is None else int(rows.care.sum())
    return Certificate(
        verdict.n_items,
        n_bits,
        verdict.n_wrong_items,
        verdict.n_wrong_bits,
        _is_every_pattern(circuit, rows),
        time.monotonic() - begun,
    )


def _is_every_pattern(circuit: Circuit, rows: Rows) -> bool:
    n_inputs = circuit.n_inputs
    if not 0 < n_inputs <= MOST_INPUTS or len(rows.inputs) < 1 << n_inputs:
        return False
    if rows.care is not None and not rows.care.all():
        return False
    numbers = rows.inputs @ (1 << np.arange(n_inputs, dtype=np.int64))
    return len(np.unique(numbers)) == 1 << n_inputs
