"""Problems of which some output bits do not count."""

from __future__ import annotations

import itertools

import numpy as np

from btfnet.problem.items import Items
from btfnet.problem.problem import Problem

SQUARE = np.array(list(itertools.product((0, 1), repeat=2)))
XOR = SQUARE[:, :1] ^ SQUARE[:, 1:]


def random_problem(seed, n_items=70, share=0.5, **more):
    rng = np.random.default_rng(seed)
    inputs = (np.arange(n_items)[:, None] >> np.arange(7)) & 1
    outputs, care = (rng.random((n_items, 3)) < part for part in (0.5, share))
    return Problem.from_bits(inputs, outputs, hidden=(5,), care=care, **more)


def with_other_values(problem):
    """The same problem, from outputs that are all different where they do not count."""
    outputs = np.where(problem.care, problem.outputs, 1)
    return Problem("other", problem.network, Items(problem.inputs, outputs, care=problem.care))


def possible_only_with_care():
    """Xor by a single node, and an item that contradicts another; one bit of each does not count."""
    inputs, outputs = np.concatenate([SQUARE, SQUARE[:1]]), np.concatenate([XOR, 1 - XOR[:1]])
    return inputs, outputs, np.array([[1], [1], [1], [0], [0]])
