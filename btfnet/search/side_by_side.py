"""Trials side by side: who runs, who stops whom, what is kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import chain

from btfnet.checkpoint.file import Record
from btfnet.engines.descent.votes import VOTERS
from btfnet.halting import QUESTION_SECONDS, Halt, Halted, attended
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status, TraceRow
from btfnet.search.consensus import agreed
from btfnet.search.crews.crew import Crew, Task, Work
from btfnet.search.crews.elsewhere import Elsewhere
from btfnet.search.crews.threads import Threads
from btfnet.search.options import SearchOptions
from btfnet.search.persistence.saved import News, TrialStore
from btfnet.search.plan import TrialPlan
from btfnet.search.progress import Progress
from btfnet.search.records import Consensus, Result, Trial
from btfnet.search.selection import Choice, Selection, counted_consensus, counted_trial, nearest, overall
from btfnet.search.shares import check_runs_apart, share_out
from btfnet.search.trial import TrialSpec, not_begun

LAST = 0.1
"""Part of the time limit in which no more circuits are looked for, once there are enough for a consensus."""


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
        self.note = ""
        self.trials: dict[int, Trial] = {trial.index: trial for trial in ledger.finished}
        self.choice = choice
        for trial in ledger.finished:
            self.choice.ended(trial)
        self.consensus: Consensus | None = None
        self.interrupted = threading.Event()
        self.undecided = False
        """Whether the consensus was given up, for want of time."""
        self.lock = threading.Lock()
        self.n_started, self.best_bits, self.best_trial = 0, -1.0, 0
        self.waiting = [index for index in range(options.trials) if index not in self.trials]
        self.running: set[int] = set()  # here; others of those that wait may run elsewhere
        self.exact: set[int] = {trial.index for trial in ledger.finished if trial.exact}

    # -- running --------------------------------------------------------------------------------------

    def run(self) -> None:
        """Run the trials, as many at a time as the crew takes, until one is exact or all are done.

        Raises KeyboardInterrupt only when no trial had begun by then, and when Ctrl-C comes a second time.
        """
        crew, ctrl_c = self._crew(), False
        try:
            self._keep_busy(crew)
        except KeyboardInterrupt:
            ctrl_c = True
            self.interrupted.set()
        except BaseException:
            self.interrupted.set()
            raise
        finally:
            crew.attend()
            try:
                self._take(crew.close())
            finally:
                self.ledger.leave()
        self._keep_finished(at_once=True)
        if not self.trials:
            if ctrl_c:
                raise KeyboardInterrupt
            self._hear([self._none_begun()])
        self.agree()

    def _none_begun(self) -> Trial:
        """What is there to show where other processes had all trials until this one had to end."""
        engine, settings = self.plan(0, {}) or (self.plan.engines[0], self.options.settings)
        spec = TrialSpec(0, self.options.seed, engine, settings, self.options.shrink)
        status = Status.INTERRUPTED if self.interrupted.is_set() else Status.TIME_LIMIT
        return not_begun(self.problem, spec, status)

    def _crew(self) -> Crew:
        """Whoever runs the trials."""
        problem, options, checkpoint = self.problem, self.options, self.options.checkpoint
        work = Work(problem, options.precision, options.shrink, options.seed, options.ranks)
        if options.executor is None:
            shares = share_out(problem, self.plan, options)
            self.note = shares.note
            return Threads(work, self, shares)
        check_runs_apart(problem, self.plan, options)
        folder = None if checkpoint is None else checkpoint.folder / "workers"
        return Elsewhere(work, self, options.executor, options.at_once, folder)

    def _keep_busy(self, crew: Crew) -> None:
        """Start the lowest-numbered trial that can begin, as long as there is a worker for it."""
        while True:
            self._hear(self.ledger.look(finished=self._finished()))
            while crew.busy < crew.size and (task := self._next_task()) is not None:
                self.running.add(task.index)
                crew.begin(task)
                self.n_started += 1
            over = self.interrupted.is_set() or self.is_late()
            if not crew.busy and (over or not self.ledger.waits(finished=self._finished())):
                return
            self._take(crew.wait(QUESTION_SECONDS))
            if self.options.stop() or self.ledger.stopped:
                self.interrupted.set()
            crew.attend()
            self._keep_finished(at_once=False)
            for seen in self.ledger.looks():
                self._show(*seen)

    def _take(self, ended: list[Trial]) -> None:
        for trial in ended:
            self._hear(self.ledger.hand_in(trial))
            self.running.discard(trial.index)

    def _hear(self, news: list[News]) -> None:
        """Of trials that have ended, here or elsewhere, or are exact."""
        with self.lock:
            for told in news:
                if isinstance(told, int):
                    if told not in self.exact:
                        self.choice.found(told)
                        self.exact.add(told)
                    continue
                self.trials[told.index] = told
                if told.index in self.waiting:
                    self.waiting.remove(told.index)
                if not told.status.unfinished:
                    self.choice.ended(told)

    def _next_task(self) -> Task | None:
        """The first trial that is wanted and waits for no other; first those that others left when they shrank."""
        for index in chain(filter(self._shrinks, sorted(self.exact)), self.waiting):
            if index in self.running:
                continue
            if not self.options.ranks.agreed(self._wanted(index)):
                return None
            planned = self.plan(index, self.trials)
            if planned is not None and self.ledger.take(index):
                return Task(index, *planned, self.ledger.state(index))
        return None

    # -- what the crew asks -----------------------------------------------------------------------------

    def saver(self, index: int) -> Callable[[Record], bool] | None:
        return self.ledger.saver(index)

    def found(self, index: int) -> None:
        """From now on this trial's circuit only shrinks; it may make others needless."""
        self._hear(self.ledger.found(index))

    def over(self, index: int) -> Status | None:
        """Whether a running trial must end."""
        if self.interrupted.is_set():
            return Status.INTERRUPTED
        if not self._of_use(index) or self.ledger.lost(index):
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
        if index >= self._wanted_trials() and not self._shrinks(index):
            return False
        return self.n_started == 0 or not (self.interrupted.is_set() or self.is_late())

    def _wanted_trials(self) -> int:
        """How many trials it takes, counted from the first: exact ones make later ones needless."""
        return self.options.trials if self.options.all_trials else self.choice.needed(self.options.trials)

    def report(self, index: int, look: TraceRow, rate: float) -> None:
        self.ledger.saw(index, look, rate)
        self._show(index, look, rate)

    def _show(self, index: int, look: TraceRow, rate: float) -> None:
        if self.options.spectator is None:
            return
        with self.lock:
            if look.train_bits > self.best_bits:
                self.best_bits, self.best_trial = look.train_bits, index
            best, so_far = (self.best_trial, self.best_bits), (tuple(sorted(self.exact)), len(self.trials))
            n_trials, seconds = self.options.trials, self.ledger.seconds
            note = "; ".join(filter(None, (self.note, self.ledger.note)))
            self.options.spectator(Progress(index, n_trials, look, rate, *best, seconds, note, *so_far))

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
        if any(map(self._shrinks, sorted(self.exact))):
            return False
        cut = [index for index, trial in self.trials.items() if trial.status.unfinished]
        return not any(self._of_use(index) for index in cut)

    def _shrinks(self, index: int) -> bool:
        """Whether it has an exact circuit that is to become smaller, here or elsewhere."""
        return index in self.exact and index not in self.trials and self._of_use(index)

    def _of_use(self, index: int) -> bool:
        """Whether a trial may still change the result, if only by a smaller circuit."""
        return self.options.all_trials or not self.choice.needless(index)
