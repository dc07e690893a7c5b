"""Which settings and which engine a trial gets, from the trials before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.search.records import Engine, Trial, TunerEntry, TunerRound
from btfnet.search.stop_token import UNFINISHED
from btfnet.search.tuning.descents import FIRST, Descents
from btfnet.search.tuning.information import larger_for_random
from btfnet.search.tuning.race import decay, following, late_bits, stalled, standing
from btfnet.settings import Settings

ENTRANTS = (
    (0.3, 3e-4), (0.5, 1e-3), (0.3, 1e-3), (0.5, 3e-4), (0.3, 1e-4), (0.5, 3e-3), (0.3, 3e-3), (0.5, 1e-4),
)  # fmt: skip
"""(β, γ), those that have worked elsewhere first."""
HEAT, GROWTH = 20_000, 4
"""Iterations of a trial in the first round of the race; a later round's trials get so many times more."""
FIELD = 4
"""Trials of a round after the first, of the projections."""


class Place(NamedTuple):
    """Where in a race a trial runs."""

    round: int
    turn: int


@dataclass(frozen=True)
class TrialPlan:
    """Engine and settings of each trial, by its number and what came of the trials before it.

    auto   projections with descent, and descent alone, in turn; projections alone where inputs are analog
    tune   β and γ by a race of the projections (successive halving): every entrant gets a short trial, the
           better half a trial four times as long, and so on. A round that stands still (see `stalled`) makes
           σ larger in the next one: 3, 5, 7, and 3 again. Data without structure get the σ that circuits are
           counted for (`chance`). Descents: see `Descents`

    Budgets are iterations and work, never the clock, and a round begins when the one before it has ended: a
    trial is the same whatever the number of jobs.
    """

    problem: Problem
    base: Settings
    engines: tuple[Engine, ...]
    tune: bool
    _rounds: dict[tuple[int, int], TunerRound] = field(default_factory=dict, repr=False)

    def __call__(self, index: int, ended: Mapping[int, Trial]) -> tuple[Engine, Settings] | None:
        """None while a trial that this one depends on has not ended."""
        lane, turn = index % len(self.engines), index // len(self.engines)
        engine = self.engines[lane]
        if not self.tune:
            return engine, self._untuned(engine, turn)
        place = _place(engine, turn)
        heats = self.round(lane, place.round, ended)
        return None if heats is None else (engine, heats.settings[place.turn % len(heats.settings)])

    @cached_property
    def _descents(self) -> Descents:
        return Descents(self.problem, self.base, in_turn=len(self.engines) > 1)

    def _untuned(self, engine: Engine, turn: int) -> Settings:
        return self._descents.untuned(turn) if engine is Engine.DESCENT else self.base.but(widen=1.0)

    def _limited(self, iterations: int, **changes: float) -> Settings:
        limit = min(self.base.max_iterations, iterations)
        return self.base.but(max_iterations=limit, widen=1.0, **changes)

    # -- rounds ---------------------------------------------------------------------------------------

    def round(self, lane: int, number: int, ended: Mapping[int, Trial]) -> TunerRound | None:
        """An engine's round: the settings that run in it; None while the one before it has not ended."""
        if (lane, number) not in self._rounds:
            before = self.round(lane, number - 1, ended) if number else None
            if number and (before is None or not self._of_round(lane, number - 1, ended)):
                return None
            if self.engines[lane] is Engine.DESCENT:
                self._rounds[lane, number] = self._cold(lane, number, ended)
            else:
                self._rounds[lane, number] = (
                    self._first(lane) if before is None else self._next(lane, before, ended)
                )
        return self._rounds[lane, number]

    def _first(self, lane: int) -> TunerRound:
        settings = tuple(self._limited(HEAT, beta=beta, gamma=gamma) for beta, gamma in ENTRANTS)
        return TunerRound(self.engines[lane], 0, settings)

    def _next(self, lane: int, before: TunerRound, ended: Mapping[int, Trial]) -> TunerRound:
        number, trials = before.number + 1, self._of_round(lane, before.number, ended)
        sigma = before.settings[0].sigma
        if stalled(trials):
            sigma = following(sigma, self.base.sigma)
        sigma = (larger_for_random(self.problem, before.settings[0].sigma, trials) or (sigma,))[-1]
        settings = (
            self._limited(HEAT * GROWTH**number, sigma=sigma, beta=one.beta, gamma=one.gamma)
            for one in _better_half(before, trials)
        )
        return TunerRound(before.engine, number, tuple(settings))

    def _cold(self, lane: int, number: int, ended: Mapping[int, Trial]) -> TunerRound:
        """A round of descents from random gates."""
        settings = self._descents.tuned(number, lambda before: self._of_round(lane, before, ended))
        return TunerRound(Engine.DESCENT, number, (settings,))

    def _of_round(self, lane: int, number: int, ended: Mapping[int, Trial]) -> list[Trial]:
        """All trials of a round; none while one of them has not ended."""
        indices = [turn * len(self.engines) + lane for turn in _turns(self.engines[lane], number)]
        if not all(index in ended and complete(ended[index]) for index in indices):
            return []
        return [ended[index] for index in indices]

    def limits(self, finished: Sequence[Trial]) -> Callable[[int], int | None]:
        """The limit of iterations that a trial has, as far as the finished trials tell."""
        ended = {trial.index: trial for trial in finished}

        def limit_of(index: int) -> int | None:
            task = self(index, ended)
            return None if task is None else task[1].max_iterations

        return limit_of

    # -- what came of it ------------------------------------------------------------------------------

    def report(self, ended: Mapping[int, Trial]) -> tuple[TunerRound, ...]:
        """The rounds that have begun, with what came of their trials; none without tuning."""
        if not self.tune:
            return ()
        places: dict[tuple[int, int], list[Trial]] = {}
        for index in sorted(ended):
            lane, turn = index % len(self.engines), index // len(self.engines)
            number = _place(self.engines[lane], turn).round
            places.setdefault((number, lane), []).append(ended[index])
        rounds = []
        for (number, lane), trials in sorted(places.items(), key=lambda place: place[0]):
            begun = self.round(lane, number, ended)
            if begun is not None:
                rounds.append(begun.with_heats(tuple(_heat(trial) for trial in trials)))
        return tuple(rounds)


def plan_for(problem: Problem, base: Settings, engine: Engine, tune: bool) -> TrialPlan:
    """The plan of a search; see `TrialPlan`."""
    return TrialPlan(problem, base, _engines(problem, engine), tune)


def _engines(problem: Problem, engine: Engine) -> tuple[Engine, ...]:
    if not problem.has_boolean_inputs:
        return (Engine.RRR,)
    return (Engine.BOTH, Engine.DESCENT) if engine is Engine.AUTO else (engine,)


def _sizes(engine: Engine) -> tuple[int, int]:
    """Trials in the first round, and in each later one."""
    return (FIRST, 1) if engine is Engine.DESCENT else (len(ENTRANTS), FIELD)


def _place(engine: Engine, turn: int) -> Place:
    first, later = _sizes(engine)
    return Place(0, turn) if turn < first else Place(1 + (turn - first) // later, (turn - first) % later)


def _turns(engine: Engine, number: int) -> range:
    first, later = _sizes(engine)
    begin = first + later * (number - 1)
    return range(first) if number == 0 else range(begin, begin + later)


def _better_half(before: TunerRound, trials: Sequence[Trial]) -> list[Settings]:
    """The better half of a round's settings, each judged by the best of its trials; on equal terms the first."""
    count = len(before.settings)
    best = [min(standing(trial) for trial in trials[place::count]) for place in range(count)]
    kept = sorted(range(count), key=best.__getitem__)[: max(1, count // 2)]
    return [before.settings[place] for place in kept]


def complete(trial: Trial) -> bool:
    """Whether it ran to its own end: only then is it judged."""
    return trial.status not in (*UNFINISHED, Status.STOPPED)


def _heat(trial: Trial) -> TunerEntry:
    return TunerEntry(
        trial.index, trial.settings, trial.exact, decay(trial), late_bits(trial), complete(trial)
    )
