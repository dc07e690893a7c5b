"""`.aag` and `.aig`, the reading half: and-inverter graphs as circuits. See aiger.md."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple, NoReturn

import numpy as np

from btfnet.circuit import Circuit
from btfnet.circuit.aig import Aig
from btfnet.circuit.training import TrainingFit, training_in
from btfnet.errors import DataError, FormatError
from btfnet.formats.names import completed
from btfnet.formats.order import cycle_words, in_order
from btfnet.formats.text import decoded, read_bytes, shown

MAX_VARIABLE = 2**31 - 1
FREE_INPUTS = 2**12
"""A binary file spends no byte on an input; so many it may have, or as many as it has bytes."""

_NUMBER = rb"(?:0|[1-9][0-9]{0,9})"
_HEADER = re.compile(rb"(aag|aig)((?: " + _NUMBER + rb"){5,9})")
_MODEL = re.compile(r"^\.model (\S+)$", re.M)
_SECTIONS = ("bad states", "constraints", "justice properties", "fairness constraints")


class Counts(NamedTuple):
    """The header's numbers M, I, O and A."""

    largest: int
    inputs: int
    outputs: int
    ands: int


@dataclass
class _File:
    """The bytes of a file, and the place up to which they are read."""

    path: str | os.PathLike[str]
    data: bytes
    position: int = 0
    number: int = 0

    def fail(self, message: str, line: int | None = None) -> NoReturn:
        raise FormatError(self.path, self.number if line is None else line, message)

    def line(self, expected: str) -> bytes:
        """The next line, without its end."""
        end = self.data.find(b"\n", self.position)
        self.number += 1
        if end < 0:
            found = "ends here" if self.position == len(self.data) else "ends within this line"
            self.fail(f"the file {found}; expected {expected}. It may be cut short.")
        line, self.position = self.data[self.position : end], end + 1
        return line

    def literals(self, count: int, counts: Counts, expected: str) -> list[int]:
        """A line of so many literals."""
        line = self.line(expected)
        if not re.fullmatch(rb" ".join([_NUMBER] * count), line):
            self.fail(f"found {_text(line)}; expected {expected}.")
        values = [int(word) for word in line.split(b" ")]
        if max(values) > 2 * counts.largest + 1:
            self.fail(
                f"found the literal {max(values)}; the header allows at most {2 * counts.largest + 1} (2 M + 1)."
            )
        return values


@dataclass
class _Graph:
    """Literals as `Aig` numbers them, and the names that the file gives."""

    counts: Counts
    ands: list[tuple[int, int]]
    outputs: list[int]
    input_names: list[str | None] = field(default_factory=list)
    output_names: list[str | None] = field(default_factory=list)
    name: str = "circuit"
    training: TrainingFit | None = None


def read(path: str | os.PathLike[str]) -> Circuit:
    """The circuit of an AIGER file, of And gates; text or binary as its first word says.

    Raises `FormatError` as aiger.md lists it.
    """
    data = read_bytes(path)
    if not data.startswith(b"aig "):
        data = decoded(path, data).encode()
    file = _File(path, data)
    counts = _header(file)
    graph = (_binary if data.startswith(b"aig ") else _ascii)(file, counts)
    _symbols(file, graph)
    try:
        found = Aig(
            counts.inputs,
            np.array(graph.ands, dtype=np.int64).reshape(-1, 2),
            tuple(graph.outputs),
            completed(graph.input_names, "x"),
            completed(graph.output_names, "y"),
            graph.name,
        )
        return replace(found.cleaned().to_circuit(), training=graph.training)
    except DataError as error:
        raise FormatError(path, None, str(error)) from error


def _header(file: _File) -> Counts:
    line = file.line("aag or aig and the numbers M I L O A")
    match = _HEADER.fullmatch(line)
    if match is None:
        file.fail(
            f"found {_text(line)}; expected aag or aig and the numbers M I L O A, one space before each."
        )
    largest, inputs, latches, outputs, ands, *others = map(int, match[2].split())
    counts = Counts(largest, inputs, outputs, ands)
    if latches:
        file.fail(
            f"the file has {latches} latches (L); expected a combinational circuit, without any. "
            f"Cut the latches first, for example with ABC's comb."
        )
    for what, count in zip(_SECTIONS, others, strict=False):
        if count:
            file.fail(f"the file has {count} {what}; expected inputs, outputs and Ands only.")
    if not outputs:
        file.fail("the file has no outputs (O is 0); expected at least one.")
    binary = match[1] == b"aig"
    if largest > MAX_VARIABLE or largest < inputs + ands or (binary and largest != inputs + ands):
        expected = f"{'' if binary else 'at least '}{inputs + ands} (I + L + A) and at most {MAX_VARIABLE}"
        file.fail(f"the largest variable M is {largest}; expected {expected}.")
    _check_size(file, counts, binary)
    return counts


def _check_size(file: _File, counts: Counts, binary: bool) -> None:
    """Refuse counts that the file has no room for, before anything is made for them."""
    size = len(file.data)
    least = (
        2 * (counts.outputs + counts.ands)
        if binary
        else 2 * (counts.inputs + counts.outputs + 3 * counts.ands)
    )
    if least > size - file.position:
        file.fail(
            f"the header promises {counts.inputs} inputs, {counts.outputs} outputs and {counts.ands} Ands, which "
            f"take {least} bytes at least, but {size - file.position} follow; the file may be cut short."
        )
    if binary and counts.inputs > max(FREE_INPUTS, size):
        file.fail(
            f"the header promises {counts.inputs} inputs in a file of {size} bytes; expected at most "
            f"{max(FREE_INPUTS, size)}. Write it as text (.aag), or leave out inputs that nothing uses."
        )


# -- the graph --------------------------------------------------------------------------------------------


def _binary(file: _File, counts: Counts) -> _Graph:
    outputs = [file.literals(1, counts, "an output's literal")[0] for _ in range(counts.outputs)]
    ands = []
    for index in range(counts.ands):
        left = 2 * (counts.inputs + 1 + index)
        first = left - _delta(file, index)
        second = first - _delta(file, index)
        if not left > first >= second >= 0:
            _fail_and(
                file,
                index,
                f"{left} = {first} & {second}; expected the first below it and the second not above the first",
            )
        ands.append((first, second))
    file.number = file.data.count(b"\n", 0, file.position)  # as an editor counts the lines
    return _Graph(counts, ands, outputs)


def _delta(file: _File, index: int) -> int:
    value = 0
    for shift in range(0, 35, 7):
        if file.position == len(file.data):
            _fail_and(file, index, "the end of the file; it may be cut short")
        byte = file.data[file.position]
        file.position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value
    return _fail_and(file, index, "a difference of more than 5 bytes; expected at most 32 bits")


def _fail_and(file: _File, index: int, found: str) -> NoReturn:
    raise FormatError(file.path, None, f"And {index}, before byte {file.position}: found {found}.")


def _ascii(file: _File, counts: Counts) -> _Graph:
    defined: dict[int, int] = {0: 0}
    where: dict[int, int] = {}
    for index in range(counts.inputs):
        (literal,) = file.literals(1, counts, "an input's literal, even and at least 2")
        _define(file, literal, where)
        defined[literal >> 1] = 2 * (index + 1)
    outputs = [file.literals(1, counts, "an output's literal")[0] for _ in range(counts.outputs)]
    ands: dict[int, list[int]] = {}
    for _ in range(counts.ands):
        literal, *pair = file.literals(3, counts, "an And: its literal and two others")
        _define(file, literal, where)
        ands[literal >> 1] = pair
    first_output = 2 + counts.inputs
    used = [(first_output + index, literal) for index, literal in enumerate(outputs)]
    used += [(where[variable], literal) for variable, pair in ands.items() for literal in pair]
    for line, literal in used:
        if literal > 1 and literal >> 1 not in where:
            file.fail(f"the literal {literal} is used here, but it is no input and no And defines it.", line)
    uses = {variable: [literal >> 1 for literal in pair] for variable, pair in ands.items()}

    def fail(cycle: list[int]) -> NoReturn:
        file.fail(f"the literal {cycle_words([2 * variable for variable in cycle])}", where[cycle[0]])

    order = in_order(uses, fail)
    for number, variable in enumerate(order, start=counts.inputs + 1):
        defined[variable] = 2 * number

    def new(literal: int) -> int:
        return defined[literal >> 1] | literal & 1

    return _Graph(
        counts, [(new(ands[v][0]), new(ands[v][1])) for v in order], [new(literal) for literal in outputs]
    )


def _define(file: _File, literal: int, where: dict[int, int]) -> None:
    """Note the line on which a variable is defined."""
    if literal < 2 or literal & 1:
        file.fail(f"the literal {literal} is defined here; expected an even one, at least 2.")
    if literal >> 1 in where:
        file.fail(f"the literal {literal} is defined twice, before on line {where[literal >> 1]}.")
    where[literal >> 1] = file.number


# -- names ------------------------------------------------------------------------------------------------


def _symbols(file: _File, graph: _Graph) -> None:
    graph.input_names = [None] * graph.counts.inputs
    graph.output_names = [None] * graph.counts.outputs
    names = {b"i": graph.input_names, b"o": graph.output_names}
    seen: set[tuple[bytes, str]] = set()
    comment_start = (
        rb"c([^0-9]|$)" if file.data.startswith(b"aig ") else rb"c(\n|$)"
    )  # ABC adds its own behind it
    while file.position < len(file.data):
        if re.match(comment_start, file.data[file.position : file.position + 2]):
            comment = file.data[file.position :].decode("utf-8", errors="replace")
            model = _MODEL.search(comment)
            graph.name = model[1] if model and model[1].isprintable() else graph.name
            graph.training = training_in(comment)
            return
        line = file.line("a symbol such as i0 NAME, or the comment's c")
        match = re.fullmatch(rb"([io])(" + _NUMBER + rb") (.+)", line)
        if match is None:
            file.fail(
                f"found {_text(line)}; expected a symbol such as i0 NAME or o0 NAME, or the comment's c."
            )
        kind, index = match[1], int(match[2])
        name = match[3].decode("utf-8", errors="replace")
        if index >= len(names[kind]) or names[kind][index] is not None:
            reason = "is named twice" if index < len(names[kind]) else "does not exist"
            what = f"{_text(match[1] + match[2])} {reason}"
            file.fail(f"{what}; expected one name for each of 0 to {len(names[kind]) - 1}.")
        if not name.isprintable() or "\ufffd" in name or (kind, name) in seen:
            reason = "stands twice" if (kind, name) in seen else "is not printable"
            file.fail(f"the name {shown(name)} {reason}; rename it.")
        seen.add((kind, name))
        names[kind][index] = name


def _text(data: bytes) -> str:
    return shown(data[:80].decode("utf-8", errors="replace"))
