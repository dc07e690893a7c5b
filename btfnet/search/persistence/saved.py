"""Trials as values and arrays that a checkpoint file holds, and back; what earlier sessions left behind."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple
from typing import Any

from numpy.typing import NDArray

from btfnet.checkpoint.file import Record
from btfnet.checkpoint.folder import Checkpoint, SaveInterval
from btfnet.engines.completion.completion_check import circuit_of, circuit_values, whole
from btfnet.engines.registry import engine_named
from btfnet.errors import DataError, UsageError
from btfnet.printable import printable
from btfnet.problem.network import Network
from btfnet.projections.rrr import Status, TraceRow
from btfnet.ranks.ranks import ALONE, Ranks
from btfnet.ranks.records import saved_once, shared
from btfnet.search.persistence.identity import SavedProgress, check_identity, check_limits
from btfnet.search.records import Shrinking, Trial
from btfnet.search.score import Score
from btfnet.settings import Settings

Arrays = dict[str, NDArray[Any]]
News = Trial | int
"""A trial that has ended, or the number of one that is exact, and shrinks."""


def trials_to_record(trials: list[Trial], common: dict[str, Any]) -> Record:
    """Trials that have ended, and what is common to all files of a search."""
    arrays: Arrays = {}
    for trial in trials:
        arrays[f"weights-{trial.index}"] = trial.weights
        if trial.codes is not None:
            arrays[f"codes-{trial.index}"] = trial.codes
        if trial.integer_weights is not None:
            arrays[f"gates-{trial.index}"] = trial.integer_weights
        if trial.network is not None:
            arrays[f"senders-{trial.index}"] = trial.network.fan_in
            arrays[f"starts-{trial.index}"] = trial.network.fan_in_start
    return Record({**common, "trials": [_trial_values(trial) for trial in trials]}, arrays)


def trials_of(record: Record) -> list[Trial]:
    """What `trials_to_record` saved."""
    return [_trial(values, record.arrays) for values in record.values["trials"]]


def _trial_values(trial: Trial) -> dict[str, Any]:
    return {
        "index": trial.index,
        "seed": trial.seed,
        "settings": trial.settings.as_dict(),
        "engine": str(trial.engine),
        "found_by": None if trial.found_by is None else str(trial.found_by),
        "status": trial.status.name,
        "exact": trial.exact,
        "iterations": trial.iterations,
        "gap": trial.gap,
        "seconds": trial.seconds,
        "work_ns": trial.work_ns,
        "score": astuple(trial.score),
        "circuit": circuit_values(trial.circuit),
        "trace": trace_values(trial.trace),
        "wrong_bits": trial.wrong_bits,
        "doubts": trial.doubts,
        "shrunk": None if trial.shrunk is None else astuple(trial.shrunk),
        "network": None if trial.network is None else [trial.network.n_inputs, trial.network.n_outputs],
    }


def _trial(values: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Trial:
    index, found_by = int(values["index"]), values["found_by"]
    return Trial(
        index=index,
        seed=int(values["seed"]),
        settings=Settings(**values["settings"]),
        engine=engine_named(values["engine"]).name,
        found_by=None if found_by is None else engine_named(found_by).name,
        status=Status[values["status"]],
        exact=bool(values["exact"]),
        iterations=int(values["iterations"]),
        gap=None if values["gap"] is None else float(values["gap"]),
        seconds=float(values["seconds"]),
        score=Score(*map(float, values["score"])),
        weights=arrays[f"weights-{index}"],
        circuit=circuit_of(values["circuit"]),
        trace=trace_of(values["trace"]),
        wrong_bits=None if values["wrong_bits"] is None else whole(values["wrong_bits"]),
        doubts=tuple(map(str, values["doubts"])),
        codes=arrays.get(f"codes-{index}"),
        shrunk=None if values["shrunk"] is None else Shrinking.of(values["shrunk"]),
        integer_weights=arrays.get(f"gates-{index}"),
        network=_network(values.get("network"), arrays, index),
        work_ns=float(values.get("work_ns", 0.0)),
    )


def _network(ends: Any, arrays: Mapping[str, NDArray[Any]], index: int) -> Network | None:
    """Of a trial whose network grew."""
    if ends is None:
        return None
    starts, senders = arrays[f"starts-{index}"], arrays[f"senders-{index}"]
    return Network(len(starts) - 1, whole(ends[0]), whole(ends[1]), starts, senders)


# -- parts ------------------------------------------------------------------------------------------------


def trace_values(trace: list[TraceRow]) -> list[tuple[float, ...]]:
    return [astuple(look) for look in trace]


def trace_of(values: list[list[float]]) -> list[TraceRow]:
    return [TraceRow(int(iteration), *map(float, rest)) for iteration, *rest in values]


@contextmanager
def understood(what: object) -> Iterator[None]:
    """Whatever a saved record lacks or twists becomes one message. Raises `DataError`."""
    try:
        yield
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, UsageError) as error:
        raise DataError(
            f"The checkpoint of {what} holds something else than this version of btfnet expects "
            f"({type(error).__name__}: {printable(str(error)[:200])}); go on with the version that wrote it."
        ) from error


class TrialStore:
    """The trials that have ended, the states of those under way, and the time that all of it took.

    Without a checkpoint nothing was left and nothing is saved. Of many ranks the first has the checkpoint, and
    tells the others what it holds.
    """

    def __init__(self, checkpoint: Checkpoint | None, identity: dict[str, Any], ranks: Ranks = ALONE) -> None:
        self._checkpoint, self._identity, self._ranks = checkpoint, identity, ranks
        self._begun, self._rhythm = time.monotonic(), SaveInterval()
        self.seconds_before = 0.0
        self.finished: list[Trial] = []
        self.running: dict[int, Record] = {}
        self._n_saved = 0
        self._kept = ranks.agreed(checkpoint is not None)
        ranks.from_first(self._read_if_asked)
        if ranks.agreed(bool(self.finished or self.running)):
            self._share()

    @property
    def seconds(self) -> float:
        """Of this session and all earlier ones."""
        return self.seconds_before + time.monotonic() - self._begun

    def _read_if_asked(self) -> None:
        checkpoint = self._checkpoint
        if checkpoint is not None and checkpoint.resume:
            with understood(checkpoint.folder):
                self._read(checkpoint)

    def _share(self) -> None:
        """What the first rank has read, on all."""
        ranks = self._ranks
        self.finished, self.seconds_before = ranks.agreed((self.finished, self.seconds_before))
        running = self.running
        self.running = {index: shared(ranks, running.get(index)) for index in ranks.agreed(sorted(running))}

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
        checkpoint, ranks = self._checkpoint, self._ranks
        if not self._kept:
            return None

        def written(record: Record) -> bool:
            assert checkpoint is not None
            values = {**self._common(), **record.values}
            return checkpoint.save_running(index, Record(values, record.arrays))

        return lambda record: saved_once(ranks, record, written)

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

    # -- what others who run trials of the same search have to say: here there are none -----------------------

    @property
    def note(self) -> str:
        """Who is there, in a few words."""
        return ""

    def take(self, index: int) -> bool:
        """Whether a trial is this process's to run."""
        return True

    def state(self, index: int) -> Record | None:
        """What was saved of a trial that was taken; it is given once."""
        return self.running.pop(index, None)

    def found(self, index: int) -> list[News]:
        """A trial that runs here is exact, and shrinks; what is known now. On any thread."""
        return [index]

    def hand_in(self, trial: Trial) -> list[News]:
        """A trial has ended here; what is known now."""
        return [trial]

    def look(self, *, finished: bool) -> list[News]:
        """What others have told meanwhile; finished: nothing is left to do."""
        return []

    def looks(self) -> list[tuple[int, TraceRow, float]]:
        """At trials that run elsewhere: trial, look, iterations a second."""
        return []

    def saw(self, index: int, look: TraceRow, rate: float) -> None:
        """A look at a trial that runs here."""

    def lost(self, index: int) -> bool:
        """Whether somebody else runs a trial that runs here, too. On any thread."""
        return False

    @property
    def stopped(self) -> bool:
        """Whether somebody wants all to end."""
        return False

    def waits(self, *, finished: bool) -> bool:
        """Whether there is something to wait for, for a while of which this does."""
        return False

    def leave(self) -> None:
        """This process ends, and runs no trials any more."""
