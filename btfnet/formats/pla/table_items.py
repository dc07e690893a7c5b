"""A `Table` as `Items`: one for each input that it says something about, where these are not too many."""

from __future__ import annotations

import os
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import FormatError
from btfnet.logic.proof.tables import Contradiction, contradiction_of
from btfnet.logic.truth_table import EITHER, OFF, ON, OPEN, TRUE, Table
from btfnet.machine import available_bytes
from btfnet.printable import shown
from btfnet.problem.items import Items

MAX_ITEMS = 2**20
"""Most items that a table may expand into."""
MAX_VALUES = 2**25
"""Most values, inputs and outputs, of all these items together."""
VALUE_BYTES = 12
"""Of memory for each of these values, on the way to items."""
MAX_MARKS = 2**31
"""Most minterms, counted once for every line and output that speaks of them."""

HUGE = 64
"""More bits than these are not counted out: 2^64 items are too many for sure."""


def too_large(table: Table) -> str | None:
    """Why a table cannot be expanded, with the numbers; None where it can."""
    listed = table.rest == OPEN
    covered = sum(1 << min(count, HUGE) for count in table.n_either.tolist())
    n_items = covered if listed else 1 << min(table.n_inputs, HUGE)
    if n_items > MAX_ITEMS or n_items * (table.n_inputs + table.n_outputs) > MAX_VALUES:
        what = "each - of the inputs" if listed else f"the {table.source}, which speaks of every input,"
        return (
            f"expanding {what} makes {_size(n_items)} items of {table.n_inputs} + {table.n_outputs} bits; "
            f"expected at most 2^20 items and 2^25 bits"
        )
    needed, free = VALUE_BYTES * n_items * (table.n_inputs + table.n_outputs), available_bytes()
    if free is not None and needed > free:
        return (
            f"expanding it makes {_size(n_items)} items, which take {needed / 2**20:.0f} MiB of memory, but "
            f"{free / 2**20:.0f} MiB are free"
        )
    if not listed and covered * table.n_outputs > MAX_MARKS:
        return f"the lines mark {covered * table.n_outputs} outputs in all; expected at most 2^31"
    return None


def items_of(path: str | os.PathLike[str], table: Table) -> Items:
    """The items of a table: all inputs in counting order, the first one as the highest bit, or, where only
    listed ones count, these in the order of the file.

    Raises `FormatError` when these are too many, or none counts.
    """
    why = too_large(table)
    if why is not None:
        raise FormatError(
            path,
            None,
            f"{why}. To learn from it, split it or list only inputs that matter (.type fr); as it is, it can be "
            f"verified against (btfnet verify CIRCUIT TABLE) and written as a circuit (btfnet export).",
        )
    inputs, marks = _listed(table) if table.rest == OPEN else _complete(table)
    counts = (marks & (ON | OFF) > 0) & (marks & OPEN == 0)
    speaks = counts.any(axis=1)
    if not speaks.any():
        raise FormatError(path, None, "no output of any item counts; expected at least one that is 0 or 1.")
    inputs, marks, counts = inputs[speaks], marks[speaks], counts[speaks]
    return Items(
        np.where(inputs, np.float32(1), np.float32(-1)),
        np.where(marks & ON, np.int8(1), np.int8(-1)),
        input_names=table.input_names,
        output_names=table.output_names,
        care=None if counts.all() else counts,
    )


def check_listed(path: str | os.PathLike[str], table: Table) -> None:
    """Raise `FormatError`, naming both lines, where lines contradict each other; a table that can be expanded
    is, others are left to a SAT solver.
    """
    if too_large(table) is not None:
        contradiction = contradiction_of(table)
    else:
        inputs, marks = _listed(table)
        torn = np.argwhere((marks & ON > 0) & (marks & OFF > 0) & (marks & OPEN == 0))
        contradiction = _lines_of(table, inputs[torn[0][0]], int(torn[0][1])) if torn.size else None
    if contradiction is not None:
        _fail_torn(path, table, contradiction)


def _lines_of(table: Table, inputs: NDArray[np.bool_], output: int) -> Contradiction:
    meets = ((table.cubes == EITHER) | (table.cubes == inputs)).all(axis=1)
    on, off = (np.flatnonzero(meets & (table.marks[:, output] & kind > 0))[0] for kind in (ON, OFF))
    return Contradiction(inputs, output, table.lines[on], table.lines[off])


def _fail_torn(path: str | os.PathLike[str], table: Table, found: Contradiction) -> NoReturn:
    bits = "".join("01"[bit] for bit in found.inputs.tolist())
    raise FormatError(
        path,
        max(found.on, found.off),
        f"output {shown(table.output_name(found.output))} is 1 by line {found.on} and 0 by line {found.off} for "
        f"the inputs {shown(bits)}; make the lines agree, or mark the output - .",
    )


def _size(count: int) -> str:
    return str(count) if count < 10**9 else f"at least 2^{count.bit_length() - 1}"


def _complete(table: Table) -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
    """Every input, in counting order, with the first one as the highest bit; and its marks."""
    marks = np.zeros((2,) * table.n_inputs + (table.n_outputs,), dtype=np.uint8)
    for cube, mark in zip(table.cubes.tolist(), table.marks, strict=True):
        rows = tuple(slice(None) if sign == EITHER else sign for sign in cube)
        if table.parity:
            marks[rows] ^= mark & ON
        else:
            marks[rows] |= mark
    marks = marks.reshape(-1, table.n_outputs)
    marks[marks == 0] = table.rest
    return _counting(table.n_inputs), marks


def _listed(table: Table) -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
    """Every input that some line covers, in the order of the file; and its marks."""
    if not table.n_lines:
        return np.zeros((0, table.n_inputs), dtype=bool), np.zeros((0, table.n_outputs), dtype=np.uint8)
    rows = np.concatenate([_minterms(cube) for cube in table.cubes])
    packed = np.packbits(rows, axis=1)
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, item = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    item = rank[item]
    marks = np.zeros((len(first), table.n_outputs), dtype=np.uint8)
    start = 0
    for count, mark in zip(table.n_either.tolist(), table.marks, strict=True):
        marks[item[start : start + (1 << count)]] |= mark
        start += 1 << count
    return rows[first[order]], marks


def _minterms(cube: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """All inputs that a cube covers, in counting order; (2^d, n_inputs)."""
    free = np.flatnonzero(cube == EITHER)
    rows = np.repeat((cube == TRUE)[None], 1 << len(free), axis=0)
    rows[:, free] = _counting(len(free))
    return rows


def _counting(n_bits: int) -> NDArray[np.bool_]:
    """All values of at most 32 bits, counting up, the first bit the highest; (2^n_bits, n_bits)."""
    numbers = np.arange(1 << n_bits, dtype=">u4").view(np.uint8).reshape(-1, 4)
    return np.unpackbits(numbers, axis=1)[:, 32 - n_bits :].astype(bool)
