"""Who fits the members of a batch: threads of this process, or an executor's workers anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from btfnet.committee.member import Code, Member
from btfnet.engines.descent.local_search import GateSearch, seen_in
from btfnet.errors import CapacityError
from btfnet.halting import QUESTION_SECONDS, Halt
from btfnet.kernels.bits import unpack_bits
from btfnet.problem.network import Network
from btfnet.workers.workplace import Workplace

MOST_LOSSES = 20
"""Times that workers may be lost, one after another, before any member is fitted."""


@dataclass(frozen=True, eq=False)
class MemberTask:
    """All that a member is made from; what comes of it does not depend on where.

    code     what its answer says of each class
    heard    int64, ascending: the features that it hears
    columns  uint64, (n_heard, n_words): these features of its items
    wanted   bool, (n_items,): the answers
    hidden, rounds  as of a `Boost`; rng  of its walk
    """

    code: Code
    heard: NDArray[np.int64]
    columns: NDArray[np.uint64]
    wanted: NDArray[np.bool_]
    hidden: int
    rounds: int
    rng: np.random.Generator


def fit_member(task: MemberTask, halt: Halt | None = None) -> Member:
    """Walk from random gates. Raises `Halted` once the halt is requested."""
    network = free_network(len(task.heard), task.hidden)
    search = GateSearch(
        network,
        unpack_bits(task.columns, len(task.wanted)),
        task.wanted[:, None],
        task.rng,
        repeats=False,
        begin=False,
        halt=halt,
        most_seen=seen_in(network),
    )
    search.walk(task.rounds)
    return Member.of(task.heard, search.circuit("member").simplified(), task.code)


@cache
def free_network(n_inputs: int, hidden: int) -> Network:
    """Of one output."""
    return Network.free(n_inputs, 1, hidden)


Prepare = Callable[[], MemberTask]


class Fitter(Protocol):
    def __call__(self, tasks: Sequence[Prepare], halt: Halt) -> list[Member]:
        """The members of some tasks, in their order. Raises `Halted` once the halt is requested."""


@dataclass(frozen=True)
class ByThreads:
    """See `Fitter`: a pool of this process, which prepares side by side, too."""

    pool: Executor

    def __call__(self, tasks: Sequence[Prepare], halt: Halt) -> list[Member]:
        work = [self.pool.submit(lambda one: fit_member(one(), halt), task) for task in tasks]
        return [future.result() for future in work]


@dataclass(frozen=True)
class ByWorkers:
    """See `Fitter`: tasks of lost workers are sent again. Raises `CapacityError` where that goes on for long."""

    workplace: Workplace

    def __call__(self, tasks: Sequence[Prepare], halt: Halt) -> list[Member]:
        prepared = [task() for task in tasks]
        members: dict[int, Member] = {}
        for _ in range(MOST_LOSSES):
            left = [place for place in range(len(prepared)) if place not in members]
            if not left:
                return [members[place] for place in range(len(prepared))]
            self.workplace.executor(halt.is_set)  # which may be waited for
            sent = {place: self.workplace.submit(fit_member, prepared[place]) for place in left}
            self._take(sent, members, halt)
            if None in sent.values():
                self.workplace.renew()
        raise CapacityError(
            f"Workers were lost {MOST_LOSSES} times while members of the committee were fitted: perhaps they are "
            f"killed for their memory. Give them more, or fewer tasks at a time."
        )

    def _take(self, sent: dict[int, Future[Member] | None], members: dict[int, Member], halt: Halt) -> None:
        running = {future: place for place, future in sent.items() if future is not None}
        try:
            while wait(running, timeout=QUESTION_SECONDS).not_done:
                halt.check()
        except BaseException:
            for future in running:
                future.cancel()
            raise
        for future, place in running.items():
            try:
                members[place] = future.result()
            except BaseException as error:
                if not self.workplace.is_lost(error):
                    raise
