"""`.btf` of version 2: a packed model with the comparisons that make its bits from raw inputs. See btf.md."""

from __future__ import annotations

import json
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import PATH, need
from btfnet.committee.classifier import Classifier
from btfnet.committee.comparisons import Comparisons
from btfnet.errors import DataError, FormatError
from btfnet.files.atomic import write_bytes
from btfnet.files.reading import read_bytes
from btfnet.formats.btf import model as btf
from btfnet.logic.packed_model import PackedModel
from btfnet.printable import shown
from btfnet.problem.values import InputKind

KINDS = (InputKind.ANALOG, InputKind.BITS, InputKind.NUMBERS)


def write_classifier(path: str | os.PathLike[str], classifier: Classifier) -> None:
    """Write a `.btf` file of version 2. Raises `OutputError` when it cannot be written."""
    write_bytes(path, encode(classifier))


def load_classifier(path: str | os.PathLike[str]) -> Classifier:
    """The classifier of a `.btf` file, or of the directory of a run.

    Raises `FormatError` as btf.md lists it, also for a file that holds no comparisons.
    """
    need("load_classifier", path=(path, PATH))
    path = btf.model_file(path)
    return decode(path, read_bytes(path))


def encode(classifier: Classifier) -> bytes:
    """The bytes of the file."""
    metadata = {
        "raw_inputs": json.dumps(classifier.input_names),
        "input_kind": str(classifier.input_kind),
    }
    level, weight = classifier.comparisons.level, classifier.comparisons.weight
    arrays: dict[str, NDArray[Any]] = {
        "level": level.astype(np.float64),
        "comparison": weight.astype(np.int8),
    }
    return btf.encode(classifier.model, metadata, arrays)


def decode(path: object, data: bytes) -> Classifier:
    """The classifier of a file's bytes; the path is for messages."""
    model, metadata, arrays = btf.decode_all(path, data)
    if metadata["version"] != str(btf.WITH_COMPARISONS):
        message = "this model has no comparisons, so its inputs are bits; use btfnet.load_model."
        raise FormatError(path, None, message)
    return classifier_of(path, model, metadata, arrays)


def classifier_of(
    path: object, model: PackedModel, metadata: dict[str, str], arrays: dict[str, NDArray[Any]]
) -> Classifier:
    """The classifier of a file of version 2, decoded."""
    if metadata["input_kind"] not in KINDS:
        raise FormatError(
            path,
            None,
            f"input_kind: found {shown(metadata['input_kind'])}, expected {' or '.join(KINDS)}.",
        )
    names = btf.names_of(path, metadata, "raw_inputs")
    comparisons = Comparisons(arrays["comparison"].astype(np.int8), arrays["level"].astype(np.float64))
    if comparisons.n_inputs != len(names):
        message = f"raw_inputs: found {len(names)} names, expected {comparisons.n_inputs}."
        raise FormatError(path, None, message)
    try:
        return Classifier(comparisons, model, InputKind(metadata["input_kind"]), names)
    except DataError as error:
        raise FormatError(path, None, str(error)) from error
