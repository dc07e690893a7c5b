"""Members and layers as arrays, and back: what a checkpoint and a saved committee hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.committee.comparisons import Comparisons
from btfnet.committee.layer import JoinedLayer, Layer, PlainLayer
from btfnet.committee.member import Member
from btfnet.committee.pictures import LARGEST, Kind, Picture, PictureLayer, Templates
from btfnet.errors import DataError
from btfnet.logic.circuit import Circuit
from btfnet.logic.gate import Gate

Arrays = Mapping[str, NDArray[Any]]
MOST_IN_CELLS = 1 << 20
"""Positions in all cells of a kind of templates."""
OF_MEMBERS: dict[str, tuple[type, int]] = {
    "inputs": (np.int64, 1), "n_inputs": (np.int64, 1), "n_gates": (np.int64, 1), "outputs": (np.int64, 1),
    "codes": (np.int8, 2), "at_least": (np.int64, 1), "n_literals": (np.int64, 1), "literals": (np.int64, 1),
}  # fmt: skip
MOST_PARTS, MOST_KINDS = 8, 8
PICTURE, TEMPLATES, PARTS = "picture", "templates", "parts"


def arrays_of(members: Sequence[Member]) -> dict[str, NDArray[Any]]:
    """Members as arrays of whole numbers; not empty."""
    gates = [gate for member in members for gate in member.circuit.gates]
    return {
        "inputs": np.concatenate([member.inputs for member in members]).astype(np.int64),
        "n_inputs": np.array([len(member.inputs) for member in members], dtype=np.int64),
        "n_gates": np.array([len(member.circuit.gates) for member in members], dtype=np.int64),
        "outputs": np.array([member.circuit.outputs[0] for member in members], dtype=np.int64),
        "codes": np.stack([member.code for member in members]).astype(np.int8),
        "at_least": np.array([gate.at_least for gate in gates], dtype=np.int64),
        "n_literals": np.array([len(gate.literals) for gate in gates], dtype=np.int64),
        "literals": np.array([each for gate in gates for each in gate.literals], dtype=np.int64),
    }


def members_of(arrays: Arrays) -> list[Member]:
    """The same members. Raises `DataError` for arrays that are none."""
    found: list[Member] = []
    try:
        for name, (dtype, axes) in OF_MEMBERS.items():
            _check(name, arrays[name], dtype, axes)
        for counts, counted in (("n_inputs", "inputs"), ("n_gates", "at_least"), ("n_literals", "literals")):
            numbers = arrays[counts]
            if numbers.min(initial=0) < 0 or sum(numbers.tolist()) != len(arrays[counted]):
                raise ValueError(f"{counts} that do not fit {counted}")
        at_least, literals = arrays["at_least"].tolist(), arrays["literals"].tolist()
        ends = np.cumsum(arrays["n_literals"]).tolist()
        gates = [
            Gate(least, tuple(literals[end - size : end]))
            for least, size, end in zip(at_least, arrays["n_literals"].tolist(), ends, strict=True)
        ]
        input_ends, gate_ends = np.cumsum(arrays["n_inputs"]), np.cumsum(arrays["n_gates"])
        for place, output in enumerate(arrays["outputs"].tolist()):
            n_inputs, n_gates = int(arrays["n_inputs"][place]), int(arrays["n_gates"][place])
            inputs = arrays["inputs"][input_ends[place] - n_inputs : input_ends[place]].astype(np.int64)
            own = tuple(gates[gate_ends[place] - n_gates : gate_ends[place]])
            code = arrays["codes"][place].astype(np.int8)
            found.append(Member(inputs, Circuit(n_inputs, own, (output,)), code))
    except (KeyError, ValueError, IndexError) as error:
        raise DataError(f"The members are damaged: {error}.") from error
    return found


def _check(name: str, array: NDArray[Any], dtype: type, axes: int) -> None:
    if array.dtype != np.dtype(dtype) or array.ndim != axes:
        raise ValueError(f"{name} is {array.dtype} of {array.ndim} dimensions")


def layer_arrays(layer: Layer) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What a layer is, to be written as JSON, and its arrays."""
    if isinstance(layer, JoinedLayer):
        about, arrays = [], dict[str, NDArray[Any]]()
        for place, part in enumerate(layer.parts):
            own, own_arrays = layer_arrays(part)
            about.append(own)
            arrays |= {f"{place}.{name}": array for name, array in own_arrays.items()}
        return {PARTS: about}, arrays
    if isinstance(layer, PictureLayer):
        picture, kinds = layer.picture, layer.templates
        about_kinds = [list(each.kind) for each in kinds]
        arrays = {"levels": layer.levels.astype(np.float64)}
        for place, kind in enumerate(kinds):
            arrays |= {f"words{place}": kind.words, f"at_least{place}": kind.at_least}
        return {PICTURE: [picture.height, picture.width, picture.channels], TEMPLATES: about_kinds}, arrays
    comparisons = layer.comparisons
    return {}, {"weight": comparisons.weight, "level": comparisons.level}


def layer_of(about: Any, arrays: Arrays, *, deep: int = 0) -> Layer:
    """The same layer. Raises `DataError` for what is none.

    deep  so many joined layers are around it
    """
    try:
        if PARTS in about:
            return _joined(about[PARTS], arrays, deep=deep)
        if PICTURE in about:
            return _pictures(about, arrays)
        weight, level = arrays["weight"], arrays["level"]
        _check("weight", weight, np.int8, 2)
        _check("level", level, np.float64, 1)
        if len(weight) != len(level) or not np.isfinite(level).all():
            raise ValueError("comparisons that do not fit together")
        if not set(np.unique(weight).tolist()) <= {-1, 0, 1}:
            raise ValueError("comparisons with other weights than 0 and ±1")
        return PlainLayer(Comparisons(weight.astype(np.int8), level.astype(np.float64)))
    except (KeyError, ValueError, IndexError, TypeError, AttributeError) as error:
        raise DataError(f"The layer is damaged: {error}.") from error


def _joined(abouts: Any, arrays: Arrays, *, deep: int) -> JoinedLayer:
    if deep > 1 or not 1 <= len(abouts) <= MOST_PARTS:
        raise ValueError("too many layers, or none")
    parts = []
    for place, about in enumerate(abouts):
        prefix = f"{place}."
        own = {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
        parts.append(layer_of(about, own, deep=deep + 1))
    if len({part.comparisons.n_inputs for part in parts}) != 1:
        raise ValueError("layers of other inputs")
    return JoinedLayer(tuple(parts))


def _pictures(about: Any, arrays: Arrays) -> PictureLayer:
    kinds, picture = [], Picture(*about[PICTURE])
    if picture.n_inputs > LARGEST:
        raise ValueError(f"a picture of {picture.n_inputs} values")
    if len(about[TEMPLATES]) > MOST_KINDS:
        raise ValueError(f"{len(about[TEMPLATES])} kinds of templates")
    for place, sizes in enumerate(about[TEMPLATES]):
        words, at_least = arrays[f"words{place}"], arrays[f"at_least{place}"]
        _check("words", words, np.uint64, 1)
        _check("at_least", at_least, np.int64, 1)
        kind = Kind(*sizes)
        if (
            words.ndim != 1
            or (kind.number,) != words.shape
            or words.shape != at_least.shape
            or not all(type(n) is int and n >= 1 for n in sizes)
        ):
            raise ValueError("templates that do not fit together")
        if kind.pool**2 * picture.n_inputs > MOST_IN_CELLS * kind.stride**2:
            raise ValueError(f"cells of {kind.pool} x {kind.pool} positions")
        kinds.append(Templates(kind, words.astype(np.uint64), at_least.astype(np.int64)))
    levels = arrays["levels"]
    _check("levels", levels, np.float64, 1)
    if not np.isfinite(levels).all():
        raise ValueError("a level that is not finite")
    return PictureLayer(picture, levels.astype(np.float64), kinds)
