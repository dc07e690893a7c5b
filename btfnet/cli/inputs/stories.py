"""What the directory of a run tells: of one that has ended, goes on, was killed, or found nothing."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from btfnet import __version__
from btfnet.cli.inputs.models import boolean_items, circuit_behind, compared
from btfnet.cli.runs.saved import (
    CIRCUIT,
    COMMITTEE,
    ITEMS,
    LOCK,
    MODEL,
    NETLIST,
    PROGRESS,
    RUN,
    SAVING,
    SEARCH,
    TRACE,
    TRACES,
    WEIGHTS,
    find_model,
    training_items,
)
from btfnet.committee.classifier import Classifier
from btfnet.errors import DataError, FormatError
from btfnet.files import strict_json
from btfnet.files.text import read_text
from btfnet.formats.by_suffix import read_predictor
from btfnet.logic.circuit import Circuit
from btfnet.viewing.curves import Curve, Point, from_csv
from btfnet.viewing.story import Printed, Rows, Story

FILES = (MODEL, CIRCUIT, NETLIST, COMMITTEE, ITEMS, WEIGHTS, TRACE, TRACES, SEARCH, RUN)
STALE_SECONDS = 15.0
"""A progress.json that is older says nothing about whether its process lives."""
MOST_BYTES = 1 << 28
"""Larger files have no digest on the page."""


def story_of(path: str) -> Story:
    """What is known of a run.

    Raises `DataError` where the directory is none of a run, `FormatError` where a file of it is damaged.
    """
    folder = Path(path)
    record, search, live = (json_object(folder / name) for name in (RUN, SEARCH, PROGRESS))
    check_run(path, record, live)
    if record.get("status") == SAVING:
        record = {"problem": record.get("problem"), "status": SAVING}
    running = is_running(folder, live)
    if not record or running:
        record = record or {"problem": live.get("problem")}
    circuit, rows, raw, doubt = (
        _found(path) if (folder / MODEL).exists() or (folder / CIRCUIT).exists() else _NOTHING
    )
    command = search.get("command") or live.get("command")
    return Story(
        folder=path,
        record=record,
        asked=search["asked"] if isinstance(search.get("asked"), dict) else {},
        command=tuple(map(str, command)) if isinstance(command, list) else (),
        circuit=circuit,
        rows=rows,
        doubt=doubt,
        curves=tuple(curves_of(folder, live)),
        running=running,
        raw=raw,
        files=tuple(_digests(folder)),
        version=str(search.get("version") or __version__),
    )


def check_run(path: str, record: dict[str, Any], live: dict[str, Any]) -> None:
    """Raise `DataError` where a path names no directory of a run."""
    if {"problem", "status"} <= record.keys() or live or (Path(path) / LOCK).exists():
        return
    if not os.path.isdir(path):
        what = "this is a file" if os.path.exists(path) else "there is no such directory"
        raise DataError(f"{path}: {what}; name the directory of a run (solve --out DIR).")
    raise DataError(
        f"{path}: holds no {RUN}, so it is no directory of a run; name one that --out of solve or classify made."
    )


def json_object(path: Path) -> dict[str, Any]:
    """The object of a JSON file; an empty one where it is missing, damaged or something else."""
    try:
        value = strict_json.parse(read_text(path))
    except (FormatError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def is_running(folder: Path, live: dict[str, Any]) -> bool:
    """Whether a process searches there: its progress is fresh, or it holds the lock."""
    updated = live.get("updated")
    if isinstance(updated, (int, float)) and 0 <= time.time() - updated < STALE_SECONDS:
        return True
    lock = folder / LOCK
    if not lock.exists():
        return False
    held = FileLock(lock)
    try:
        held.acquire(timeout=0)
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        return False
    held.release()
    return False


def curves_of(folder: Path, live: dict[str, Any]) -> list[Curve]:
    """Of what was seen while it runs, else of what was saved; none where neither is there."""
    if live:
        return live_curves(live)
    for name in (TRACES, TRACE):
        with suppress(FormatError):
            if (folder / name).exists():
                return from_csv(read_text(folder / name))
    return []


def live_curves(live: dict[str, Any]) -> list[Curve]:
    """Those of progress.json, as far as they can be understood."""
    found = []
    trials = live.get("trials")
    for trial in trials if isinstance(trials, list) else []:
        with suppress(KeyError, TypeError, ValueError, OverflowError):
            points = (
                Point(int(iteration), *(np.nan if value is None else float(value) for value in rest))
                for iteration, *rest in trial["points"]
            )
            found.append(Curve(int(trial["trial"]), tuple(points)))
    return sorted(found, key=lambda curve: curve.trial)


_Found = tuple[Circuit | None, Rows | None, tuple[int, str] | None, tuple[str, ...]]
_NOTHING: _Found = (None, None, None, ())


def _found(path: str) -> _Found:
    """The circuit, the training items as it sees them, the raw inputs of a classifier, and what is in doubt."""
    own = Path(path) / CIRCUIT
    predictor = read_predictor(own if own.exists() else find_model(path))
    classifier = predictor if isinstance(predictor, Classifier) else None
    circuit = circuit_behind(predictor)
    raw = None if classifier is None else (classifier.n_inputs, str(classifier.input_kind).replace("_", " "))
    items = training_items(path)
    if items is None:
        return circuit, None, raw, ("There are no training items beside the circuit.",)
    try:
        inputs, outputs = boolean_items(
            compared(items, classifier, "the training items"), circuit, "the training items"
        )
    except DataError as error:
        return circuit, None, raw, (f"{str(error)[0].upper()}{str(error)[1:]}",)
    return circuit, Rows(inputs > 0, outputs > 0, items.care), raw, ()


def _digests(folder: Path) -> list[Printed]:
    found = []
    for name in FILES:
        with suppress(OSError):
            path = folder / name
            size = path.stat().st_size
            if path.is_file() and size <= MOST_BYTES:
                found.append(Printed(name, size, hashlib.sha256(path.read_bytes()).hexdigest()))
    return found
