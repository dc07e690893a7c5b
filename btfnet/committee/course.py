"""How a training goes by its validation items: which batch was best, and whether anything better may come.

Source: early stopping by a validation set, L. Prechelt, in Neural Networks: Tricks of the Trade (1998), 55.
"""

from __future__ import annotations

import numpy as np

LEAST_BATCHES = 25
"""So many are trained before it may end."""
WAIT = 0.5
"""It ends once the last batches, so large a part of all, brought nothing better."""
SMOOTHED, LEAST_SMOOTHED = 0.1, 3
"""Accuracies are averaged over the last batches, so large a part of all, and so many at least."""


class Course:
    """Validation accuracies, one after each batch of members.

    best  the batches after which it was best, averaged over the last ones; the first of equals; 0 before the first
    """

    def __init__(self) -> None:
        self.right: list[float] = []
        self.best, self._highest = 0, -1.0

    def add(self, right: float) -> None:
        """The fraction of validation items that are right after one more batch."""
        self.right.append(right)
        n_batches = len(self.right)
        last = max(LEAST_SMOOTHED, int(SMOOTHED * n_batches))
        mean = float(np.mean(self.right[-last:]))
        if mean > self._highest:
            self.best, self._highest = n_batches, mean

    @property
    def is_over(self) -> bool:
        """Whether nothing better came for long."""
        n_batches = len(self.right)
        return n_batches >= LEAST_BATCHES and self.best <= (1 - WAIT) * n_batches
