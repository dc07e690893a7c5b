"""Trials side by side: who runs, who stops whom, what is kept."""

from __future__ import annotations

import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol

from btfnet.engines.descent.votes import VOTERS
from btfnet.engines.protocol import EngineSpec
from btfnet.halting import QUESTION_SECONDS, Halt, Halted, attended
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status, TraceRow
from btfnet.search.consensus import agreed
from btfnet.search.options import SearchOptions
from btfnet.search.persistence.saved import TrialStore
from btfnet.search.plan import TrialPlan, workers_that_fit
from btfnet.search.progress import Progress
from btfnet.search.records import Agreement, Consensus, Result, Trial
from btfnet.search.selection import Selection, counted_consensus, counted_trial, nearest, overall
from btfnet.search.trial import StopToken, TrialSpec, run_trial
from btfnet.settings import Settings

LAST = 0.1
"""Part of the time limit in which no more circuits are looked for, once there are enough for a consensus."""


class Choice(Protocol):
    """Which trial is kept, and when no other is needed; `Selection` says what these mean."""

    n_exact: int

    def found(self, index: int) -> None: ...
    def ended(self, trial: Trial) -> None: ...
    def needless(self, index: int) -> bool: ...
    def needed(self, n_trials: int) -> int: ...
    def best(self) -> int | None: ...
    def voters(self) -> list[Trial]: ...
    def agreement(self, kept: Trial) -> Agreement | None: ...


def run_search(
    problem: Problem,
    plan: TrialPlan,
    options: SearchOptions,
    ledger: TrialStore,
    choice: Choice | None = None,
) -> Result:
    """A search whose arguments are checked.

    choice  None: a `Selection` among exact circuits
    """
    if choice is None:
        choice = Selection(problem, options.circuits, deterministic=options.deterministic)
    search = Search(problem, plan, options, ledger, choice)
    search.run()
    return search.result()


class Search:
    """A search under way."""

    def __init__(
        self,
        problem: Problem,
        plan: TrialPlan,
        options: SearchOptions,
        ledger: TrialStore,
        choice: Choice,
    ) -> None:
        self.problem, self.plan, self.options, self.ledger = problem, plan, options, ledger
        begun = time.monotonic() if options.begun is None else options.begun
        self.deadline = None if options.time_limit is None else begun + options.time_limit
        self.workers, self.threads, self.note = _share_out(problem, plan, options)
        self.trials: dict[int, Trial] = {trial.index: trial for trial in ledger.finished}
        self.choice = choice
        for trial in ledger.finished:
            self.choice.ended(trial)
        self.consensus: Consensus | None = None
        self.interrupted = threading.Event()
        self.guards: dict[int, StopToken] = {}
        self.undecided = False
        """Whether the consensus was given up, for want of time."""
        self.lock = threading.Lock()
        self.n_started, self.best_bits, self.best_trial = 0, -1.0, 0
        self.exact: set[int] = {trial.index for trial in ledger.finished if trial.exact}

    # -- running --------------------------------------------------------------------------------------

    def run(self) -> None:
        """Run the trials, as many at a time as there are workers, until one is exact or all are done.

        Raises KeyboardInterrupt only when no trial had begun by then, and when Ctrl-C comes a second time.
        """
        waiting = [index for index in range(self.options.trials) if index not in self.trials]
        pool = ThreadPoolExecutor(self.workers)
        try:
            self._keep_busy(pool, waiting)
        except KeyboardInterrupt:
            self._interrupt()
        except BaseException:
            self._interrupt()
            raise
        finally:
            pool.shutdown()
        self._keep_finished(at_once=True)
        if not self.trials:
            raise KeyboardInterrupt
        self.agree()

    def _interrupt(self) -> None:
        self.interrupted.set()
        self._halt_what_is_over()

    def _halt_what_is_over(self) -> None:
        """End the trials that must end, even where they are too busy to ask."""
        with self.lock:
            running = dict(self.guards)
        for index, guard in running.items():
            if self._over(index) is not None:
                guard.interrupt()

    def _keep_busy(self, pool: ThreadPoolExecutor, waiting: list[int]) -> None:
        """Start the lowest-numbered trial that can begin, as long as there is a worker for it."""
        running: set[Future[None]] = set()
        while True:
            while len(running) < self.workers and (task := self._next_task(waiting)) is not None:
                index, engine, settings = task
                waiting.remove(index)
                running.add(pool.submit(self._one, index, engine, settings))
                self.n_started += 1
            if not running:
                return
            done, running = wait(running, timeout=QUESTION_SECONDS, return_when=FIRST_COMPLETED)
            if self.options.stop():
                self.interrupted.set()
            self._halt_what_is_over()
            for future in done:
                future.result()
            self._keep_finished(at_once=False)

    def _next_task(self, waiting: list[int]) -> tuple[int, EngineSpec, Settings] | None:
        """The first trial that is wanted and waits for no other."""
        with self.lock:
            ended = dict(self.trials)
        for index in waiting:
            if not self.options.ranks.agreed(self._wanted(index)):
                return None
            task = self.plan(index, ended)
            if task is not None:
                return index, *task
        return None

    def _one(self, index: int, engine: EngineSpec, settings: Settings) -> None:
        """Run a trial, on a thread of its own."""
        asked, found = (lambda: self._over(index)), lambda: self._found_exact(index)
        guard = StopToken(asked, self.ledger.saver(index), found, self.options.ranks)
        with self.lock:
            self.guards[index] = guard
        if self.interrupted.is_set():
            guard.interrupt()
        trial = run_trial(
            self.problem,
            TrialSpec(index, self.options.seed + index, engine, settings, self.options.shrink),
            guard,
            self._report,
            precision=self.options.precision,
            threads=self.threads,
            saved=self.ledger.running.pop(index, None),
        )
        with self.lock:
            del self.guards[index]
            self.trials[index] = trial
            if not trial.status.unfinished:
                self.choice.ended(trial)

    def _found_exact(self, index: int) -> None:
        """From now on this trial's circuit only shrinks; it may make others needless."""
        with self.lock:
            self.choice.found(index)
            self.exact.add(index)

    def _over(self, index: int) -> Status | None:
        """Whether a running trial must end."""
        if self.interrupted.is_set():
            return Status.INTERRUPTED
        if not self._of_use(index):
            return Status.STOPPED
        return Status.TIME_LIMIT if self.is_late() else None

    def is_late(self) -> bool:
        """Whether it is time for trials to end."""
        enough = self.choice.n_exact >= VOTERS and not self.options.all_trials
        return self._past(LAST if enough else 0.0)

    def _past(self, left: float) -> bool:
        """Whether no more than such a part of the time limit is left."""
        if self.deadline is None or self.options.time_limit is None:
            return False
        return time.monotonic() >= self.deadline - left * self.options.time_limit

    def _wanted(self, index: int) -> bool:
        """Whether this trial is to be started; if not, no later one is."""
        if index >= self._wanted_trials():
            return False
        return self.n_started == 0 or not (self.interrupted.is_set() or self.is_late())

    def _wanted_trials(self) -> int:
        """How many trials it takes, counted from the first: exact ones make later ones needless."""
        return self.options.trials if self.options.all_trials else self.choice.needed(self.options.trials)

    def _report(self, index: int, look: TraceRow, rate: float) -> None:
        if self.options.spectator is None:
            return
        with self.lock:
            if look.train_bits > self.best_bits:
                self.best_bits, self.best_trial = look.train_bits, index
            best, so_far = (self.best_trial, self.best_bits), (tuple(sorted(self.exact)), len(self.trials))
            self.options.spectator(
                Progress(
                    index, self.options.trials, look, rate, *best, self.ledger.seconds, self.note, *so_far
                )
            )

    def _keep_finished(self, *, at_once: bool) -> None:
        """Save the trials that need not go on."""
        with self.lock:
            ended = [trial for trial in self.trials.values() if not trial.status.unfinished]
        self.ledger.keep(sorted(ended, key=lambda trial: trial.index), at_once=at_once)

    # -- ending ---------------------------------------------------------------------------------------

    def agree(self) -> None:
        """Where no circuit is confirmed, one that says what most of them say."""
        if self.options.all_trials or not self.options.shrink:
            return
        voters, seed, many = self.choice.voters(), self.options.seed, self.options.ranks.many

        def over() -> bool:
            return self.options.ranks.agreed(self.interrupted.is_set() or self._past(0.0))

        def asked() -> bool:
            if self.options.stop():
                self.interrupted.set()
            return over()

        def decided(halt: Halt) -> Consensus | None:
            return agreed(self.problem, voters, seed=seed, over=asked if many else over, halt=halt)

        try:
            self.consensus = decided(Halt()) if many else attended(decided, asked)
        except KeyboardInterrupt:
            self.interrupted.set()
            self.undecided = True
        except Halted:
            self.undecided = True

    def result(self) -> Result:
        chosen = self.choice.best() if self.consensus is None else self.consensus.trial
        deterministic = self.options.deterministic
        trials = tuple(counted_trial(self.problem, self.trials[index]) for index in sorted(self.trials))
        best = nearest(trials, deterministic) if chosen is None else sorted(self.trials).index(chosen)
        kept, finished = trials[best], self._finished()
        return Result(
            self.problem.with_network(kept.network),
            kept.settings,
            overall(trials, kept, interrupted=self.interrupted.is_set() and not finished),
            trials,
            best,
            self.ledger.seconds,
            self.options.seed,
            self.ledger.seconds_before,
            finished,
            self.plan.report(self.trials),
            agreement=self.choice.agreement(kept),
            consensus=self.consensus and counted_consensus(self.problem, self.consensus),
        )

    def _finished(self) -> bool:
        """Whether nothing is left to go on with."""
        if self.undecided or any(index not in self.trials for index in range(self._wanted_trials())):
            return False
        cut = [index for index, trial in self.trials.items() if trial.status.unfinished]
        return not any(self._of_use(index) for index in cut)

    def _of_use(self, index: int) -> bool:
        """Whether a trial may still change the result, if only by a smaller circuit."""
        return self.options.all_trials or not self.choice.needless(index)


def _share_out(problem: Problem, plan: TrialPlan, options: SearchOptions) -> tuple[int, int, str]:
    """Workers, threads of each, and a note when memory allows fewer workers than there are cores."""
    engines = plan.engines[: options.trials]
    shares = not options.all_trials and all(engine.shares_items(problem) for engine in engines)
    if options.ranks.many or shares:
        return 1, options.jobs, ""
    wanted = min(options.jobs, options.trials)
    workers = workers_that_fit(engines, problem, options.precision, wanted)
    return workers, 1, "" if workers == wanted else f"memory for {workers} of {wanted} trials at a time"
