"""Descents from random gates: how long they are, of which σ, and in how wide a network they begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from btfnet.engines.descent.widening import can_widen
from btfnet.engines.tuning.information import larger_for_random, larger_than_counted
from btfnet.engines.tuning.rounds import (
    EndedTrial,
    PastRound,
    Tuner,
    next_support,
    stalled,
    supports_from,
)
from btfnet.machine import fits
from btfnet.problem import widths as sizes
from btfnet.problem.problem import Problem
from btfnet.settings import Settings

MOST_NS, FIRST_NS, GROWTH = 300e9, 0.1e9, 5
"""Nanoseconds of work at most (in turn with the projections), and, while settings are tuned, on the first level; a
descent of a later level gets so many times more."""
LEAST_SWEEPS = 600
"""But at least so many sweeps on the first level: fewer show nothing (docs/tuning.md)."""
GROWING_SWEEPS, LONGER = 100_000, 2
"""Sweeps of a descent that grows in the first round, and how many times as many in each later one: it needs no
others to begin anew in more nodes."""
FIRST = 2
"""Descents in the first round; all later rounds are one descent each."""
EDGE_BYTES = 40
"""What a descent and the trial that it leaves take for each edge, the network counted (measured: 33)."""


class Way(NamedTuple):
    """A kind of descent."""

    sigma: float
    widen: float


@dataclass(frozen=True)
class _Level:
    """What a level's descents try; random: the data look as if they had no structure."""

    sigmas: tuple[float, ...]
    factors: tuple[float, ...]
    random: bool = False

    def ways(self) -> list[Way]:
        """The smallest σ in the network itself and in a wider one, then larger σ."""
        begun = [Way(self.sigmas[0], factor) for factor in self.factors]
        return begun + [Way(sigma, 1.0) for sigma in self.sigmas[1:] if 1.0 in self.factors]


@dataclass(frozen=True)
class Descents:
    """A `Tuner`: the descents of a search, one after another.

    Tuned, they come in levels, each five times as long as the one before, with one round for every way; the first
    level is one round of two descents. Where the last of a level in the network itself stood still, descents that
    begin in a wider network join, and those of the next larger σ; data without structure get the σ that circuits
    are counted for (`information`). A way to begin that failed where the other was exact is left out from then
    on, and the network itself while it stands still and a wider one does not.
    Not tuned, every second one begins in a wider network.

    in_turn  projections run in turn with them, so that none may take for ever
    """

    problem: Problem
    base: Settings
    in_turn: bool
    first_round: int = FIRST
    later_round: int = 1

    @cached_property
    def factors(self) -> tuple[float, ...]:
        factor = self.base.widen
        wide = factor > 1 and can_widen(self.problem) and _widened_fits(self.problem, factor)
        return (1.0, self.base.widen) if wide else (1.0,)

    def untuned(self, turn: int) -> Settings:
        """Settings of the descent with this number among the descents, where nothing is tuned."""
        way = Way(self.base.sigma, self.factors[turn % len(self.factors)])
        return self._settings(way, 2 + int(MOST_NS / self._sweep_ns) if self.in_turn else None)

    def next_round(self, past: Sequence[PastRound]) -> tuple[Settings, ...]:
        level, state, done = 0, _Level((self.base.sigma,), (1.0,)), 0
        while len(past) >= done + len(ways := state.ways()):
            trials = [trial for round_ in past[done : done + len(ways)] for trial in round_.trials]
            level, state, done = level + 1, self._following(state, trials), done + len(ways)
        return (self._settings(ways[len(past) - done], self._sweeps(level)),)

    def _following(self, state: _Level, trials: Sequence[EndedTrial]) -> _Level:
        """The next level's state: ways to begin that were exact, else those that are still on their way down."""
        exact = {trial.settings.widen for trial in trials if trial.exact}
        if exact:
            return replace(state, factors=tuple(factor for factor in state.factors if factor in exact))
        unwidened = [trial for trial in trials if trial.settings.widen == 1]
        falls = {trial.settings.widen for trial in trials if not stalled([trial])}
        if falls and 1.0 not in falls:
            return replace(state, factors=tuple(factor for factor in state.factors if factor in falls))
        if unwidened:
            return self._grown(state, unwidened)
        return replace(state, factors=self.factors)

    def _grown(self, state: _Level, trials: Sequence[EndedTrial]) -> _Level:
        """With larger gates, and wider networks, where these trials call for them."""
        sigmas = state.sigmas
        first, last = (
            [trial for trial in trials if trial.settings.sigma == sigma] for sigma in (sigmas[0], sigmas[-1])
        )
        larger = larger_for_random(self.problem, sigmas[-1], last)
        if state.random and not larger:
            larger = larger_than_counted(self.problem, sigmas[-1], last)
            if larger:
                sigmas = sigmas[: 0 if larger_for_random(self.problem, sigmas[0], first) else 1]
        random = state.random or bool(larger)
        factors = state.factors
        if not larger and stalled(last):
            larger = tuple(support for support in supports_from(self.base.sigma) if support > sigmas[-1])[:1]
            factors = self.factors
        return _Level((*sigmas, *larger), factors, random)

    def _settings(self, way: Way, sweeps: int | None) -> Settings:
        most = self.base.max_iterations
        limit = most if sweeps is None else min(most, sweeps)
        return self.base.but(max_iterations=limit, sigma=way.sigma, widen=way.widen)

    def _sweeps(self, level: int) -> int:
        """In a wider network as many, though each is longer."""
        sweeps = max(LEAST_SWEEPS, int(FIRST_NS / self._sweep_ns)) * GROWTH**level
        return min(sweeps, max(LEAST_SWEEPS, int(MOST_NS / self._sweep_ns))) if self.in_turn else sweeps

    @cached_property
    def _sweep_ns(self) -> float:
        return sweep_ns(self.problem)


@dataclass(frozen=True)
class GrowingDescents:
    """A `Tuner`: descents in a network that grows, which are long from the first on.

    Where they stand still they grow, and free networks of enough nodes compute anything with the smallest gates:
    the next larger σ follows where they stood still all the same, however many nodes they had come to.
    """

    base: Settings
    first_round: int = FIRST
    later_round: int = 1

    def untuned(self, turn: int) -> Settings:
        return self.base.but(widen=1.0)

    def next_round(self, past: Sequence[PastRound]) -> tuple[Settings, ...]:
        sigma = self.base.sigma
        if past:
            (last,) = past[-1].settings
            sigma = next_support(last.sigma, sigma) if stalled(past[-1].trials) else last.sigma
        limit = min(self.base.max_iterations, GROWING_SWEEPS * LONGER ** len(past))
        return (self.base.but(max_iterations=limit, sigma=sigma, widen=1.0),)


def descents(problem: Problem, settings: Settings, in_turn: bool) -> Tuner:
    """The tuner of the descents in a problem's network; in_turn  as for `Descents`."""
    return GrowingDescents(settings) if problem.network.grows else Descents(problem, settings, in_turn)


def _widened_fits(problem: Problem, factor: float) -> bool:
    """Whether a descent fits into memory whose hidden layers are so many times as wide."""
    own = problem.network.widths
    assert own is not None
    wide = (own[0], *(int(factor * width) + 1 for width in own[1:-1]), own[-1])
    return fits(EDGE_BYTES * sizes.n_edges(wide))


def sweep_ns(problem: Problem) -> float:
    """Estimated nanoseconds of a sweep over all nodes, where many outputs are wrong."""
    network, words = problem.network, -(-problem.n_train // 64)
    fan_in = min(72.0, network.n_edges / network.n_btf)
    return network.n_btf * (7000 + 0.3 * fan_in**3 / 6 * words)
