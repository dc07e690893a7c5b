"""Training a committee: members batch after batch, as many as the validation items ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.committee.boosting import BATCH, Boost, Boosting, batches
from btfnet.committee.course import Course
from btfnet.committee.fitting import ByThreads, ByWorkers, Fitter
from btfnet.committee.layer import PACKED_AT_ONCE, Features, Layer
from btfnet.committee.member import Member, Votes, groups_of
from btfnet.committee.persistence import PHASES, MemberStore
from btfnet.committee.pictures import Picture
from btfnet.committee.room import Room
from btfnet.committee.varied import n_varied, varied
from btfnet.halting import Halted, attended
from btfnet.problem.problem import Problem
from btfnet.problem.values import OutputKind
from btfnet.projections.rrr import Status
from btfnet.workers.workplace import Workplace

FRACTION = 0.15
"""Of the training items that choose how many members there are."""
CHOOSING, WHOLE = PHASES


@dataclass(frozen=True)
class Look:
    """How far training is.

    members   so many have been trained
    right     fractions of training and of validation items that they get right; the latter None while all train
    """

    members: int
    right: tuple[float, float | None]


def labels_of(problem: Problem, items: NDArray[np.int64]) -> NDArray[np.int64]:
    """The class of each group, numbered among all classes, -1 where it does not count; (n_items, n_groups)."""
    outputs = problem.outputs[items]
    care = np.ones(outputs.shape, dtype=bool) if problem.care is None else problem.care[items]
    if problem.output_kind is OutputKind.CLASS:
        return np.where(care.all(axis=1), outputs.argmax(axis=1), -1)[:, None]
    return np.where(care, (outputs > 0) + 2 * np.arange(outputs.shape[1]), -1)


@dataclass(frozen=True, eq=False)
class Trainer:
    """Trains members for a problem's items.

    layer    from raw inputs to features; picture  where inputs are pictures, for small changes of them
    boost, seed, jobs, report  as of `train_committee`; stopped  whether it is over
    store    where members are saved
    gates    so many in all, at most; None for any number
    workplace  fits the members; None: threads of this process
    """

    problem: Problem
    layer: Layer
    picture: Picture | None
    boost: Boost
    seed: int
    jobs: int
    report: Callable[[Look], object] | None
    stopped: Callable[[], bool]
    store: MemberStore
    gates: int | None = None
    workplace: Workplace | None = None

    def run(self, most: int, validation: float | None) -> tuple[list[Member], Status]:
        """Members, and whether it came to its end."""
        train, choose = self._split(validation)
        if not len(choose):
            return self._train(WHOLE, train, choose, most)
        found, status = self._train(CHOOSING, train, choose, most)
        if status is not Status.SOLVED or not found or self.problem.n_validation:
            return found, status
        self.store.keep(CHOOSING, found, at_once=True)
        whole, status = self._train(WHOLE, np.concatenate([train, choose]), choose[:0], len(found))
        fewer = len(whole) < (1 if status is Status.SOLVED else len(found))
        return (found, status) if fewer else (whole, status)

    def _split(self, fraction: float | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Items that train and items that choose; those of which nothing counts do neither."""
        problem = self.problem
        known = labels_of(problem, np.arange(problem.first_test)).max(axis=1) >= 0
        train = np.flatnonzero(known[: problem.n_train])
        if problem.n_validation:
            return train, problem.n_train + np.flatnonzero(known[problem.n_train :])
        number = min(round((FRACTION if fraction is None else fraction) * len(train)), len(train) - 1)
        drawn = np.random.default_rng([self.seed, 2]).permutation(len(train))
        return np.sort(train[drawn[number:]]), np.sort(train[drawn[:number]])

    def _train(
        self, phase: str, train: NDArray[np.int64], choose: NDArray[np.int64], most: int
    ) -> tuple[list[Member], Status]:
        """At most so many members, fewer where the items that choose say so."""
        members: list[Member] = []
        try:
            course = self._trained(members, phase, train, choose, most)
        except (Halted, KeyboardInterrupt):
            self.store.keep(phase, members, at_once=True)
            return members, Status.INTERRUPTED
        kept = BATCH * course.best if len(choose) else most  # members that did not fit are not there
        return members[: min(kept, most)], Status.SOLVED

    def _trained(
        self,
        members: list[Member],
        phase: str,
        train: NDArray[np.int64],
        choose: NDArray[np.int64],
        most: int,
    ) -> Course:
        """Fill the list with members, those that were saved first. Raises `Halted`."""
        boosting, judge = self._boosting(train), self._votes(choose, None)
        groups = boosting.votes.groups
        room, course = Room(self.layer, groups, self.gates), Course(len(choose), len(groups))

        def judged(batch: list[Member]) -> None:
            batch = room.fitting(batch)
            boosting.varying = room.heard(boosting.varying)
            members.extend(batch)
            judge.add(batch)
            if len(choose) and batch:
                course.add(judge.accuracy)

        for batch in batches(self.store.members(phase)[:most]):
            self._ask()
            boosting.take(batch)
            judged(batch)
        with self._fitter() as fit:
            while len(members) < most and not (course.is_over or room.is_full):
                self._ask()
                judged(attended(lambda halt: boosting.batch(fit, halt), self.stopped))
                self.store.keep(phase, members)
                if self.report:
                    chosen = course.right[-1] if course.right else None
                    self.report(Look(len(members), (boosting.votes.accuracy, chosen)))
        return course

    @contextmanager
    def _fitter(self) -> Iterator[Fitter]:
        if self.workplace is not None:
            yield ByWorkers(self.workplace)
            return
        with ThreadPoolExecutor(min(self.jobs, BATCH)) as pool:
            yield ByThreads(pool)

    def _ask(self) -> None:
        if self.stopped():
            raise Halted

    def _boosting(self, train: NDArray[np.int64]) -> Boosting:
        """Nothing voted yet; pictures stand there once more for each small change."""
        weights = self.problem.items.weights
        counting = np.ones(len(train)) if weights is None else weights[train]
        votes = self._votes(train, self.picture)
        counting = np.tile(counting / counting.max(initial=1e-300), votes.features.n_items // len(train))
        return Boosting(votes, self.boost, counting.astype(np.float32), self.seed)

    def _votes(self, items: NDArray[np.int64], picture: Picture | None) -> Votes:
        """Of these items, and of pictures for each change."""
        n_shown = 1 if picture is None else 1 + n_varied(picture)
        features = Features.of(self.layer, self._shown(items, picture), n_shown * len(items))
        labels = np.tile(labels_of(self.problem, items), (n_shown, 1))
        return Votes(features, labels, groups_of(self.problem.network.n_outputs, self.problem.output_kind))

    def _shown(self, items: NDArray[np.int64], picture: Picture | None) -> Iterator[NDArray[np.float32]]:
        """The inputs, and pictures once more for each small change; asked on the way whether it is over."""
        inputs = self.problem.inputs
        for first in range(0, len(items), PACKED_AT_ONCE):
            self._ask()
            yield inputs[items[first : first + PACKED_AT_ONCE]]
        if picture is not None:
            for moved in varied(inputs[items], picture):
                self._ask()
                yield moved
