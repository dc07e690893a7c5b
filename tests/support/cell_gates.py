"""Majority gates of a cell that walk, as plainly as possible. Nothing here imports what it checks."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from support.cell_samples import Scene, wrong_of


def gates_table(n_inputs, senders, flips, n_outputs):
    """The state after every pattern. Node 0 is false, then come inputs and gates, the last ones outputs."""
    table = []
    for seen in itertools.product((0, 1), repeat=n_inputs):
        nodes = [0, *seen]
        for three, signs in zip(senders, flips, strict=True):
            literals = [nodes[sender] ^ (signs >> index & 1) for index, sender in enumerate(three)]
            nodes.append(int(sum(literals) >= 2))
        table.append(int("".join(map(str, nodes[-n_outputs:])), 2))
    return table


@dataclass
class PlainGates:
    """Gates that walk, and the first states they start from.

    firsts  for each run a dictionary;  loose  (channel, run, place) of first states' bits that may change
    """

    scene: Scene
    senders: list[list[int]]
    flips: list[int]
    firsts: list[dict]
    loose: list
    chances: list[int]
    wrong: int = 0
    least: int = 0
    best: tuple = ()

    def start(self):
        self.wrong = self.price()
        self.remember()

    def table(self):
        scene = self.scene
        return gates_table(len(scene.offsets) * scene.n_bits, self.senders, self.flips, scene.n_bits)

    def price(self):
        return wrong_of(self.scene, self.table(), self.firsts)

    def now(self):
        return (
            [list(three) for three in self.senders],
            list(self.flips),
            [dict(first) for first in self.firsts],
        )

    def remember(self):
        self.least, self.best = self.wrong, self.now()

    def change_gate(self, gate, bits):
        """One sign, or one sender with its sign, or all senders, as 64 bits say."""
        n_nodes = 1 + len(self.scene.offsets) * self.scene.n_bits + gate
        kind, sender, bits = bits % 16, (bits >> 4) % 2**16 % 3, bits >> 20
        if kind < 5:
            self.flips[gate] ^= 1 << sender
            return
        for index in range(3) if kind >= 14 else [sender]:
            literal, bits = bits % 2**14 % (2 * n_nodes), bits >> 14
            self.senders[gate][index] = literal // 2
            signs = [self.flips[gate] >> other & 1 for other in range(3)]
            signs[index] = literal % 2
            self.flips[gate] = signs[0] + 2 * signs[1] + 4 * signs[2]

    def change(self, place, more):
        if place < len(self.senders):
            self.change_gate(place, more)
        else:
            channel, run, where = self.loose[place - len(self.senders)]
            self.firsts[run][where] ^= 1 << self.scene.n_bits - 1 - channel

    def anneal(self, moves, target, rng):
        """Changes tried, for the worse, and of these stayed."""
        tried = worse = stayed = 0
        while tried < moves and self.wrong > target:
            bits, more = (int(rng.integers(0, 2**64, dtype=np.uint64)) for _ in range(2))
            before, chance, tried = self.now(), (bits >> 20) % 2**22, tried + 1
            self.change(bits % 2**20 * (len(self.senders) + len(self.loose)) >> 20, more)
            wrong = self.price()
            added = wrong - self.wrong
            stays = added <= 0 or (added < len(self.chances) and chance < self.chances[added])
            worse, stayed = worse + (added > 0), stayed + (added > 0 and stays)
            if not stays:
                self.senders, self.flips, self.firsts = before
                continue
            self.wrong = wrong
            if wrong < self.least:
                self.remember()
        return tried, worse, stayed
