"""Threshold nodes of a cell that walk, as plainly as possible. Nothing here imports what it checks."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from support.cell_samples import Scene, wrong_of


def nodes_table(weights, bounds, above, joined):
    """The state after every pattern of neighbours, the first as the most significant digit."""
    table = []
    for seen in itertools.product((0, 1), repeat=len(weights[0])):
        says = []
        for node, bound, reach in zip(weights, bounds, above, strict=True):
            total = sum(weight * state for weight, state in zip(node, seen, strict=True))
            says.append(total >= bound if reach else total <= bound)
        table.append(int(all(says) if joined else any(says)))
    return table


@dataclass
class PlainNodes:
    """Nodes that walk, and the first states they start from.

    firsts  for each run a dictionary;  loose  (run, place) of first states that may change
    """

    scene: Scene
    weights: list[list[int]]
    bounds: list[int]
    above: list[bool]
    joined: bool
    signed: bool
    free: bool
    firsts: list[dict]
    loose: list
    chances: list[int]
    wrong: int = 0
    least: int = 0
    best: tuple = ()

    def start(self):
        self.wrong = self.price()
        self.remember()

    def price(self):
        table = nodes_table(self.weights, self.bounds, self.above, self.joined)
        return wrong_of(self.scene, table, self.firsts)

    def now(self):
        return (
            [list(node) for node in self.weights],
            list(self.bounds),
            [dict(first) for first in self.firsts],
        )

    def remember(self):
        self.least, self.best = self.wrong, self.now()

    @property
    def n_weights(self):
        return len(self.weights) * len(self.weights[0])

    def turn(self, place, up):
        """Another value for a weight, or for a first state."""
        if place >= self.n_weights:
            run, where = self.loose[place - self.n_weights]
            self.firsts[run][where] ^= 1
            return
        node, index = divmod(place, len(self.weights[0]))
        values = (-1, 0, 1) if self.signed else (0, 1)
        others = values.index(self.weights[node][index]) + (1 if up or not self.signed else 2)
        self.weights[node][index] = values[others % len(values)]

    def turn_bound(self, bits):
        """A bound one higher or lower, but never below or above any sum."""
        node = (bits >> 1) % 2**20 * len(self.bounds) >> 20
        size = len(self.weights[0])
        bound = self.bounds[node] + (1 if bits % 2 else -1)
        self.bounds[node] = max(-size if self.signed else 0, min(size, bound))

    def change(self, bits, more):
        """As two draws of 64 bits say."""
        n_places = self.n_weights + len(self.loose)
        first, second = bits % 2**20 * n_places >> 20, (bits >> 20) % 2**20 * n_places >> 20
        kind, of_bounds = bits >> 62, self.free and (more >> 2) % 16 == 0
        places = [first, second] if kind == 0 and first != second else [first]
        if of_bounds:
            self.turn_bound(more >> 8)
            places = [first] if kind < 2 else []
        for index, place in enumerate(places):
            self.turn(place, more >> index & 1)

    def anneal(self, moves, target, rng):
        """Changes tried, for the worse, and of these stayed."""
        tried = worse = stayed = 0
        while tried < moves and self.wrong > target:
            bits, more = (int(rng.integers(0, 2**64, dtype=np.uint64)) for _ in range(2))
            before = self.now()
            self.change(bits, more)
            wrong, tried, chance = self.price(), tried + 1, (bits >> 40) % 2**22
            added = wrong - self.wrong
            stays = added <= 0 or (added < len(self.chances) and chance < self.chances[added])
            worse, stayed = worse + (added > 0), stayed + (added > 0 and stays)
            if not stays:
                self.weights, self.bounds, self.firsts = before
                continue
            self.wrong = wrong
            if wrong < self.least:
                self.remember()
        return tried, worse, stayed
