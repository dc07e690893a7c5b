"""How a training goes by its validation items: which batch was best, and whether anything better may come.

Source: early stopping by a validation set, L. Prechelt, in Neural Networks: Tricks of the Trade (1998), 55.
"""

from __future__ import annotations

import numpy as np

LEAST_BATCHES, FOR_A_CLASS = 10, 30
"""So many are trained before it may end, and so many more for each class: questions are about two or four, and few
validation items would end it anywhere.
"""
WAIT = 0.5
"""It ends once the last batches, so large a part of all, brought nothing better."""
SMOOTHED, LEAST_SMOOTHED = 0.1, 3
"""Accuracies are averaged over the last batches, so large a part of all, and so many at least."""


class Course:
    """Validation accuracies, one after each batch of members.

    Few validation items say little, and more members with small steps seldom harm: the most members are kept with
    which the accuracy, averaged over the last batches, is no more than two standard deviations below the highest.

    n_judges, n_classes  validation items, classes
    best      so many batches are to be kept; 0 before the first
    """

    def __init__(self, n_judges: int, n_classes: int) -> None:
        self.n_judges, self.least = n_judges, LEAST_BATCHES + FOR_A_CLASS * n_classes
        self.right: list[float] = []
        self._means: list[float] = []
        self._highest = 0

    def add(self, right: float) -> None:
        """The fraction of validation items that are right after one more batch."""
        self.right.append(right)
        n_batches = len(self.right)
        last = max(LEAST_SMOOTHED, int(SMOOTHED * n_batches))
        self._means.append(float(np.mean(self.right[-last:])))
        if self._means[-1] > self._means[self._highest]:
            self._highest = n_batches - 1

    @property
    def best(self) -> int:
        if not self._means:
            return 0
        highest = self._means[self._highest]
        least = highest - 2 * (highest * (1 - highest) / self.n_judges) ** 0.5
        return max(place for place, mean in enumerate(self._means, start=1) if mean >= least)

    @property
    def is_over(self) -> bool:
        """Whether nothing better came for long."""
        n_batches = len(self.right)
        return n_batches >= self.least and self._highest + 1 <= (1 - WAIT) * n_batches
