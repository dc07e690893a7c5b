"""What an iteration on a device reads and writes, and the functions that it is made of.

Real arrays of one type, float32 or float64; the items (K of them) last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

Array = Any
"""Of NumPy or of JAX."""
Edges = Any
"""Of all edges, as a layout holds them (wires.py): one array, or several."""


class Library(NamedTuple):
    """What computes.

    xp    a namespace with NumPy's functions: `numpy`, or `jax.numpy`
    sums  sums of several arrays of one shape over one axis: (arrays, axis)
    """

    xp: ModuleType
    sums: Callable[[Sequence[Array], int], tuple[Array, ...]]


NUMPY = Library(np, lambda arrays, axis: tuple(array.sum(axis) for array in arrays))


class Point(NamedTuple):
    """Everything that an iteration reads and writes; as `sweep.State`, and named like there."""

    w: Edges  # and items
    x: Edges  # and items
    y: Array  # (n_nodes, K)
    g: Array  # (n_btf, K): the metric; 1 for the constant and the inputs
    z: Array  # (n_nodes, K): B values
    y_a: Array  # (n_nodes, K): A values
    a: Array  # (n_btf, K): w_A = a w + b x, x_A = a x + b w
    b: Array  # (n_btf, K)
    w_sum: Edges  # sums over the items of the reflected weights, weighted
    mean_w: Edges  # the B weights
    gaps: Array  # (3,): mean squared gaps of w, x, y per BTF and item


class Rates(NamedTuple):
    """The settings of a trial."""

    beta: Array  # β
    gamma: Array  # γ
    delta: Array  # (n_btf, 1): margins


class Known(NamedTuple):
    """What the problem says, the same for all trials."""

    outputs: Array  # (n_outputs, K): ±1
    free: Array  # bool, (n_outputs, K): those that do not count
