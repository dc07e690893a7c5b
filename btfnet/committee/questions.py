"""Questions: of some classes or of some others? A member answers one, and its answer is a vote.

Source: codes with classes that are ignored, E. Allwein, R. Schapire and Y. Singer, J. Machine Learning Research 1
(2000), 113; chosen by the weight of what is still confused, R. Schapire, ICML (1997), 313 (AdaBoost.OC).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.committee.member import Code

DRAWN = 20
"""Questions that are drawn, of which the one with the most open weight is asked."""
SIDE = 2
"""Classes on each side, where there are so many."""
ASKED = 0.7
"""Of the open weight of two classes is left once a question told them apart, until votes are counted anew."""


class Questions:
    """Draws questions about classes.

    groups  int64, (n_classes,): classes of the same group exclude each other; others have nothing to do with them
    """

    def __init__(self, groups: NDArray[np.int64]) -> None:
        self.groups = groups
        self._members = [np.flatnonzero(groups == group) for group in np.unique(groups)]

    def drawn(self, confused: NDArray[np.floating], rng: np.random.Generator) -> Code:
        """A question, int8 (n_classes,): +1 and -1 on the sides, 0 elsewhere; confused is lowered by it.

        confused  (n_classes, n_classes): how open it is whether items of the first class are of the second
        """
        both = confused + confused.T
        some = self._group(both, rng)
        side = max(1, min(SIDE, len(some) // 2))
        drawn = np.stack([self._order(some, both, rng) for _ in range(DRAWN if len(some) > 2 else 1)])
        sides = drawn[:, 0 : 2 * side : 2], drawn[:, 1 : 2 * side : 2]
        weights = both[sides[0][:, :, None], sides[1][:, None, :]].sum(axis=(1, 2))
        best = int(weights.argmax())
        code = np.zeros(len(self.groups), dtype=np.int8)
        code[sides[0][best]], code[sides[1][best]] = 1, -1
        ones, others = np.flatnonzero(code > 0), np.flatnonzero(code < 0)
        confused[np.ix_(ones, others)] *= ASKED
        confused[np.ix_(others, ones)] *= ASKED
        return code

    def _group(self, both: NDArray[np.floating], rng: np.random.Generator) -> NDArray[np.int64]:
        """The classes of a group, drawn by what is open of it."""
        if len(self._members) == 1:
            return self._members[0]
        weights = np.array([both[np.ix_(some, some)].sum() for some in self._members])
        chance = weights / weights.sum() if weights.sum() > 0 else None
        return self._members[int(rng.choice(len(self._members), p=chance))]

    @staticmethod
    def _order(
        some: NDArray[np.int64], both: NDArray[np.floating], rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Classes in random order, two that are open first, so that a question of many classes asks something."""
        order = rng.permutation(some)
        weights = both[order[0], order]
        if weights.sum() > 0:
            second = int(rng.choice(len(order), p=weights / weights.sum()))
            order[1], order[second] = order[second], order[1]
        return order
