"""`StopToken`: says when a trial must end, and saves its state where that state is whole."""

from __future__ import annotations

from collections.abc import Callable

from btfnet.checkpoint.file import Record
from btfnet.checkpoint.save_interval import SaveInterval
from btfnet.halting import Halt
from btfnet.projections.rrr import Status


class StopToken:
    """Asked by a trial's own thread, again and again, between two steps of its engine.

    over  whether the trial must end here
    halt  ends what the trial runs within a step, when whoever watches it sets that
    save  saves a record of the trial; None to save nothing
    found called when the trial has found an exact circuit

    A trial that must end is saved once more, before anything is done to its state that an uninterrupted run
    would not have done.
    """

    def __init__(
        self,
        over: Callable[[], Status | None],
        save: Callable[[Record], bool] | None = None,
        found: Callable[[], None] = lambda: None,
    ) -> None:
        self._over, self._save, self.found = over, save, found
        self.halt = Halt()
        self._status: Status | None = None
        self._capture: Callable[[], Record] | None = None
        self._rhythm: SaveInterval | None = None

    def watch(self, capture: Callable[[], Record]) -> None:
        """From now on, save what `capture` returns."""
        self._capture = capture

    @property
    def ended(self) -> Status | None:
        """The status that ended the trial, if one has: what was under way then is not done."""
        return self._status

    def __call__(self) -> Status | None:
        """The status that ends the trial here and now, if one does."""
        if self._status is None:
            self._status = self._over()
            if self._save is not None and self._capture is not None:
                self._save_if_due(self._save, self._capture)
        return self._status

    def end(self) -> Status:
        """The status that ended a trial which was halted; what it stands at is saved, as whenever one must end."""
        return self() or Status.INTERRUPTED

    def _save_if_due(self, save: Callable[[Record], bool], capture: Callable[[], Record]) -> None:
        if self._rhythm is None:
            self._rhythm = SaveInterval(sum(array.nbytes for array in capture().arrays.values()))
        due = self._status.unfinished if self._status else self._rhythm.due()
        if due:
            with self._rhythm.measured():
                save(capture())
