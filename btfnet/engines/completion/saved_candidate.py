"""Circuits and candidates as values and arrays that a checkpoint file holds, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from btfnet.engines.completion.completion_check import Candidate
from btfnet.logic.circuit import Circuit, Gate
from btfnet.printable import shown


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
        Gate(whole(at_least), tuple(map(whole, literals))) for at_least, literals in values["gates"]
    )
    names = (tuple(values["input_names"]), tuple(values["output_names"]))
    outputs = tuple(map(whole, values["outputs"]))
    return Circuit(whole(values["n_inputs"]), gates, outputs, *names, str(values["name"]))


def whole(value: Any) -> int:
    """JSON has no other way to say it; NaN or 1.5 would only be noticed much later."""
    if type(value) is not int or abs(value) >= 2**31:
        raise TypeError(f"expected a whole number of 32 bits, found {shown(value)}")
    return value


def candidate_values(candidate: Candidate | None) -> tuple[dict[str, Any] | None, dict[str, NDArray[Any]]]:
    """Its values, and its codes and weights where it has some."""
    if candidate is None:
        return None, {}
    values = {
        "circuit": circuit_values(candidate.circuit),
        "wrong_bits": int(candidate.wrong_bits),
        "doubts": candidate.doubts,
    }
    arrays = {"codes": candidate.codes, "weights": candidate.weights}
    return values, {name: array for name, array in arrays.items() if array is not None}


def candidate_of(values: dict[str, Any] | None, arrays: Mapping[str, NDArray[Any]]) -> Candidate | None:
    if values is None:
        return None
    circuit = circuit_of(values["circuit"])
    if circuit is None:
        raise ValueError("a candidate without a circuit")
    codes, weights = arrays.get("codes"), arrays.get("weights")
    return Candidate(circuit, int(values["wrong_bits"]), codes, tuple(values["doubts"]), weights)
