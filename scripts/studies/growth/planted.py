"""Items to learn from: random inputs, and what a small circuit of majorities, drawn as well, says of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from btfnet import Circuit, Gate

PIECE = 1 << 24
"""Values that are made at a time."""


def planted(n_inputs: int, rng: np.random.Generator) -> Circuit:
    """Four majorities of three inputs each, a majority of three of these, and one of that, the fourth and another:
    six gates that hear twelve inputs, all different where there are so many.
    """
    heard = iter(rng.choice(n_inputs, 12, replace=n_inputs < 12) + 1)
    signs = iter(rng.choice([-1, 1], 18))

    def gate(*senders: int) -> Gate:
        return Gate(2, tuple(int(next(signs)) * sender for sender in senders))

    first = [gate(*(int(next(heard)) for _ in range(3))) for _ in range(4)]
    below = n_inputs + 1
    middle, last = gate(below, below + 1, below + 2), gate(below + 4, below + 3, below)
    return Circuit(n_inputs, (*first, middle, last), (n_inputs + 6,))


def items_of(
    circuit: Circuit, n_items: int, rng: np.random.Generator, noise: float = 0.0
) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Random inputs and their outputs, (n, n_inputs) and (n, 1), so many items in pieces.

    noise  the part of the outputs that are flipped
    """
    step = max(64, PIECE // circuit.n_inputs // 64 * 64)
    for first in range(0, n_items, step):
        count = min(step, n_items - first)
        octets = rng.integers(0, 256, (count, -(-circuit.n_inputs // 8)), dtype=np.uint8)
        inputs = np.unpackbits(octets, axis=1, count=circuit.n_inputs).view(bool)
        yield inputs, circuit.predict(inputs) ^ (rng.random((count, 1)) < noise)
