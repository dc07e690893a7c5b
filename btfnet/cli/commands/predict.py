"""`btfnet predict`: outputs for rows of inputs."""

from __future__ import annotations

from typing import Any

from btfnet.cli.console import Counted
from btfnet.cli.inputs.models import Reading, load_predictor
from btfnet.cli.inputs.rows import classified, open_raw, open_rows, predicted
from btfnet.cli.outputs import check_output, check_rows, check_writable, sink
from btfnet.committee.classifier import Classifier
from btfnet.machine import cores


def run(model: str, inputs: str, out: str | None, jobs: int | None, force: bool, **options: Any) -> None:
    """As `btfnet predict` is declared."""
    reading = Reading.asked(**options)
    check_writable(out)
    if out is not None:
        check_output(out, (model, inputs))
    predictor = load_predictor(model, cut_latches=reading.cut_latches)
    if isinstance(predictor, Classifier):
        rows, n_outputs = open_raw(inputs, predictor, reading), len(predictor.class_names)
        pieces = classified(predictor, rows, jobs or cores())
    else:
        rows, n_outputs = open_rows(inputs, predictor, reading), predictor.n_outputs
        pieces = predicted(predictor, rows, jobs or cores())
    if out is not None:
        check_rows(out, n_outputs, force=force)
    counted = Counted(rows.n_rows, "row")
    with sink(out, n_outputs, rows.n_rows) as write:
        for outputs in pieces:
            write(outputs)
            counted.add(len(outputs))
