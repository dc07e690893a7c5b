"""Prediction by XNOR and popcount: the packed model on packed rows."""

from __future__ import annotations

import numpy as np

from btfnet.bench.engines import majorities
from btfnet.bench.sizes import BenchSizes
from btfnet.bench.timing import alternate
from btfnet.logic.packed_model import PackedModel


def packed_predictions(sizes: BenchSizes) -> float:
    """Items per second through the circuit of majorities, rows of packed words, one thread."""
    model = PackedModel.from_circuit(majorities(sizes))
    size = (64 * sizes.words, -(-model.n_inputs // 64))
    rows = np.random.default_rng(0).integers(0, 2**64, size, dtype=np.uint64)
    model.predict(rows[:1])
    times = alternate(
        {"packed": lambda: model.predict(rows)}, rounds=sizes.rounds, turn_seconds=sizes.turn_seconds
    )
    return len(rows) / times["packed"].median
