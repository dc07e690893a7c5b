"""Which engine and which settings a trial gets, from the trials before it, and how many fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from btfnet.engines.protocol import EngineSpec, Sizes
from btfnet.engines.registry import AUTO, LIGHTEST, engine_named, engines_for, names_for
from btfnet.engines.tuning.information import sized
from btfnet.engines.tuning.rounds import PastRound, Tuner, decay, late_bits
from btfnet.machine import SHARE, available_bytes
from btfnet.problem import widths as layer_widths
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.search.records import Trial
from btfnet.search.tried import TunerEntry, TunerRound
from btfnet.settings import Settings


@dataclass(frozen=True)
class TrialPlan:
    """Engine and settings of each trial, by its number and what came of the trials before it.

    engines  take turns, trial by trial
    tune     settings find themselves: in rounds, each engine's by its tuner

    Budgets are iterations and work, never the clock, and a round begins when the one before it has ended: a
    trial is the same whatever the number of jobs.
    """

    problem: Problem
    base: Settings
    engines: tuple[EngineSpec, ...]
    tune: bool

    def __call__(self, index: int, ended: Mapping[int, Trial]) -> tuple[EngineSpec, Settings] | None:
        """None while a trial that this one depends on has not ended."""
        turn, lane_number = divmod(index, len(self.engines))
        lane = self._lanes[lane_number]
        settings = lane.settings_of(turn, ended) if self.tune else lane.tuner.untuned(turn)
        return None if settings is None else (lane.engine, settings)

    @cached_property
    def _lanes(self) -> tuple[_Lane, ...]:
        in_turn = len(self.engines) > 1
        return tuple(
            _Lane(engine, engine.tuner(self.problem, self.base, in_turn), first, len(self.engines))
            for first, engine in enumerate(self.engines)
        )

    def limits(self, finished: Sequence[Trial]) -> Callable[[int], int | None]:
        """The limit of iterations that a trial has, as far as the finished trials tell."""
        ended = {trial.index: trial for trial in finished}

        def limit_of(index: int) -> int | None:
            task = self(index, ended)
            return None if task is None else task[1].max_iterations

        return limit_of

    def report(self, ended: Mapping[int, Trial]) -> tuple[TunerRound, ...]:
        """The rounds that have begun, with what came of their trials; none without tuning."""
        if not self.tune:
            return ()
        rounds = (lane.report(ended) for lane in self._lanes)
        return tuple(sorted((one for lane in rounds for one in lane), key=lambda one: one.number))


@dataclass
class _Lane:
    """The trials of one engine: every so many from its first one on.

    rounds  the settings of those that have begun
    """

    engine: EngineSpec
    tuner: Tuner
    first: int
    step: int
    rounds: list[tuple[Settings, ...]] = field(default_factory=list)

    def settings_of(self, turn: int, ended: Mapping[int, Trial]) -> Settings | None:
        """Of the engine's trial with this number; None while its round cannot begin."""
        number, in_round = self._place(turn)
        if not self._begun(number, ended):
            return None
        return self.rounds[number][in_round % len(self.rounds[number])]

    def _begun(self, number: int, ended: Mapping[int, Trial]) -> bool:
        while len(self.rounds) <= number:
            past = [
                PastRound(settings, self._trials(earlier, ended))
                for earlier, settings in enumerate(self.rounds)
            ]
            if past and not past[-1].trials:
                return False
            self.rounds.append(self.tuner.next_round(past))
        return True

    def _place(self, turn: int) -> tuple[int, int]:
        """The round in which a trial runs, and which of that it is."""
        if turn < self.tuner.first_round:
            return 0, turn
        number, in_round = divmod(turn - self.tuner.first_round, self.tuner.later_round)
        return number + 1, in_round

    def _trials(self, number: int, ended: Mapping[int, Trial]) -> list[Trial]:
        """All trials of a round; none while one of them has not ended."""
        begin = self.tuner.first_round + self.tuner.later_round * (number - 1)
        turns = range(begin, begin + self.tuner.later_round) if number else range(self.tuner.first_round)
        indices = [self.first + self.step * turn for turn in turns]
        if not all(index in ended and complete(ended[index]) for index in indices):
            return []
        return [ended[index] for index in indices]

    def report(self, ended: Mapping[int, Trial]) -> list[TunerRound]:
        entries: dict[int, list[TunerEntry]] = {}
        for index in sorted(ended):
            if index % self.step == self.first:
                number, _ = self._place(index // self.step)
                entries.setdefault(number, []).append(_entry(ended[index]))
        return [
            TunerRound(self.engine.name, number, self.rounds[number], tuple(entries[number]))
            for number in sorted(entries)
            if self._begun(number, ended)
        ]


def plan_for(problem: Problem, base: Settings, engine: str, tune: bool) -> TrialPlan:
    """The plan of a search with an engine, or with auto. Raises `UsageError` for a name of none."""
    return TrialPlan(problem, base, engines_for(problem, engine), tune)


def complete(trial: Trial) -> bool:
    """Whether it ran to its own end: only then is it judged."""
    return not (trial.status.unfinished or trial.status is Status.STOPPED)


def _entry(trial: Trial) -> TunerEntry:
    return TunerEntry(
        trial.index, trial.settings, trial.exact, decay(trial), late_bits(trial), complete(trial)
    )


def as_engines_take_it(problem: Problem, engine: str) -> Problem:
    """The problem; with a network of fixed size where its own grows and its engines do not make it grow."""
    return problem if all(one.grows for one in engines_for(problem, engine)) else sized(problem)


EDGE_BYTES = 40
"""What a network and the trial that is left of it take for each edge (measured with gate descent: 33)."""


def workers_that_fit(engines: Sequence[EngineSpec], problem: Problem, precision: str, workers: int) -> int:
    """At most so many workers, and at least one: the engine says when not even that fits."""
    free = available_bytes()
    if free is None:
        return workers
    largest = max(engine.state_bytes(Sizes.of(problem, precision)) for engine in engines)
    return max(1, min(workers, int(SHARE * free / max(1, largest))))


def engine_that_fits(
    widths: Sequence[int], n_items: int, engine: str, precision: str, *, boolean: bool
) -> tuple[str | None, str]:
    """The engine for a layered network that is not made yet, and why it is another one than was asked for.

    Where an engine of auto does not fit, auto becomes its lightest one if that does and the inputs are Boolean;
    None where nothing fits.
    """
    free = available_bytes()
    nodes, edges = 1 + sum(widths), layer_widths.n_edges(widths)
    sizes = Sizes(n_items, nodes, edges, precision)
    network = max(layer_widths.network_bytes(nodes, edges), EDGE_BYTES * edges)

    def needed(name: str) -> int:
        return network + engine_named(name).state_bytes(sizes)

    names = names_for(engine)
    largest = max(map(needed, names))
    if free is None or largest <= SHARE * free:
        return engine, ""
    note = f"needs {largest / 2**30:.1f} GiB of memory, but {free / 2**30:.1f} GiB are free"
    if engine == AUTO and boolean and needed(LIGHTEST) <= SHARE * free:
        return LIGHTEST, f"{max(names, key=needed)} {note}"
    return None, f"it {note}"
