"""Automata whose rule is known, seen at two times; and files of the reference's programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.formats.states.reading import read_observations
from btfnet.rules import Lattice, Neighbourhood, Observations, TableRule, run

LIFE_CENTRE = 4
FILES = re.compile(r"(?P<ring>\w+?)_(?P<inputs>\d+)_(?P<steps>\d+)\.dat|(?P<grid>gol|goal)\d+_(?P<time>\d+)")
SIDES = {"gol": 9, "goal": 25}
"""Neighbours of the reference's grids."""


@dataclass(frozen=True, eq=False)
class Instance:
    """What was seen, what `reconstruct` is told besides, and the rule behind it where that is known."""

    observations: Observations
    told: dict[str, Any]
    rule: TableRule | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Planted:
    """A random rule of a ring of cells, or one of that number, seen at step 0 and `steps` later.

    runs     rows that were seen, each from its own start
    unknown  fraction of cells that are not known, at both times;  wrong  fraction of those that are seen wrong
    """

    inputs: int
    steps: int
    cells: int
    number: int | None = None
    runs: int = 1
    unknown: float = 0.0
    wrong: float = 0.0
    told: tuple[tuple[str, Any], ...] = ()

    def instance(self, seed: int) -> Instance:
        rng = np.random.default_rng([seed, self.inputs, self.steps, self.cells])
        neighbourhood, size = Neighbourhood.of(self.inputs, 1), 1 << self.inputs
        values = rng.integers(2, size=size)
        if self.number is not None:
            values = np.array([self.number >> pattern & 1 for pattern in range(size)])
        rule = TableRule(neighbourhood, values, np.zeros(size, dtype=bool))
        lattice = Lattice((self.cells,))
        states = run(rule, rng.integers(2, size=(self.runs, self.cells)), self.steps, lattice)
        seen = self._seen(states[:, [0, self.steps]], rng)
        told = {"neighbours": neighbourhood, **dict(self.told)}
        return Instance(Observations(seen, (0, self.steps), lattice), told, rule)

    def _seen(self, states: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int8]:
        flipped = rng.random(states.shape) < self.wrong
        gone = rng.random(states.shape) < self.unknown
        return np.where(gone, -1, states ^ flipped).astype(np.int8)


@dataclass(frozen=True)
class LifeTable:
    """The Game of Life on a torus, as if nothing were known of it: a table of nine neighbours."""

    side: int
    steps: int

    def instance(self, seed: int) -> Instance:
        patterns = np.arange(512)
        centre = patterns >> LIFE_CENTRE & 1
        around = np.bitwise_count(patterns) - centre
        values = ((around == 3) | (centre == 1) & (around == 2)).astype(np.int64)
        rule = TableRule(Neighbourhood.of(9, 2), values, np.zeros(512, dtype=bool))
        lattice, rng = Lattice((self.side, self.side)), np.random.default_rng([seed, self.side, self.steps])
        states = run(rule, rng.integers(2, size=(1, lattice.n_cells)), self.steps, lattice)
        seen = states[:, [0, self.steps]].reshape(1, 2, self.side, self.side).astype(np.int8)
        return Instance(
            Observations(seen, (0, self.steps), lattice), {"neighbours": rule.neighbourhood}, rule
        )


@dataclass(frozen=True)
class File:
    """Two rows or grids of the reference's programs; nothing is told of the bounds of masks."""

    path: Path

    def instance(self, seed: int) -> Instance:
        name = FILES.fullmatch(self.path.name)
        if name is None:
            raise ValueError(f"{self.path} is named neither NAME_INPUTS_STEPS.dat nor golSIZE_STEPS.")
        steps = int(name["steps"] or name["time"])
        observations = read_observations([str(self.path)], steps=steps)
        if name["ring"]:
            return Instance(observations, {"neighbours": int(name["inputs"])})
        return Instance(observations, {"neighbours": SIDES[name["grid"]], "cell": "masks"})


def files(folder: Path) -> Iterator[File]:
    """Those of a folder that are named so."""
    for path in sorted(folder.iterdir()):
        if FILES.fullmatch(path.name):
            yield File(path)
