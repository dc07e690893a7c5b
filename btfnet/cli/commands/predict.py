"""`btfnet predict`: outputs for rows of inputs, or labels for rows of a table."""

from __future__ import annotations

from typing import Any

from btfnet.cli import labels as label_text
from btfnet.cli.console import Counted
from btfnet.cli.inputs.models import Reading, load_predictor
from btfnet.cli.inputs.rows import classified, open_raw, open_rows, predicted
from btfnet.cli.inputs.tables import pieces_of_rows
from btfnet.cli.labels import check_labels, text_sink
from btfnet.cli.outputs import check_output, check_rows, check_writable, sink
from btfnet.committee.classifier import Classifier
from btfnet.errors import UsageError
from btfnet.machine import cores
from btfnet.tables.model import TableModel


def run(
    model: str,
    inputs: str,
    out: str | None,
    jobs: int | None,
    probabilities: bool,
    force: bool,
    **options: Any,
) -> None:
    """As `btfnet predict` is declared."""
    reading = Reading.asked(**options)
    check_writable(out)
    if out is not None:
        check_output(out, (model, inputs))
    predictor = load_predictor(model, cut_latches=reading.cut_latches)
    if isinstance(predictor, TableModel):
        _labels(predictor, inputs, out, reading, probabilities=probabilities, force=force)
        return
    if probabilities:
        raise UsageError(f"--probabilities is for models of tables (btfnet learn), and {model} is none.")
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


def _labels(
    model: TableModel, inputs: str, out: str | None, reading: Reading, *, probabilities: bool, force: bool
) -> None:
    """Labels as a table of text with a header, row by row as the rows come."""
    header = label_text.header(model, probabilities=probabilities)
    if out is not None:
        check_labels(out, header, force=force)
    counted, first = Counted(None, "row"), 0
    with text_sink(out) as write:
        for piece in pieces_of_rows(inputs, model, reading):
            text = label_text.rows(model, piece, first=first, probabilities=probabilities)
            write(text if first else header + text)
            first += piece.n_rows
            counted.add(piece.n_rows)
