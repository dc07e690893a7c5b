"""`Elsewhere`: a crew of an executor's workers; trials of lost ones go on from what they saved last."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from btfnet.checkpoint.file import Record, unpacked
from btfnet.checkpoint.folder import SaveInterval
from btfnet.errors import BtfnetWarning, CapacityError, DataError
from btfnet.halting import Halted
from btfnet.machine import cores
from btfnet.projections.rrr import Status, TraceRow
from btfnet.search.crews.crew import Foreman, Task, Work
from btfnet.search.crews.errand import Errand, maker_of, run_errand
from btfnet.search.crews.office import Office
from btfnet.search.records import Trial
from btfnet.search.trial import TrialSpec, not_begun
from btfnet.workers.mailbox import News
from btfnet.workers.workplace import Workplace

Made = TypeVar("Made")

MOST_LOSSES = 20
"""Times that workers may be lost, one after another, without any trial that has got on in between."""
PATIENCE = 10.0
"""Seconds for a trial to end when it must; who has not answered by then is not waited for."""

NONE = -1
"""The number of no trial: whether the search is over for all."""


@dataclass
class _Sent:
    """A trial on its way.

    begun  whether it has been heard of
    until  it is waited for, once it must end
    """

    task: Task
    future: Future[Trial]
    saved: Record | None
    begun: bool = False
    until: float = float("inf")


class Elsewhere:
    """See `Crew`.

    at_once  trials at a time; None: as many as the executor says
    folder   see `mailbox_for`
    """

    def __init__(
        self, work: Work, foreman: Foreman, workplace: Workplace, at_once: int | None, folder: Path | None
    ) -> None:
        self.work, self.foreman, self.workplace, self.at_once = work, foreman, workplace, at_once
        self.folder = folder
        self._sent: dict[int, _Sent] = {}
        self._rhythm, self._answered, self._losses = SaveInterval(), True, 0
        self._taken_back: dict[int, str] = {}
        self._office: Office | None = None
        self._closing = False

    @property
    def size(self) -> int:
        if self.at_once is not None:
            return self.at_once
        return 1 if self._office is None else self._office.mailbox.slots or cores()

    @property
    def busy(self) -> int:
        return len(self._sent)

    def begin(self, task: Task) -> None:
        saved = task.saved and Record(task.saved.values, dict(task.saved.arrays))
        self._send(task, saved)

    def _send(self, task: Task, saved: Record | None) -> None:
        errand = Errand(task.index, self.work.seed + task.index, maker_of(task.engine), task.settings, saved)
        try:
            future = self._submitted(errand)
        except Halted:  # the search ends before there was an executor
            future = Future()
            future.cancel()
        self._sent[task.index] = _Sent(task, future, saved)

    def _submitted(self, errand: Errand) -> Future[Trial]:
        """Raises `Halted` where the search ends before an executor takes it, `CapacityError` where none does."""
        for _ in range(MOST_LOSSES):
            future = self._tried(lambda: self._submit(errand))
            if future is not None:
                return future
            if self.foreman.over(NONE) is not None:
                raise Halted
        raise CapacityError(
            f"{MOST_LOSSES} executors, one after another, took no work: they were broken or shut down already. "
            f"Let the function that makes them make a new one each time."
        )

    def _submit(self, errand: Errand) -> Future[Trial] | None:
        office = self._office or self._opened()
        office.mailbox.expect(errand.index)
        return self.workplace.submit(run_errand, office.common, errand)

    def _tried(self, step: Callable[[], Made | None]) -> Made | None:
        """What a step makes that needs the executor; None where that is lost, which is left then."""
        try:
            made = step()
        except Exception as error:
            if not self.workplace.is_lost(error):
                raise
            made = None
        if made is None:
            for index in list(self._sent):  # also lost, and what they saved goes with the mailbox
                self._keep(index)
            self._close()
            self.workplace.renew()
        return made

    def _opened(self) -> Office:
        """To the executor that is there now."""
        executor = self.workplace.executor(lambda: self.foreman.over(NONE) is not None)
        self._office = Office.opened(executor, self.folder, self.work)
        return self._office

    def _reopened(self) -> Office:
        self._office = (self._office or self._opened()).reopened(self.work)
        return self._office

    def _close(self) -> None:
        if self._office is not None:
            self._office.speaker.close(answered=self._answered)
            self._office = None

    # -- while trials run

    def wait(self, seconds: float) -> list[Trial]:
        wait([sent.future for sent in self._sent.values()], timeout=seconds, return_when=FIRST_COMPLETED)
        self._hear()
        done = [
            index for index, sent in self._sent.items() if sent.future.done()
        ]  # others may be in a moment
        lost = [index for index in done if self._is_lost(index)]
        now = time.monotonic()
        late = [index for index, sent in self._sent.items() if now > sent.until and index not in done]
        ended = [self._last(index) for index in (*done, *late) if index not in lost]
        if lost:
            self._send_again(lost)
        return ended

    def _is_lost(self, index: int) -> bool:
        """Whether a trial that is wanted, and done, has lost its worker, or was interrupted there."""
        sent = self._sent[index]
        if self.foreman.over(index) is not None:
            return False
        error = _error(sent.future)
        if error is None:
            return sent.future.result().status.unfinished
        if not self.workplace.is_lost(error):
            del self._sent[index]
            raise error
        return True

    def _send_again(self, lost: list[int]) -> None:
        """Trials whose workers were lost, from where they stood."""
        self._losses += 1
        if self._losses > MOST_LOSSES:
            raise CapacityError(
                f"Workers were lost {self._losses} times, one after another, and no trial had got on in between "
                f"(trial {lost[0] + 1} the last): perhaps they are killed for their memory. Give workers more "
                f"memory, or run fewer trials at a time on each machine."
            )
        time.sleep(min(1.0, 0.05 * self._losses))  # who has lost them all may have others soon
        saved = {index: self._state(index) for index in lost}
        if self._office is not None:
            self._tried(self._reopened)
        for index in lost:
            sent = self._sent.pop(index)
            newer = _iterations(saved[index]) > _iterations(sent.saved)
            self._send(sent.task, saved[index] if newer else sent.saved)

    def _hear(self) -> None:
        for news in () if self._office is None else self._office.mailbox.news():
            if news.trial in self._sent:
                self._pass_on(news)
        if self._rhythm.due():
            with self._rhythm.measured():
                kept = [self._keep(index) for index in self._sent]
            if not any(kept):  # what was waited for in vain does not count as the cost of saving
                self._rhythm = SaveInterval()

    def _pass_on(self, news: News) -> None:
        self._sent[news.trial].begun = True
        if news.exact:
            self.foreman.found(news.trial)
        if news.look is not None and not self._closing:  # whoever looks on may have failed, and would again
            self.foreman.report(news.trial, TraceRow(int(news.look[0]), *news.look[1:]), news.rate)

    def _keep(self, index: int) -> bool:
        """Where the search saves itself, what a trial has saved; whether there was something."""
        sent, state = self._sent[index], self._state(index)
        if state is None or _iterations(state) <= _iterations(sent.saved):
            return state is not None
        sent.saved, self._losses = state, 0
        saver = self.foreman.saver(index)
        if saver is not None:
            saver(state)
        return True

    def _state(self, index: int) -> Record | None:
        data = None if self._office is None else self._office.mailbox.state(index)
        try:
            return None if data is None else unpacked(data, f"the state of trial {index + 1}")
        except DataError:  # cut short where the worker was lost
            return None

    def attend(self) -> None:
        over = {index: self.foreman.over(index) for index in self._sent}
        if self._office is not None:
            names = {index: status.name for index, status in over.items() if status is not None}
            self._office.speaker.end({**self._taken_back, **names})
        for index, status in over.items():
            sent = self._sent[index]
            if status is not None:
                sent.until = min(sent.until, time.monotonic() + PATIENCE)
                office = self._office
                if not sent.begun and office and office.take_back(sent.future) and office.client is not None:
                    self._taken_back[index] = status.name  # it may have begun, and not be heard of yet
                    self._answered = False

    def close(self) -> list[Trial]:
        ended, self._closing = [], True
        try:
            while self._sent:
                self.attend()
                ended += self.wait(0.1)
        finally:
            self._answered &= not self._sent  # else those that are left end by the last orders
            self._close()
        return ended

    def _last(self, index: int) -> Trial:
        """Of a trial that has ended, or is not waited for any longer."""
        sent = self._sent[index]
        if sent.future.done() and _error(sent.future) is None:
            trial, self._losses = sent.future.result(), 0
        else:
            self._answered &= sent.future.done()
            self._warn_of(index, sent.future)
            trial = self._not_begun(sent.task)
        if trial.status.unfinished:
            self._keep(index)
        del self._sent[index]
        if self._office is not None:
            self._office.mailbox.forget(index)
        return trial

    def _warn_of(self, index: int, future: Future[Trial]) -> None:
        """What failed of a trial that was no longer needed, unless its worker was lost."""
        error = _error(future) if future.done() else None
        if error is not None and not self.workplace.is_lost(error):
            text = f"Trial {index + 1} failed when it was to end ({type(error).__name__}: {error})."
            warnings.warn(text, BtfnetWarning, stacklevel=2)

    def _not_begun(self, task: Task) -> Trial:
        work, status = self.work, self.foreman.over(task.index) or Status.INTERRUPTED
        spec = TrialSpec(task.index, work.seed + task.index, task.engine, task.settings, work.shrink)
        return not_begun(work.problem, spec, status)


def _error(future: Future[Any]) -> BaseException | None:
    """Of a future that is done."""
    try:
        return future.exception()
    except CancelledError as error:
        return error


def _iterations(saved: Record | None) -> int:
    return -1 if saved is None else int(saved.values["iterations"])
