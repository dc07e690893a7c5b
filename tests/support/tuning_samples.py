"""Trials as a tuner sees them."""

from __future__ import annotations

import numpy as np

from btfnet.projections.rrr import Status, TraceRow
from btfnet.search.records import Trial
from btfnet.search.score import Score


def ended(index, engine, settings, gaps, *, bits=0.8, exact=False, status=Status.ITERATION_LIMIT, wrong=None):
    """A trial of an engine, or one of its name, whose gap was as given at equal distances."""
    name = engine if isinstance(engine, str) else engine.name
    step, looks = settings.max_iterations // len(gaps), []
    for place, gap in enumerate(gaps, 1):
        looks.append(TraceRow(place * step, gap, min(gaps[:place]), 0.1, train_bits=bits))
    return Trial(
        index, index, settings, name, name if exact else None, Status.SOLVED if exact else status, exact,
        step * len(gaps), gaps[-1], 0.1, Score(0.9, 0.5), np.ones(1), None, looks, wrong,
    )  # fmt: skip


FALLING, FLAT = [0.4, 0.3, 0.2], [0.3, 0.3, 0.31]
