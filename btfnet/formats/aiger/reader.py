"""`.aag` and `.aig`, the reading half: and-inverter graphs as circuits. See aiger.md."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NoReturn

import numpy as np

from btfnet.errors import DataError, FormatError
from btfnet.formats.aiger.file import NUMBER, Counts, File, Sections, header, refuse_state, sections, text_of
from btfnet.formats.netlists.latches import with_next_states, with_states
from btfnet.formats.netlists.names import completed
from btfnet.formats.netlists.topological import cycle_words, in_order
from btfnet.logic.aig.aig import Aig
from btfnet.logic.circuit import Circuit
from btfnet.logic.training_fit import TrainingFit, training_in
from btfnet.printable import shown

_MODEL = re.compile(r"^\.model (\S+)$", re.M)
_KINDS = "ilobcjf"
_LETTERS = dict(zip(_KINDS, "xlybcjf", strict=True))
"""Of symbols, and of the names of ports that have none."""


@dataclass
class _Symbols:
    """Names by kind and position, None where there is none; and what the comment says."""

    names: dict[str, list[str | None]]
    circuit: str = "circuit"
    training: TrainingFit | None = None
    seen: set[tuple[str, str]] = field(default_factory=set)

    def of(self, kind: str) -> tuple[str, ...]:
        """A name for each."""
        names, letter = self.names[kind], _LETTERS[kind]
        return completed(names, letter) or tuple(f"{letter}{index}" for index in range(len(names)))


def read(path: str | os.PathLike[str], *, cut_latches: bool = False) -> Circuit:
    """The circuit of an AIGER file, of And gates; text or binary as its first word says.

    cut_latches   states of latches become inputs, next states and all properties outputs; without it both
                  are refused
    Raises `FormatError` as aiger.md lists it.
    """
    file = File.of(path)
    counts = header(file)
    binary = file.data.startswith(b"aig ")
    parsed = sections(file, counts, binary=binary)
    if not cut_latches and (counts.latches or any(counts[5:])):
        refuse_state(file, counts)
    ands, literals = (_binary if binary else _ascii)(file, counts, parsed)
    symbols = _symbols(file, counts)
    states = symbols.of("l")
    try:
        graph = Aig(
            counts.inputs + counts.latches,
            np.array(ands, dtype=np.int64).reshape(-1, 2),
            tuple(literals),
            with_states(symbols.of("i"), states),
            with_next_states(_observed(symbols, parsed.sizes), states),
            symbols.circuit,
        )
        return replace(Circuit.from_aig(graph.cleaned()), training=symbols.training)
    except DataError as error:
        raise FormatError(path, None, str(error)) from error


# -- the graph --------------------------------------------------------------------------------------------


def _binary(file: File, counts: Counts, found: Sections) -> tuple[list[tuple[int, int]], list[int]]:
    """The Ands, and the literals of outputs and next states."""
    ands, first_and = [], counts.inputs + counts.latches + 1
    for index in range(counts.ands):
        left = 2 * (first_and + index)
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
    return ands, [*found.observed, *found.stored]


def _delta(file: File, index: int) -> int:
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


def _fail_and(file: File, index: int, found: str) -> NoReturn:
    raise FormatError(file.path, None, f"And {index}, before byte {file.position}: found {found}.")


def _ascii(file: File, counts: Counts, found: Sections) -> tuple[list[tuple[int, int]], list[int]]:
    """As `_binary`, with the Ands in order and numbered anew."""
    ands: dict[int, list[int]] = {}
    for _ in range(counts.ands):
        literal, *pair = file.literals(3, counts, "an And: its literal and two others")
        found.define(file, literal)
        ands[literal >> 1] = pair
        found.used += [(file.number, used) for used in pair]
    where = found.defined
    for line, literal in found.used:
        if literal > 1 and literal >> 1 not in where:
            file.fail(
                f"the literal {literal} is used here, but it is no input and no latch or And defines it.",
                line,
            )

    def fail(cycle: list[int]) -> NoReturn:
        file.fail(f"the literal {cycle_words([2 * variable for variable in cycle])}", where[cycle[0]])

    order = in_order({variable: [used >> 1 for used in pair] for variable, pair in ands.items()}, fail)
    given = [0, *(literal >> 1 for literal in (*found.inputs, *found.states))]
    number = {variable: new for new, variable in enumerate((*given, *order))}

    def new(literal: int) -> int:
        return 2 * number[literal >> 1] | literal & 1

    joined = [(new(ands[variable][0]), new(ands[variable][1])) for variable in order]
    return joined, [new(literal) for literal in (*found.observed, *found.stored)]


# -- names ------------------------------------------------------------------------------------------------


def _observed(symbols: _Symbols, sizes: list[int]) -> Iterator[str]:
    """Names of outputs, bad states, constraints, literals of justice properties, and fairness constraints."""
    for kind in "obc":
        yield from symbols.of(kind)
    for name, size in zip(symbols.of("j"), sizes, strict=True):
        yield from [name] if size == 1 else (f"{name}_{index}" for index in range(size))
    yield from symbols.of("f")


def _symbols(file: File, counts: Counts) -> _Symbols:
    lengths = (counts.inputs, counts.latches, counts.outputs, *counts[5:])
    found = _Symbols({kind: [None] * length for kind, length in zip(_KINDS, lengths, strict=True)})
    # ABC adds its own behind the c, and constraints have symbols that begin with it
    comment_start = rb"c([^0-9]|$)" if file.data.startswith(b"aig ") else rb"c(\n|$)"
    while file.position < len(file.data):
        if re.match(comment_start, file.data[file.position : file.position + 2]):
            comment = file.data[file.position :].decode("utf-8", errors="replace")
            model = _MODEL.search(comment)
            found.circuit = model[1] if model and model[1].isprintable() else found.circuit
            found.training = training_in(comment)
            break
        _symbol(file, found)
    return found


def _symbol(file: File, found: _Symbols) -> None:
    line = file.line("a symbol such as i0 NAME, or the comment's c")
    match = re.fullmatch(rb"([ilobcjf])(" + NUMBER + rb") (.+)", line)
    if match is None:
        file.fail(f"found {text_of(line)}; expected a symbol such as i0 NAME or o0 NAME, or the comment's c.")
    kind, index = match[1].decode(), int(match[2])
    names, name = found.names[kind], match[3].decode("utf-8", errors="replace")
    if index >= len(names) or names[index] is not None:
        reason = "is named twice" if index < len(names) else "does not exist"
        expected = f"one name for each of 0 to {len(names) - 1}" if names else "no names of this kind"
        file.fail(f"{text_of(match[1] + match[2])} {reason}; expected {expected}.")
    if not name.isprintable() or "\ufffd" in name or (kind, name) in found.seen:
        reason = "stands twice" if (kind, name) in found.seen else "is not printable"
        file.fail(f"the name {shown(name)} {reason}; rename it.")
    found.seen.add((kind, name))
    names[index] = name
