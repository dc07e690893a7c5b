"""`committee.safetensors`: a committee with its members, beside the packed model that they are (committees.md).

The model alone predicts; of the committee one can ask why (`btfnet inspect RUN --why`), and prove that the model
is it (`btfnet verify RUN`). Nothing in the file is executed.
"""

from __future__ import annotations

import json
import os
from typing import Any

from numpy.typing import NDArray

from btfnet.arguments import PATH, a, need
from btfnet.committee.arrays import arrays_of, layer_arrays, layer_of, members_of
from btfnet.committee.committee import Committee
from btfnet.committee.member import groups_of
from btfnet.committee.training import MOST_CLASSES
from btfnet.errors import DataError, FormatError, UsageError
from btfnet.files import strict_json, tensors
from btfnet.files.atomic import write_bytes
from btfnet.files.reading import read_bytes
from btfnet.logic.training_fit import TrainingFit
from btfnet.printable import shown
from btfnet.problem.values import InputKind, OutputKind
from btfnet.projections.rrr import Status

FORMAT, VERSION = "btfnet-committee", "1"
FILE = "committee.safetensors"
"""What it is called in the directory of a run."""
LONGEST_HEADER = 1 << 24
MEMBERS, LAYER = "members.", "layer."
KEYS = {
    "name",
    "classes",
    "inputs",
    "input_kind",
    "output_kind",
    "n_outputs",
    "layer",
    "training",
    "status",
}


def save_committee(path: str | os.PathLike[str], committee: Committee) -> None:
    """Write a committee with its members. Raises `OutputError` when it cannot be written."""
    need("save_committee", path=(path, PATH), committee=(committee, a(Committee)))
    write_bytes(path, to_bytes(committee))


def to_bytes(committee: Committee) -> bytes:
    """The bytes of the file."""
    told, arrays = parts_of(committee)
    metadata = {"format": FORMAT, "version": VERSION, "committee": json.dumps(told)}
    return tensors.pack(metadata, tensors.wide_first(arrays))


def parts_of(committee: Committee) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What is told of a committee, to be written as JSON, and its arrays; `committee_of` makes it anew."""
    about, layer = layer_arrays(committee.layer)
    training = committee.training
    told = {
        "name": committee.name,
        "classes": list(committee.class_names),
        "inputs": list(committee.input_names),
        "input_kind": str(committee.input_kind),
        "output_kind": str(committee.output_kind),
        "n_outputs": committee.n_groups if committee.is_of_bits else len(committee.groups),
        "layer": about,
        "training": None if training is None else training.as_dict(),
        "status": committee.status.value,
    }
    arrays: dict[str, NDArray[Any]] = {
        **{f"{MEMBERS}{name}": array for name, array in arrays_of(committee.members).items()},
        **{f"{LAYER}{name}": array for name, array in layer.items()},
    }
    return told, arrays


def load_committee(path: str | os.PathLike[str]) -> Committee:
    """The committee that `btfnet classify` saved in the directory of a run, or such a file.

    Raises `FormatError` for a file that is none, or damaged.
    """
    need("load_committee", path=(path, PATH))
    file = os.path.join(path, FILE) if os.path.isdir(path) else path
    return decode(file, read_bytes(file))


def decode(path: object, data: bytes) -> Committee:
    """The committee of a file's bytes; the path is for messages."""
    try:
        metadata, arrays = tensors.unpack(data, longest_header=LONGEST_HEADER)
        if (metadata.get("format"), metadata.get("version")) != (FORMAT, VERSION):
            found = f"{metadata.get('format')} {metadata.get('version')}"
            raise ValueError(f"found {shown(found)}, expected {FORMAT} {VERSION}")
        return committee_of(strict_json.parse(metadata.get("committee", "")), arrays)
    except (ValueError, KeyError, TypeError, DataError, UsageError) as error:
        message = f"this is no committee, or a damaged one: {error}"
        raise FormatError(path, None, f"{message.rstrip('.')}; get the file again.") from error


def committee_of(told: Any, arrays: dict[str, NDArray[Any]]) -> Committee:
    """A committee of what `parts_of` gave. Raises ValueError, KeyError, TypeError or `BtfnetError` for others."""
    if type(told) is not dict or told.keys() != KEYS:
        raise ValueError("its description has other keys")
    layer = layer_of(told["layer"], tensors.part(arrays, LAYER))
    members = members_of(tensors.part(arrays, MEMBERS))
    if not members:
        raise ValueError("it has no members")
    output_kind, n_outputs = OutputKind(told["output_kind"]), told["n_outputs"]
    least = 1 if output_kind is OutputKind.BITS else 2
    if type(n_outputs) is not int or not least <= n_outputs <= MOST_CLASSES:
        raise ValueError(f"n_outputs is {shown(n_outputs)}")
    groups = groups_of(n_outputs, output_kind)
    classes, inputs = _names(told["classes"]), _names(told["inputs"])
    if classes and len(classes) != n_outputs:
        raise ValueError(f"{len(classes)} names of {n_outputs} classes or outputs")
    if inputs and len(inputs) != layer.comparisons.n_inputs:
        raise ValueError(f"{len(inputs)} names of {layer.comparisons.n_inputs} inputs")
    n_features = layer.n_features
    for member in members:
        heard, code = member.inputs, member.code
        if len(heard) and not (heard.min() >= 0 and heard.max() < n_features):
            raise ValueError("a member hears what is no feature")
        if code.shape != groups.shape or not set(code.tolist()) <= {-1, 0, 1}:
            raise ValueError("a member's code does not fit the classes")
    training = None if told["training"] is None else TrainingFit.of_dict(told["training"])
    return Committee(
        layer, groups, tuple(members), classes, str(told["name"]), InputKind(told["input_kind"]), inputs,
        training, output_kind, Status(told["status"]),
    )  # fmt: skip


def _names(names: Any) -> tuple[str, ...]:
    if (
        type(names) is not list
        or not all(type(name) is str for name in names)
        or len(set(names)) < len(names)
    ):
        raise ValueError("names that repeat, or are no strings")
    if not all(name and name.isprintable() for name in names):
        raise ValueError("a name that cannot be printed")
    return tuple(names)
