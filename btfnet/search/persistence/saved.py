"""Trials as values and arrays that a checkpoint file holds, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple
from typing import Any

from numpy.typing import NDArray

from btfnet.checkpoint import Record
from btfnet.engines.completion.completion_check import Candidate
from btfnet.errors import DataError, UsageError
from btfnet.logic.circuit import Circuit, Gate
from btfnet.printable import printable, shown
from btfnet.projections.rrr import Status, TraceRow
from btfnet.search.records import Engine, Score, Shrinking, Trial
from btfnet.settings import Settings

Arrays = dict[str, NDArray[Any]]


def trials_to_record(trials: list[Trial], common: dict[str, Any]) -> Record:
    """Trials that have ended, and what is common to all files of a search."""
    arrays: Arrays = {}
    for trial in trials:
        arrays[f"weights-{trial.index}"] = trial.weights
        if trial.codes is not None:
            arrays[f"codes-{trial.index}"] = trial.codes
        if trial.gates is not None:
            arrays[f"gates-{trial.index}"] = trial.gates
    return Record({**common, "trials": [_trial_values(trial) for trial in trials]}, arrays)


def trials_of(record: Record) -> list[Trial]:
    """What `trials_to_record` saved."""
    return [_trial(values, record.arrays) for values in record.values["trials"]]


def _trial_values(trial: Trial) -> dict[str, Any]:
    return {
        "index": trial.index,
        "seed": trial.seed,
        "settings": trial.settings.as_dict(),
        "engine": trial.engine.value,
        "found_by": None if trial.found_by is None else trial.found_by.value,
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
        engine=Engine(values["engine"]),
        found_by=None if found_by is None else Engine(found_by),
        status=Status[values["status"]],
        exact=bool(values["exact"]),
        iterations=int(values["iterations"]),
        gap=None if values["gap"] is None else float(values["gap"]),
        seconds=float(values["seconds"]),
        score=Score(*map(float, values["score"])),
        weights=arrays[f"weights-{index}"],
        circuit=circuit_of(values["circuit"]),
        trace=trace_of(values["trace"]),
        wrong_bits=None if values["wrong_bits"] is None else _whole(values["wrong_bits"]),
        doubts=tuple(map(str, values["doubts"])),
        codes=arrays.get(f"codes-{index}"),
        shrunk=None if values["shrunk"] is None else Shrinking.of(values["shrunk"]),
        gates=arrays.get(f"gates-{index}"),
    )


# -- parts ------------------------------------------------------------------------------------------------


def trace_values(trace: list[TraceRow]) -> list[tuple[float, ...]]:
    return [astuple(look) for look in trace]


def trace_of(values: list[list[float]]) -> list[TraceRow]:
    return [TraceRow(int(iteration), *map(float, rest)) for iteration, *rest in values]


def circuit_values(circuit: Circuit | None) -> dict[str, Any] | None:
    """A circuit's fields; unlike the JSON format this keeps every field as it is."""
    if circuit is None:
        return None
    return {
        "n_inputs": circuit.n_inputs,
        "gates": [(int(gate.at_least), [int(i) for i in gate.literals]) for gate in circuit.gates],
        "outputs": circuit.outputs,
        "input_names": circuit.input_names,
        "output_names": circuit.output_names,
        "name": circuit.name,
    }


def circuit_of(values: dict[str, Any] | None) -> Circuit | None:
    if values is None:
        return None
    gates = tuple(
        Gate(_whole(at_least), tuple(map(_whole, literals))) for at_least, literals in values["gates"]
    )
    names = (tuple(values["input_names"]), tuple(values["output_names"]))
    outputs = tuple(map(_whole, values["outputs"]))
    return Circuit(_whole(values["n_inputs"]), gates, outputs, *names, str(values["name"]))


def _whole(value: Any) -> int:
    """JSON has no other way to say it; NaN or 1.5 would only be noticed much later."""
    if type(value) is not int or abs(value) >= 2**31:
        raise TypeError(f"expected a whole number of 32 bits, found {shown(value)}")
    return value


def finding_values(found: Candidate | None) -> tuple[dict[str, Any] | None, Arrays]:
    """A finding's values, and its codes and weights where it has some."""
    if found is None:
        return None, {}
    values = {
        "circuit": circuit_values(found.circuit),
        "wrong_bits": int(found.wrong_bits),
        "doubts": found.doubts,
    }
    arrays = {"codes": found.codes, "weights": found.weights}
    return values, {name: array for name, array in arrays.items() if array is not None}


def finding_of(values: dict[str, Any] | None, arrays: Mapping[str, NDArray[Any]]) -> Candidate | None:
    if values is None:
        return None
    circuit = circuit_of(values["circuit"])
    if circuit is None:
        raise ValueError("a finding without a circuit")
    codes, weights = arrays.get("codes"), arrays.get("weights")
    return Candidate(circuit, int(values["wrong_bits"]), codes, tuple(values["doubts"]), weights)


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
