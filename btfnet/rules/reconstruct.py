"""`btfnet.rules.reconstruct`: the rule behind some observations."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import CALLED, FLAG, a, need, number, one_of, optional, said, whole
from btfnet.checkpoint.folder import Checkpoint
from btfnet.errors import DataError, UsageError
from btfnet.halting import Halt, Halted, Stop, attended, question
from btfnet.machine import cores
from btfnet.rules.arrays import PackedRun
from btfnet.rules.attempt import CellKind
from btfnet.rules.confirming import forced_by
from btfnet.rules.enumeration import Enumerated, all_tried, can_be_tried
from btfnet.rules.lattice import Neighbourhood
from btfnet.rules.mending import mended
from btfnet.rules.neighbourhoods import gate_counts, in_turn, sizes
from btfnet.rules.observations import Observations
from btfnet.rules.records import AnyRule, Reconstruction, RuleStatus, RuleTrial, Watcher, wrong_states
from btfnet.rules.rule import run
from btfnet.rules.search import Limits, RuleSearch, Start
from btfnet.rules.store import RuleStore
from btfnet.rules.thresholds import ThresholdForm

TRIALS = 40
AUTO = "auto"
KINDS = ("table", "masks", "gates")
Candidate = tuple[Neighbourhood, CellKind]


def reconstruct(
    observations: Observations | ArrayLike | Sequence[str],
    *,
    neighbours: object = 3,
    cell: str = "table",
    steps: int | None = None,
    grid: bool = False,
    noise: float | str | None = None,
    gates: int | None = None,
    form: ThresholdForm | None = None,
    trials: int | None = None,
    time_limit: float | None = None,
    jobs: int | None = None,
    seed: int = 0,
    deterministic: bool = False,
    unique: bool = True,
    checkpoint: Checkpoint | None = None,
    watcher: Watcher | None = None,
    stop: Stop | None = None,
) -> Reconstruction:
    """The rule that all cells share, from states some steps apart; what happened in between need not be known.

    Where there are few rules all are tried; else rules walk at a ladder of temperatures, and all cells are run
    forward for every change. docs/reconstruction.md says how, and what was measured.

    observations  `Observations`, or what `Observations.of` takes, with `steps` and `grid`
    neighbours    what a cell reads: a number (3: cells p, p + 1, p + 2 of a row), a name, offsets
                  (`Neighbourhood.of`), or "auto": the smallest that explains the observations
    cell          table: a state for every pattern, of at most 10 bits; masks: threshold nodes, as in the Game
                  of Life; gates: a circuit of few majority gates
    noise         None: every known bit must be explained; "auto": as many as possible, and two starts must agree
                  on which; a fraction: no more than so many known bits are wrong
    gates         of a cell of gates; None: few first, then more
    form          of masks, `ThresholdForm`; None: one sum reaches a bound and another stays below one, as in Life
    trials        starts, at most; None: 40
    time_limit    seconds;  jobs  processor cores, None for all
    seed          start i has seed + i, and its result depends on nothing else
    deterministic keep the lowest-numbered start that explains everything, whatever ends first
    unique        look for other rules that explain the same
    checkpoint    where starts save themselves; resumed, every start ends as it would have
    watcher       told of every `RuleTrial` that has fewer wrong bits than any before, from the thread that ran it
    stop          asked ten times a second whether to end, as for `btfnet.solve`
    Ctrl-C ends it with the best rule so far, and a second one without.
    Raises `UsageError` for absurd arguments, `DataError` for states, or a checkpoint, that do not fit,
    `CapacityError` for too many cells and steps, KeyboardInterrupt where Ctrl-C comes before the first start.
    """
    begun = time.monotonic()
    need(
        "reconstruct", cell=(cell, one_of(*KINDS)), gates=(gates, optional(whole(1, 64))),
        form=(form, optional(a(ThresholdForm))), trials=(trials, optional(whole(1, 10**6))),
        time_limit=(time_limit, optional(number(0, 1e9, open_low=True))), jobs=(jobs, optional(whole(1, 4096))),
        seed=(seed, whole(0, 2**63)), deterministic=(deterministic, FLAG), unique=(unique, FLAG),
        checkpoint=(checkpoint, optional(a(Checkpoint, "a btfnet.Checkpoint"))), grid=(grid, FLAG),
        watcher=(watcher, optional(CALLED)),
    )  # fmt: skip
    seen = _seen(observations, steps, grid=grid)
    allowed = _allowed(noise, seen)
    limits = Limits(
        allowed=allowed,
        noisy=allowed != 0,
        deadline=None if time_limit is None else begun + time_limit,
        jobs=jobs or cores(),
        deterministic=deterministic,
        stop=question(stop),
        watcher=watcher or (lambda trial: None),
    )
    kind = CellKind(cell, form or ThresholdForm(), gates or 0)
    asked = f"{neighbours!r} {kind!r} {noise!r} {seed} {gates}"
    work = _Work(seen, kind, limits, int(seed), trials, RuleStore(checkpoint, seen, asked), begun)
    if isinstance(neighbours, str) and neighbours.strip().lower() == AUTO:
        if limits.noisy:
            raise UsageError(
                'neighbours "auto" with noise: a larger neighbourhood always explains more; give one.'
            )
        result = work.smallest(sizes(seen, kind))
    else:
        result = work.given(Neighbourhood.of(neighbours, len(seen.lattice.shape)))
    if unique and result.status.found:
        result = work.with_forced(result)
    return replace(result, seconds=time.monotonic() - begun)


def _seen(
    observations: Observations | ArrayLike | Sequence[str], steps: int | None, *, grid: bool
) -> Observations:
    if not isinstance(observations, Observations):
        return Observations.of(observations, steps=steps, grid=grid)
    if steps is not None or grid:
        raise UsageError("reconstruct: steps and grid are for states; Observations have their own.")
    return observations


def _allowed(noise: float | str | None, observations: Observations) -> int | None:
    """Bits that may be wrong; None for any number of them."""
    if noise is None:
        return 0
    if isinstance(noise, str) and noise == AUTO:
        return None
    if isinstance(noise, str) or not number(0, 0.5).fits(noise):
        raise UsageError(f'noise is {said(noise)}; expected a fraction of at most 0.5, "auto", or None.')
    return int(noise * observations.n_seen)


@dataclass
class _Work:
    """One reconstruction under way."""

    seen: Observations
    kind: CellKind
    limits: Limits
    seed: int
    trials: int | None
    store: RuleStore
    begun: float
    enumerated: Enumerated | None = None

    def given(self, neighbourhood: Neighbourhood) -> Reconstruction:
        """With one neighbourhood."""
        kinds = [self.kind]
        if self.kind.name == "gates" and not self.kind.gates:
            kinds = [replace(self.kind, gates=count) for count in gate_counts(self.seen)]
        for kind in kinds:
            kind.check(self.seen, neighbourhood)
        packed_run = PackedRun.of(self.seen, neighbourhood)
        if can_be_tried(packed_run, self.kind):
            result = self.tried(packed_run)
            if result is not None:
                return result
        if len(kinds) > 1:
            return self.searched(self.growing([[(neighbourhood, kind)] for kind in kinds]))
        trials = self.trials or TRIALS
        starts = [Start(index, self.seed + index, neighbourhood, self.kind) for index in range(trials)]
        return self.searched(starts)

    def smallest(self, groups: list[list[Neighbourhood]]) -> Reconstruction:
        """With the smallest neighbourhood that does: those that can be tried are tried first, then others walk."""
        left: list[list[Candidate]] = []
        last = None
        for group in groups:
            walk = []
            for neighbourhood in group:
                kind = self.kind
                if kind.name == "gates" and not kind.gates:
                    kind = replace(kind, gates=2 * neighbourhood.size * self.seen.n_channels)
                kind.check(self.seen, neighbourhood)
                packed_run = PackedRun.of(self.seen, neighbourhood)
                if not can_be_tried(packed_run, kind):
                    walk.append((neighbourhood, kind))
                    continue
                last = self.tried(packed_run)
                if last is None or last.status is not RuleStatus.IMPOSSIBLE:
                    return last or self.searched([Start(0, self.seed, neighbourhood, kind, 1)])
            if walk:
                left.append(walk)
        if not left and last is not None:
            return last
        return self.searched(self.growing(left))

    def growing(self, candidates: list[list[Candidate]]) -> list[Start]:
        """Starts of candidates of growing size, all in turn."""
        most = self.trials or max(TRIALS, 10 * sum(map(len, candidates)))
        return [
            Start(index, self.seed + index, *candidate, budget)
            for index, (candidate, budget) in enumerate(islice(in_turn(candidates), most))
        ]

    def tried(self, packed_run: PackedRun) -> Reconstruction | None:
        """All rules tried; None where that was ended before."""
        try:
            if self.enumerated is not None and self.over():  # many small ones, none of which takes long
                return None
            found, rule, first, wrong = attended(lambda halt: self._all(packed_run, halt), self.over)
        except Halted:
            return None
        except KeyboardInterrupt:
            self.limits.stop = lambda: True
            return None
        self.enumerated = found
        seconds = time.monotonic() - self.begun
        trial = RuleTrial(0, self.seed, packed_run.neighbourhood, wrong, found.tried, seconds)
        failed = RuleStatus.NOISY if self.limits.noisy else RuleStatus.IMPOSSIBLE
        status = failed if wrong else RuleStatus.EXACT
        return self.result(rule, first, status, (trial,))

    def _all(self, packed_run: PackedRun, halt: Halt) -> tuple[Enumerated, AnyRule, NDArray[np.int64], int]:
        """With the best rule, the first states under it, and its wrong bits."""
        found = all_tried(packed_run, self.kind, self.limits.jobs, halt, noisy=self.limits.noisy)
        rule, first = found.exact[0] if found.exact else found.best
        if found.wrong and self.limits.noisy:
            return found, *mended(rule, first, self.seen, halt)
        return found, rule, first, found.wrong

    def over(self) -> bool:
        """Whether to end."""
        late = self.limits.deadline is not None and time.monotonic() >= self.limits.deadline
        return late or self.limits.stop()

    def searched(self, starts: list[Start]) -> Reconstruction:
        """By walks."""
        self.enumerated = None
        search = RuleSearch(self.seen, starts, self.limits, self.store)
        search.run()
        best = search.best()
        if search.winners() and not search.unsettled:
            status = RuleStatus.EXACT if best.trial.wrong == 0 else RuleStatus.NOISY
        elif search.interrupted:
            status = RuleStatus.INTERRUPTED
        else:
            status = RuleStatus.TIME_LIMIT if search.timed_out else RuleStatus.LIMIT
        return self.result(best.rule, best.first, status, search.trials())

    def result(
        self, rule: AnyRule, first: NDArray[np.int64], status: RuleStatus, trials: tuple[RuleTrial, ...]
    ) -> Reconstruction:
        """Judged by running the rule without any kernel."""
        states = run(rule, first, self.seen.steps, self.seen.lattice)
        wrong = wrong_states(self.seen, states)
        if wrong and status is RuleStatus.EXACT:
            raise DataError(
                "The checkpoint holds a rule that explains less than it says; start anew without it."
            )
        if status is RuleStatus.NOISY and self.limits.allowed is not None and wrong > self.limits.allowed:
            status = RuleStatus.LIMIT
        return Reconstruction(self.seen, rule, states, wrong, status, self.kind.name, 0.0, self.seed, trials)

    def with_forced(self, result: Reconstruction) -> Reconstruction:
        """With an answer to whether another rule explains the same, as far as time allows."""
        jobs = self.limits.jobs
        try:
            forced = attended(lambda halt: forced_by(result, self.enumerated, jobs, halt), self.over)
        except (Halted, KeyboardInterrupt):
            return result
        return replace(result, forced=forced)
