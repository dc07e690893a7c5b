"""`Threads`: a crew of threads of this process."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from btfnet.projections.rrr import Status
from btfnet.search.crews.crew import Foreman, Task, Work
from btfnet.search.records import Trial
from btfnet.search.shares import Shares
from btfnet.search.trial import StopToken, TrialSpec, run_trial


class Threads:
    """See `Crew`.

    shares  how many trials at a time, on how many threads each, and which of them run as one
    """

    def __init__(self, work: Work, foreman: Foreman, shares: Shares) -> None:
        self.work, self.foreman, self.shares, self.size = work, foreman, shares, shares.workers
        self._pool = ThreadPoolExecutor(shares.workers)
        self._running: set[Future[Trial]] = set()
        self._guards: dict[int, StopToken] = {}
        self._lock = threading.Lock()

    @property
    def busy(self) -> int:
        return len(self._running)

    def begin(self, task: Task) -> None:
        self._running.add(self._pool.submit(self._one, task))

    def _one(self, task: Task) -> Trial:
        """Run a trial, on a thread of its own."""
        index, work, foreman = task.index, self.work, self.foreman
        engine = self.shares.begun_by(task.engine)
        asked, found = (lambda: foreman.over(index)), lambda: foreman.found(index)
        guard = StopToken(asked, foreman.saver(index), found, work.ranks)
        with self._lock:
            self._guards[index] = guard
        if foreman.over(index) is Status.INTERRUPTED:  # one whose time is up begins, so that it can be saved
            guard.interrupt()
        trial = run_trial(
            work.problem,
            TrialSpec(index, work.seed + index, engine, task.settings, work.shrink),
            guard,
            foreman.report,
            precision=work.precision,
            threads=self.shares.threads,
            saved=task.saved,
        )
        with self._lock:
            del self._guards[index]
        return trial

    def wait(self, seconds: float) -> list[Trial]:
        done, running = wait(self._running, timeout=seconds, return_when=FIRST_COMPLETED)
        for future in done:
            if future.exception() is not None:
                self._running.discard(future)  # the others are handed in when the crew is closed
                future.result()
        self._running = running
        return [future.result() for future in done]

    def attend(self) -> None:
        with self._lock:
            running = dict(self._guards)
        for index, guard in running.items():
            if self.foreman.over(index) is not None:
                guard.interrupt()

    def close(self) -> list[Trial]:
        self._pool.shutdown()
        ended = [future.result() for future in self._running if future.exception() is None]
        self._running.clear()
        return ended
