"""`Story`: what is known of a run, whoever read it; what is not known is None or empty."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.logic.circuit import Circuit
from btfnet.viewing.curves import Curve


class Rows(NamedTuple):
    """Items as the circuit sees them.

    inputs   bool, (n_items, n_inputs)
    outputs  bool, (n_items, n_outputs)
    care     bool, (n_items, n_outputs): output bits that count; None: all do
    """

    inputs: NDArray[np.bool_]
    outputs: NDArray[np.bool_]
    care: NDArray[np.bool_] | None = None

    def first(self, count: int) -> Rows:
        return Rows(
            self.inputs[:count], self.outputs[:count], None if self.care is None else self.care[:count]
        )


class Printed(NamedTuple):
    """A file of the run, and the digest of its content."""

    name: str
    n_bytes: int
    sha256: str


@dataclass(frozen=True)
class Story:
    """A run to look at.

    folder   where it is, as the user named it
    record   run.json; empty where there is none
    asked    what was asked, of search.json
    command  the words of the command, without its program's name; empty where they were not kept
    circuit  what was found; None without one
    rows     the training items; None where they are missing or not Boolean
    doubt    why there is no circuit, or are no items, where that is to be said
    curves   of the trials, or of a committee's members
    running  whether it is still going on
    raw      of a classifier: how many raw inputs its comparisons are made of, and of which kind
    """

    folder: str
    record: dict[str, Any]
    asked: dict[str, Any] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    circuit: Circuit | None = None
    rows: Rows | None = None
    doubt: tuple[str, ...] = ()
    curves: tuple[Curve, ...] = ()
    running: bool = False
    raw: tuple[int, str] | None = None
    files: tuple[Printed, ...] = ()
    version: str = ""

    @property
    def problem(self) -> str:
        return text_of(self.record, "problem") or (self.circuit.name if self.circuit else "unnamed")

    @property
    def status(self) -> str:
        """The key of the record; "running" while it goes on, "unfinished" where nothing was saved."""
        if self.running:
            return "running"
        return text_of(self.record, "status") or "unfinished"

    @property
    def exact(self) -> bool:
        return self.record.get("exact") is True

    @property
    def trials(self) -> list[dict[str, Any]]:
        """The record's, as far as they are objects."""
        return objects(self.record, "trials")

    @property
    def best(self) -> int:
        """The trial that was kept; of a committee the last curve that has validation items."""
        if self.is_committee:
            validated = [curve.trial for curve in self.curves if curve.column("validation")]
            return (validated or [curve.trial for curve in self.curves] or [0])[-1]
        best = self.record.get("best")
        return best if isinstance(best, int) and 0 <= best < max(1, len(self.trials)) else 0

    @property
    def is_committee(self) -> bool:
        return isinstance(self.record.get("committee"), dict)

    def scores(self) -> dict[str, tuple[float | None, float | None]]:
        """Fractions of bits and words that are right, by what items are for, where there are any."""
        found = {}
        scores = part(self.record, "scores")
        for name in ("train", "validation", "test"):
            bits, words = (fraction_of(part(scores, name), key) for key in ("bits", "words"))
            if bits is not None or words is not None:
                found[name] = (bits, words)
        return found


def part(record: dict[str, Any], name: str) -> dict[str, Any]:
    """An object within a record; an empty one where it is missing or something else."""
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def objects(record: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Those in a list within a record; none where it is missing or something else."""
    value = record.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text_of(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else ""


def number_of(record: dict[str, Any], name: str) -> float | None:
    """A number; None where it is missing or something else."""
    value = record.get(name)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def fraction_of(record: dict[str, Any], name: str) -> float | None:
    """A number from 0 to 1; None where it is missing or something else."""
    value = number_of(record, name)
    return value if value is not None and 0 <= value <= 1 else None
