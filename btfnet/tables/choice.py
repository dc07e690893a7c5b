"""Which way to learn a table: each is tried on parts of the training rows, and judged on the rest.

Source: cross-validation, M. Stone, J. Royal Statistical Society B 36 (1974), 111; ways that fall behind are not
tried further, O. Maron and A. Moore, Artificial Intelligence Review 11 (1997), 193.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.halting import question
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.problem.values import OutputKind
from btfnet.tables.cuts import Cuts
from btfnet.tables.encoder import TableEncoder
from btfnet.tables.table import Table
from btfnet.tables.ways import Exact, Order, Way

FOLDS = 5
MANY_ROWS = 20_000
"""From so many on, one part of the rows judges alone."""
BEHIND, LEAST_FOLDS = 3.0, 2
"""Standard deviations of the paired difference by which a way must be worse, on so many folds, to be given up."""
AS_GOOD = 1.0
"""Those by which a way may be worse and is as good: then the likelihood of its votes decides, which says more."""
SHORT = 12
"""Gates of a rule that one reads."""
HARDLY_WRONG = 0.98
"""The part of unseen rows that exact networks get right where there is a rule without exceptions."""
STEPS = np.geomspace(1e-3, 8, 40)
"""Of the logit for each vote, which are tried."""


@dataclass(frozen=True)
class Encoding:
    """How levels of numbers are chosen: `levels_of`."""

    cuts: Cuts = Cuts.CLASSES
    n_cuts: int = 10

    def fitted(self, table: Table, labels: NDArray[np.int64]) -> TableEncoder:
        return TableEncoder.fit(table, labels, cuts=self.cuts, n_cuts=self.n_cuts)


@dataclass(frozen=True)
class Tried:
    """A way and what the judges say of it.

    right   bool, (n_judged,): the rows that it got right when they were unseen, in the order of the folds
    step    by how much a vote changes the logit of a class: what makes the judged rows most likely
    loss    minus the logarithm of that likelihood, for a row on average
    gates   of the circuits of all folds, the median
    """

    way: Way
    right: NDArray[np.bool_]
    step: float
    loss: float
    gates: float

    @property
    def accuracy(self) -> float:
        return float(self.right.mean()) if len(self.right) else 0.0


def problem_of(
    encoder: TableEncoder, table: Table, labels: NDArray[np.int64], n_classes: int, name: str = "table"
) -> Problem:
    """Encoded rows and their classes, all to train on."""
    bits = encoder.encode(table).astype(np.int8)
    network = Network.free(bits.shape[1], n_classes)
    problem = Problem.from_arrays(bits, labels, network, output_kind=OutputKind.CLASS, name=name)
    return replace(problem, items=replace(problem.items, input_names=encoder.names))


class Judged(NamedTuple):
    """A way on one fold: which rows it got right, its votes of them, and gates."""

    right: NDArray[np.bool_]
    votes: NDArray[np.int64]
    gates: int


@dataclass(frozen=True, eq=False)
class Fold:
    """Some rows train, encoded by what they say alone, the others judge.

    problem  of the rows that train; bits, labels  of those that judge
    """

    encoder: TableEncoder
    problem: Problem
    order: Order
    bits: NDArray[np.int8]
    labels: NDArray[np.int64]

    def judged(self, way: Way, here: Mapping[Way, Judged]) -> Judged | None:
        """None where the way leads nowhere; here  what others did on this fold.

        Where one exact network is always right, more would say the same.
        """
        one = here.get(Exact(1))
        if isinstance(way, Exact) and one is not None and one.right.all():
            return one._replace(votes=way.votes * one.votes, gates=way.votes * one.gates)
        committee = way.fit(self.problem, self.order)
        if committee is None:
            return None
        votes = committee.votes(self.bits)
        return Judged(votes.argmax(axis=1) == self.labels, votes, len(committee.circuit().gates))

    def nothing(self) -> Judged:
        """No votes at all."""
        n_rows = len(self.labels)
        votes = np.zeros((n_rows, self.problem.network.n_outputs), dtype=np.int64)
        return Judged(np.zeros(n_rows, dtype=bool), votes, 0)


def _summed(way: Way, found: Sequence[Judged], truth: NDArray[np.int64]) -> Tried:
    """Of all folds."""
    step, loss = step_of(np.concatenate([each.votes for each in found]), truth)
    right = np.concatenate([each.right for each in found])
    return Tried(way, right, step, loss, float(np.median([each.gates for each in found])))


class Trials:
    """Ways on folds of the training rows; those that fall behind are given up.

    table, labels, n_classes  the training rows, their classes 0, 1, …
    """

    def __init__(
        self, table: Table, labels: NDArray[np.int64], n_classes: int, encoding: Encoding, order: Order
    ) -> None:
        self.table, self.labels, self.n_classes = table, labels, n_classes
        self.encoding, self.order = encoding, order

    def run(self, ways: Sequence[Way], report: Callable[[str], object]) -> list[Tried]:
        """What the judges say of each way that was not given up, in their order; empty where nobody can judge.

        Raises KeyboardInterrupt when it was stopped.
        """
        tried: dict[Way, list[Judged]] = {way: [] for way in ways}
        truth: list[NDArray[np.int64]] = []
        over = question(self.order.stop)
        for number, (train, judge) in enumerate(self._folds()):
            if over():  # before the columns are looked at, which takes a while where there are many
                raise KeyboardInterrupt
            fold = self._fold(number, train, judge)
            if fold is None:
                continue
            truth.append(self.labels[judge])
            here: dict[Way, Judged] = {}
            for way in list(tried):
                report(f"fold {number + 1}: {way.name}")
                judged = fold.judged(way, here)
                if judged is None and not tried[way]:
                    del tried[way]
                else:  # what led somewhere before, and nowhere here, is wrong in all rows of this fold
                    here[way] = judged or fold.nothing()
                    tried[way].append(here[way])
            if len(truth) >= LEAST_FOLDS:
                right = {way: np.concatenate([each.right for each in found]) for way, found in tried.items()}
                for way in needless(right, discrete=fold.encoder.is_discrete):
                    del tried[way]
        return [_summed(way, found, np.concatenate(truth)) for way, found in tried.items()] if truth else []

    def _fold(self, number: int, train: NDArray[np.int64], judge: NDArray[np.int64]) -> Fold | None:
        """None where the rows that train tell nothing."""
        rows, labels = self.table.some(train), self.labels[train]
        encoder = self.encoding.fitted(rows, labels)
        if not encoder.conditions:
            return None
        problem = problem_of(encoder, rows, labels, self.n_classes)
        bits = encoder.encode(self.table.some(judge)).astype(np.int8)
        order = replace(self.order, seed=self.order.seed + number, exact={})
        return Fold(encoder, problem, order, bits, self.labels[judge])

    def _folds(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Rows that train and rows that judge; every class is spread over all parts."""
        counts = np.bincount(self.labels, minlength=self.n_classes)
        n_folds = min(FOLDS, int(np.sort(counts)[-2]))  # of two classes at least there are so many rows
        if n_folds < 2:
            return
        rng = np.random.default_rng([self.order.seed, 7])
        part = np.empty(len(self.labels), dtype=np.int64)
        start = 0
        for number in range(self.n_classes):
            some = rng.permutation(np.flatnonzero(self.labels == number))
            part[some] = (start + np.arange(len(some))) % n_folds
            start += len(some)
        for fold in range(1 if len(self.labels) >= MANY_ROWS else n_folds):
            yield np.flatnonzero(part != fold), np.flatnonzero(part == fold)


def needless(right: dict[Way, NDArray[np.bool_]], *, discrete: bool) -> list[Way]:
    """Those that need not be tried further: behind the best by more than chance; where some are always right, all
    others, and where these may be exact (`chosen`), all that are not.
    """
    if not right:
        return []
    perfect = [way for way, found in right.items() if found.all()]
    if discrete and any(isinstance(way, Exact) for way in perfect):
        perfect = [way for way in perfect if isinstance(way, Exact)]
    if perfect:
        return [way for way in right if way not in perfect]
    best = max(right.values(), key=lambda found: int(found.sum()))
    return [way for way, found in right.items() if deficit(found, best) > BEHIND]


def deficit(found: NDArray[np.bool_], best: NDArray[np.bool_]) -> float:
    """By how many standard deviations one is worse than the other, on the same rows (Q. McNemar, 1947)."""
    worse, better = int((best & ~found).sum()), int((found & ~best).sum())
    return (worse - better) / np.sqrt(max(1, worse + better))


def chosen(tried: Sequence[Tried], *, discrete: bool = False) -> Tried:
    """Of those that are as good as the best one the one whose votes make the judged rows most likely; a short rule
    that is right as often as the best.

    discrete  no column is a measured number: then there may be a rule without exceptions, and where exact networks
              are hardly ever wrong they are taken
    """
    best = max(tried, key=lambda each: int(each.right.sum()))
    as_good = [each for each in tried if deficit(each.right, best.right) <= AS_GOOD]
    exact = [each for each in as_good if isinstance(each.way, Exact) and each.accuracy >= HARDLY_WRONG]
    if discrete and exact:
        return max(exact, key=lambda each: (each.accuracy, -each.gates))
    short = [each for each in as_good if each.gates <= SHORT and each.right.sum() >= best.right.sum()]
    if short:
        return min(short, key=lambda each: each.gates)
    return min(as_good, key=lambda each: each.loss)


def step_of(votes: NDArray[np.int64], labels: NDArray[np.int64]) -> tuple[float, float]:
    """The logit for each vote that makes the classes of unseen rows most likely, and minus the logarithm of how
    likely that makes them, for a row on average.

    Source: temperature scaling, J. Platt (1999); C. Guo et al., ICML (2017), 1321.
    """
    own = np.arange(len(labels))
    losses = []
    for step in STEPS:
        logits = votes * step
        logits = logits - logits.max(axis=1, keepdims=True)
        losses.append((np.log(np.exp(logits).sum(axis=1)) - logits[own, labels]).mean())
    best = int(np.argmin(losses))
    return float(STEPS[best]), float(losses[best])
