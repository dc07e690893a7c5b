"""What stands in the files of a run: the items, the weights, the trace."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from btfnet.problem.items import Items
from btfnet.problem.values import InputKind
from btfnet.search.records import Result

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
