"""Items in blocks: each block holds its items as contiguous lanes, a vector of them at a time."""

from typing import NamedTuple

import numpy as np


class Block(NamedTuple):
    """One block's part of `sweep.State`, and one thread's `sweep.Scratch`, as the loops over lanes take them.

    All arrays are real, of one type (float32 or float64), C-contiguous with the lanes (items) last; their number
    L is a multiple of a vector's. A batch is a run of nodes of at most n_batch (see `sweep.Wiring`).
    """

    w: np.ndarray  # (n_edges, L): weights
    x: np.ndarray  # (n_edges, L): inputs, copies of the senders' values
    y: np.ndarray  # (n_nodes, L): values
    z: np.ndarray  # (n_nodes, L): B values
    g: np.ndarray  # (n_nodes, L): the metric; 0 marks padding
    y_a: np.ndarray  # (n_nodes, L): A values
    a: np.ndarray  # (n_nodes, L): w_A = a w + b x, x_A = a x + b w for the edges into a node
    b: np.ndarray  # (n_nodes, L)
    w_sum: np.ndarray  # (n_edges,): sums over the lanes of g (2 w_A - w)
    z_sum: np.ndarray  # (n_nodes, L): sums over a node's value and all its copies of g (2 A - old)
    sums: np.ndarray  # (4, n_batch, L): w·x, w·w + x·x, and the squared gaps of w and x, of a batch's nodes
    push: np.ndarray  # (2, n_batch, L): g (2 a - 1) and 2 g b, of a batch's nodes


def as_lanes(values, n_blocks, n_lanes):
    """Rows (one an item) to (n_blocks, columns, n_lanes), padded with zeros."""
    n_items, n_columns = values.shape
    padded = np.zeros((n_blocks * n_lanes, n_columns), dtype=values.dtype)
    padded[:n_items] = values
    return np.ascontiguousarray(padded.reshape(n_blocks, n_lanes, n_columns).transpose(0, 2, 1))


def from_lanes(blocks, n_items):
    """The inverse of `as_lanes`."""
    return blocks.transpose(0, 2, 1).reshape(-1, blocks.shape[1])[:n_items]
