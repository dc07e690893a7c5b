"""`.csv`: items as comma-separated bits, with or without a header. See csv_items.md."""

from __future__ import annotations

import csv
import io
import os

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import FormatError, UsageError
from btfnet.formats.atomic import write_text
from btfnet.formats.items import Items
from btfnet.formats.text import read_text, shown
from btfnet.problem import InputKind, OutputKind
from btfnet.values import CARE_MARKS

_BITS = {0.0, 1.0, -1.0}


def read(path: str | os.PathLike[str], *, n_inputs: int | None = None) -> Items:
    """The items of a `.csv` file.

    n_inputs   how many of the columns are inputs; needed unless the header says it (`in:…`, `out:…`)

    Raises `FormatError` as csv_items.md lists it.
    """
    rows, lines = _rows(path)
    header = rows.pop(0) if any(_is_name(cell) for cell in rows[0]) else None
    first = lines.pop(0) if header else lines[0]
    if not rows:
        raise FormatError(
            path, first, "found a header, but no items below it; expected at least one row of bits."
        )
    width = len(header) if header else len(rows[0])
    is_input, names = _columns(path, first, header, width, n_inputs)
    _check_widths(path, rows, lines, width)
    care = _care(path, rows, lines, is_input)
    table = _table(path, rows, lines, is_input)
    n_given = int(is_input.sum())
    return Items(
        table[:, is_input].astype(np.float32),
        table[:, ~is_input],
        InputKind.BITS if n_given else InputKind.UNKNOWN_BITS,
        n_unknown=None if n_given else (n_inputs or None),
        input_names=_names(path, first, "input", [names[column] for column in np.flatnonzero(is_input)]),
        output_names=_names(path, first, "output", [names[column] for column in np.flatnonzero(~is_input)]),
        care=care,
    )


def write(path: str | os.PathLike[str], items: Items) -> None:
    """Write items as 0/1 with a typed header, so that reading needs no `n_inputs`; - where a bit does not count.

    Raises `UsageError` for analog or one-hot inputs and for classes, `OutputError` when it cannot be written.
    """
    if (
        items.input_kind not in (InputKind.BITS, InputKind.UNKNOWN_BITS)
        or items.output_kind is not OutputKind.BITS
    ):
        raise UsageError(
            f"{path}: a .csv file holds bits, but these items have {items.input_kind} inputs and "
            f"{items.output_kind} outputs; write .dat or .npz."
        )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        [f"in:{name}" if name else "in" for name in items.input_names or [""] * items.inputs.shape[1]]
        + [f"out:{name}" if name else "out" for name in items.output_names or [""] * items.n_outputs]
    )
    bits = (np.hstack([items.inputs, items.outputs]) > 0).astype(int).astype(object)
    if items.care is not None:
        bits[:, items.inputs.shape[1] :][~items.care] = "-"
    writer.writerows(bits.tolist())
    write_text(path, text.getvalue())


def _rows(path: str | os.PathLike[str]) -> tuple[list[list[str]], list[int]]:
    """All rows that are not blank, and the line on which each ends."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True, skipinitialspace=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for row in reader:
            if row:
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise FormatError(path, reader.line_num, f"the row is no comma-separated text ({error}).") from error
    if not rows:
        raise FormatError(path, 1, "the file is empty; expected one row of bits for each item.")
    return rows, lines


def _check_widths(path: object, rows: list[list[str]], lines: list[int], width: int) -> None:
    for item, row in enumerate(rows):
        if len(row) != width:
            raise FormatError(
                path,
                lines[item],
                f"item {item} has {len(row)} values, but the first row has {width}; give it {width}.",
            )


def _care(
    path: object, rows: list[list[str]], lines: list[int], is_input: NDArray[np.bool_]
) -> NDArray[np.bool_] | None:
    """Which output cells count, (n_items, n_outputs), None for all; the marks of those that do not become 1."""
    marks = {cell for cell in set().union(*rows) if cell.strip() in CARE_MARKS}
    if not marks:
        return None
    care = np.ones((len(rows), is_input.size), dtype=bool)
    for item, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell not in marks:
                continue
            if is_input[column]:
                raise FormatError(
                    path,
                    lines[item],
                    f"item {item} has {shown(cell)} in column {column + 1}, an input; only outputs may be left "
                    f"open, so give one row for each value of the input.",
                )
            care[item, column], row[column] = False, "1"
    return care[:, ~is_input]


def _table(
    path: object, rows: list[list[str]], lines: list[int], is_input: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """The cells as ±1; int8, (n_items, width)."""
    try:
        values = np.array([list(map(float, row)) for row in rows])
    except ValueError:
        values = np.full((len(rows), is_input.size), np.nan)
    if not np.isin(values, (0, 1, -1)).all():
        item, column, cell = next(
            (item, column, cell)
            for item, row in enumerate(rows)
            for column, cell in enumerate(row)
            if _number(cell) not in _BITS
        )
        raise FormatError(
            path,
            lines[item],
            f"item {item} has {shown(cell)} in column {column + 1}; expected 0/1 or -1/+1"
            f"{'' if is_input[column] else ', or - where the bit does not count'}.",
        )
    zero, minus = (values == 0).any(axis=1), (values == -1).any(axis=1)
    if zero.any() and minus.any():
        line = lines[max(int(zero.argmax()), int(minus.argmax()))]
        raise FormatError(
            path, line, "0 and -1 both stand in the file, so false is unclear; use 0/1 or -1/+1 throughout."
        )
    return np.where(values == 1, 1, -1).astype(np.int8)


def _is_name(cell: str) -> bool:
    """Whether a cell of the first row makes it a header."""
    return _number(cell) is None and cell.strip() not in CARE_MARKS


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _columns(
    path: object, line: int, header: list[str] | None, width: int, n_inputs: int | None
) -> tuple[NDArray[np.bool_], list[str]]:
    """Which columns are inputs, and the columns' names ("" where there are none)."""
    kinds = [cell.partition(":")[0] for cell in header or []]
    if header and set(kinds) <= {"in", "out"}:
        is_input = np.array([kind == "in" for kind in kinds])
        names = [cell.partition(":")[2] for cell in header]
        if n_inputs is not None and is_input.any() and is_input.sum() != n_inputs:
            raise FormatError(
                path, line, f"the header names {is_input.sum()} inputs, but {n_inputs} are expected."
            )
    elif n_inputs is None:
        raise FormatError(
            path,
            line,
            f"nothing says how many of the {width} columns are inputs; state it (n_inputs), "
            f"or add a header such as in:a,in:b,out:y.",
        )
    else:
        is_input, names = np.arange(width) < n_inputs, header or [""] * width
    if is_input.all():
        raise FormatError(path, line, f"all {width} columns are inputs; expected at least one output.")
    return is_input, names


def _names(path: object, line: int, what: str, names: list[str]) -> tuple[str, ...]:
    """The names of all inputs or of all outputs; none when all are empty."""
    if not any(names):
        return ()
    for name in names:
        if not name or not name.isprintable() or names.count(name) > 1:
            raise FormatError(
                path,
                line,
                f"an {what} column is named {shown(name)}; give all {what}s distinct names, or none.",
            )
    return tuple(names)
