"""The directory of a run: what its files are called, and what other commands find there.

model.btf     the model, packed                              run.json   what --json prints
circuit.json  the same as text                               trace.csv  every look
circuit.v     the same as a netlist
weights.npz   float weights, seeds, settings, network        items.npz  the training items
traces.csv    looks of all trials, thinned       progress.json  only while it runs (btfnet.cli.runs.live)
search.json   what was asked, and printed (btfnet.cli.runs.earlier)
checkpoint/   only while the search is unfinished            (docs/checkpoints.md)
trials/       when it is finished, and more trials could change the result
.btfnet.lock  empty; held while a search runs

An automaton leaves the cell in the first three, space_time.svg, search.json and run.json.
A committee leaves model.btf, which takes raw inputs, its members in committee.safetensors, items.npz, traces.csv,
search.json and run.json.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import warnings
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from btfnet.errors import BtfnetWarning, DataError, FormatError
from btfnet.files import strict_json
from btfnet.files.text import read_text
from btfnet.formats.arrays.zip_arrays import scalar
from btfnet.formats.btf.committee import FILE
from btfnet.formats.btf.model import takes_raw_inputs
from btfnet.formats.by_suffix import read_items
from btfnet.logic.training_fit import TrainingFit
from btfnet.problem.items import Items
from btfnet.problem.values import InputKind

if TYPE_CHECKING:
    from btfnet.search.records import Result

COMMITTEE = FILE
MODEL, CIRCUIT, NETLIST, ITEMS = "model.btf", "circuit.json", "circuit.v", "items.npz"
WEIGHTS, TRACE, TRACES = "weights.npz", "trace.csv", "traces.csv"
PROGRESS, SPACE_TIME = "progress.json", "space_time.svg"
SEARCH, RUN = "search.json", "run.json"
CHECKPOINT, TRIALS = "checkpoint", "trials"
LOCK = ".btfnet.lock"
SAVING = "saving"
"""The status of a run that was killed while it was saved."""
TRAINED = "trained"
"""The status of a committee, which is not searched for."""
MOST_SIGMA = 1e6
"""As settings allow it."""


def find_model(path: str) -> Path:
    """The file that a MODEL argument means: itself, or the circuit of a run's directory.

    That is model.btf where it takes raw inputs, else circuit.json, whose gates stand in their own order; model.btf
    where somebody removed that.

    Raises `DataError` when there is none.
    """
    if not os.path.isdir(path):
        return Path(path)
    names = (MODEL, CIRCUIT) if takes_raw_inputs(Path(path) / MODEL) else (CIRCUIT, MODEL)
    models = [Path(path) / name for name in names if (Path(path) / name).exists()]
    if not models:
        reason = "the run found no circuit" if is_run(Path(path)) else "it is no directory of a run"
        raise DataError(
            f"{path}: holds no {CIRCUIT}, because {reason}; give a circuit's file or a run's directory."
        )
    return models[0]


def training_items(path: str) -> Items | None:
    """The training items of a run, given its directory or a file in it; None where there are none."""
    folder = Path(path) if os.path.isdir(path) else Path(path).parent
    items = folder / ITEMS
    return read_items(items) if items.exists() and is_run(folder) else None


def training_sigma(path: str) -> float | None:
    """The σ of a run, given its directory or a file in it; None where none is told."""
    folder = Path(path) if os.path.isdir(path) else Path(path).parent
    if not is_run(folder):
        return None
    try:
        sigma = float(scalar(folder / WEIGHTS, "sigma"))
    except (FormatError, TypeError, ValueError):
        return None
    return sigma if 1 <= sigma <= MOST_SIGMA else None


def is_run(folder: Path) -> bool:
    """Whether the directory's run.json is one of ours."""
    try:
        record = strict_json.parse(read_text(folder / RUN))
    except (FormatError, ValueError):
        return False
    return isinstance(record, dict) and {"problem", "status", "model"} <= record.keys()


COLUMNS = (
    "iteration", "gap_w", "gap_x", "gap_y", "gap", "least_gap", "train_bits", "test_bits", "seconds",
)  # fmt: skip


def training_items_of(result: Result) -> Items:
    """What the circuit must reproduce; inputs that were found stand in the place of unknown ones."""
    items = result.problem.training_items
    if items.input_kind.known or result.kept.codes is None:
        return items
    codes = result.kept.codes.astype(np.float32)
    return replace(items, inputs=codes, input_kind=InputKind.BITS, n_unknown=None)


def weights_of(result: Result) -> bytes:
    """Weights, network, seeds and settings as named arrays, without pickled objects."""
    network, kept = result.problem.network, result.kept
    arrays: dict[str, Any] = {
        "weights": result.weights,
        "fan_in_start": network.fan_in_start,
        "fan_in": network.fan_in,
        "n_inputs": network.n_inputs,
        "n_outputs": network.n_outputs,
        "seed": result.seed,
        "trial_seed": kept.seed,
        **asdict(kept.settings),
        **({} if network.shared is None else network.shared.arrays()),
    }
    if kept.codes is not None:
        arrays["codes"] = kept.codes
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def trace_of(result: Result) -> str:
    """The kept trial's looks; empty where something was not measured."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for look in result.trace:
        writer.writerow([_cell(getattr(look, column)) for column in COLUMNS])
    return text.getvalue()


def _cell(value: float) -> str:
    return f"{value:.9g}" if math.isfinite(value) else ""


def was_learned(path: str) -> bool:
    """Whether a run, given its directory or a file in it, was learned, so that items of it may be wrong."""
    folder = Path(path) if os.path.isdir(path) else Path(path).parent
    return is_run(folder) and json.loads(read_text(folder / RUN)).get("status") == "learned"


def warn_if_inexact(training: TrainingFit | None, what: str) -> None:
    """Warn where it is known that training bits are wrong; the command line says the same text once."""
    if training is not None and not training.exact:
        warnings.warn(f"{what} is not exact: {training}.", BtfnetWarning, stacklevel=2)


def warn_of_record(record: str) -> None:
    """The same of a run, from the JSON object that it prints or has saved; older ones do not say it.

    Where items need not all be right, that some are wrong is no news.
    """
    values = json.loads(record)
    if values.get("status") == "learned":
        return
    try:
        training = TrainingFit.of_dict(values["training"])
    except (KeyError, DataError):
        return
    kind = "committee" if "committee" in values else "circuit"
    warn_if_inexact(training, f"the {kind} of {values['problem']}")
