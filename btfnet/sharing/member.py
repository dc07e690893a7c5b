"""`Member`: one process among those that share a folder; it bears that the folder is away for a while."""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from btfnet.checkpoint.file import Record, packed, unpacked
from btfnet.errors import DataError
from btfnet.sharing.claims import Claims
from btfnet.sharing.jobs import Jobs
from btfnet.sharing.log import Log
from btfnet.sharing.whole_files import content, names, remove, replace

POLL_SECONDS = 0.2
"""Between two looks at the folder, where nothing is asked at once; longer where there are hundreds of jobs."""
RETRY_SECONDS = 1.0
"""Between two tries to write what could not be written."""
AWAY_SECONDS = 600.0
"""A folder that is away for longer is waited for no more."""


class Member:
    """A process that takes part.

    files    the folder's; it must be there
    stop     the file whose presence ends all
    clock    of this process alone
    stopped  whether that is there, or the folder away for too long
    """

    def __init__(
        self,
        files: Path,
        stop: Path,
        patience: float,
        report: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        token = secrets.token_hex(6)
        self.files, self._stop, self._report, self._clock = files, stop, report, clock
        self.patience = patience
        self.jobs = Jobs(files, token, patience, clock)
        self.claims = Claims(files, token, self.jobs.is_lost)
        self.log = Log(files)
        self.stopped = False
        self._pending: deque[tuple[Record, float]] = deque()
        self._names: set[str] = set()
        self._looked = self._tried = -float("inf")
        self._seen = clock()
        self._away = False
        self._missed: tuple[Path | None, float] | None = None
        self._failing: set[str] = set()

    # -- looking ----------------------------------------------------------------------------------------

    def look(self, *, at_once: bool = False) -> Iterator[tuple[int, Record]]:
        """Write what waits, look at the folder when that is due, and give the entries of the log that are new."""
        self._write_pending()
        if at_once or self._clock() - self._looked >= max(POLL_SECONDS, self.jobs.present / 500):
            self.refresh()
            yield from () if self._away else self.log.new(self._names)
            self._check_entries()

    def _check_entries(self) -> None:
        """Raises `DataError` where an entry is missing for long: all would wait for it without end."""
        missed, now = None if self._away else self.log.missed, self._clock()
        if self._missed is None or self._missed[0] != missed:
            self._missed = missed, now
        if missed is not None and now - self._missed[1] > self.patience:
            raise DataError(
                f"{missed}: is missing, or cannot be read, and later entries are there. Remove those, too, to go "
                f"on: what they tell of is done anew."
            )

    def refresh(self) -> None:
        """Look at the folder: who is there, who has claimed what, and whether all are to end."""
        now = self._clock()
        self._looked = now
        found = names(self.files)
        if found is None or (self.log.read and "entry-00000000.safetensors" not in found):
            self._is_away(now)
            return
        if self._away:
            self.jobs.forget_silence()
            self._away = False
        self._seen, self._names = now, found
        self.stopped = self._stop.name in (names(self._stop.parent) or ())
        self.jobs.look(found)
        self.claims.look(found)

    def _is_away(self, now: float) -> None:
        if not self._away:
            self._away = True
            self._report(f"{self.files}: is not there at present; the search goes on, and looks again.")
        if now - self._seen > AWAY_SECONDS:
            self.stopped = True

    def pulse(self, values: Callable[[], Any]) -> None:
        """Give a sign of life when that is due, with what this job has to tell."""
        if self.jobs.due():
            with self._bearing("its signs of life"):
                self.jobs.tell(values())

    # -- writing ----------------------------------------------------------------------------------------

    def append(self, record: Record) -> None:
        """An entry for the log: written now, or as soon as it can be."""
        self._pending.append((record, self._clock()))
        self._write_pending()

    def overdue(self) -> list[Record]:
        """Entries that could not be written for longer than others are waited for; they stay to be written."""
        now = self._clock()
        return [record for record, since in self._pending if now - since > self.patience]

    @property
    def waits(self) -> bool:
        """Whether something is still to be written."""
        return bool(self._pending)

    def _write_pending(self, *, at_once: bool = False) -> None:
        if "what has ended" in self._failing and not at_once and self._clock() - self._tried < RETRY_SECONDS:
            return
        self._tried = self._clock()
        while self._pending:
            with self._bearing("what has ended") as written:
                self._checked_place()
                self.log.append(self._pending[0][0])
                self._pending.popleft()
            if not written:
                return

    def _checked_place(self) -> None:
        """Raises `OSError` where another folder, an empty one perhaps, stands in the place of ours."""
        if self.log.first() is None:
            raise FileNotFoundError(2, "No such folder")

    def claim(self, name: str) -> bool:
        """Take a part; False where another has it, or where the folder is away."""
        if self._away or not self.claims.is_free(name):
            return False
        with self._bearing("its claims"):
            return self.claims.claim(name)
        return False

    def release(self, name: str) -> None:
        with self._bearing("its claims"):
            self.claims.release(name)

    def finish(self, name: str) -> None:
        """A part is done: nobody needs its state, nor to claim it."""
        self.claims.forget(name)
        remove(self._state(name))

    # -- states -----------------------------------------------------------------------------------------

    def save(self, name: str, record: Record) -> bool:
        """The state of a part that is under way; whether that went well."""
        with self._bearing("states of trials") as written:
            replace(self._state(name), packed(record), durable=True)
        return bool(written)

    def saved(self, name: str) -> Record | None:
        """The state that was saved last; None where there is none, or where it cannot be used."""
        data = content(self._state(name))
        try:
            return None if data is None else unpacked(data, str(self._state(name)))
        except DataError as error:
            self._report(f"{error} It begins anew.")
            return None

    def _state(self, name: str) -> Path:
        return self.files / f"state-{name}.safetensors"

    # -- ending -----------------------------------------------------------------------------------------

    def leave(self) -> None:
        """Write what waits, give back all claims, and be gone."""
        self._write_pending(at_once=True)
        for name in list(self.claims.held):
            self.release(name)
        self.jobs.remove_lost(self._names)
        self.jobs.leave()

    @contextmanager
    def _bearing(self, what: str) -> Iterator[list[bool]]:
        """Where something cannot be written: say it once, until it has gone well again."""
        well: list[bool] = []
        try:
            yield well
        except OSError as error:
            known = bool(self._failing) or self._away
            self._failing.add(what)
            if not known:
                self._report(
                    f"{self.files}: {what} cannot be written ({error.strerror or error}). "
                    f"The search goes on, and will try again."
                )
        else:
            well.append(True)
            self._failing.discard(what)
