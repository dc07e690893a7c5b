"""Rows of inputs for `btfnet predict`, and rows of outputs from it."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from btfnet.errors import FormatError, UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from btfnet.circuit import Circuit

WITH_OUTPUTS = (".npz", ".dat")
"""Formats that always hold outputs beside the inputs."""
CELLS = {"0": 0, "1": 1, "-1": -1, "+1": 1}


def read_rows(path: str, circuit: Circuit) -> NDArray[np.int8]:
    """Rows of the circuit's inputs, from .csv (- is standard input), .npy, or an items file."""
    from btfnet import formats
    from btfnet.cli.models import boolean_items
    from btfnet.formats.npy import bits, decode
    from btfnet.formats.text import read_bytes, read_text

    suffix = ".csv" if path == "-" else Path(path).suffix.lower()
    if suffix == ".npy":
        return bits(path, "rows", decode(path, read_bytes(path), "rows"))
    if suffix in WITH_OUTPUTS:
        items = formats.read_items(path, n_inputs=circuit.n_inputs)
        return boolean_items(items, circuit, path)[0]
    if suffix != ".csv":
        raise UsageError(
            f"{path}: rows of inputs are read from .csv, .npy, .npz and .dat files, or from - (as .csv)."
        )
    text = sys.stdin.read() if path == "-" else read_text(path)
    return _from_csv("standard input" if path == "-" else path, text.splitlines(), circuit)


def check_writable(path: str | None) -> None:
    """Raise `UsageError` when the suffix names no format that `write_rows` knows."""
    if path is not None and Path(path).suffix.lower() not in (".csv", ".npy"):
        raise UsageError(f"{path}: rows of outputs are written as .csv or .npy.")


def write_rows(path: str | None, outputs: NDArray[np.int8]) -> None:
    """Rows of 0 and 1: as .csv or .npy, by the suffix, or on standard output."""
    import click
    import numpy as np

    from btfnet.formats.atomic import write_bytes, write_text
    from btfnet.formats.npy import encode

    rows = (outputs > 0).astype(np.int8)
    if path is not None and Path(path).suffix.lower() == ".npy":
        write_bytes(path, encode(rows))
        return
    text = "".join(",".join(map(str, row)) + "\n" for row in rows.tolist())
    if path is None:
        click.echo(text, nl=False)
    else:
        write_text(path, text)


def _from_csv(path: str, lines: Iterable[str], circuit: Circuit) -> NDArray[np.int8]:
    """Rows of bits; a first row without any number is a header, and its out: columns are left out."""
    import numpy as np

    rows: list[list[int]] = []
    reader = csv.reader(lines, skipinitialspace=True)
    is_output: list[bool] | None = None
    try:
        for cells in filter(None, reader):
            if is_output is None:
                is_output = [cell.partition(":")[0] == "out" for cell in cells]
                if not any(map(_is_number, cells)):
                    continue
            if len(cells) != len(is_output):
                message = f"the row has {len(cells)} values, but the first row has {len(is_output)}."
                raise FormatError(path, reader.line_num, message)
            given = [cell for cell, output in zip(cells, is_output, strict=True) if not output]
            rows.append(_row(path, reader.line_num, given, circuit))
    except csv.Error as error:
        message = f"the row is no comma-separated text ({error})."
        raise FormatError(path, reader.line_num, message) from error
    if not rows:
        raise FormatError(path, None, f"there are no rows; give every item {circuit.n_inputs} bits.")
    return np.array(rows, dtype=np.int8)


def _row(path: str, line: int, cells: list[str], circuit: Circuit) -> list[int]:
    if len(cells) != circuit.n_inputs:
        message = f"the row has {len(cells)} values, but the circuit has {circuit.n_inputs} inputs."
        raise FormatError(path, line, message)
    for cell in cells:
        if cell.strip() not in CELLS:
            raise FormatError(path, line, f"found {cell.strip()[:40]!a}, expected 0/1 or -1/+1.")
    return [CELLS[cell.strip()] for cell in cells]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
