"""`btfnet.solve`: the door to everything."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from btfnet.boolnet.layout import block_shape
from btfnet.errors import UsageError
from btfnet.problem import Problem
from btfnet.rrr import Look, Status
from btfnet.search.records import Engine, Progress, Result, Spectator, Trial
from btfnet.search.trial import Assignment, Limits, run_trial
from btfnet.search.tune import Plan, plan_for
from btfnet.settings import Settings, check_range

SHARED_EDGE_ITEMS = 300_000
"""From this size on, one trial on all threads beats trials side by side: an iteration outlasts its forking."""


def solve(
    problem: Problem,
    settings: Settings | None = None,
    *,
    trials: int = 10,
    all_trials: bool = False,
    time_limit: float | None = None,
    jobs: int | None = None,
    seed: int = 0,
    deterministic: bool = False,
    tune: bool | None = None,
    engine: Engine | str = Engine.AUTO,
    precision: str = "float32",
    spectator: Spectator | None = None,
) -> Result:
    """Learn a circuit of threshold gates that reproduces every training item.

    settings       None: the defaults, with β and γ that find themselves (`tune`)
    trials         at most so many starts; the first exact one ends the run, unless all_trials
    time_limit     seconds for everything
    jobs           processor cores to use, None for all
    seed           trial i starts from seed + i, so that any trial can be repeated alone
    deterministic  keep the lowest-numbered exact trial, whatever finishes first
    tune           let β and γ find themselves, whatever the settings say; None: when no settings are given
    engine         rrr: projections; descent: gate descent; rrr+descent: descent goes on from the projections;
                   auto: the latter two, trial by trial
    precision      float32 or float64
    spectator      called with a `Progress` at every look; Ctrl-C ends the run as interrupted

    A failed search is a status, not an error. Raises `UsageError` for absurd arguments and `CapacityError`
    when the run would not fit into memory.
    """
    check_range("trials", trials, low=1, high=10**9)
    check_range("seed", seed, low=0, high=2**63)
    if time_limit is not None:
        check_range("time_limit", time_limit, low=0, high=1e9, open_low=True)
    if jobs is not None:
        check_range("jobs", jobs, low=1, high=4096)
    plan = plan_for(
        problem, settings or Settings(), _engine(engine), settings is None if tune is None else tune
    )
    search = _Search(
        problem, plan, trials, all_trials, time_limit, jobs, seed, deterministic, precision, spectator
    )
    search.run()
    return search.result()


def _engine(name: Engine | str) -> Engine:
    try:
        return Engine(name)
    except ValueError as error:
        raise UsageError(f"engine is {name!r}; choose one of {', '.join(Engine)}.") from error


class _Search:
    """Trials side by side: who runs, who stops whom, what is kept."""

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        n_trials: int,
        all_trials: bool,
        time_limit: float | None,
        jobs: int | None,
        seed: int,
        deterministic: bool,
        precision: str,
        spectator: Spectator | None,
    ) -> None:
        self.problem, self.plan, self.n_trials, self.seed = problem, plan, n_trials, seed
        self.all_trials, self.deterministic, self.precision = all_trials, deterministic, precision
        self.spectator, self.begun = spectator, time.monotonic()
        self.deadline = None if time_limit is None else self.begun + time_limit
        jobs = jobs or len(os.sched_getaffinity(0))
        alike = plan(0)[0] == plan(1)[0] != Engine.DESCENT
        large = problem.edge_items >= SHARED_EDGE_ITEMS and block_shape(problem.n_train)[0] > 1
        together = large and not all_trials and (alike or n_trials == 1)
        self.workers, self.threads = (1, jobs) if together else (jobs, 1)
        self.trials: list[Trial] = []
        self.exact_index: int | None = None
        self.interrupted = threading.Event()
        self.lock = threading.Lock()
        self.best_bits, self.best_trial = -1.0, 0

    # -- running --------------------------------------------------------------------------------------

    def run(self) -> None:
        """Run the trials, as many at a time as there are workers, until one is exact or all are done."""
        with ThreadPoolExecutor(self.workers) as pool:
            running: set[Future[Trial]] = set()
            try:
                self._keep_busy(pool, iter(range(self.n_trials)), running)
            except KeyboardInterrupt:
                self.interrupted.set()
                self.trials.extend(future.result() for future in running)
            except BaseException:
                self.interrupted.set()
                raise
        self.trials.sort(key=lambda trial: trial.index)

    def _keep_busy(
        self, pool: ThreadPoolExecutor, waiting: Iterator[int], running: set[Future[Trial]]
    ) -> None:
        while True:
            while len(running) < self.workers and not self._enough(len(self.trials) + len(running)):
                following = next(waiting, None)
                if following is None:
                    break
                running.add(pool.submit(self._one, following))
            if not running:
                return
            done, _ = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
            for future in done:
                trial = future.result()
                running.discard(future)
                self.trials.append(trial)
                if trial.exact and (self.exact_index is None or trial.index < self.exact_index):
                    self.exact_index = trial.index

    def _one(self, index: int) -> Trial:
        engine, settings = self.plan(index)
        task = Assignment(index, self.seed + index, engine, settings)
        limits = Limits(self.deadline, lambda: self._cancelled(index), self.precision, self.threads)
        return run_trial(self.problem, task, limits, self._report)

    def _cancelled(self, index: int) -> Status | None:
        if self.interrupted.is_set():
            return Status.INTERRUPTED
        if self.exact_index is None or self.all_trials:
            return None
        beaten = index > self.exact_index or not self.deterministic
        return Status.STOPPED if beaten else None

    def _enough(self, started: int) -> bool:
        """Whether no further trial is to be started."""
        if self.interrupted.is_set() or (self.exact_index is not None and not self.all_trials):
            return True
        return started > 0 and self.deadline is not None and time.monotonic() >= self.deadline

    def _report(self, index: int, look: Look, rate: float) -> None:
        if self.spectator is None:
            return
        with self.lock:
            if look.train_bits > self.best_bits:
                self.best_bits, self.best_trial = look.train_bits, index
            seconds = time.monotonic() - self.begun
            self.spectator(
                Progress(index, self.n_trials, look, rate, self.best_trial, self.best_bits, seconds)
            )

    # -- ending ---------------------------------------------------------------------------------------

    def result(self) -> Result:
        best = min(range(len(self.trials)), key=lambda index: _rank(self.trials[index], self.deterministic))
        kept = self.trials[best]
        status = Status.SOLVED if kept.status is Status.SOLVED else self._overall()
        seconds = time.monotonic() - self.begun
        return Result(self.problem, kept.settings, status, tuple(self.trials), best, seconds, self.seed)

    def _overall(self) -> Status:
        statuses = {trial.status for trial in self.trials}
        for status in (Status.INTERRUPTED, Status.TIME_LIMIT, Status.ITERATION_LIMIT):
            if status in statuses:
                return status
        return self.trials[0].status


def _rank(trial: Trial, deterministic: bool) -> tuple[float, ...]:
    """Exact first (the lowest-numbered, or the quickest); then solved by gap; then what fits best."""
    if trial.exact:
        return (0, trial.index) if deterministic else (0, trial.seconds)
    wrong = float("inf") if trial.wrong_bits is None else trial.wrong_bits
    return (1, trial.status is not Status.SOLVED, -trial.score.train_words, -trial.score.train_bits, wrong)
