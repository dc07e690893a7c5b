"""`SharedStore`: what a search shares with other processes that run its trials, through a folder.

Every process runs the same search. Whoever begins a trial claims it, saves its state in the folder, and puts what
came of it into a log, whose entries all processes read in the same order: so all come to the same result, of the
entries before the one that closes the log.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import astuple
from typing import Any

from btfnet.arguments import called
from btfnet.checkpoint.file import Record
from btfnet.errors import DataError, OutputError
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status, TraceRow
from btfnet.search.options import SearchOptions
from btfnet.search.persistence.identity import check_identity, identity
from btfnet.search.persistence.saved import News, TrialStore, trials_of, trials_to_record, understood
from btfnet.search.records import Trial
from btfnet.sharing.folder import SharedFolder

FAREWELL_SECONDS = 0.5
"""So long a search that is finished waits for what became of trials that need not go on."""
PAUSE_SECONDS = 0.1
"""Between two looks of a process that has nothing to run."""
SEARCH, FOUND, ENDED, CLOSED = "search", "found", "ended", "closed"
"""Kinds of entries."""


class SharedStore(TrialStore):
    """See `TrialStore`. Raises `DataError` where the folder is another search's, `OutputError` where it fails.

    identity  and limit: of the search, which must be those of the others
    """

    def __init__(self, folder: SharedFolder, identity: dict[str, Any], limit: int) -> None:
        super().__init__(None, identity)
        self._place, self._own, self._member = folder.path, folder.folder, folder.join()
        self._ended: dict[int, Trial] = {}
        self._heard: deque[News] = deque()
        self._closed = self._closing = False
        self._running: set[int] = set()
        self._lost: set[int] = set()
        self._found: deque[int] = deque()
        self._own_looks: dict[int, tuple[list[float], float]] = {}
        self._shown: dict[int, Any] = {}
        self._seconds = 0.0
        self._finished_since: float | None = None
        self._at_once = True
        try:
            self._open(limit)
        except OSError as error:
            raise OutputError(f"{folder.path}: cannot be written ({error.strerror or error}).") from error

    def _open(self, limit: int) -> None:
        log = self._member.log
        log.begin(Record({"kind": SEARCH, "search": self._identity, "limit": limit, "seconds": 0.0}, {}))
        first = log.first()
        if first is None:
            raise OutputError(f"{self._place}: what was written there cannot be read.")
        with understood(self._place):
            check_identity(first.values["search"], self._identity, str(self._place))
            if first.values["limit"] != limit:
                raise DataError(
                    f"{self._place}: the search belongs to another one: {called('max_iterations')} was "
                    f"{first.values['limit']} and is now {limit}. Take the limit that it has."
                )
        self._take_in()
        self.seconds_before = self._seconds

    def check(self, n_trials: int, limit_of: Callable[[int], int | None]) -> None:
        beyond = max(self._ended, default=0)
        if beyond >= n_trials:
            raise DataError(
                f"{self._place}: trial {beyond + 1} has ended, and {called('trials')} is now {n_trials}; "
                f"allow at least {beyond + 1}."
            )

    def saver(self, index: int) -> Callable[[Record], bool] | None:
        def save(record: Record) -> bool:
            return not self.lost(index) and self._member.save(_name(index), record)

        return save

    def keep(self, trials: list[Trial], *, at_once: bool) -> None:
        """Each is in the log."""

    # -- reading ------------------------------------------------------------------------------------------

    def look(self, *, finished: bool) -> list[News]:
        while self._found:
            self._append(FOUND, Record({"trial": self._found.popleft()}, {}))
        self._member.pulse(lambda: {str(index): look for index, look in list(self._own_looks.items())})
        if not (self._closed and finished):
            self._take_in()
        for record in self._member.overdue():  # nobody else hears of it: the disk is full, or the folder gone
            if record.values["kind"] != CLOSED:
                self._note(record)
        heard, self._heard = list(self._heard), deque()
        return heard

    def _take_in(self) -> None:
        """What is new in the folder, as far as the end of the search."""
        at_once, self._at_once = self._at_once or self._closed, False
        if self._closed:  # and not finished: more trials are wanted by now
            self._closed = self._closing = False
        for number, record in self._member.look(at_once=at_once):
            with understood(f"{self._place}, entry {number}"):
                self._note(record)
            if self._closed:
                self._at_once = True
                break
        for name in self._member.claims.taken_over():
            self._lost.add(int(name.partition("-")[2]))

    def _note(self, record: Record) -> None:
        kind = record.values["kind"]
        self._seconds = max(self._seconds, float(record.values["seconds"]))
        if kind == ENDED:
            self._note_ended(record)
        elif kind == FOUND:
            self._heard.append(int(record.values["trial"]))
        elif kind == CLOSED:
            self._closed = True

    def _note_ended(self, record: Record) -> None:
        (trial,) = trials_of(record)
        if trial.index not in self._ended:
            self._ended[trial.index] = trial
            self._heard.append(trial)
        if trial.index in self._running:
            self._lost.add(trial.index)
        elif _name(trial.index) in self._member.claims.held:
            self._member.finish(_name(trial.index))

    @property
    def stopped(self) -> bool:
        return self._member.stopped

    # -- trials of this process ---------------------------------------------------------------------------

    def take(self, index: int) -> bool:
        name = _name(index)
        if index in self._ended or not self._member.claim(name):
            return False
        self._at_once = True
        self._take_in()  # what ended before its claim was free is in the log by now
        if index in self._ended:
            self._member.finish(name)
            return False
        self._running.add(index)
        return True

    def state(self, index: int) -> Record | None:
        return self._member.saved(_name(index))

    def found(self, index: int) -> list[News]:
        """All hear of it in the order of the log."""
        self._found.append(index)
        return []

    def hand_in(self, trial: Trial) -> list[News]:
        index, name = trial.index, _name(trial.index)
        self._own_looks.pop(index, None)
        self._running.discard(index)
        lost = index in self._lost
        self._lost.discard(index)
        if index in self._ended:
            self._member.finish(name)
        elif lost and (trial.status.unfinished or trial.status is Status.STOPPED):
            self._member.claims.held.pop(name, None)
        elif trial.status.unfinished:
            self._member.release(name)
            return [trial]
        elif not (self._closed and trial.status is Status.STOPPED):
            self._append(ENDED, trials_to_record([trial], {}))
        return []

    def _append(self, kind: str, record: Record) -> None:
        values = {**record.values, "kind": kind, "seconds": self.seconds}
        self._member.append(Record(values, record.arrays))
        self._at_once = True

    def lost(self, index: int) -> bool:
        return index in self._lost

    # -- looks --------------------------------------------------------------------------------------------

    @property
    def note(self) -> str:
        present = self._member.jobs.present
        return f"{present} jobs" if present > 1 else ""

    def saw(self, index: int, look: TraceRow, rate: float) -> None:
        self._own_looks[index] = list(astuple(look)), rate

    def looks(self) -> list[tuple[int, TraceRow, float]]:
        seen = dict(self._others_looks())
        new = [(index, *look) for index, look in seen.items() if self._shown.get(index) != look]
        self._shown.update(seen)
        return [one for one in new if one[0] not in self._ended]

    def _others_looks(self) -> Iterator[tuple[int, tuple[TraceRow, float]]]:
        for values in list(self._member.jobs.values.values()):
            try:
                for index, (look, rate) in values.items():
                    yield int(index), (TraceRow(int(look[0]), *map(float, look[1:])), float(rate))
            except (
                TypeError,
                ValueError,
                AttributeError,
                IndexError,
                OverflowError,
            ):  # of a version that tells something else
                continue

    # -- ending -------------------------------------------------------------------------------------------

    def waits(self, *, finished: bool) -> bool:
        if finished and self._closed:
            return False
        if not finished:
            self._finished_since = None
        elif not self._closing and self._others_are_done():
            self._closing = True
            self._append(CLOSED, Record({}, {}))
        if finished and self._member.overdue():  # what ended here is known here only
            return False
        time.sleep(PAUSE_SECONDS / 2 if finished else PAUSE_SECONDS)
        return True

    def _others_are_done(self) -> bool:
        now = time.monotonic()
        self._finished_since = self._finished_since or now
        return not self._member.claims.others() or now - self._finished_since > FAREWELL_SECONDS

    def leave(self) -> None:
        self._member.leave()
        with suppress(OSError):  # made where the trials had workers elsewhere
            self._own.rmdir()


def store_for(problem: Problem, options: SearchOptions) -> TrialStore:
    """Of a search: of this process alone, or of several that share a folder. Raises as the stores do."""
    checkpoint = options.checkpoint
    known = identity(problem, options) if checkpoint else {}  # which reads all items
    if isinstance(checkpoint, SharedFolder):
        return SharedStore(checkpoint, known, options.settings.max_iterations)
    return TrialStore(checkpoint, known, options.ranks)


def _name(index: int) -> str:
    return f"trial-{index}"
