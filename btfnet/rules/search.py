"""Starts side by side, until one explains the observations."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from math import lgamma, log

import numpy as np
from numpy.typing import NDArray

from btfnet.halting import QUESTION_SECONDS, Halt, Halted
from btfnet.rules.arrays import PackedRun
from btfnet.rules.attempt import CellKind, RuleAttempt
from btfnet.rules.lattice import Neighbourhood
from btfnet.rules.mending import mended
from btfnet.rules.observations import Observations
from btfnet.rules.records import AnyRule, RuleTrial, Watcher
from btfnet.rules.store import RuleStore

TRIAL_NS = 2e10
"""Of one start, estimated."""
SAME = 2
"""Starts that must end at the same rule before what is left wrong counts as noise."""


@dataclass(frozen=True)
class Start:
    """What one start is to do; `budget` changes at most."""

    index: int
    seed: int
    neighbourhood: Neighbourhood
    kind: CellKind
    budget: int | None = None


@dataclass(frozen=True, eq=False)
class Ended:
    """What became of a start: its record, rule and states at step 0; `whole` unless it was halted."""

    trial: RuleTrial
    rule: AnyRule
    first: NDArray[np.int64] = field(repr=False)
    whole: bool = True


@dataclass
class Limits:
    """When to end.

    allowed   wrong bits that an explanation may leave, None: any;  noisy  whether starts look for the fewest
    deadline  on the clock of `time.monotonic`
    stop      asked ten times a second
    """

    allowed: int | None = 0
    noisy: bool = False
    deadline: float | None = None
    jobs: int = 1
    deterministic: bool = False
    stop: Callable[[], bool] = lambda: False
    watcher: Watcher = lambda trial: None


class RuleSearch:
    """Starts, as many at a time as there are workers, in the order of their numbers."""

    def __init__(
        self, observations: Observations, starts: list[Start], limits: Limits, store: RuleStore
    ) -> None:
        self.observations, self.starts, self.limits, self.store = observations, starts, limits, store
        self.ended: dict[int, Ended] = {}
        self.halts: dict[int, Halt] = {}
        self.interrupted = self.timed_out = False
        self._lock, self._least = threading.Lock(), np.iinfo(np.int64).max

    # -- running --------------------------------------------------------------------------------------

    def run(self) -> None:
        """Until one start explains everything, or all have ended. A Ctrl-C ends it as interrupted.

        Raises KeyboardInterrupt only when no start had begun by then, and when Ctrl-C comes a second time.
        """
        waiting = [start for start in self.starts if start.index not in self.ended]
        running: set[Future[None]] = set()
        with ThreadPoolExecutor(self.limits.jobs) as pool:
            try:
                while True:
                    while waiting and len(running) < self.limits.jobs and not self._over(waiting[0].index):
                        running.add(pool.submit(self._one, waiting.pop(0)))
                    if not running:
                        break
                    done, running = wait(running, timeout=QUESTION_SECONDS, return_when=FIRST_COMPLETED)
                    self._ask()
                    for future in done:
                        future.result()
            except BaseException as error:
                self.interrupted = True
                self._halt()
                if not isinstance(error, KeyboardInterrupt):
                    raise
        if not self.ended:
            raise KeyboardInterrupt

    def _ask(self) -> None:
        if self.limits.stop():
            self.interrupted = True
        if self.limits.deadline is not None and time.monotonic() >= self.limits.deadline:
            self.timed_out = True
        self._halt()

    def _halt(self) -> None:
        with self._lock:
            running = dict(self.halts)
        for index, halt in running.items():
            if self._over(index):
                halt.set()

    def _over(self, index: int) -> bool:
        """Whether a start need not go on."""
        if self.interrupted or self.timed_out:
            return True
        won = self.winners()
        return bool(won) and (not self.limits.deterministic or index > won[-1])

    def _one(self, start: Start) -> None:
        begun, halt = time.monotonic(), Halt()
        with self._lock:
            self.halts[start.index] = halt
        if self._over(start.index):  # it was asked to end before there was whom to ask
            halt.set()
        packed_run = PackedRun.of(self.observations, start.neighbourhood)
        budget = start.budget or int(TRIAL_NS / start.kind.move_ns(packed_run))
        attempt = RuleAttempt(packed_run, start.kind, start.seed, noisy=self.limits.noisy, budget=budget)
        self.store.resume(start.index, attempt)
        whole = self._walked(start, attempt, halt, begun)
        self.store.save(start.index, attempt, at_once=True)
        rule, first = attempt.found()
        wrong = attempt.least
        if self.limits.noisy and whole:
            try:
                rule, first, wrong = mended(rule, first, self.observations, halt)
            except Halted:
                whole = False
        with self._lock:
            del self.halts[start.index]
            self.ended[start.index] = Ended(self._record(start, attempt, wrong, begun), rule, first, whole)

    def _walked(self, start: Start, attempt: RuleAttempt, halt: Halt, begun: float) -> bool:
        """Whether the attempt ended by itself."""
        try:
            while not attempt.over:
                if attempt.advance(halt):
                    self._tell(self._record(start, attempt, attempt.least, begun))
                self.store.save(start.index, attempt)
        except Halted:
            return False
        return True

    def _record(self, start: Start, attempt: RuleAttempt, wrong: int, begun: float) -> RuleTrial:
        seconds = time.monotonic() - begun
        return RuleTrial(start.index, start.seed, start.neighbourhood, wrong, attempt.tried, seconds)

    def _tell(self, trial: RuleTrial) -> None:
        with self._lock:
            better = trial.wrong < self._least
            self._least = min(self._least, trial.wrong)
        if better:
            self.limits.watcher(trial)

    # -- what came of it ------------------------------------------------------------------------------

    def winners(self) -> list[int]:
        """The start that explains the observations, or the first ones that agree on what is noise, by number."""
        with self._lock:
            ended = [self.ended[index] for index in sorted(self.ended) if self.ended[index].whole]
        exact = [each.trial.index for each in ended if each.trial.wrong == 0]
        if exact or not self.limits.noisy:
            return exact[:1]
        if self.limits.deterministic:  # those before which all have ended
            ended = [each for place, each in enumerate(ended) if each.trial.index == self.starts[place].index]
        agreed = (agreeing(ended[: count + 1], self.observations) for count in range(len(ended)))
        return next(filter(None, agreed), [])

    @property
    def unsettled(self) -> bool:
        """Whether it was interrupted before a start that would come first: resumed, it may win."""
        won = self.winners()
        cut = self.interrupted and self.limits.deterministic
        return cut and any(not each.whole and index < won[-1] for index, each in self.ended.items())

    def best(self) -> Ended:
        """The lowest-numbered winner; without one, that with the fewest wrong bits."""
        won = self.winners()
        if won:
            return self.ended[won[0]]
        return min(self.ended.values(), key=lambda each: (each.trial.wrong, each.trial.index))

    def trials(self) -> tuple[RuleTrial, ...]:
        """Of all starts that ended, by number; where that must not depend on what ran beside the winners, up to
        them."""
        won = self.winners()
        last = won[-1] if won and self.limits.deterministic else np.inf
        return tuple(self.ended[index].trial for index in sorted(self.ended) if index <= last)


def agreeing(ended: list[Ended], observations: Observations) -> list[int]:
    """Starts that ended at the same rule with the fewest wrong bits of all, where there are enough of them.

    And where that rule explains anything: a walk that finds nothing ends at rules that are right by chance.
    """
    least = min((each.trial.wrong for each in ended), default=0)
    alike: dict[bytes, list[int]] = {}
    for each in ended:
        if each.trial.wrong == least and explains(each.rule, least, observations):
            alike.setdefault(each.rule.key(), []).append(each.trial.index)
    same = max(alike.values(), key=len, default=[])
    return sorted(same) if len(same) >= SAME else []


def explains(rule: AnyRule, wrong: int, observations: Observations) -> bool:
    """Whether rule and wrong bits are told in fewer bits than what they explain.

    That is: the rule, which of all bits that were seen are wrong, and first states that were not seen; against the
    later bits that were seen. Source: J. Rissanen's description length.
    """
    seen, unseen = observations.n_seen, int((~observations.bits(0)[1]).sum())
    which = (lgamma(seen + 1) - lgamma(wrong + 1) - lgamma(seen - wrong + 1)) / log(2)
    return rule.information + which + unseen < observations.n_known
