"""`.npz`: items as named NumPy arrays; holds every kind of items without loss. See npz.md."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError, FormatError
from btfnet.files.mark import MARK
from btfnet.formats.arrays.input_words import COUNT, WORDS, as_words, of_words
from btfnet.formats.arrays.npy import bits, bits_and_care, encode
from btfnet.formats.arrays.zip_arrays import Archive, open_archive
from btfnet.printable import shown
from btfnet.problem.items import Items
from btfnet.problem.values import InputKind, OutputKind, either_care, one_hot

ARRAYS = (
    "inputs",
    WORDS,
    COUNT,
    "outputs",
    "care",
    "weights",
    "input_kind",
    "output_kind",
    "n_unknown",
    "input_names",
    "output_names",
)
ONE_VALUE, ONE_VALUE_BYTES = ("input_kind", "output_kind", "n_unknown", COUNT), 400
"""Arrays of a single value, and how long that may be: a word of a hundred letters."""
MOST_CLASSES = 4096
"""Of labels in a flat array."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def read(path: str | os.PathLike[str], *, n_inputs: int | None = None) -> Items:
    """The items of a `.npz` file. Raises `FormatError` as npz.md lists it."""
    archive = open_archive(path, ARRAYS)
    _check_expected(archive, n_inputs)
    arrays = archive.arrays()
    if "outputs" not in arrays:
        found = ", ".join(sorted(arrays)) or "none"
        raise FormatError(path, None, f"found the arrays {found}, but no 'outputs'; save inputs and outputs.")
    output_kind = OutputKind(
        _choice(path, arrays, "output_kind", [str(kind) for kind in OutputKind], OutputKind.BITS)
    )
    default = InputKind.BITS if WORDS in arrays else _kind_of(arrays.get("inputs"))
    input_kind = InputKind(_choice(path, arrays, "input_kind", [str(kind) for kind in InputKind], default))
    if _are_words(arrays["outputs"]):
        words, numbers = np.unique(arrays["outputs"], return_inverse=True)
        arrays["outputs"] = numbers.reshape(-1).astype(np.int64)
        arrays.setdefault("output_names", words)
        arrays["outputs"], output_kind = _of_labels(path, arrays["outputs"]), OutputKind.CLASS
    elif _are_labels(arrays["outputs"], output_kind, "output_kind" in arrays):
        labels = arrays["outputs"].astype(np.int64)
        arrays["outputs"], output_kind = _of_labels(path, labels), OutputKind.CLASS
    if arrays["outputs"].ndim == 1 and output_kind is OutputKind.BITS:
        arrays["outputs"] = arrays["outputs"][:, None]  # a flat array is one output
    outputs, care = bits_and_care(path, "outputs", arrays["outputs"])
    if "care" in arrays:
        care = _care(path, arrays["care"], care)
    inputs: Any = of_words(path, arrays, input_kind)
    if inputs is None:
        inputs = _inputs(path, arrays, input_kind, len(outputs))
    n_unknown = _count(path, arrays)
    if not input_kind.known and n_unknown is None:
        n_unknown = n_inputs or None
    names = (_names(path, arrays, "input_names"), _names(path, arrays, "output_names"))
    try:
        items = Items(
            inputs,
            outputs,
            input_kind,
            output_kind,
            n_unknown,
            *names,
            care,
            _weights(path, arrays),
        )
    except DataError as error:
        raise FormatError(path, None, str(error)) from error
    if n_inputs is not None and items.n_inputs not in (None, n_inputs):
        raise _other_width(path, items.n_inputs, n_inputs)
    return items


def _check_expected(archive: Archive, n_inputs: int | None) -> None:
    """What the headers alone show to be wrong, so that nothing need be unpacked for it."""
    for name in ONE_VALUE:
        header = archive.headers.get(name)
        if header is not None and (header.shape or header.dtype.itemsize > ONE_VALUE_BYTES):
            raise FormatError(
                archive.path,
                None,
                f"{name}: found the type {header.dtype} and the shape {shown(header.shape)}, expected "
                f"{'one whole number of at least 1' if name in ('n_unknown', COUNT) else 'one word'}.",
            )
    inputs = archive.headers.get("inputs")
    if n_inputs is not None and inputs is not None and len(inputs.shape) == 2 and inputs.shape[1] != n_inputs:
        raise _other_width(archive.path, inputs.shape[1], n_inputs)


def _other_width(path: object, found: int | None, expected: int) -> FormatError:
    return FormatError(
        path, None, f"the items have {found} inputs, expected {expected}; change the network or the data."
    )


def to_bytes(items: Items) -> bytes:
    """Items of any kind."""
    analog = not items.input_kind.boolean
    arrays: dict[str, Any] = {}
    if items.packed is not None:
        arrays |= as_words(items.packed)
    elif items.input_kind.known:
        arrays["inputs"] = items.inputs if analog else items.inputs.astype(np.int8)
    arrays["outputs"] = items.outputs
    if items.care is not None:
        arrays["care"] = items.care
    if items.weights is not None:
        arrays["weights"] = items.weights
    arrays["input_kind"] = str(items.input_kind)
    arrays["output_kind"] = str(items.output_kind)
    if items.n_unknown is not None:
        arrays["n_unknown"] = np.int64(items.n_unknown)
    if items.input_names:
        arrays["input_names"] = items.input_names
    if items.output_names:
        arrays["output_names"] = items.output_names
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = MARK.encode()
        for name, array in arrays.items():
            archive.writestr(_entry(name), encode(np.asarray(array)))
    return file.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """The same bytes for the same items, whenever they are written."""
    entry = zipfile.ZipInfo(f"{name}.npy", _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _kind_of(inputs: NDArray[np.generic] | None) -> InputKind:
    """What inputs are where the file does not say it: bits, or numbers where others than 0 and ±1 stand."""
    if inputs is None:
        return InputKind.UNKNOWN_BITS
    plain = inputs.dtype.kind not in "iuf" or np.isin(inputs, (-1, 0, 1)).all()
    return InputKind.BITS if plain else InputKind.NUMBERS


def _are_words(outputs: NDArray[np.generic]) -> bool:
    """Whether a flat array holds names of classes."""
    return outputs.ndim == 1 and outputs.size > 0 and outputs.dtype.kind == "U"


def _are_labels(outputs: NDArray[np.generic], kind: OutputKind, said: bool) -> bool:
    """Whether a flat array holds numbers of classes, whole ones of any type: the file says so, or others than 0
    and 1 stand there.
    """
    whole = outputs.ndim == 1 and outputs.dtype.kind in "iuf"
    if whole and outputs.dtype.kind == "f":
        limit = np.isfinite(outputs) & (np.abs(outputs) <= MOST_CLASSES)
        whole = bool((limit & (outputs == np.round(np.where(limit, outputs, 0.5)))).all())
    beyond = whole and bool((outputs.astype(np.int64) > 1).any())
    return whole and ((said and kind is OutputKind.CLASS) or (not said and beyond))


def _of_labels(path: object, labels: NDArray[np.generic]) -> NDArray[np.generic]:
    """One-hot rows of classes 0 … n - 1."""
    most = int(labels.max(initial=0))
    if most >= MOST_CLASSES:
        raise FormatError(path, None, f"outputs: found the class {most}, expected less than {MOST_CLASSES}.")
    try:
        return one_hot(labels, most + 1, "outputs")
    except DataError as error:
        raise FormatError(path, None, str(error)) from error


def _weights(path: object, arrays: dict[str, NDArray[np.generic]]) -> NDArray[np.float64] | None:
    """`Items` checks what they are."""
    weights = arrays.get("weights")
    if weights is not None and weights.dtype.kind not in "biuf":
        raise FormatError(
            path, None, f"weights: found the type {weights.dtype}, expected numbers of at least 0."
        )
    return weights  # type: ignore[return-value]


def _inputs(
    path: object, arrays: dict[str, NDArray[np.generic]], kind: InputKind, n_items: int
) -> NDArray[np.float32]:
    if "inputs" not in arrays:
        if kind.known:
            raise FormatError(
                path, None, f"there is no array 'inputs', although the inputs are {kind}; save it too."
            )
        return np.zeros((n_items, 0), dtype=np.float32)
    inputs = arrays["inputs"]
    if kind is InputKind.NUMBERS:
        if inputs.dtype.kind not in "iufb" or not np.isfinite(inputs).all():
            raise FormatError(
                path, None, f"inputs: found numbers of type {inputs.dtype}, expected finite ones, no NaN."
            )
        if not inputs.ndim:
            raise FormatError(path, None, "inputs: found a single number, expected a row for each item.")
        return inputs.reshape(len(inputs), prod(inputs.shape[1:])).astype(np.float32)
    if kind is not InputKind.ANALOG:
        return bits(path, "inputs", inputs).astype(np.float32)
    if inputs.dtype.kind not in "iuf" or not (np.abs(inputs.astype(np.float64)) <= 1).all():
        raise FormatError(
            path, None, f"inputs: found analog values of type {inputs.dtype}, expected -1 to 1, no NaN."
        )
    return inputs.astype(np.float32)


def _care(
    path: object, array: NDArray[np.generic], given: NDArray[np.bool_] | None
) -> NDArray[np.bool_] | None:
    """Bits that count: not NaN in the outputs, and true in the array."""
    if array.dtype.kind not in "biuf":
        raise FormatError(path, None, f"care: found the type {array.dtype}, expected Booleans or 0 and 1.")
    return either_care(given, array)  # type: ignore[return-value]


def _choice(
    path: object, arrays: dict[str, NDArray[np.generic]], name: str, known: list[str], default: str
) -> str:
    if name not in arrays:
        return default
    array = arrays[name]
    word = _text(path, name, array)
    if array.ndim or word not in known:
        raise FormatError(
            path, None, f"{name}: found {shown(str(word))}, expected one of {', '.join(known)}."
        )
    return str(word)


def _names(path: object, arrays: dict[str, NDArray[np.generic]], name: str) -> tuple[str, ...]:
    if name not in arrays:
        return ()
    if arrays[name].ndim != 1:
        raise FormatError(
            path, None, f"{name}: found {arrays[name].ndim} dimensions, expected 1, a name for each."
        )
    return tuple(str(text) for text in _text(path, name, arrays[name]))


def _text(path: object, name: str, array: NDArray[np.generic]) -> Any:
    if array.dtype.kind != "U":
        raise FormatError(path, None, f"{name}: found the type {array.dtype}, expected text.")
    codes = np.frombuffer(array.tobytes(), dtype=np.dtype("u4").newbyteorder(array.dtype.byteorder))
    wrong = codes[codes > sys.maxunicode]  # NumPy's own errors are of several kinds, SystemError among them
    if wrong.size:
        raise FormatError(path, None, f"{name}: the text is damaged: there is no character {wrong[0]:#x}.")
    return array.tolist()


def _count(path: object, arrays: dict[str, NDArray[np.generic]]) -> int | None:
    array = arrays.get("n_unknown")
    if array is None:
        return None
    if array.ndim or array.dtype.kind not in "iu" or not 1 <= int(array.item()) <= 2**31 - 1:
        raise FormatError(path, None, "n_unknown: expected one whole number of at least 1.")
    return int(array.item())
