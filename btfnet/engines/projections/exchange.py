"""What ranks tell each other in an iteration: sums of weights over their items, the B weights, and gaps.

Every rank owns a run of blocks of items, and a run of threshold nodes. The sums of all blocks over a node's
edges go to the node's owner, who adds them in the order of the blocks, as one process does: weights and gaps are
the same to the last bit, whatever the number of ranks. What comes in takes 1/size of what one process keeps for
its sums.
Source: own; the order of blocks is that of `btfnet.kernels.projections.sweep`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.projections.sweep import State, Wiring, concur_nodes
from btfnet.ranks.ranks import Ranks


def node_shares(wiring: Wiring, size: int) -> NDArray[np.int64]:
    """(size + 1,): rank k owns the threshold nodes from the k-th to the next, about equal in edges."""
    first, start = wiring.n_inputs + 1, wiring.fan_in_start
    n_edges = int(start[-1])
    wanted = np.arange(1, size) * n_edges // size
    inner = np.clip(np.searchsorted(start, wanted), first, start.size - 1)
    return np.concatenate([[first], inner, [start.size - 1]]).astype(np.int64)


class WeightExchange:
    """The exchange of one problem among its ranks; its buffers are made once."""

    def __init__(self, ranks: Ranks, wiring: Wiring, state: State, n_blocks: int) -> None:
        self._ranks, self._wiring = ranks, wiring
        self._nodes = node_shares(wiring, ranks.size)
        self._edges = wiring.fan_in_start[self._nodes]
        own = self._own
        self._rows = np.empty((n_blocks, int(own[1] - own[0])), dtype=state.w_sum.dtype)
        self._blocks = np.array([len(ranks.share(n_blocks, rank)) for rank in range(ranks.size)])
        self._widths = np.diff(self._edges)
        self._packed = np.empty(state.w_sum.size, dtype=state.w_sum.dtype)
        self._mean = np.empty(state.mean_w.size, dtype=state.mean_w.dtype)
        self.gaps = np.zeros((n_blocks, 3))

    @property
    def _own(self) -> NDArray[np.int64]:
        return self._edges[self._ranks.rank : self._ranks.rank + 2]

    @property
    def n_bytes(self) -> int:
        return self._rows.nbytes + self._packed.nbytes + self._mean.nbytes

    def weights(self, state: State) -> None:
        """The B weights of all nodes. Writes state.mean_w, and state.sums as scratch."""
        wiring, ranks, rank = self._wiring, self._ranks, self._ranks.rank
        place = 0
        for first, last in zip(self._edges, self._edges[1:], strict=False):
            part = state.w_sum[:, first:last]
            self._packed[place : place + part.size].reshape(part.shape)[:] = part
            place += part.size
        sent, received = len(state.w_sum) * self._widths, self._blocks * self._widths[rank]
        ranks.exchange(self._packed, sent, self._rows.reshape(-1), received)
        start, (first, last) = wiring.fan_in_start, self._nodes[rank : rank + 2]
        concur_nodes(self._rows, self._own[0], start, first, last, state.sums, state.mean_w)
        self._mean[self._own[0] : self._own[1]] = state.mean_w[self._own[0] : self._own[1]]
        ranks.gather_into(self._mean, self._widths)
        state.mean_w[:] = self._mean

    def all_gaps(self, state: State) -> State:
        """The state with the gaps of all blocks."""
        first = self._ranks.share(len(self.gaps)).start
        self.gaps[first : first + len(state.gaps)] = state.gaps
        self._ranks.gather_into(self.gaps.reshape(-1), 3 * self._blocks)
        return state._replace(gaps=self.gaps)
