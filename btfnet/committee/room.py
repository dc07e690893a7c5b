"""Room for so many gates: members are taken while the whole circuit fits, and the layer leaves room for them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from btfnet.committee.assembly import Assembly, n_vote_gates
from btfnet.committee.layer import Layer
from btfnet.committee.member import Member

OF_LAYER = 0.4
"""Once the gates of features take so large a part, members hear those alone that are there."""


class Room:
    """Counts the gates of a circuit that grows.

    layer, groups  as of a committee; most  gates of the whole circuit, None for any number
    is_full        whether a member came that did not fit
    """

    def __init__(self, layer: Layer, groups: NDArray[np.int64], most: int | None) -> None:
        self.most, self.is_full = most, False
        self._assembly = Assembly(layer)
        self._n_votes = n_vote_gates(groups)

    def fitting(self, members: Sequence[Member]) -> list[Member]:
        """Those of some more that fit, up to the first that does not."""
        if self.most is None:
            return list(members)
        for place, member in enumerate(members):
            self._assembly.add(member)
            n_gates = len(self._assembly.gates) + self._n_votes
            if n_gates > self.most:
                self.is_full = True
                return list(members[:place])
        return list(members)

    def heard(self, features: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of some features that the next members may hear."""
        if self.most is None or self._assembly.n_layer_gates < OF_LAYER * self.most:
            return features
        there = np.fromiter(self._assembly.features, dtype=np.int64)
        return np.intersect1d(features, there)
