"""Which trial is kept, and when no other is needed: the validation items decide.

Trials count in the order of their numbers, each when all before it have ended, however many run side by side. So
the same trials are looked at, and the same one is kept, for any number of jobs. Where the best one and another,
from a start of its own, say the same of all items, seen and unseen, the items led there twice: the search ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

import numpy as np

from btfnet.engines.descent.shrink import size
from btfnet.logic.circuit import Circuit
from btfnet.search.learning.task import LearningTask, Verdict
from btfnet.search.learning.vote import best_vote, beyond_chance, circuits_of, majority_of
from btfnet.search.records import Agreement, Trial

LEAST_TRIALS, MANY_TRIALS = 4, 8
"""So many trials in any case, and so many while they are short."""
SHORT_NS = 60e9
"""Work of all trials, in nanoseconds, up to which they are."""
SURELY = 2.0
"""Standard deviations by which two circuits that agree must be better than a constant answer."""
STILL = 3
"""The search ends where so many trials, one after another, brought nothing better: neither a better circuit nor a
better vote."""
MOST_NS = 120e9
"""Work of all trials, in nanoseconds, after which none begins."""


class ValidatedChoice:
    """Trials as they come in; it stands where a `Selection` does in a search for exact circuits."""

    n_exact = 0
    kept: int | None = None

    def __init__(self, task: LearningTask) -> None:
        self.task = task
        self.trials: dict[int, Trial] = {}
        self._verdicts: dict[int, Verdict] = {}
        self._digests: dict[int, bytes] = {}
        self._counted = 0
        self._course: list[Verdict] = []
        self._barrier: int | None = None

    @property
    def decided(self) -> bool:
        """Whether no more trials are needed."""
        return self._barrier is not None

    def found(self, index: int) -> None:
        """An exact circuit is one like others here."""

    def ended(self, trial: Trial) -> None:
        """A trial has ended, in whatever way."""
        self.trials[trial.index] = trial
        while self._barrier is None and self._counted in self.trials:
            self._counted += 1
            if self._enough():
                self._barrier = self._counted

    def needless(self, index: int) -> bool:
        """Whether a trial that runs need not go on."""
        return self._barrier is not None and index >= self._barrier

    def needed(self, n_trials: int) -> int:
        """How many trials it takes, counted from the first, of so many."""
        return n_trials if self._barrier is None else min(self._barrier, n_trials)

    def _enough(self) -> bool:
        counted = [self.trials[index] for index in range(self._counted)]
        last, ranked = self.verdict(counted[-1]), self._in_order(counted)
        self._course.append(self._kept(ranked))
        if self.task.accepts(last) or (counted[-1].exact and last.bits == 0):
            return True
        if self._agreed(ranked):
            return True
        work = sum(trial.work_ns for trial in counted)
        if len(counted) < (MANY_TRIALS if work < SHORT_NS else LEAST_TRIALS):
            return False
        return work >= MOST_NS or self._course[-1] >= self._course[-1 - STILL]

    def _kept(self, ranked: Sequence[Trial]) -> Verdict:
        """What the validation items say of what would be kept of these: the best one, or a vote."""
        best, circuits = self.verdict(ranked[0]), circuits_of(ranked)
        places = best_vote(self.task, circuits)
        if places is None:
            return best
        return min(best, self.task.judged(majority_of([circuits[place] for place in places])))

    def _agreed(self, ranked: Sequence[Trial]) -> bool:
        """Whether the best trial and another one came to the same outputs on all items there are, and to more than
        a constant answer, to which all come that learn nothing.
        """
        best, *others = ranked
        if not any(self._answers(best) == self._answers(other) for other in others):
            return False
        return best.circuit is not None and self._learned_something(best.circuit)

    def _learned_something(self, circuit: Circuit) -> bool:
        """Whether it is right of more validation items than the answer given most often in training."""
        problem, task = self.task.problem, self.task
        given = problem.items.targets.majority(problem.n_train)
        answers = circuit.predict(task.seen_inputs)
        change = task.costs(answers) - task.costs(np.tile(given, (len(answers), 1)))
        return beyond_chance(change[problem.n_train :], SURELY)

    def _answers(self, trial: Trial) -> bytes:
        """A digest of its circuit's outputs, of no other's where it has none."""
        if trial.circuit is None:
            return f"trial {trial.index}".encode()
        if trial.index not in self._digests:
            answers = trial.circuit.predict(self.task.problem.items.bits()) > 0
            self._digests[trial.index] = sha256(np.packbits(answers).tobytes()).digest()
        return self._digests[trial.index]

    def verdict(self, trial: Trial) -> Verdict:
        """What the validation items say of its circuit."""
        if trial.index not in self._verdicts:
            nothing = Verdict(float("inf"), float("inf"))
            circuit = trial.circuit
            self._verdicts[trial.index] = nothing if circuit is None else self.task.judged(circuit)
        return self._verdicts[trial.index]

    def ranked(self) -> list[Trial]:
        """Those that count, the best first: by validation bits, then training bits, then size."""
        return self._in_order([each for index, each in self.trials.items() if not self.needless(index)])

    def _in_order(self, trials: Iterable[Trial]) -> list[Trial]:
        def key(trial: Trial) -> tuple[object, ...]:
            gates = (0, 0) if trial.circuit is None else size(trial.circuit.simplified())
            return (self.verdict(trial).bits, -trial.score.train_bits, gates, trial.index)

        return sorted(trials, key=key)

    def best(self) -> int | None:
        return next((trial.index for trial in self.ranked()), None)

    def voters(self) -> list[Trial]:
        """Circuits that must be exact and agree on unseen items: none."""
        return []

    def agreement(self, kept: Trial) -> Agreement | None:
        return None
