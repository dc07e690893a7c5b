"""What a worker elsewhere is sent, and does: one trial, which tells its news, saves itself and listens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import astuple, dataclass
from functools import partial

from btfnet.checkpoint.file import Record, packed, unpacked
from btfnet.engines.protocol import EngineSpec
from btfnet.engines.registry import engine_named
from btfnet.errors import DataError
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status, TraceRow
from btfnet.search.records import Trial
from btfnet.search.trial import StopToken, TrialSpec, run_trial
from btfnet.settings import Settings
from btfnet.workers.mailbox import ASKING_SECONDS, Address, Listener, News, Post

TELLING_SECONDS = 0.5
"""Between two news of a trial, at least; that it is exact is told at once."""


@dataclass(frozen=True)
class Common:
    """What all errands of a search share.

    address  of their post; precision, shrink  as of `Work`
    """

    problem: Problem
    address: Address
    precision: str
    shrink: bool


@dataclass(frozen=True)
class Errand:
    """One trial. Its arrays are in memory: files of one machine are not there on another.

    engine  makes it
    """

    index: int
    seed: int
    engine: Callable[[], EngineSpec]
    settings: Settings
    saved: Record | None


def maker_of(engine: EngineSpec) -> Callable[[], EngineSpec]:
    """What makes an engine in another process."""
    return engine.made_by or partial(engine_named, engine.name)


def itself(common: Common) -> Common:
    """As a task of its own it is sent once, and its result stays with the workers."""
    return common


def run_errand(common: Common, errand: Errand) -> Trial:
    """Run a trial on this thread's worker; it ends when the search says so, or is not heard of any more.

    What it had saved before its worker was lost, wherever that was, it goes on from. Raises as `run_trial` does.
    """
    post = common.address.open(errand.index)
    try:
        return _Running(common, errand, post).run()
    finally:
        post.close()


class _Running:
    """A trial on a thread, and this thread, which speaks with the search."""

    def __init__(self, common: Common, errand: Errand, post: Post) -> None:
        self.common, self.errand, self.post = common, errand, post
        self.listener = Listener(post, errand.index)
        self.status: Status | None = None
        self.token = StopToken(lambda: self.status, lambda record: post.save(packed(record)), self._found)
        self.exact, self.look, self.rate = False, None, 0.0
        self._told = -TELLING_SECONDS
        self._untold = threading.Event()
        self._untold.set()

    look: list[float] | None

    def run(self) -> Trial:
        common, errand = self.common, self.errand
        self._listen()
        self._tell()
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(
                run_trial,
                common.problem,
                TrialSpec(errand.index, errand.seed, errand.engine(), errand.settings, common.shrink),
                self.token,
                self._report,
                precision=common.precision,
                saved=_newest(errand, self.post),
            )
            try:
                while not wait([future], timeout=ASKING_SECONDS).done:
                    self._listen()
                    self._tell()
            except KeyboardInterrupt:  # of the worker: whether of the search, too, that knows itself
                self._end(Status.INTERRUPTED)
        return future.result()

    def _listen(self) -> None:
        name = self.listener.ending()
        if name is not None:
            self._end(Status[name])

    def _end(self, status: Status) -> None:
        self.status = self.status or status
        self.token.halt.set()

    # -- on the trial's thread

    def _found(self) -> None:
        self.exact, self._told = True, -TELLING_SECONDS
        self._untold.set()

    def _report(self, index: int, look: TraceRow, rate: float) -> None:
        self.look, self.rate = list(astuple(look)), rate
        self._untold.set()

    # -- on this one

    def _tell(self) -> None:
        now = time.monotonic()
        if self._untold.is_set() and now - self._told > TELLING_SECONDS:
            self._untold.clear()
            self._told = now
            self.post.tell(News(self.errand.index, self.exact, self.look, self.rate))


def _newest(errand: Errand, post: Post) -> Record | None:
    """What was saved last: that which was sent along, or what a lost worker has left since."""
    left = post.saved()
    if left is None:
        return errand.saved
    try:
        found = unpacked(left, f"the state of trial {errand.index + 1}")
        before = -1 if errand.saved is None else int(errand.saved.values["iterations"])
        return found if int(found.values["iterations"]) >= before else errand.saved
    except (DataError, KeyError, TypeError, ValueError):  # cut short where the worker was lost
        return errand.saved
