"""What a reconstruction hands back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from btfnet.rules.gates import GateRule
from btfnet.rules.lattice import Neighbourhood
from btfnet.rules.observations import Observations
from btfnet.rules.rule import TableRule
from btfnet.rules.space_time import draw_space_time
from btfnet.rules.thresholds import ThresholdRule

MOST_CELLS_SHOWN = 200_000
"""A notebook does not draw larger pictures; `draw_svg` does."""
AnyRule = TableRule | ThresholdRule | GateRule


class RuleStatus(Enum):
    """How a reconstruction ended; the value is the sentence that says what to do next."""

    EXACT = "The rule explains every known bit."
    NOISY = "No rule does better, as far as independent starts tell: the rest counts as noise."
    TIME_LIMIT = "The time limit came first. Allow more time, another neighbourhood, or wrong bits (noise)."
    LIMIT = (
        "All starts ended, and no rule explains enough. "
        "Allow more starts, another neighbourhood, or more wrong bits (noise)."
    )
    IMPOSSIBLE = (
        "No rule of this kind explains the observations: all were tried. "
        "Try a larger neighbourhood, or noise."
    )
    INTERRUPTED = "Interrupted. The best rule so far is in the result."

    @property
    def key(self) -> str:
        """As JSON spells it."""
        return self.name.lower()

    @property
    def found(self) -> bool:
        """Whether there is a rule that explains what it was asked to."""
        return self in (RuleStatus.EXACT, RuleStatus.NOISY)

    @property
    def finished(self) -> bool:
        """Whether more time would change nothing."""
        return self not in (RuleStatus.INTERRUPTED, RuleStatus.TIME_LIMIT)


@dataclass(frozen=True)
class Forced:
    """Whether the observations leave another rule.

    unseen    bits of the rule that no cell asked for, so that they may have any value
    rules     rules that explain the observations, not counting unseen bits: 1 where `proven`, else those found
    proven    whether that number is the whole truth: all were tried, or a SAT solver found no other
    confirmed further starts that ended at the same rule
    how       a sentence
    """

    unseen: int
    rules: int
    proven: bool
    confirmed: int
    how: str

    @property
    def forced(self) -> bool:
        """Whether every bit that matters is proven."""
        return self.proven and self.rules == 1


@dataclass(frozen=True)
class RuleTrial:
    """One start.

    wrong   the fewest wrong bits that it reached; tried  changes, or hypotheses, that were run
    """

    index: int
    seed: int
    neighbourhood: Neighbourhood
    wrong: int
    tried: int
    seconds: float


@dataclass(frozen=True, eq=False)
class Reconstruction:
    """The rule, and what cells did under it.

    rule     the best one; `rule.number` where it is a table
    states   int64, (n_runs, steps + 1, n_cells): all states under that rule, those in between included
    wrong    known bits that it gets wrong, corrected bits of the first states among them; of `n_known`
    forced   whether other rules explain the same; None where none was found, or it was not asked for
    kind     table, masks or gates
    """

    observations: Observations
    rule: AnyRule
    states: NDArray[np.int64] = field(repr=False)
    wrong: int
    status: RuleStatus
    kind: str
    seconds: float
    seed: int
    trials: tuple[RuleTrial, ...] = field(repr=False)
    forced: Forced | None = None

    @property
    def exact(self) -> bool:
        """Whether every known bit is as the rule has it, checked by running it without any kernel."""
        return self.wrong == 0

    @property
    def neighbourhood(self) -> Neighbourhood:
        return self.rule.neighbourhood

    @property
    def n_known(self) -> int:
        """Known bits, those of the first states included."""
        return self.observations.n_seen

    @cached_property
    def table(self) -> TableRule:
        """The rule as a table, whatever it was found as. Raises `CapacityError` for more than 20 inputs."""
        return self.rule if isinstance(self.rule, TableRule) else self.rule.as_table()

    def draw_svg(self, run: int = 0) -> str:
        """All states of a run in space and time as SVG text; see `draw_space_time`."""
        return draw_space_time(self.observations, self.states, run=run)

    def _repr_svg_(self) -> str | None:
        """The first run, for notebooks; None where it would be too large to look at."""
        return self.draw_svg() if self.states[0].size <= MOST_CELLS_SHOWN else None

    def __repr__(self) -> str:
        found = "exact" if self.exact else f"{self.wrong} of {self.n_known} bits wrong"
        return f"<Reconstruction of a {self.observations.lattice.in_words}: {found}, {self.seconds:.1f} s>"


def wrong_states(observations: Observations, states: NDArray[np.int64]) -> int:
    """Known bits that differ, the first states' included."""
    wrong = 0
    for index, time in enumerate(observations.times):
        known, care = observations.bits(index)
        shifts = np.arange(observations.n_channels)[::-1, None]
        bits = (states[:, time].reshape(1, -1) >> shifts & 1).astype(bool)
        wrong += int(((bits != known) & care).sum())
    return wrong


Watcher = Callable[[RuleTrial], None]
"""Told whenever a start reached fewer wrong bits than all before."""
