"""One start of a search for a rule: walks on a ladder of temperatures, which can be saved and go on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import is_whole, said
from btfnet.checkpoint.file import Record, generator_state, named, overwrite, set_generator_state
from btfnet.errors import CapacityError, DataError, UsageError
from btfnet.halting import Halt
from btfnet.kernels.cells.anneal import PLACE_BITS
from btfnet.kernels.cells.lookup import VECTOR
from btfnet.machine import fits
from btfnet.rules.arrays import PackedRun
from btfnet.rules.gate_walks import GateCell
from btfnet.rules.lattice import MAX_INPUTS, Neighbourhood
from btfnet.rules.observations import UNKNOWN, Observations
from btfnet.rules.records import AnyRule
from btfnet.rules.tables import TableCell
from btfnet.rules.tempering import RUNGS, Tempering
from btfnet.rules.thresholds import ThresholdCell, ThresholdForm

WALK_NS = 2e6
"""Of one walk in a round: short enough for Ctrl-C, long enough for what is done in between."""
STILL_MOVES, STILL_FACTOR = 1_000_000, 4
"""Where bits may be wrong, a start has ended once so many changes, and so many times those before, mended
nothing."""
MOST_CELLS, MOST_STEPS = 1 << 26, 100_000
"""Of all steps together, and steps: a change takes a fraction of a second, and all states half a gigabyte."""
GIVEN = ("entries", "shows", "loose", "above", "patterns")
"""Arrays of walks that observations and kinds give, and that none changes for good."""
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
        """Raises `UsageError` where such a cell cannot be, `CapacityError` where there is too much of it."""
        bits = neighbourhood.size * observations.n_channels
        if self.name == "masks" and observations.n_states > 2:
            raise UsageError("masks are for cells of two states; take a table, or gates.")
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
        self._check_sizes(observations, neighbourhood)

    def _check_sizes(self, observations: Observations, neighbourhood: Neighbourhood) -> None:
        cells, steps = observations.n_runs * observations.lattice.n_cells, observations.steps
        if cells * steps > MOST_CELLS or steps > MOST_STEPS:
            raise CapacityError(
                f"{cells} cells, and {steps} steps from the first observation to the last; at most {MOST_STEPS} "
                f"steps, and {MOST_CELLS} cells in all steps. Give fewer runs, or observations that lie closer."
            )
        rows = (1 << neighbourhood.size * observations.n_channels) / 8 if self.name != "masks" else 0
        n_bytes = cells * (rows + 4 * neighbourhood.size * observations.n_channels + 24 * (steps + 1))
        if not fits(n_bytes):
            raise CapacityError(
                f"{cells} cells, {steps} steps and {neighbourhood.in_words} need about {n_bytes / 1e9:.1f} GB, "
                f"which this machine has not free. Give fewer runs, or steps."
            )
        unknown = int((observations.states[:, 0] == UNKNOWN).sum()) * observations.n_channels
        places = self.gates or len(self.form.above) * neighbourhood.size
        if self.name == "table":
            places = observations.n_states**neighbourhood.size * observations.n_channels
        if places + unknown > 1 << PLACE_BITS:
            raise CapacityError(
                f"{unknown} unknown bits at the first time, besides {places} of the rule; {1 << PLACE_BITS} at "
                f"most. Give fewer runs, or leave those out of which little is known."
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

    noisy   whether known bits may be wrong: then it ends when it stands still
    budget  changes, at most
    """

    def __init__(self, run: PackedRun, kind: CellKind, seed: int, *, noisy: bool, budget: int) -> None:
        self.noisy, self.budget = noisy, budget
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
        if self.least == 0 or self.tried >= self.budget:
            return True
        still = max(STILL_MOVES, STILL_FACTOR * self.improved_at)
        return self.noisy and self.tried - self.improved_at >= still

    def advance(self, halt: Halt) -> bool:
        """A round; whether it mended something. Raises `Halted` before it, never within."""
        halt.check()
        self.tempering.round(target=0)
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
        arrays = {
            name: array
            for name, array in walks.items()
            if isinstance(array, np.ndarray) and name not in GIVEN
        }
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
        counts: list[Any] = [saved.values.get(name) for name in ("rounds", "tried", "improved_at")]
        if not all(is_whole(count) and count >= 0 for count in counts):
            raise DataError(
                f"The checkpoint holds counts {said(counts)} of a start; expected three whole numbers."
            )
        overwrite(self._arrays(), arrays)
        rungs, heat = sorted(ladder.rung_of.tolist()), ladder.temperature
        if (
            rungs != list(range(len(RUNGS)))
            or not (np.isfinite(heat) & (heat > 0)).all()
            or not self.cell.sound()
        ):
            raise DataError("The checkpoint holds walks that cannot be; start anew, without resuming.")
        set_generator_state(self.rng, arrays.get("generator"))
        ladder.rounds, ladder.tried, self.improved_at = map(int, counts)
        self.least = ladder.least
