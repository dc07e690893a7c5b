"""Cells that share a rule, as plainly as possible: states in dictionaries, tables as lists, walks bit by bit.

Nothing here packs anything, and nothing imports what it checks.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np

UNKNOWN = -1


@dataclass
class Scene:
    """A rule, where it ran, and what was seen of it.

    table   the state after every pattern; patterns are numbers whose digits, of n_bits bits, are the states read
    states  (n_runs, n_times, *shape), UNKNOWN where nothing was seen
    """

    shape: tuple[int, ...]
    periodic: bool
    offsets: tuple[tuple[int, ...], ...]
    n_states: int
    times: tuple[int, ...]
    table: list[int]
    states: np.ndarray = field(repr=False)

    @property
    def n_bits(self):
        return max(1, (self.n_states - 1).bit_length())

    @property
    def places(self):
        return list(itertools.product(*map(range, self.shape)))

    def at(self, run, index):
        """The states of a run at its index-th time, by place."""
        return {place: int(self.states[run, index][place]) for place in self.places}


def read(states, scene, place, offset):
    """The state that a cell reads; 0 beyond an open end."""
    there = tuple(where + step for where, step in zip(place, offset, strict=True))
    if scene.periodic:
        there = tuple(where % length for where, length in zip(there, scene.shape, strict=True))
    return states.get(there, 0)


def pattern_at(states, scene, place):
    number = 0
    for offset in scene.offsets:
        number = number * 2**scene.n_bits + read(states, scene, place, offset)
    return number


def step(states, scene, table):
    return {place: table[pattern_at(states, scene, place)] for place in scene.places}


def simulate(first, scene, table, steps):
    """States at steps 0 … steps."""
    states = [first]
    for _ in range(steps):
        states.append(step(states[-1], scene, table))
    return states


def differing(states, seen):
    """Bits of states that differ from what was seen, where something was."""
    return sum(bin(states[place] ^ seen[place]).count("1") for place in seen if seen[place] != UNKNOWN)


def wrong_of(scene, table, firsts):
    """Wrong bits of all runs from the states `firsts`, dictionaries; those of the first ones are not counted."""
    total = 0
    for run, first in enumerate(firsts):
        states = simulate(first, scene, table, scene.times[-1])
        for index, time in enumerate(scene.times):
            if time:
                total += differing(states[time], scene.at(run, index))
    return total


def scene_of(
    shape, offsets, *, seed=0, periodic=True, n_states=2, runs=1, times=(0, 1), unknown=0.0, unknown_first=0.0,
    wrong=0.0, table=None,
):  # fmt: skip
    """A rule, random if none is given, that ran from random states; then some are unknown, others wrong."""
    rng = np.random.default_rng(seed)
    n_bits = max(1, (n_states - 1).bit_length())
    table = table or rng.integers(0, n_states, 2 ** (n_bits * len(offsets))).tolist()
    states = np.zeros((runs, len(times), *shape), dtype=np.int8)
    scene = Scene(shape, periodic, tuple(offsets), n_states, tuple(times), table, states)
    for run in range(runs):
        first = {place: int(rng.integers(n_states)) for place in scene.places}
        first[scene.places[0]] = n_states - 1  # that all states are there can be seen
        ran = simulate(first, scene, table, times[-1])
        for index, time in enumerate(times):
            for place in scene.places:
                states[run, index][place] = ran[time][place]
    noise = rng.random(states.shape) < wrong
    states[noise] = rng.integers(0, n_states, int(noise.sum()))
    hidden = rng.random(states.shape) < unknown
    hidden[:, 0] |= rng.random(states[:, 0].shape) < unknown_first
    for index in (0, 1):
        hidden[0, index][scene.places[0]] = False
    states[hidden] = UNKNOWN
    return scene


def windows(first, size):
    return tuple((first + index,) for index in range(size))


SQUARE = tuple(itertools.product((-1, 0, 1), repeat=2))
CROSS = ((-1, 0), (0, -1), (0, 0), (0, 1), (1, 0))


# -- rows of bits -------------------------------------------------------------------------------------------


def bits_of(row, n_bits):
    """Of a row of words, as a list."""
    return [int(row[index // 64]) >> index % 64 & 1 for index in range(n_bits)]


def row_of(bits, n_words):
    """A list of bits as a row of words."""
    words = [0] * n_words
    for index, bit in enumerate(bits):
        words[index // 64] |= int(bit) << index % 64
    return np.array(words, dtype=np.uint64)


def nibbles_of(tables):
    """Tables of bits, each a list of 2^n entries, as bytes of four entries."""
    return np.array(
        [
            [sum(table[4 * q + b] << b for b in range(4)) for q in range(len(table) // 4)]
            for table in tables
        ],
        dtype=np.uint8,
    )  # fmt: skip


def nibble_table(nibbles, n_entries):
    """Nibbles of every channel, the most significant first, as a list of states."""
    return [
        sum(
            (int(row[entry // 4]) >> entry % 4 & 1) << len(nibbles) - 1 - channel
            for channel, row in enumerate(nibbles)
        )
        for entry in range(n_entries)
    ]


# -- walks --------------------------------------------------------------------------------------------------


@dataclass
class PlainWalk:
    """A table that walks, and the first states it starts from.

    firsts   for each run a dictionary
    entries  (channel, pattern) of bits that may change;  loose  (channel, run, place) of first states' bits
    chances  out of 2^22 that a change stays which adds so many wrong bits
    """

    scene: Scene
    table: list[int]
    firsts: list[dict]
    entries: list
    loose: list
    chances: list[int]
    n_states: int = 2
    wrong: int = 0
    least: int = 0
    best: tuple = ()

    def start(self):
        self.wrong = self.price()
        self.remember()

    def price(self):
        return wrong_of(self.scene, self.table, self.firsts)

    def remember(self):
        self.least, self.best = self.wrong, (list(self.table), [dict(first) for first in self.firsts])

    def change(self, place):
        if place < len(self.entries):
            channel, pattern = self.entries[place]
            self.table[pattern] ^= 1 << self.scene.n_bits - 1 - channel
        else:
            channel, run, where = self.loose[place - len(self.entries)]
            self.firsts[run][where] ^= 1 << self.scene.n_bits - 1 - channel

    def is_no_state(self, place):
        if place < len(self.entries):
            return self.table[self.entries[place][1]] >= self.n_states
        _, run, where = self.loose[place - len(self.entries)]
        return self.firsts[run][where] >= self.n_states

    def anneal(self, moves, target, rng):
        """Changes tried, for the worse, and of these stayed."""
        return anneal(self, len(self.entries) + len(self.loose), moves, target, rng)


def anneal(walk, n_places, moves, target, rng):
    """Any walk with wrong, least, chances, change(place), is_no_state(place), price() and remember()."""
    tried = worse = stayed = 0
    while tried < moves and walk.wrong > target:
        bits = int(rng.integers(0, 2**64, dtype=np.uint64))
        first, second = (bits % 2**20 * n_places >> 20, (bits >> 20) % 2**20 * n_places >> 20)
        chance, pair = (bits >> 40) % 2**22, bits >> 62 == 0 and first != second
        changed = [first, second] if pair else [first]
        for place in changed:
            walk.change(place)
        tried += 1
        wrong, added, stays = walk.wrong, 0, False
        if not any(map(walk.is_no_state, changed)):
            wrong = walk.price()
            added = wrong - walk.wrong
            stays = added <= 0 or (added < len(walk.chances) and chance < walk.chances[added])
        worse, stayed = worse + (added > 0), stayed + (added > 0 and stays)
        if stays:
            walk.wrong = wrong
            if wrong < walk.least:
                walk.remember()
        else:
            for place in changed:
                walk.change(place)
    return tried, worse, stayed
