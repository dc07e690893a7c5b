"""Labels of rows as a table of text: what is written, and what may be replaced by it."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from btfnet.cli.outputs import check_replaceable
from btfnet.errors import UsageError
from btfnet.files.atomic import replacing
from btfnet.files.reading import both_ends
from btfnet.tables.model import TableModel
from btfnet.tables.table import Table


def header(model: TableModel, *, probabilities: bool) -> str:
    """The first line: the targets, and for each of their classes its name."""
    names = [target.name for target in model.targets]
    if probabilities:
        names += [f"{target.name}={label}" for target in model.targets for label in target.labels]
    return _line(names)


def rows(model: TableModel, table: Table, *, first: int, probabilities: bool) -> str:
    """A line for each row; first is the number of the first one, for messages."""
    codes = model.classes(table, first=first)
    labels = [
        [target.labels[code] for code in own]
        for target, own in zip(model.targets, codes.T.tolist(), strict=True)
    ]
    columns: list[list[Any]] = [*labels]
    if probabilities:
        found = model.predict_proba(table)
        for each in found if isinstance(found, list) else [found]:
            columns += [[f"{value:.6f}" for value in column] for column in each.T.tolist()]
    return "".join(map(_line, zip(*columns, strict=True)))


def check_labels(out: str, first_line: str, *, force: bool) -> None:
    """Raise `OutputError` where a file is that may not be replaced by labels; before any work."""
    if Path(out).suffix.lower() != ".csv":
        raise UsageError(f"{out}: labels are written as .csv.")
    begins = first_line.encode()
    what = f"a table that begins with {first_line.strip()!a}"
    check_replaceable(out, what, lambda: both_ends(out, len(begins))[0] == begins, force=force)


@contextmanager
def text_sink(out: str | None) -> Iterator[Callable[[str], object]]:
    """The function that takes text: to a file, which changes only once all is written, or to standard output."""
    if out is None:
        yield lambda text: click.echo(text, nl=False)
        return
    if os.path.exists(out) and not os.path.isfile(out):
        raise UsageError(f"{out}: this is no regular file.")
    with replacing(out) as file:
        yield lambda text: file.write(text.encode("utf-8", errors="surrogateescape"))


def _line(cells: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()
