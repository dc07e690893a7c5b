"""What a checkpoint holds of a search for a rule: the starts that run."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from btfnet.checkpoint.file import Record
from btfnet.checkpoint.folder import Checkpoint, SaveInterval
from btfnet.errors import DataError
from btfnet.rules.observations import Observations

if TYPE_CHECKING:
    from btfnet.rules.attempt import RuleAttempt


class RuleStore:
    """The starts of one search in a checkpoint's folder, or nothing without a checkpoint.

    identity  what makes it that search, as text
    Raises `DataError` where the checkpoint is of another search.
    """

    def __init__(self, checkpoint: Checkpoint | None, observations: Observations, identity: str) -> None:
        self.checkpoint = checkpoint
        content = hashlib.sha256(f"{identity} {observations.times} {observations.lattice}".encode())
        content.update(observations.states.tobytes())
        self.digest = content.hexdigest()
        self._saved: dict[int, Record] = {}
        self._rhythm: dict[int, SaveInterval] = {}
        if checkpoint is not None and checkpoint.resume:
            self._saved = checkpoint.running()
            if any(record.values.get("search") != self.digest for record in self._saved.values()):
                raise DataError(
                    f"{checkpoint.folder}: the checkpoint is that of another search: other observations or "
                    f"options. Resume with what it was started with, or start anew elsewhere."
                )

    def resume(self, index: int, attempt: RuleAttempt) -> None:
        """Lets a start stand where it was saved. Raises `DataError` for a damaged checkpoint."""
        if index in self._saved:
            attempt.restore(self._saved[index])

    def save(self, index: int, attempt: RuleAttempt, *, at_once: bool = False) -> None:
        """Save a start when that is due."""
        if self.checkpoint is None:
            return
        rhythm = self._rhythm.setdefault(index, SaveInterval())
        if at_once or rhythm.due():
            with rhythm.measured():
                record = attempt.export()
                self.checkpoint.save_running(
                    index, Record({**record.values, "search": self.digest}, record.arrays)
                )
