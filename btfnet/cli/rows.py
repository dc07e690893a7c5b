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
    from btfnet.formats.npy import bits, decode
    from btfnet.formats.text import read_bytes, read_text

    suffix = ".csv" if path == "-" else Path(path).suffix.lower()
    if suffix == ".npy":
        return bits(path, "rows", decode(path, read_bytes(path), "rows"))
    if suffix in WITH_OUTPUTS:
        return _given(path, formats.read_items(path, n_inputs=circuit.n_inputs))
    if suffix != ".csv":
        raise UsageError(
            f"{path}: rows of inputs are read from .csv, .npy, .npz and .dat files, or from - (as .csv)."
        )
    text = sys.stdin.read() if path == "-" else read_text(path)
    return _from_csv("standard input" if path == "-" else path, text.splitlines(), circuit)


def write_rows(path: str | None, outputs: NDArray[np.int8]) -> None:
    """Rows of 0 and 1: as .csv or .npy, or on standard output."""
    import click
    import numpy as np

    from btfnet.formats.atomic import write_bytes, write_text
    from btfnet.formats.npy import encode

    suffix = ".csv" if path is None else Path(path).suffix.lower()
    if suffix not in (".csv", ".npy"):
        raise UsageError(f"{path}: rows of outputs are written as .csv or .npy.")
    rows = (outputs > 0).astype(np.int8)
    if path is not None and suffix == ".npy":
        write_bytes(path, encode(rows))
        return
    text = "".join(",".join(map(str, row)) + "\n" for row in rows.tolist())
    if path is None:
        click.echo(text, nl=False)
    else:
        write_text(path, text)


def _given(path: str, items: object) -> NDArray[np.int8]:
    import numpy as np

    from btfnet.cli.models import boolean_items
    from btfnet.formats import Items

    assert isinstance(items, Items)
    inputs, _ = boolean_items(items, path)
    return np.asarray(inputs)


def _from_csv(path: str, lines: Iterable[str], circuit: Circuit) -> NDArray[np.int8]:
    """Rows of bits; a first line that is no row of bits is a header, and its out: columns are left out."""
    import numpy as np

    rows: list[list[int]] = []
    keep: list[int] | None = None
    reader = csv.reader(lines, skipinitialspace=True)
    for cells in reader:
        if not cells:
            continue
        if keep is None:
            header = any(cell.strip() not in CELLS for cell in cells)
            keep = [
                column for column, cell in enumerate(cells) if not (header and cell.split(":")[0] == "out")
            ]
            if header and not _is_number(cells[0]):
                continue
        rows.append(
            _row(path, reader.line_num, [cells[column] for column in keep if column < len(cells)], circuit)
        )
    if not rows:
        raise FormatError(path, None, f"there are no rows; give every item {circuit.n_inputs} bits.")
    return np.array(rows, dtype=np.int8)


def _row(path: str, line: int, cells: list[str], circuit: Circuit) -> list[int]:
    if len(cells) != circuit.n_inputs:
        raise FormatError(
            path, line, f"the row has {len(cells)} values, but the circuit has {circuit.n_inputs} inputs."
        )
    for cell in cells:
        if cell.strip() not in CELLS:
            raise FormatError(path, line, f"found {cell.strip()!r}, expected 0/1 or -1/+1.")
    return [CELLS[cell.strip()] for cell in cells]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
