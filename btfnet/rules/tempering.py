"""Walks at a ladder of temperatures that finds itself.

A temperature is right where few changes for the worse stay: between 1 and 10 in a hundred, whatever the cell, the
lattice and the steps (docs/reconstruction.md). So a rung of the ladder is such a fraction, and its
temperature follows what the walks do there. Neighbouring rungs change walks now and then, as in parallel tempering
(Swendsen and Wang, Phys. Rev. Lett. 57, 2607 (1986)); a walk that freezes is warmed up that way.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.cells.anneal import CHANCES

RUNGS = (0.004, 0.03, 0.06, 0.10, 0.16)
"""Fractions of changes for the worse that stay."""
COLD_SHARE = 0.25
"""Of a round's changes, for the coldest rung: it does not find, but finishes what others found."""
FIRST_GUESS = 0.25
"""Of the coarsest temperature, in standard deviations of the wrong bits of a rule that has nothing to do with
it."""
SHARPNESS = 0.6
"""How temperatures grow with these fractions, for the first guess."""
GAIN, LEAST_GAIN = 1.0, 0.05
"""How far a temperature follows in a round: less and less, but never not at all."""
MEMORY = 0.8
"""Weight of what the walks did in earlier rounds."""
CHANCES_KEPT = 256
"""So many wrong bits more, and no change stays."""


class Walks(Protocol):
    """What the arrays of all walks have.

    wrong, least  int64, (n_walks,): wrong bits now, and the fewest so far
    chances       int64, (n_walks, CHANCES_KEPT): how many of 2^22 changes stay that add so many wrong bits
    """

    @property
    def wrong(self) -> NDArray[np.int64]: ...

    @property
    def least(self) -> NDArray[np.int64]: ...

    @property
    def chances(self) -> NDArray[np.int64]: ...


class Walkers(ABC):
    """Walks over hypotheses of one kind; `walks` are their arrays."""

    walks: Walks

    @property
    def wrong(self) -> NDArray[np.int64]:
        return self.walks.wrong

    @property
    def least(self) -> NDArray[np.int64]:
        return self.walks.least

    @property
    def chances(self) -> NDArray[np.int64]:
        return self.walks.chances

    @abstractmethod
    def anneal(self, walk: int, moves: int, target: int, rng: np.random.Generator) -> tuple[int, int, int]:
        """Changes tried, those for the worse, and of these those that stayed."""


class Tempering:
    """Walkers on the rungs of a ladder.

    n_known  bits that can be wrong
    moves    of every walk in a round
    """

    def __init__(self, walkers: Walkers, n_known: int, moves: int, rng: np.random.Generator) -> None:
        self.walkers, self.moves, self.rng = walkers, moves, rng
        guess = FIRST_GUESS * np.sqrt(n_known) / 2
        self.temperature = guess * (np.array(RUNGS) / RUNGS[-1]) ** SHARPNESS
        self.rung_of = np.arange(len(RUNGS))
        self.counts = np.zeros((len(RUNGS), 2))
        self.rounds, self.tried = 0, 0

    @property
    def least(self) -> int:
        """The fewest wrong bits so far."""
        return int(self.walkers.least.min())

    @property
    def best_walk(self) -> int:
        return int(self.walkers.least.argmin())

    def round(self, target: int) -> None:
        """Every walk at its temperature, then changes of rungs. Ends once no more than `target` bits are wrong."""
        self.counts *= MEMORY
        for walk, rung in enumerate(self.rung_of):
            self.walkers.chances[walk] = chances_at(self.temperature[rung], self.walkers.chances.shape[1])
            moves = self.moves if rung else max(1, int(COLD_SHARE * self.moves))
            tried, worse, stayed = self.walkers.anneal(walk, moves, target, self.rng)
            self.tried += tried
            self.counts[rung] += stayed, worse
            if self.walkers.wrong[walk] <= target:
                return
        self.rounds += 1
        self._tune()
        self._swap()

    def _tune(self) -> None:
        gain = max(LEAST_GAIN, GAIN / np.sqrt(self.rounds))
        stays = (self.counts[:, 0] + 0.5) / (self.counts[:, 1] + 1.0)
        change = np.clip(np.log(np.array(RUNGS) / stays), -1, 1) * SHARPNESS * gain
        self.temperature = np.sort(np.maximum(0.05, self.temperature * np.exp(change)))

    def _swap(self) -> None:
        walk_on = np.argsort(self.rung_of)
        for low in range(self.rounds % 2, len(RUNGS) - 1, 2):
            cold, hot = walk_on[low], walk_on[low + 1]
            slope = 1 / self.temperature[low] - 1 / self.temperature[low + 1]
            gained = slope * float(self.walkers.wrong[cold] - self.walkers.wrong[hot])
            if gained >= 0 or self.rng.random() < np.exp(gained):
                self.rung_of[cold], self.rung_of[hot] = low + 1, low


def chances_at(temperature: float, n_chances: int) -> NDArray[np.int64]:
    """How many of 2^22 changes stay that add 0, 1, … wrong bits."""
    return (np.exp(-np.arange(n_chances) / temperature) * CHANCES).astype(np.int64)
