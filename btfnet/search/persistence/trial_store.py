"""`TrialStore`: what earlier sessions of a search left behind, and what this one saves."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from btfnet.checkpoint.file import Record
from btfnet.checkpoint.folder import Checkpoint
from btfnet.checkpoint.save_interval import SaveInterval
from btfnet.search.persistence.identity import SavedProgress, check_identity, check_limits
from btfnet.search.persistence.saved import trials_of, trials_to_record, understood
from btfnet.search.records import Trial


class TrialStore:
    """The trials that have ended, the states of those under way, and the time that all of it took.

    Without a checkpoint nothing was left and nothing is saved.
    """

    def __init__(self, checkpoint: Checkpoint | None, identity: dict[str, Any]) -> None:
        self._checkpoint, self._identity = checkpoint, identity
        self._begun, self._rhythm = time.monotonic(), SaveInterval()
        self.seconds_before = 0.0
        self.finished: list[Trial] = []
        self.running: dict[int, Record] = {}
        self._n_saved = 0
        if checkpoint is not None and checkpoint.resume:
            with understood(checkpoint.folder):
                self._read(checkpoint)

    @property
    def seconds(self) -> float:
        """Of this session and all earlier ones."""
        return self.seconds_before + time.monotonic() - self._begun

    def _read(self, checkpoint: Checkpoint) -> None:
        ended, self.running = checkpoint.finished(), checkpoint.running()
        for record in [*self.running.values(), *([] if ended is None else [ended])]:
            check_identity(record.values["search"], self._identity, str(checkpoint.folder))
            self.seconds_before = max(self.seconds_before, float(record.values["seconds"]))
        if ended is not None:
            self.finished = trials_of(ended)
            self._n_saved = len(self.finished)
        for trial in self.finished:
            self.running.pop(trial.index, None)

    def check(self, n_trials: int, limit_of: Callable[[int], int | None]) -> None:
        """Raises `DataError` when limits that may change contradict what has happened already."""
        pasts = [
            SavedProgress(trial.index, trial.iterations, trial.settings.max_iterations)
            for trial in self.finished
        ]
        with understood("a running trial"):
            for index, record in self.running.items():
                pasts.append(
                    SavedProgress(index, int(record.values["iterations"]), int(record.values["limit"]))
                )
        check_limits(pasts, n_trials, limit_of)

    def saver(self, index: int) -> Callable[[Record], bool] | None:
        """What saves a running trial; None without a checkpoint."""
        checkpoint = self._checkpoint
        if checkpoint is None:
            return None

        def save(record: Record) -> bool:
            values = {**self._common(), **record.values}
            return checkpoint.save_running(index, Record(values, record.arrays))

        return save

    def keep(self, trials: list[Trial], *, at_once: bool) -> None:
        """Save the trials that have ended: when that is due, or at once."""
        if self._checkpoint is None or len(trials) == self._n_saved or not (at_once or self._rhythm.due()):
            return
        with self._rhythm.measured():
            record = trials_to_record(trials, self._common())
            if self._checkpoint.save_finished([trial.index for trial in trials], record):
                self._n_saved = len(trials)

    def _common(self) -> dict[str, Any]:
        return {"search": self._identity, "seconds": self.seconds}
