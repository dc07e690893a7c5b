"""Rows of inputs in any spelling as bytes, which circuits take."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.errors import DataError
from btfnet.kernels.logic.byte_rows import MINUS, OTHERS, ZEROS, kinds_of_bytes
from btfnet.matching.columns import Ports
from btfnet.matching.row_kinds import Kind, kind_of
from btfnet.problem.values import booleans


def kind_of_bytes(inputs: ArrayLike, rows: NDArray[np.uint8]) -> Kind:
    """`kind_of`, where the rows are already bytes; quicker on many of them."""
    if isinstance(inputs, np.ndarray) and inputs.dtype == np.int8:
        return "signs" if kinds_of_bytes(rows.reshape(-1)) & MINUS and (inputs == -1).any() else "bits"
    return kind_of(inputs)


def as_bytes(inputs: ArrayLike, where: str, *, first: int = 0) -> NDArray[np.uint8]:
    """Rows of Booleans as bytes, copied only where they are none yet: 1 is true, 0 and 255 are false.

    first   the number of the first row, for messages
    Raises `DataError` as `btfnet.problem.values.booleans` does.
    """
    if isinstance(inputs, np.ndarray) and inputs.ndim == 2 and inputs.dtype in (np.bool_, np.int8, np.uint8):
        rows = np.ascontiguousarray(inputs).view(np.uint8)
        refused = OTHERS | (MINUS if inputs.dtype != np.int8 else 0)
        kinds = kinds_of_bytes(rows.reshape(-1))
        if not kinds & refused and kinds & (ZEROS | MINUS) != ZEROS | MINUS:
            return rows
    return booleans(inputs, where, first=first).view(np.uint8)


def check_width(ports: Ports, width: int) -> None:
    """Raise `DataError` where rows have not a value for each input."""
    if width != len(ports.inputs):
        names = ports.inputs if len(ports.inputs) <= 6 else (*ports.inputs[:4], "…", ports.inputs[-1])
        raise DataError(
            f"{ports.side}: the rows have {width} values, but the circuit has "
            f"{len(ports.inputs)} inputs ({', '.join(names)}).\n"
            f"Give every row {len(ports.inputs)} values."
        )
