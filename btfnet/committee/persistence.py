"""The checkpoint of a committee in training.

What members say of items follows from them, so that they are all that is saved; votes are counted anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import Record, named
from btfnet.checkpoint.folder import Checkpoint, SaveInterval
from btfnet.committee.arrays import arrays_of, members_of
from btfnet.committee.member import Member
from btfnet.errors import DataError

PHASES = ("choosing", "whole")
"""Members while validation items choose how many there are, and those of all items."""


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
        before = saved.values.get("committee")
        if before != identity:
            what = _differing(before, identity)
            raise DataError(
                f"{checkpoint.folder}: the checkpoint belongs to another training: {what}. Resume with the same, "
                f"or start anew elsewhere."
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


def _differing(before: Any, now: dict[str, Any]) -> str:
    """What differs, with both values where they can be told."""
    if not isinstance(before, dict):
        return "it does not say which"
    names = [name for name in now if before.get(name) != now[name]]
    return "; ".join(
        "the items differ" if name == "items" else f"{name} was {before.get(name)} and is now {now[name]}"
        for name in names
    )


def digest(*arrays: NDArray[Any]) -> str:
    """Of arrays, their types and shapes."""
    content = hashlib.sha256()
    for array in arrays:
        content.update(repr((array.dtype.str, array.shape)).encode())
        content.update(np.ascontiguousarray(array).data)
    return content.hexdigest()
