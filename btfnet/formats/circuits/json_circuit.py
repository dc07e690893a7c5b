"""`.json`: circuits without loss, the project's own text format. See json_circuit.md."""

from __future__ import annotations

import json
import os
from typing import Any, NoReturn

from btfnet.errors import DataError, FormatError
from btfnet.files import strict_json
from btfnet.files.text import read_text
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.training_fit import TrainingFit
from btfnet.printable import shown

FORMAT, VERSION = "btfnet-circuit", 1
_KEYS = ("format", "version", "name", "inputs", "gates", "outputs")
_TRAINING = "training"
"""A key that need not be there."""
_LARGEST = 2**31 - 1
JSON_BYTES = 32
"""Bytes of memory for each byte of a JSON text: an empty list of three signs takes 64."""


def read(path: str | os.PathLike[str]) -> Circuit:
    """The circuit of a `.json` file. Raises `FormatError` as json_circuit.md lists it."""
    data = _parse(path)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise FormatError(
            path, None, f'this is no circuit of btfnet; expected an object with "format": "{FORMAT}".'
        )
    if type(data.get("version")) is not int or data["version"] != VERSION:
        raise FormatError(
            path,
            None,
            f"found version {shown(data.get('version'))}, expected {VERSION}; read it with a newer btfnet.",
        )
    _fields(path, "the circuit", {key: data[key] for key in data if key != _TRAINING}, _KEYS)
    inputs = [_string(path, f"input {index}", name) for index, name in enumerate(_list(path, "inputs", data))]
    gates = tuple(_gate(path, index, gate) for index, gate in enumerate(_list(path, "gates", data)))
    names, nodes = [], []
    for index, output in enumerate(_list(path, "outputs", data)):
        what = f"output {index}"
        _fields(path, what, output, ("name", "node"))
        names.append(_string(path, f"the name of {what}", output["name"]))
        nodes.append(_integer(path, f"the node of {what}", output["node"]))
    if not nodes:
        _fail(path, "outputs", [], "at least one output")
    name, training = _string(path, "name", data["name"]), _training(path, data)
    try:
        return Circuit(len(inputs), gates, tuple(nodes), tuple(inputs), tuple(names), name, training)
    except DataError as error:
        raise FormatError(path, None, str(error)) from error


def to_text(circuit: Circuit) -> str:
    """A circuit, one gate a line."""
    gates = [
        {"at_least": int(gate.at_least), "literals": [int(i) for i in gate.literals]}
        for gate in circuit.gates
    ]
    outputs = [
        {"name": name, "node": node} for name, node in zip(circuit.output_names, circuit.outputs, strict=True)
    ]
    fit = circuit.training
    training = "" if fit is None else f' "{_TRAINING}": {json.dumps(fit.as_dict())},\n'
    return (
        f'{{"format": "{FORMAT}",\n'
        f' "version": {VERSION},\n'
        f' "name": {json.dumps(circuit.name)},\n'
        f"{training}"
        f' "inputs": {json.dumps(circuit.input_names)},\n'
        f' "gates": {_lines(gates)},\n'
        f' "outputs": {_lines(outputs)}}}\n'
    )


def _training(path: object, data: dict[str, Any]) -> TrainingFit | None:
    """What is wrong of the training items, where the file says so."""
    if _TRAINING not in data:
        return None
    try:
        return TrainingFit.of_dict(data[_TRAINING])
    except DataError as error:
        raise FormatError(path, None, f"{_TRAINING}: found {shown(data[_TRAINING])}; {error}") from error


def _lines(values: list[dict[str, Any]]) -> str:
    return "[" + ",".join(f"\n  {json.dumps(value)}" for value in values) + "]"


def _parse(path: str | os.PathLike[str]) -> Any:
    text = read_text(path, per_byte=JSON_BYTES)
    try:
        return strict_json.parse(text)
    except json.JSONDecodeError as error:
        raise FormatError(
            path, error.lineno, f"this is no JSON ({error.msg}, column {error.colno})."
        ) from error
    except ValueError as error:
        raise FormatError(path, None, f"the JSON is not accepted: {error}.") from error


def _gate(path: object, index: int, gate: Any) -> Gate:
    what = f"gate {index}"
    _fields(path, what, gate, ("at_least", "literals"))
    literals = gate["literals"]
    if not isinstance(literals, list):
        _fail(path, f"literals of {what}", literals, "a list of signed node numbers")
    return Gate(
        _integer(path, f"at_least of {what}", gate["at_least"]),
        tuple(_integer(path, f"a literal of {what}", literal) for literal in literals),
    )


def _fields(path: object, what: str, value: Any, keys: tuple[str, ...]) -> None:
    if not isinstance(value, dict) or set(value) != set(keys):
        found = f"the keys {shown(', '.join(value))}" if isinstance(value, dict) else shown(value)
        raise FormatError(path, None, f"{what}: found {found}, expected exactly {', '.join(keys)}.")


def _list(path: object, key: str, data: dict[str, Any]) -> list[Any]:
    if not isinstance(data[key], list):
        _fail(path, key, data[key], "a list")
    values: list[Any] = data[key]
    return values


def _string(path: object, what: str, value: Any) -> str:
    if not isinstance(value, str):
        _fail(path, what, value, "a string")
    return str(value)


def _integer(path: object, what: str, value: Any) -> int:
    if type(value) is not int or abs(value) > _LARGEST:
        _fail(path, what, value, f"a whole number from {-_LARGEST} to {_LARGEST}")
    return int(value)


def _fail(path: object, what: str, value: Any, expected: str) -> NoReturn:
    raise FormatError(path, None, f"{what}: found {shown(value)}, expected {expected}.")
