"""One start of a search for a rule: walks on a ladder of temperatures, which can be saved and go on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import Record, generator_state, named, overwrite, set_generator_state
from btfnet.errors import UsageError
from btfnet.halting import Halt
from btfnet.kernels.cells.lookup import VECTOR
from btfnet.rules.arrays import PackedRun
from btfnet.rules.gate_walks import GateCell
from btfnet.rules.lattice import MAX_INPUTS, Neighbourhood
from btfnet.rules.observations import Observations
from btfnet.rules.records import AnyRule
from btfnet.rules.tables import TableCell
from btfnet.rules.tempering import RUNGS, Tempering
from btfnet.rules.thresholds import ThresholdCell, ThresholdForm

WALK_NS = 2e6
"""Of one walk in a round: short enough for Ctrl-C, long enough for what is done in between."""
STILL_MOVES, STILL_FACTOR = 1_000_000, 4
"""Where bits may be wrong, a start has ended once so many changes, and so many times those before, mended
nothing."""
Cell = TableCell | ThresholdCell | GateCell


@dataclass(frozen=True)
class CellKind:
    """What rules are looked for.

    name   table, masks or gates
    form   of masks
    gates  of a cell of gates, how many
    """

    name: str = "table"
    form: ThresholdForm = field(default_factory=ThresholdForm)
    gates: int = 0

    def check(self, observations: Observations, neighbourhood: Neighbourhood) -> None:
        """Raises `UsageError` where such a cell cannot be."""
        bits = neighbourhood.size * observations.n_channels
        if self.name == "masks" and observations.n_states > 2:
            raise UsageError("masks are for cells of two states; take a table, or gates.")
        if self.name == "masks":
            self.form.check(neighbourhood.size)
        if self.name != "masks" and bits > MAX_INPUTS:
            raise UsageError(
                f"{self.name} of {neighbourhood.in_words} see {bits} bits; {MAX_INPUTS} at most. Masks take more."
            )
        if self.name == "gates" and observations.n_states != 1 << observations.n_channels:
            raise UsageError(
                f"gates are for cells of 2, 4, 8 or 16 states, not of {observations.n_states}; take a table."
            )
        if self.name == "gates" and self.gates < observations.n_channels:
            raise UsageError(
                f"{self.gates} gates; a state of {observations.n_channels} bits needs as many at least."
            )

    def walkers(self, run: PackedRun, rng: np.random.Generator) -> Cell:
        """So many as there are rungs."""
        if self.name == "masks":
            return ThresholdCell(run, len(RUNGS), rng, self.form)
        if self.name == "gates":
            return GateCell(run, len(RUNGS), rng, self.gates)
        return TableCell(run, len(RUNGS), rng)

    def move_ns(self, run: PackedRun) -> float:
        """Estimated nanoseconds of one change, from sizes alone."""
        vectors, channels = run.n_words / VECTOR, run.observations.n_channels
        seen = 4.0 * len(run.observed.cells.shift)
        if self.name == "masks":
            step = vectors * (seen + 40.0 * run.neighbourhood.size * len(self.form.above) / 2)
        else:
            step = vectors * (seen + 15 + channels * (1 << max(4, run.n_inputs - 2)))
        return 60 + step * run.observations.steps


class RuleAttempt:
    """A start under way.

    target  so few wrong bits are enough
    noisy   whether known bits may be wrong: then it ends when it stands still
    budget  changes, at most
    """

    def __init__(
        self, run: PackedRun, kind: CellKind, seed: int, *, target: int, noisy: bool, budget: int
    ) -> None:
        self.target, self.noisy, self.budget = target, noisy, budget
        self.rng = np.random.default_rng(seed)
        self.cell = kind.walkers(run, self.rng)
        moves = int(np.clip(WALK_NS / kind.move_ns(run), 10, 2000))
        self.tempering = Tempering(self.cell, run.observations.n_known, moves, self.rng)
        self.improved_at, self.least = 0, self.tempering.least

    @property
    def tried(self) -> int:
        return self.tempering.tried

    @property
    def over(self) -> bool:
        """Whether it has ended by itself."""
        if self.least <= self.target or self.tried >= self.budget:
            return True
        still = max(STILL_MOVES, STILL_FACTOR * self.improved_at)
        return self.noisy and self.tried - self.improved_at >= still

    def advance(self, halt: Halt) -> bool:
        """A round; whether it mended something. Raises `Halted` before it, never within."""
        halt.check()
        self.tempering.round(self.target)
        if self.tempering.least < self.least:
            self.least, self.improved_at = self.tempering.least, self.tried
            return True
        return False

    def found(self) -> tuple[AnyRule, NDArray[np.int64]]:
        """The best rule so far, and the states at step 0 under it."""
        return self.cell.found(self.tempering.best_walk)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays that decide what follows, as they stand, not copies."""
        ladder, walks = self.tempering, self.cell.walks._asdict()
        arrays = {name: array for name, array in walks.items() if isinstance(array, np.ndarray)}
        return arrays | {
            "temperature": ladder.temperature,
            "rung_of": ladder.rung_of,
            "counts": ladder.counts,
        }

    def export(self) -> Record:
        """All that decides what follows."""
        ladder = self.tempering
        arrays = self._arrays() | {"generator": generator_state(self.rng)}
        values = {"rounds": ladder.rounds, "tried": ladder.tried, "improved_at": self.improved_at}
        return Record(values, named("attempt", arrays))

    def restore(self, saved: Record) -> None:
        """Stand where `export` was called. Raises `DataError` when that does not fit."""
        arrays, ladder = saved.part("attempt"), self.tempering
        overwrite(self._arrays(), arrays)
        set_generator_state(self.rng, arrays.get("generator"))
        ladder.rounds, ladder.tried = int(saved.values["rounds"]), int(saved.values["tried"])
        self.improved_at, self.least = int(saved.values["improved_at"]), ladder.least
