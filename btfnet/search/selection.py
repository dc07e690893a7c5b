"""Which circuit is kept, when no other is needed, and how the search as a whole ended.

Of exact ones it is the first, or one that a second search confirms.

Items that are a sample leave open what a circuit does elsewhere. Where the smallest circuit so far and another
one, from a start of its own, agree on all unseen items, too, the search ends: the training items led to the same
outputs twice. It goes on where as many others agree among themselves on something else, for then each is as
likely. That is evidence and no proof, for all may be wrong alike. As long as nothing is decided, more are looked
for; then a circuit is made that says what most of them say (`consensus`), and the smallest is kept where there is
none. What the outputs of unseen items should be is never looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.descent.shrink import size
from btfnet.engines.tuning.rounds import stalled
from btfnet.logic.circuit import Circuit
from btfnet.logic.verify import training_fit
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.search.options import comparable
from btfnet.search.records import Agreement, Consensus, Trial


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


class Selection:
    """Exact circuits as they come in.

    wanted         so many at most, fewer when the smallest one is confirmed; the smallest is kept
    deterministic  trials count in the order of their numbers, each when all before it have ended; else as they end
    n_exact        exact trials so far
    """

    def __init__(self, problem: Problem, wanted: int, *, deterministic: bool) -> None:
        self.problem, self.wanted, self.deterministic = problem, wanted, deterministic
        self.kept: int | None = None
        self.confirmed = False
        self.n_exact = 0
        self._shrinking: int | None = None
        self._barrier: int | None = None
        self.trials: dict[int, Trial] = {}
        self._answers: dict[int, NDArray[np.bool_]] = {}

    def found(self, index: int) -> None:
        """A trial has an exact circuit, which from now on only shrinks; where one is enough, this is it.

        Only a deterministic search lets an earlier one take its place: in others that one was needless already and
        may have been halted, and then neither would be made smaller.
        """
        if self.wanted > 1:
            return
        if self._shrinking is None or (self.deterministic and index < self._shrinking):
            self._shrinking = index
            self._barrier = index if self.deterministic else 0

    def ended(self, trial: Trial) -> None:
        """A trial has ended, in whatever way."""
        if trial.exact:
            self.found(trial.index)
            self.n_exact += 1
        self.trials[trial.index] = trial
        if self.wanted > 1 and self.kept is None:
            self._decide()

    def needless(self, index: int) -> bool:
        """Whether a trial that runs need not go on."""
        return self._barrier is not None and index >= self._barrier and index != self._shrinking

    def needed(self, n_trials: int) -> int:
        """How many trials it takes, counted from the first, of so many."""
        return n_trials if self._barrier is None else min(self._barrier, n_trials)

    def _decide(self) -> None:
        counted: list[Trial] = []
        for trial in self._in_order():
            if not trial.exact:
                continue
            counted.append(trial)
            smallest = min(counted, key=_size_of)
            confirmed = self._confirmed(smallest, counted)
            if confirmed or len(counted) == self.wanted:
                self.kept = smallest.index
                self.confirmed = confirmed
                self._barrier = trial.index + 1 if self.deterministic else 0
                return

    def _confirmed(self, trial: Trial, counted: Sequence[Trial]) -> bool:
        """Whether others give the same outputs as this trial, and more of them than agree on any other outputs."""
        if not comparable(self.problem):
            return False
        groups = Counter(self._answer(each).tobytes() for each in counted)
        own = groups.pop(self._answer(trial).tobytes())
        return own > max((1, *groups.values()))

    def _in_order(self) -> list[Trial]:
        if not self.deterministic:
            return list(self.trials.values())
        return [self.trials[index] for index in range(len(self.trials)) if index in self.trials]

    # -- comparing ------------------------------------------------------------------------------------

    def _answer(self, trial: Trial) -> NDArray[np.bool_]:
        """The outputs of a trial's circuit on the unseen items; (n_test, n_outputs)."""
        if trial.index not in self._answers:
            self._answers[trial.index] = self._answer_now(trial)
        return self._answers[trial.index]

    def _answer_now(self, trial: Trial) -> NDArray[np.bool_]:
        assert trial.circuit is not None
        return trial.circuit.predict(self.problem.items.bits(self.problem.n_train)) > 0

    def best(self) -> int | None:
        """The trial to keep, of those that have ended, where several circuits were wanted and one is exact."""
        exact = [trial for trial in self.trials.values() if trial.exact]
        if self.wanted == 1 or not exact:
            return None
        return self.kept if self.kept is not None else min(exact, key=_size_of).index

    def voters(self) -> list[Trial]:
        """The exact trials that count, while none of them is confirmed; else none."""
        if self.wanted == 1 or self.confirmed or not comparable(self.problem):
            return []
        exact = [trial for trial in self._in_order() if trial.exact][: self.wanted]
        return sorted(exact, key=lambda trial: trial.index)

    def agreement(self, kept: Trial) -> Agreement | None:
        """What other exact circuits say on the unseen items; None where the kept one is the only one."""
        others = [trial for trial in self.trials.values() if trial.exact and trial.index != kept.index]
        if not kept.exact or not others or not comparable(self.problem):
            return None
        answer = self._answer_now(kept)
        same = np.array([(answer == self._answer(other)).all(axis=1) for other in others])
        differ = 1 - same.mean(axis=1)
        alike, unanimous = int(same.all(axis=1).sum()), float(same.all(axis=0).mean())
        return Agreement(1 + len(others), alike, float(differ.min()), unanimous, self.problem.n_test)


def _size_of(trial: Trial) -> tuple[int, int, int]:
    assert trial.circuit is not None
    return (*size(trial.circuit.simplified()), trial.index)


def rank(trial: Trial, deterministic: bool) -> tuple[float, ...]:
    """Exact first (the lowest-numbered, or the quickest, shrunk ones first); then solved; then what fits."""
    if trial.exact:
        return (0, trial.index) if deterministic else (0, trial.shrunk is None, trial.seconds)
    wrong = float("inf") if trial.wrong_bits is None else trial.wrong_bits
    return (1, trial.status is not Status.SOLVED, -trial.score.train_words, -trial.score.train_bits, wrong)


def nearness(trial: Trial, deterministic: bool) -> tuple[float, ...]:
    """As `rank`, but of circuits that are not exact the one with the fewest wrong bits comes first.

    What is handed back is the circuit, however well the weights do from which it was read.
    """
    key = rank(trial, deterministic)
    return key if trial.exact else (key[0], key[-1], *key[1:-1])


def nearest(trials: Sequence[Trial], deterministic: bool) -> int:
    """The place of the trial that comes first by `nearness`."""
    return min(range(len(trials)), key=lambda place: nearness(trials[place], deterministic))


def stood_still(trials: Sequence[Trial]) -> bool:
    """Whether trials that reached their limit had gained next to nothing for two thirds of their way.

    Trials that were not looked at in their first third say nothing about it.
    """
    judged = [
        trial for trial in trials
        if trial.status is Status.ITERATION_LIMIT and trial.trace
        and trial.trace[0].iteration <= trial.iterations / 3
    ]  # fmt: skip
    return bool(judged) and stalled(judged)


def counted_trial(problem: Problem, trial: Trial) -> Trial:
    """The trial; its circuit, where it has one, says what it gets wrong."""
    if trial.circuit is None or (trial.codes is None and not problem.input_kind.known):
        return trial
    return replace(trial, circuit=_counted(problem, trial.circuit, trial.codes))


def counted_consensus(problem: Problem, made: Consensus) -> Consensus:
    """The consensus; its circuit says what it gets wrong."""
    return replace(made, circuit=_counted(problem, made.circuit, None))


def _counted(problem: Problem, circuit: Circuit, codes: NDArray[np.int8] | None) -> Circuit:
    """codes: what was found for unknown inputs"""
    n_train = problem.n_train
    inputs = problem.train_inputs if codes is None else codes > 0
    fit = training_fit(circuit, inputs, problem.outputs[:n_train] > 0, problem.train_care)
    return replace(circuit, training=fit)


def overall(trials: Sequence[Trial], kept: Trial, *, interrupted: bool = False) -> Status:
    """How the search ended, from its trials and the one that was kept.

    interrupted  somebody ended it before it had finished, whatever it had found by then
    A closed gap alone is not solved where there are gates to check, and limits do not explain trials that stood
    still before they reached them.
    """
    if interrupted:
        return Status.INTERRUPTED
    if kept.exact:  # though perhaps not made smaller any more
        return Status.SOLVED
    if kept.status is Status.SOLVED:
        return Status.SOLVED if kept.circuit is None else Status.NOT_EXACT
    statuses = {trial.status for trial in trials}
    for status in (Status.INTERRUPTED, Status.TIME_LIMIT):
        if status in statuses:
            return status
    if kept.circuit is not None and stood_still(trials):
        return Status.NOT_EXACT
    return Status.ITERATION_LIMIT if Status.ITERATION_LIMIT in statuses else kept.status
