"""What the tests of the projections share: small problems of every kind, the general engine with the metric."""

from __future__ import annotations

import numpy as np

from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.projections.reconcile import PairStepper
from btfnet.settings import Settings
from support.naive import NaiveNetworkA, NaiveNetworkB, naive_gap2, naive_reweigh

SETTINGS = Settings(sigma=3.0, beta=0.4, gamma=0.01)


def signs(rng, *shape):
    return np.where(rng.random(shape) < 0.5, -1, 1)


def xor_network():
    """Not in layers: the outputs hear inputs, hidden nodes and each other."""
    edges = [(4, 1), (4, 2), (5, 1), (5, 3), (6, 4), (6, 2), (7, 4), (7, 5), (7, 6), (7, 1)]
    return Network.from_edges(3, 2, edges)


def make_problem(kind, seed=0):
    rng = np.random.default_rng(seed)
    if kind == "layers":
        inputs = np.unique(signs(rng, 12, 4), axis=0)
        return Problem(
            kind,
            Network.layered([4, 3, 2]),
            Items(inputs, signs(rng, len(inputs), 2)),
            n_train=len(inputs) - 2,
        )
    if kind == "graph":
        inputs = np.array([[a, b, c] for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)])
        return Problem(kind, xor_network(), Items(inputs, signs(rng, 8, 2)))
    if kind == "analog":
        return Problem(
            kind, Network.layered([3, 4, 3]), Items(rng.uniform(-1, 1, (9, 3)), signs(rng, 9, 3), kind)
        )
    if kind == "class":
        labels = np.where(np.arange(3) == rng.integers(0, 3, 9)[:, None], 1, -1)
        return Problem(
            kind, Network.layered([3, 4, 3]), Items(rng.uniform(-1, 1, (9, 3)), labels, "analog", "class")
        )
    if kind == "care":
        inputs = np.array([[a, b, c] for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)])
        return Problem(kind, xor_network(), Items(inputs, signs(rng, 8, 2), care=rng.random((8, 2)) < 0.6))
    return Problem(kind, Network.layered([3, 4, 5]), Items(np.empty((6, 0)), signs(rng, 6, 5), kind))


KINDS = ["layers", "graph", "care", "analog", "class", "unknown_bits", "unknown_one_hot"]


class MeteredEngine:
    """The general engine on the naive constraints, with the metric renewed after every iteration."""

    def __init__(self, problem, settings, start):
        self.problem, self.settings, self.mean = problem, settings, None
        self.a, self.b = NaiveNetworkA(problem, settings.sigma), NaiveNetworkB(problem)
        self.pair = PairStepper(self, self.b, start, settings.beta)

    def project(self, point):
        self.in_a = self.a.project(point)
        return self.in_a

    def step(self):
        self.pair.advance(1, 0.0)
        gap2 = naive_gap2(self.problem, self.in_a, self.pair.point)
        self.b.g = naive_reweigh(self.b.g, gap2, self.mean, self.settings.gamma)
        self.mean = float(gap2.mean())
