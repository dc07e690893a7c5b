"""Trials as values and arrays that a checkpoint file holds, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple
from typing import Any

from numpy.typing import NDArray

from btfnet.checkpoint.file import Record
from btfnet.engines.completion.saved_candidate import circuit_of, circuit_values, whole
from btfnet.engines.registry import engine_named
from btfnet.errors import DataError, UsageError
from btfnet.printable import printable
from btfnet.projections.rrr import Status, TraceRow
from btfnet.search.records import Score, Shrinking, Trial
from btfnet.settings import Settings

Arrays = dict[str, NDArray[Any]]


def trials_to_record(trials: list[Trial], common: dict[str, Any]) -> Record:
    """Trials that have ended, and what is common to all files of a search."""
    arrays: Arrays = {}
    for trial in trials:
        arrays[f"weights-{trial.index}"] = trial.weights
        if trial.codes is not None:
            arrays[f"codes-{trial.index}"] = trial.codes
        if trial.integer_weights is not None:
            arrays[f"gates-{trial.index}"] = trial.integer_weights
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
        "score": astuple(trial.score),
        "circuit": circuit_values(trial.circuit),
        "trace": trace_values(trial.trace),
        "wrong_bits": trial.wrong_bits,
        "doubts": trial.doubts,
        "shrunk": None if trial.shrunk is None else astuple(trial.shrunk),
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
    )


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
