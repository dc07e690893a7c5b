"""Items that no circuit can reproduce: the same inputs, but different outputs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def contradiction(
    inputs: NDArray[np.float32], outputs: NDArray[np.int8], care: NDArray[np.bool_] | None
) -> tuple[int, int, int] | None:
    """Two items, the earlier first, and the output at which they contradict each other; None without any.

    inputs  (n_items, n_inputs); outputs  ±1, (n_items, n_outputs); care  bits that count, None for all
    """
    positive_zeros = np.ascontiguousarray(inputs) + np.float32(0)
    rows = positive_zeros.view(np.dtype((np.void, 4 * inputs.shape[1])))[:, 0]
    _, first, group = np.unique(rows, return_index=True, return_inverse=True)
    if care is not None:
        return _among_those_that_count(outputs, care, group)
    differs = (outputs != outputs[first[group]]).any(axis=1)
    if not differs.any():
        return None
    item = int(np.flatnonzero(differs)[0])
    other = int(first[group[item]])
    return other, item, int(np.flatnonzero(outputs[item] != outputs[other])[0])


def _among_those_that_count(
    outputs: NDArray[np.int8], care: NDArray[np.bool_], group: NDArray[np.intp]
) -> tuple[int, int, int] | None:
    """In each group of equal inputs and each output, the bits that count must be the same."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    true, false = (
        np.logical_or.reduceat((care & (outputs == sign))[order], starts, axis=0) for sign in (1, -1)
    )
    both = np.argwhere(true & false)
    if not both.size:
        return None
    which, column = map(int, both[0])
    members = np.flatnonzero((group == group[order[starts[which]]]) & care[:, column])
    other = members[outputs[members, column] != outputs[members[0], column]][0]
    return int(members[0]), int(other), column
