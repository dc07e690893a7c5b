"""Tables that `btfnet learn` reads: their columns, and the rows that train and that test."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import click
import numpy as np

from btfnet.arguments import similar
from btfnet.cli.inputs.models import Reading
from btfnet.cli.inputs.rows import csv_pieces
from btfnet.cli.inputs.splits import number_or_path
from btfnet.errors import DataError, UsageError
from btfnet.files.reading import is_pipe
from btfnet.formats.csv.layout import Layout
from btfnet.formats.tables.reading import read_table, table_pieces
from btfnet.formats.tables.text import text_tables
from btfnet.matching.columns import By, listed, name_shown
from btfnet.printable import shown
from btfnet.problem.items import Items
from btfnet.tables.complete import has_every_combination
from btfnet.tables.model import TableModel, labels_of
from btfnet.tables.split import Rows, drawn
from btfnet.tables.table import Table
from btfnet.tables.targets import output_bits, target_names

TEST, LEAST_ROWS = 0.2, 30
"""Of the rows that test, if nobody says how many; with fewer rows none do."""


def parted(
    path: str, targets: Sequence[str], ignore: Sequence[str], layout: Layout, test: str | None, seed: int
) -> Rows:
    """Read a table, and the rows that test: of a file, or a fraction that the seed draws, of each class alike.

    Raises `UsageError` for names that are no columns, and for a fraction that leaves nothing.
    """
    table = _without(read_table(path, layout), ignore)
    names = _targets(table, targets)
    fraction, file = _fraction(test)
    if file is not None:
        other = read_table(file, layout, raw=True)
        missing = [name for name in names if name not in other.names]
        if missing:
            raise UsageError(f"{file}: has no column {listed(missing)}, and --test needs the target.")
        return Rows(names, table, other)
    if fraction is None:
        if has_every_combination(table, names):
            return Rows(names, table, None, "every combination of values is there, so that no row is unseen")
        if table.n_rows < LEAST_ROWS:
            return Rows(names, table, None, f"{table.n_rows} rows are few, so that all train")
        fraction = TEST
    if fraction == 0:
        return Rows(names, table, None, "all rows train")
    chosen = drawn(table, names[0], fraction, seed)
    if not 0 < chosen.sum() < table.n_rows:
        raise UsageError(f"--test is {test}: of {table.n_rows} rows that leaves none to test or to train on.")
    return Rows(names, table.some(np.flatnonzero(~chosen)), table.some(np.flatnonzero(chosen)))


def _targets(table: Table, asked: Sequence[str]) -> tuple[str, ...]:
    """The columns to learn; where nobody can tell, and somebody sits at the terminal, who is asked."""
    try:
        return target_names(table, asked)
    except UsageError:
        if asked or not (sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty()):
            raise
        names = click.Choice([name for name in table.names if name.isprintable()])
        return (click.prompt("Which column is to be learned?", type=names, err=True),)


def _without(table: Table, ignore: Sequence[str]) -> Table:
    for name in ignore:
        if name not in table.names:
            near = similar(name, table.names)
            raise UsageError(f"{table.side}: there is no column {name_shown(name)} to ignore{near or '.'}")
    return table.chosen([name for name in table.names if name not in ignore])


def _fraction(text: str | None) -> tuple[float | None, str | None]:
    """What --test says: a fraction, or a file."""
    fraction, path = number_or_path(text)
    if fraction is not None and not 0 <= fraction < 1:
        raise UsageError(
            f"--test is {shown(text)}; give a fraction of the rows from 0 to 1, such as 0.2 or 20%, or a file."
        )
    return fraction, path


def pieces_of_rows(path: str, model: TableModel, reading: Reading) -> Iterator[Table]:
    """Rows of a table file (- is standard input) to be labelled, in pieces; columns are found by name, those of
    targets are left out.
    """
    for piece in _pieces(path, reading.layout):
        yield _by_position(piece, model) if reading.by is By.POSITION else _without_targets(piece, model)


def _without_targets(table: Table, model: TableModel) -> Table:
    aside = {target.name for target in model.targets} - set(model.input_names)
    return table.chosen([name for name in table.names if name not in aside])


def _pieces(path: str, layout: Layout) -> Iterator[Table]:
    if path == "-" or is_pipe(path):
        return text_tables(*csv_pieces(path), layout)
    return table_pieces(path, layout)


def _by_position(table: Table, model: TableModel) -> Table:
    """The columns under the model's names."""
    names = model.input_names
    if len(table.names) < len(names):
        raise DataError(f"{table.side}: found {len(table.names)} columns, expected {len(names)}.")
    return replace(table, names=names, columns=table.columns[: len(names)], targets=())


def encoded_items(model: TableModel, table: Table) -> Items:
    """Rows that have their targets, as the circuit's inputs and outputs. Raises `DataError` where targets lack."""
    names = [target.name for target in model.targets]
    missing = [name for name in names if name not in table.names]
    if missing:
        raise DataError(f"{table.side}: has no column {listed(missing)}, which is what the model is about.")
    labels = labels_of(table.chosen(names), model.targets)
    outputs, known = output_bits(model.targets, labels)
    items = Items.from_arrays(model.encode(table), outputs, care=None if known.all() else known)
    circuit = model.circuit
    return replace(items, input_names=circuit.input_names, output_names=circuit.output_names)
