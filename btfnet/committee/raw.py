"""Rows of raw inputs, checked: what committees and classifiers take."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.errors import DataError
from btfnet.matching.columns import Ports
from btfnet.matching.frames import input_rows
from btfnet.problem.values import InputKind, booleans


def raw_rows(
    inputs: ArrayLike, ports: Ports, n_inputs: int, kind: InputKind, *, first: int = 0
) -> NDArray[np.float32]:
    """Numbers (analog ones from -1 to 1), or ±1 for bits in any spelling; (n_items, n_inputs).

    inputs   an array, or a data frame, whose columns are matched by name; those named like classes are left out
    first    the number of the first row, for messages
    Raises `DataError` for rows of another length or with other values, and for names that do not fit.
    """
    try:
        rows = np.asarray(input_rows(inputs, ports))
    except ValueError as error:
        raise DataError(
            f"{ports.side}: the rows differ in length; give every item {n_inputs} values."
        ) from error
    if rows.ndim != 2 or rows.shape[1] != n_inputs:
        raise DataError(
            f"{ports.side}: inputs of the shape {rows.shape}; expected rows of {n_inputs} values, as in "
            f"the training items."
        )
    if kind is InputKind.BITS:
        return booleans(rows, f"{ports.side}: inputs", first=first).astype(np.float32)
    if rows.dtype.kind not in "iuf":
        raise DataError(f"{ports.side}: the inputs are of type {rows.dtype}; expected numbers.")
    any_number = kind is InputKind.NUMBERS
    most = float(np.finfo(np.float32).max) if any_number else 1.0
    bad = ~((rows >= -most) & (rows <= most))
    if bad.any():
        item, column = np.argwhere(bad)[0]
        expected = (
            "a finite number" if any_number else "a number from -1 to 1, scaled as in the training items"
        )
        raise DataError(
            f"{ports.side}: item {first + item + 1} has the value {rows[item, column]} in column {column + 1}; "
            f"expected {expected}."
        )
    return rows.astype(np.float32)
