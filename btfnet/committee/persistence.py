"""Members as arrays, and the checkpoint of a committee in training.

What members say of items follows from them, so that they are all that is saved; votes are
counted anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import Record, named
from btfnet.checkpoint.folder import Checkpoint, SaveInterval
from btfnet.committee.member import Member
from btfnet.errors import DataError
from btfnet.logic.circuit import Circuit
from btfnet.logic.gate import Gate

Arrays = Mapping[str, NDArray[Any]]
PHASES = ("choosing", "whole")
"""Members while validation items choose how many there are, and those of all items."""


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
        raise DataError(f"The checkpoint's members are damaged: {error}.") from error
    return found


class MemberStore:
    """Where a training saves its members now and then; nowhere without a checkpoint.

    identity  what a training is: a digest of items, and everything that it depends on

    Raises `DataError` where the checkpoint belongs to another training.
    """

    def __init__(self, checkpoint: Checkpoint | None, identity: dict[str, Any]) -> None:
        self.checkpoint, self.identity = checkpoint, identity
        self._kept: dict[str, list[Member]] = {}
        self._interval = SaveInterval()
        saved = checkpoint.running().get(0) if checkpoint is not None and checkpoint.resume else None
        if checkpoint is None or saved is None:
            return
        if saved.values.get("committee") != identity:
            raise DataError(
                f"{checkpoint.folder}: the checkpoint belongs to another training: items, sizes of members, "
                f"picture, validation or seed differ. Resume with the same, or start anew elsewhere."
            )
        for phase in PHASES:
            arrays = saved.part(phase)
            if "codes" in arrays:
                self._kept[phase] = members_of(arrays)

    def members(self, phase: str) -> list[Member]:
        """Those that were saved."""
        return self._kept.get(phase, [])

    def keep(self, phase: str, members: Sequence[Member], *, at_once: bool = False) -> None:
        """Save, if it is time for that."""
        if members:
            self._kept[phase] = list(members)
        if self.checkpoint is None or not self._kept or not (at_once or self._interval.due()):
            return
        arrays = {
            name: array
            for phase, some in self._kept.items()
            for name, array in named(phase, arrays_of(some)).items()
        }
        with self._interval.measured():
            self.checkpoint.save_running(0, Record({"committee": self.identity}, arrays))


def digest(*arrays: NDArray[Any]) -> str:
    """Of arrays, their types and shapes."""
    content = hashlib.sha256()
    for array in arrays:
        content.update(repr((array.dtype.str, array.shape)).encode())
        content.update(np.ascontiguousarray(array).data)
    return content.hexdigest()
