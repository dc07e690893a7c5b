"""Circuits in all formats, and what judges say of them: `Sample`, `Finding`, `Disagreement`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet import formats
from btfnet.errors import UsageError
from btfnet.logic.circuit import Circuit
from btfnet.tools import programs
from support.nasty_circuits import plainly_named


@dataclass(frozen=True)
class Sample:
    """A circuit, what its files are called, and rows of inputs; all 2^n_inputs of them where `complete`.

    rows (n_rows, n_inputs) and answers (n_rows, n_outputs): bool.
    """

    key: str
    circuit: Circuit
    rows: NDArray[np.bool_]
    answers: NDArray[np.bool_]
    complete: bool


class Finding(NamedTuple):
    """A circuit in this format was found right by this tool: on every input, or (not `proven`) on rows only."""

    key: str
    suffix: str
    tool: str
    proven: bool


class Disagreement(AssertionError):
    """A netlist computes something else than its model, or a program cannot read it."""

    def __init__(self, sample: Sample, suffix: str, tool: str, what: str) -> None:
        self.sample, self.suffix, self.tool = sample, suffix, tool
        super().__init__(f"{sample.key} ({sample.circuit.name!a}): {tool} on {suffix}: {what}")


def sample(
    key: str, circuit: Circuit, rng: np.random.Generator, *, most: int = 10, n_rows: int = 500
) -> Sample:
    """With all inputs of a circuit of at most so many, else with random rows."""
    complete = circuit.n_inputs <= most
    if complete:
        numbers = np.arange(2**circuit.n_inputs)[:, None]
        rows = (numbers >> np.arange(circuit.n_inputs) & 1).astype(bool)
    else:
        share = rng.choice(
            [0.1, 0.5, 0.9], (n_rows, 1)
        )  # rows of few and of many ones reach more of wide gates
        rows = rng.random((n_rows, circuit.n_inputs)) < share
    return Sample(key, circuit, rows, circuit.predict(rows) > 0, complete)


def write_all(samples: Iterable[Sample], folder: Path, *, without: tuple[str, ...] = ()) -> None:
    """Every circuit in every format, KEY + suffix; under plain names where a format refuses the circuit's own."""
    if not programs.available("yosys"):
        without = (*without, ".yosys.json")
    for one in samples:
        for suffix in [suffix for suffix in formats.CIRCUITS_OUT if suffix not in without]:
            try:
                formats.write_circuit(folder / f"{one.key}{suffix}", one.circuit)
            except UsageError:
                formats.write_circuit(folder / f"{one.key}{suffix}", plainly_named(one.circuit))


def compared(judged: Sample, suffix: str, tool: str, bits: NDArray[np.bool_]) -> None:
    """Raises `Disagreement` with the first row on which the model says something else."""
    if bits.shape != judged.answers.shape:
        raise Disagreement(judged, suffix, tool, f"gave {bits.shape} values, expected {judged.answers.shape}")
    wrong = np.flatnonzero((bits != judged.answers).any(axis=1))
    if len(wrong):
        row = int(wrong[0])
        inputs, expected, got = (
            "".join("01"[int(bit)] for bit in v[row]) for v in (judged.rows, judged.answers, bits)
        )
        raise Disagreement(judged, suffix, tool, f"inputs {inputs} give {got}, expected {expected}")
