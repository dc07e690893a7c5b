"""`.btf`: packed models, in the layout of safetensors. See btf.md."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError, FormatError
from btfnet.files import strict_json, tensors
from btfnet.files.reading import read_bytes
from btfnet.logic.circuit import Circuit
from btfnet.logic.packed.weights import Terms
from btfnet.logic.packed_model import PackedModel
from btfnet.logic.training_fit import TrainingFit
from btfnet.printable import shown

FORMAT, VERSION = "btfnet-packed", 1
WITH_COMPARISONS = 2
"""The version of a file whose bits are made from raw inputs; classifier.py reads the whole of it."""
WITH_TABLE = 3
"""The version of a file whose bits are made from rows of a table; table_model.py reads the whole of it."""
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
COMPARISONS = {"level": (np.float64, 1), "comparison": (np.int8, 2)}
"""The arrays that version 2 adds, with their dimensions; they stand behind the others, long words first."""
BEGINNING = 128
_RAW = re.compile(
    rb'.{8}\{"__metadata__": \{"format": "%s", "version": "[%d%d]",'
    % (FORMAT.encode(), WITH_COMPARISONS, WITH_TABLE),
    re.DOTALL,
)
_KEYS = {"format", "version", "name", "inputs", "outputs"}
_MORE_KEYS: dict[str, set[str]] = {
    str(VERSION): set(), str(WITH_COMPARISONS): {"raw_inputs", "input_kind"}, str(WITH_TABLE): {"table"},
}  # fmt: skip
"""What metadata of each version holds besides."""
_OF_COMMITTEES = re.compile(r"[0-9]{1,4}\.(members|layer)\..*")
"""Arrays that version 3 adds; whoever makes committees of them checks them."""
_TRAINING = "training"
"""A key that need not be there, in either version."""


def model_file(path: str | os.PathLike[str]) -> str | os.PathLike[str]:
    """The file itself, or that of the model in the directory of a run."""
    return os.path.join(path, "model.btf") if os.path.isdir(path) else path


def takes_raw_inputs(path: str | os.PathLike[str]) -> bool:
    """Whether a file begins as `encode` writes one of version 2 or 3; no more of it is read."""
    with suppress(OSError), open(path, "rb") as file:
        return _RAW.match(file.read(BEGINNING)) is not None
    return False


def read_model(path: str | os.PathLike[str]) -> PackedModel:
    """The packed model of a `.btf` file. Raises `FormatError` as btf.md lists it."""
    return decode(path, read_bytes(path))


def decode(path: object, data: bytes) -> PackedModel:
    """The packed model of a file's bytes, without what comes before its bits; the path is for messages."""
    return decode_all(path, data)[0]


def decode_all(path: object, data: bytes) -> tuple[PackedModel, dict[str, str], dict[str, NDArray[Any]]]:
    """Model, metadata and arrays; those of version 2 have the right type, but their values are not checked."""
    try:
        metadata, arrays = tensors.unpack(data, longest_header=LONGEST_HEADER)
    except ValueError as error:
        message = f"this is no packed model, or a damaged one: {error}; get the file again."
        raise FormatError(path, None, message) from error
    return _model(path, metadata, arrays), metadata, arrays


def _model(path: object, metadata: dict[str, str], arrays: dict[str, NDArray[Any]]) -> PackedModel:
    title, inputs, outputs = _texts(path, metadata)
    of_table = metadata["version"] == str(WITH_TABLE)
    own = {name: array for name, array in arrays.items() if not (of_table and _OF_COMMITTEES.fullmatch(name))}
    found = {name: (array.dtype.name, array.ndim) for name, array in own.items()}
    expected = {name: (np.dtype(dtype).name, 1) for name, dtype in TENSORS.items()}
    if metadata["version"] == str(WITH_COMPARISONS):
        expected |= {name: (np.dtype(dtype).name, axes) for name, (dtype, axes) in COMPARISONS.items()}
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
            layers, _own(arrays["at_least"]), terms, _own(arrays["outputs"]), inputs, outputs, title,
            _training(path, metadata),
        )  # fmt: skip
    except DataError as error:
        raise FormatError(path, None, str(error)) from error


def encode(
    model: PackedModel,
    more_metadata: Mapping[str, str] | None = None,
    more_arrays: Mapping[str, NDArray[Any]] | None = None,
) -> bytes:
    """The bytes of a `.btf` file; of version 2 or 3 with what that adds."""
    more = dict(more_metadata or {})
    version = next(version for version, keys in _MORE_KEYS.items() if keys == more.keys())
    metadata = {
        "format": FORMAT,
        "version": version,
        "name": model.name,
        "inputs": json.dumps(model.input_names),
        "outputs": json.dumps(model.output_names),
        **({} if model.training is None else {_TRAINING: json.dumps(model.training.as_dict())}),
        **more,
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
    packed = {name: arrays[name].astype(dtype) for name, dtype in TENSORS.items()}
    return tensors.pack(metadata, packed | dict(more_arrays or {}))


def read(path: str | os.PathLike[str]) -> Circuit:
    """The circuit of a `.btf` file. Raises `FormatError` as btf.md lists it."""
    return circuit_of(path, read_model(path))


def circuit_of(path: object, model: PackedModel) -> Circuit:
    """The circuit of a model that a file holds. Raises `FormatError` where it is none."""
    try:
        return model.to_circuit()
    except DataError as error:
        raise FormatError(path, None, str(error)) from error


def to_bytes(circuit: Circuit) -> bytes:
    """A circuit as a packed model. Raises `DataError` for a weight of 2^32 or more."""
    return encode(PackedModel.from_circuit(circuit))


def _texts(path: object, metadata: dict[str, str]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Name, names of the inputs, names of the outputs."""
    if metadata.get("format") != FORMAT:
        _fail(path, "format", metadata.get("format"), f'"{FORMAT}"')
    if metadata.get("version") not in _MORE_KEYS:
        known = f"one of {', '.join(_MORE_KEYS)}; read later ones with a newer btfnet"
        _fail(path, "version", metadata.get("version"), known)
    keys = _KEYS | _MORE_KEYS[metadata["version"]]
    if metadata.keys() - {_TRAINING} != keys:
        _fail(path, "metadata", ", ".join(metadata), ", ".join(sorted(keys)))
    return metadata["name"], names_of(path, metadata, "inputs"), names_of(path, metadata, "outputs")


def _training(path: object, metadata: dict[str, str]) -> TrainingFit | None:
    """What is wrong of the training items, where the file says so."""
    if _TRAINING not in metadata:
        return None
    try:
        return TrainingFit.of_dict(strict_json.parse(metadata[_TRAINING]))
    except ValueError:
        _fail(path, _TRAINING, metadata[_TRAINING], "a JSON object")
    except DataError as error:
        found = shown(metadata[_TRAINING])
        raise FormatError(path, None, f"{_TRAINING}: found {found}; {error}") from error


def names_of(path: object, metadata: dict[str, str], key: str) -> tuple[str, ...]:
    """The names in the metadata, a JSON list of strings."""
    try:
        names = strict_json.parse(metadata[key])
    except ValueError:
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
