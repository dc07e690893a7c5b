"""`.btf`: packed models, in the layout of safetensors. See btf.md."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from btfnet import tensors
from btfnet.circuit import Circuit
from btfnet.errors import DataError, FormatError
from btfnet.formats.atomic import write_bytes
from btfnet.formats.text import read_bytes, shown
from btfnet.packed import PackedModel
from btfnet.packed.weights import Terms

FORMAT, VERSION = "btfnet-packed", 1
LONGEST_HEADER = 1 << 24
TENSORS = {
    "outputs": np.int64,
    "at_least": np.int64,
    "sign": np.uint64,
    "mask": np.uint64,
    "layers": np.uint32,
    "n_terms": np.uint32,
    "word": np.uint32,
    "plane": np.uint8,
}
"""The arrays of a file, in their order: long words first, so that all are aligned."""
_KEYS = {"format", "version", "name", "inputs", "outputs"}


def read_model(path: str | os.PathLike[str]) -> PackedModel:
    """The packed model of a `.btf` file. Raises `FormatError` as btf.md lists it."""
    return decode(path, read_bytes(path))


def decode(path: object, data: bytes) -> PackedModel:
    """The packed model of a file's bytes; the path is for messages."""
    try:
        metadata, arrays = tensors.unpack(data, longest_header=LONGEST_HEADER)
    except ValueError as error:
        message = f"this is no packed model, or a damaged one: {error}; get the file again."
        raise FormatError(path, None, message) from error
    names, inputs, outputs = _texts(path, metadata)
    found = {name: (array.dtype.name, array.ndim) for name, array in arrays.items()}
    expected = {name: (np.dtype(dtype).name, 1) for name, dtype in TENSORS.items()}
    if found != expected:
        wrong = sorted(name for name in found.keys() ^ expected.keys() | _differing(found, expected))
        _fail(
            path, f"the array {shown(wrong[0])}", found.get(wrong[0], "nothing"), str(expected.get(wrong[0]))
        )
    terms = _terms(path, arrays)
    layers = arrays["layers"].astype(np.int64)
    if not outputs:
        _fail(path, "outputs", "none", "at least one")
    try:
        return PackedModel(
            layers, _own(arrays["at_least"]), terms, _own(arrays["outputs"]), inputs, outputs, names
        )
    except DataError as error:
        raise FormatError(path, None, str(error)) from error


def write_model(path: str | os.PathLike[str], model: PackedModel) -> None:
    """Write a packed model. Raises `OutputError` when the file cannot be written."""
    write_bytes(path, encode(model))


def encode(model: PackedModel) -> bytes:
    """The bytes of a `.btf` file."""
    metadata = {
        "format": FORMAT,
        "version": str(VERSION),
        "name": model.name,
        "inputs": json.dumps(model.input_names),
        "outputs": json.dumps(model.output_names),
    }
    terms = model.terms
    arrays: dict[str, NDArray[Any]] = {
        "outputs": model.outputs,
        "at_least": model.at_least,
        "sign": terms.sign,
        "mask": terms.mask,
        "layers": model.layers,
        "n_terms": np.diff(terms.start),
        "word": terms.word,
        "plane": terms.plane,
    }
    return tensors.pack(metadata, {name: arrays[name].astype(dtype) for name, dtype in TENSORS.items()})


def read(path: str | os.PathLike[str]) -> Circuit:
    """The circuit of a `.btf` file. Raises `FormatError` as btf.md lists it."""
    model = read_model(path)
    try:
        return model.to_circuit()
    except DataError as error:
        raise FormatError(path, None, str(error)) from error


def write(path: str | os.PathLike[str], circuit: Circuit) -> None:
    """Write a circuit as a packed model.

    Raises `OutputError` when the file cannot be written, `DataError` for a weight of 2^32 or more.
    """
    write_model(path, PackedModel.from_circuit(circuit))


def load_model(path: str | os.PathLike[str]) -> PackedModel:
    """A model to predict with: from a `.btf` file, the directory of a run, or any circuit's file.

    Raises `FormatError` when the file breaks its format's rules, `UsageError` for an unknown suffix.
    """
    from btfnet.formats.circuits import read_circuit

    if os.path.isdir(path):
        path = Path(path) / "model.btf"
    if Path(path).suffix.lower() == ".btf":
        return read_model(path)
    return PackedModel.from_circuit(read_circuit(path))


def _texts(path: object, metadata: dict[str, str]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Name, names of the inputs, names of the outputs."""
    if metadata.get("format") != FORMAT:
        _fail(path, "format", metadata.get("format"), f'"{FORMAT}"')
    if metadata.get("version") != str(VERSION):
        _fail(path, "version", metadata.get("version"), f'"{VERSION}"; read later ones with a newer btfnet')
    if metadata.keys() != _KEYS:
        _fail(path, "metadata", ", ".join(metadata), ", ".join(sorted(_KEYS)))
    return metadata["name"], _names(path, metadata, "inputs"), _names(path, metadata, "outputs")


def _names(path: object, metadata: dict[str, str], key: str) -> tuple[str, ...]:
    try:
        names = json.loads(metadata[key])
    except (ValueError, RecursionError):
        names = None
    if type(names) is not list or not all(type(name) is str for name in names):
        _fail(path, key, metadata[key], "a JSON list of strings")
    return tuple(names)


def _terms(path: object, arrays: dict[str, NDArray[Any]]) -> Terms:
    sizes = {name: arrays[name].size for name in ("word", "plane", "sign", "mask")}
    counts = arrays["n_terms"].astype(np.int64)
    if set(sizes.values()) != {int(counts.sum())} or counts.size != arrays["at_least"].size:
        found = ", ".join(f"{size} in {name}" for name, size in sizes.items())
        message = (
            f"found terms: {found}, {counts.sum()} in n_terms of {counts.size} gates, and thresholds: "
            f"{arrays['at_least'].size}; expected as many terms everywhere, and one threshold for each gate."
        )
        raise FormatError(path, None, message)
    return Terms(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        arrays["word"].astype(np.int64),
        arrays["plane"].astype(np.int64),
        _own(arrays["sign"]),
        _own(arrays["mask"]),
    )


def _own(array: NDArray[Any]) -> NDArray[Any]:
    """A copy in this machine's byte order, aligned."""
    return array.astype(array.dtype.newbyteorder("="))


def _differing(found: dict[str, tuple[str, int]], expected: dict[str, tuple[str, int]]) -> set[str]:
    return {name for name in found.keys() & expected.keys() if found[name] != expected[name]}


def _fail(path: object, what: str, found: object, expected: str) -> NoReturn:
    raise FormatError(path, None, f"{what}: found {shown(found)}, expected {expected}.")
