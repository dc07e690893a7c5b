"""Boosting: members one batch after another, each fitted to what those before it leave open.

The votes of all members so far say how open it is whether an item is of its class or of another one; a batch asks
questions about what is most open, fits each to items drawn by these weights, and adds the answers. Members of a
batch do not know of each other, so that any number of threads does the same.

Source: Y. Freund and R. Schapire, J. Computer and System Sciences 55 (1997), 119; weights of a logistic loss with
small steps, J. Friedman, T. Hastie and R. Tibshirani, Annals of Statistics 28 (2000), 337; items drawn by their
weights, not all, J. Friedman, Computational Statistics and Data Analysis 38 (2002), 367.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import need, number, optional, whole
from btfnet.committee.fitting import Fitter, MemberTask
from btfnet.committee.member import Code, Member, Votes
from btfnet.committee.questions import Questions
from btfnet.errors import DataError
from btfnet.halting import Halt
from btfnet.kernels.bits import pack_bits

BATCH = 4
"""Members that are fitted to the same votes."""
HIDDEN, OF_PICTURES = 6, 12
"""Nodes of a member's network, if nobody says how many: of tables, of pictures."""
SEEN = 16_000
"""Items, drawn anew for each batch, of which members' items are drawn."""


@dataclass(frozen=True)
class Boost:
    """How members are fitted.

    items   drawn for each
    inputs  features that it hears
    hidden  nodes of its free network; None: 12 where inputs are pictures, 6 elsewhere, where larger members gain
            nothing on the whole (scripts/studies/tables)
    rounds  of its walk
    step    by how much a vote changes the logit of a class
    sure    the part of the inputs that go along with the answer; the others are drawn from all
    Raises `UsageError` for numbers that mean nothing.
    """

    items: int = 2048
    inputs: int = 100
    hidden: int | None = None
    rounds: int = 16
    step: float = 0.05
    sure: float = 0.6

    def __post_init__(self) -> None:
        sizes = {name: (getattr(self, name), whole(1)) for name in ("items", "inputs", "rounds")}
        sizes["hidden"] = (self.hidden, optional(whole(1)))
        need("Boost", **sizes, step=(self.step, number(0, 10, open_low=True)), sure=(self.sure, number(0, 1)))


class Boosting:
    """Members as they come, and the votes of training items.

    votes    of the training items, none yet; boost  how members are fitted
    weights  float32, (n_items,): how much each item counts
    seed     of all randomness: member k depends on it, on k and on the votes before its batch

    Raises `DataError` where no feature changes.
    """

    def __init__(self, votes: Votes, boost: Boost, weights: NDArray[np.float32], seed: int) -> None:
        self.votes, self.boost, self.weights, self.seed = votes, boost, weights, seed
        self.questions, self.hidden = Questions(votes.groups), boost.hidden or HIDDEN
        self.members: list[Member] = []
        features = votes.features
        ones = np.bitwise_count(features.columns).sum(axis=1)
        least = max(1, features.n_items // 100)
        self.varying = np.flatnonzero((ones >= least) & (ones <= features.n_items - least))
        if not len(self.varying):
            self.varying = np.flatnonzero((ones > 0) & (ones < features.n_items))
        if not len(self.varying):
            raise DataError("No input changes in the training items, so nothing can tell the classes apart.")

    def batch(self, fit: Fitter, halt: Halt) -> list[Member]:
        """Fit the next members, and count their votes. Raises `Halted`."""
        rng = np.random.default_rng([self.seed, len(self.members)])
        n_items = self.votes.features.n_items
        items = rng.choice(n_items, SEEN, replace=False) if n_items > SEEN else np.arange(n_items)
        open_weights, is_of = self._open(items)
        confused = is_of.T @ open_weights
        work = []
        for place in range(BATCH):
            code = self.questions.drawn(confused, rng)
            side = is_of @ code  # of each item: 1, -1, or 0 where it is not asked
            weights = (open_weights * (code[None] * side[:, None] == -1)).sum(axis=1)
            chosen = systematic(weights, self.boost.items, rng)
            rng.shuffle(chosen)
            child = np.random.default_rng([self.seed, len(self.members), place + 1])
            work.append(partial(self._task, code, items[chosen], side[chosen] > 0, child))
        members = fit(work, halt)
        self.take(members)
        return members

    def take(self, members: list[Member]) -> None:
        """Count the votes of a batch that is done."""
        self.votes.add(members)
        self.members += members

    def _open(self, items: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """How open each class is of each item: the slope of the logistic loss, 0 of its own and where no class is
        known; and which classes are its own. Both (n, n_classes).
        """
        groups, labels = self.votes.groups, self.votes.labels[items]
        counts = self.votes.counts[:, items].T
        weights = np.zeros(counts.shape, dtype=np.float32)
        is_of = np.zeros(counts.shape, dtype=np.float32)
        for group in range(labels.shape[1]):
            known = np.flatnonzero(labels[:, group] >= 0)
            own, classes = labels[known, group], np.flatnonzero(groups == group)
            lead = counts[np.ix_(known, classes)] - counts[known, own][:, None]
            slope = 1 / (1 + np.exp(-np.clip(lead * np.float32(self.boost.step), -30, 30)))
            weights[np.ix_(known, classes)] = slope * self.weights[items[known]][:, None]
            weights[known, own] = 0
            is_of[known, own] = 1
        return weights, is_of

    def _task(
        self, code: Code, items: NDArray[np.int64], wanted: NDArray[np.bool_], rng: np.random.Generator
    ) -> MemberTask:
        columns = self.votes.features.some(items)
        heard = self._heard(columns, wanted, rng)
        return MemberTask(code, heard, columns[heard], wanted, self.hidden, self.boost.rounds, rng)

    def _heard(
        self, columns: NDArray[np.uint64], wanted: NDArray[np.bool_], rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Features that a member hears, ascending: most as they go along with the answer, the others at random."""
        n_items, n_ones = len(wanted), int(wanted.sum())
        target = pack_bits(wanted[:, None])[0]
        here = columns[self.varying]
        both = np.bitwise_count(here & target).sum(axis=1, dtype=np.int64)
        ones = np.bitwise_count(here).sum(axis=1, dtype=np.int64)
        along = np.abs(both * n_items - ones * n_ones).astype(np.float64)
        total, n = along.sum(), len(self.varying)
        sure = along / total if total > 0 else np.full(n, 1 / n)
        chance = self.boost.sure * sure + (1 - self.boost.sure + 1e-9) / n
        number = min(self.boost.inputs, n)
        return np.sort(self.varying[rng.choice(n, number, replace=False, p=chance / chance.sum())])


def batches(members: list[Member]) -> Iterator[list[Member]]:
    """Members in the batches in which they were trained; what is left of one that was not done is dropped."""
    for first in range(0, len(members) - BATCH + 1, BATCH):
        yield members[first : first + BATCH]


def systematic(weights: NDArray[np.floating], number: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """So many items, each as often as its part of the weights says, give or take one; ascending.

    Any items, where none weighs anything.
    Source: systematic sampling, W. and L. Madow, Annals of Mathematical Statistics 15 (1944), 1.
    """
    total = np.cumsum(weights, dtype=np.float64)
    if not total[-1]:
        return np.sort(rng.choice(len(weights), number))
    points = (np.arange(number) + rng.random()) * (total[-1] / number)
    return np.minimum(np.searchsorted(total, points, side="right"), len(weights) - 1)
