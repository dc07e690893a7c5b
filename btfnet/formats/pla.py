"""`.pla`: truth tables with don't cares, as espresso and ABC write them; read only. See pla.md."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import FormatError
from btfnet.formats.items import Items
from btfnet.formats.text import read_text, shown

MAX_ITEMS = 2**20
"""Most items that a file may expand into."""
MAX_VALUES = 2**25
"""Most values, inputs and outputs, of all these items together."""
MAX_MARKS = 2**31
"""Most minterms, counted once for every line and output that speaks of them."""

TYPES = ("fd", "f", "fr", "fdr", "dr", "r")
_ALIASES = str.maketrans("243", "-1~")
_ON, _OFF, _OPEN = 1, 2, 4


class _Cube(NamedTuple):
    """A line: its inputs as 0, 1 and -, its outputs as 0, 1, - and ~."""

    line: int
    inputs: str
    outputs: str


@dataclass
class _Table:
    path: str | os.PathLike[str]
    type: str = "fd"
    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cubes: list[_Cube] = field(default_factory=list)
    last: int = 1

    @property
    def n_inputs(self) -> int:
        return self.counts[".i"]

    @property
    def n_outputs(self) -> int:
        return self.counts[".o"]

    def fail(self, line: int, message: str) -> NoReturn:
        raise FormatError(self.path, line, message)

    def marks(self, outputs: str) -> NDArray[np.uint8]:
        """What a line's marks put each output into, given the type; uint8, (n_outputs,)."""
        meaning = {
            "1": _ON * ("f" in self.type),
            "0": _OFF * ("r" in self.type),
            "-": _OPEN * ("d" in self.type),
        }
        return np.array([meaning.get(mark, 0) for mark in outputs], dtype=np.uint8)


def read(path: str | os.PathLike[str], *, n_inputs: int | None = None) -> Items:
    """The items of a `.pla` file: one for each input that the table says something about.

    Raises `FormatError` as pla.md lists it.
    """
    table = _parse(path)
    if n_inputs is not None and table.n_inputs != n_inputs:
        raise FormatError(path, None, f"the table has {table.n_inputs} inputs, but {n_inputs} are expected.")
    listed = table.type in ("fr", "fdr")
    inputs, marks = _listed(table) if listed else _complete(table)
    counts = (marks & (_ON | _OFF) > 0) & (marks & _OPEN == 0)
    kept = counts.any(axis=1)
    if not kept.any():
        table.fail(table.last, "no output of any item counts; expected at least one that is 0 or 1.")
    inputs, marks, counts = inputs[kept], marks[kept], counts[kept]
    return Items(
        np.where(inputs, np.float32(1), np.float32(-1)),
        np.where(marks & _ON, np.int8(1), np.int8(-1)),
        input_names=table.names.get(".ilb", ()),
        output_names=table.names.get(".ob", ()),
        care=None if counts.all() else counts,
    )


# -- text to cubes ----------------------------------------------------------------------------------------


def _parse(path: str | os.PathLike[str]) -> _Table:
    table, ended = _Table(path), False
    for number, whole in enumerate(read_text(path).split("\n"), start=1):
        words = whole.partition("#")[0].split()
        if not words:
            continue
        table.last = number
        if ended:
            table.fail(number, f"found {shown(words[0])} after .e; expected one table and nothing behind it.")
        if not words[0].startswith("."):
            _cube(table, number, "".join(words).replace("|", ""))
        elif words in ([".e"], [".end"]):
            ended = True
        elif table.cubes:
            table.fail(
                number, f"found {shown(words[0])} between the lines of the table; expected it above them."
            )
        else:
            _keyword(table, number, words)
    for key, what in ((".i", "inputs"), (".o", "outputs")):
        if key not in table.counts:
            table.fail(table.last, f"nothing says how many {what} there are; expected {key} and a number.")
    promised = table.counts.get(".p")
    if promised is not None and promised != len(table.cubes):
        table.fail(
            table.last, f"found {len(table.cubes)} lines, but .p promises {promised}; correct .p, or drop it."
        )
    if not ended and promised is None:
        table.fail(
            table.last, "the file ends without .e, and no .p says how many lines it has; it may be cut short."
        )
    return table


def _keyword(table: _Table, line: int, words: list[str]) -> None:
    key, *values = words
    match key:
        case ".i" | ".o" | ".p":
            least = 0 if key == ".p" else 1
            fine = len(values) == 1 and re.fullmatch("[0-9]{1,9}", values[0]) and int(values[0]) >= least
            if not fine or key in table.counts:
                table.fail(
                    line, f"found {shown(' '.join(words))}; expected {key} once, with a number from {least}."
                )
            table.counts[key] = int(values[0])
        case ".ilb" | ".ob":
            count = ".i" if key == ".ilb" else ".o"
            if len(set(values)) != len(values) or not all(map(str.isprintable, values)) or key in table.names:
                table.fail(
                    line, f"{key} has {len(values)} names; expected distinct printable ones, given once."
                )
            if len(values) != table.counts.get(count):
                table.fail(line, f"{key} has {len(values)} names; expected {count} above it, with as many.")
            table.names[key] = tuple(values)
        case ".type":
            if len(values) != 1 or values[0] not in TYPES:
                table.fail(
                    line, f"found {shown(' '.join(words))}; expected .type and one of {', '.join(TYPES)}."
                )
            table.type = values[0]
        case _:
            table.fail(
                line,
                f"found {shown(key)}; expected .i, .o, .ilb, .ob, .p, .type or .e, or a line of the table.",
            )


def _cube(table: _Table, line: int, signs: str) -> None:
    if not {".i", ".o"} <= set(table.counts):
        table.fail(line, f"found {shown(signs)}; expected .i and .o with their numbers first.")
    if len(signs) != table.n_inputs + table.n_outputs:
        table.fail(
            line,
            f"the line has {len(signs)} signs; expected {table.n_inputs} inputs and {table.n_outputs} outputs.",
        )
    inputs, outputs = signs[: table.n_inputs], signs[table.n_inputs :]
    for what, part, known in (("inputs", inputs, "01-2"), ("outputs", outputs, "01-~234")):
        wrong = part.strip(known)
        if wrong:
            table.fail(line, f"found {shown(wrong[0])} among the {what}; expected {', '.join(known)}.")
    table.cubes.append(_Cube(line, inputs.translate(_ALIASES), outputs.translate(_ALIASES)))


# -- cubes to items ---------------------------------------------------------------------------------------


def _check_size(table: _Table, n_items: int, why: str) -> None:
    n_values = n_items * (table.n_inputs + table.n_outputs)
    if n_items <= MAX_ITEMS and n_values <= MAX_VALUES:
        return
    raise FormatError(
        table.path,
        None,
        f"{why} makes {_size(n_items)} items of {table.n_inputs} + {table.n_outputs} bits; expected at most "
        f"2^20 items and 2^25 bits. Split the table, or list only the items that matter (.type fr).",
    )


def _size(count: int) -> str:
    return str(count) if count < 10**9 else f"at least 2^{count.bit_length() - 1}"


def _complete(table: _Table) -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
    """Every input, in counting order, with the first one as the highest bit; and its marks.

    What no line puts anywhere is in the set that the type leaves out.
    """
    n = table.n_inputs
    _check_size(table, 1 << min(n, 64), f"the type {table.type}, which speaks of every input,")
    work = sum(2 ** cube.inputs.count("-") * table.n_outputs for cube in table.cubes)
    if work > MAX_MARKS:
        raise FormatError(
            table.path,
            None,
            f"the lines mark {work} outputs in all; expected at most 2^31. Give fewer or narrower lines.",
        )
    marks = np.zeros((2,) * n + (table.n_outputs,), dtype=np.uint8)
    for cube in table.cubes:
        place = tuple(slice(None) if sign == "-" else int(sign) for sign in cube.inputs)
        marks[place] |= table.marks(cube.outputs)
    marks = marks.reshape(-1, table.n_outputs)
    marks[marks == 0] = _OFF if "f" in table.type else _ON
    return _counting(n), marks


def _listed(table: _Table) -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
    """Every input that some line covers, in the order of the file; and its marks."""
    free = [cube.inputs.count("-") for cube in table.cubes]
    _check_size(table, sum(1 << count for count in free), "expanding each - of the inputs")
    if not table.cubes:
        return np.zeros((0, table.n_inputs), dtype=bool), np.zeros((0, table.n_outputs), dtype=np.uint8)
    rows = np.concatenate([_minterms(cube.inputs) for cube in table.cubes])
    packed = np.packbits(rows, axis=1)
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, item = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    item = place[item]
    marks = np.zeros((len(first), table.n_outputs), dtype=np.uint8)
    start = 0
    for cube, count in zip(table.cubes, free, strict=True):
        marks[item[start : start + (1 << count)]] |= table.marks(cube.outputs)
        start += 1 << count
    inputs = rows[first[order]]
    torn = np.argwhere((marks & _ON > 0) & (marks & _OFF > 0) & (marks & _OPEN == 0))
    if torn.size:
        _fail_torn(table, inputs[torn[0][0]], int(torn[0][1]))
    return inputs, marks


def _minterms(inputs: str) -> NDArray[np.bool_]:
    """All inputs that a cube covers, in counting order; (2^d, n_inputs)."""
    signs = np.frombuffer(inputs.encode("ascii"), dtype=np.uint8)
    free = np.flatnonzero(signs == ord("-"))
    rows = np.repeat((signs == ord("1"))[None], 1 << len(free), axis=0)
    rows[:, free] = _counting(len(free))
    return rows


def _counting(n_bits: int) -> NDArray[np.bool_]:
    """All values of at most 32 bits, counting up, the first bit the highest; (2^n_bits, n_bits)."""
    numbers = np.arange(1 << n_bits, dtype=">u4").view(np.uint8).reshape(-1, 4)
    return np.unpackbits(numbers, axis=1)[:, 32 - n_bits :].astype(bool)


def _fail_torn(table: _Table, row: NDArray[np.bool_], output: int) -> NoReturn:
    """Name the two lines that give an input both values."""
    bits = "".join("01"[bit] for bit in row.tolist())
    lines = {
        cube.outputs[output]: cube.line
        for cube in reversed(table.cubes)
        if all(sign in ("-", bit) for sign, bit in zip(cube.inputs, bits, strict=True))
    }
    table.fail(
        max(lines["0"], lines["1"]),
        f"output {output} is 1 by line {lines['1']} and 0 by line {lines['0']} for the inputs {shown(bits)}; "
        f"make the lines agree, or mark the output - .",
    )
