"""`.aag` and `.aig`: the bytes of a file, its header, and its sections but for the Ands. See aiger.md."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn

from btfnet.errors import FormatError
from btfnet.files.reading import read_bytes
from btfnet.files.text import decoded
from btfnet.formats.netlists.latches import ADVICE
from btfnet.printable import shown

MAX_VARIABLE = 2**31 - 1
FREE_INPUTS = 2**12
"""A binary file spends no byte on an input; so many it may have, or as many as it has bytes."""

NUMBER = rb"(?:0|[1-9][0-9]{0,9})"
_HEADER = re.compile(rb"(aag|aig)((?: " + NUMBER + rb"){5,9})")
_SECTIONS = ("bad state", "constraint", "justice property", "fairness constraint")
_MANY = {"justice property": "justice properties", "latch": "latches"}


class Counts(NamedTuple):
    """The header's numbers M, I, L, O, A, and B, C, J, F of AIGER 1.9."""

    largest: int
    inputs: int
    latches: int
    outputs: int
    ands: int
    bad: int = 0
    constraints: int = 0
    justice: int = 0
    fairness: int = 0

    @property
    def literals(self) -> int:
        """Lines of one literal: outputs, bad states, constraints, sizes of justice properties, fairness."""
        return self.outputs + sum(self[5:])


@dataclass
class File:
    """The bytes of a file, and the place up to which they are read."""

    path: str | os.PathLike[str]
    data: bytes
    position: int = 0
    number: int = 0

    @classmethod
    def of(cls, path: str | os.PathLike[str]) -> File:
        """The file's bytes; text has LF line ends then, whatever it had."""
        data = read_bytes(path)
        file = cls(path, data)
        if re.match(rb"a[ai]g2 ", data):
            file.fail(
                f"found {data[:4].decode()}, ABC's own compact form, which only ABC reads; write it anew without "
                f"-c: berkeley-abc -c 'read_aiger {path}; write_aiger plain.aig'.",
                1,
            )
        if not data.startswith(b"aig "):
            file.data = decoded(path, data).replace("\r\n", "\n").encode()
        elif data.partition(b"\n")[0].endswith(b"\r"):
            file.fail(
                "the line ends with CR LF; a binary file that was converted like text is damaged. "
                "Take the original, or the text form (.aag).",
                1,
            )
        return file

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

    def literals(self, least: int, counts: Counts, expected: str, *, most: int | None = None) -> list[int]:
        """A line of so many literals."""
        line = self.line(expected)
        words = line.split(b" ")
        if not least <= len(words) <= (most or least) or not all(re.fullmatch(NUMBER, w) for w in words):
            self.fail(f"found {text_of(line)}; expected {expected}.")
        values = [int(word) for word in words]
        if max(values) > 2 * counts.largest + 1:
            self.fail(
                f"found the literal {max(values)}; the header allows at most {2 * counts.largest + 1} (2 M + 1)."
            )
        return values


@dataclass
class Sections:
    """What stands between the header and the Ands: literals, and the lines on which they stand.

    inputs, states  of the inputs and of the latches; even
    stored          the next state of each latch
    observed        outputs, bad states, constraints, justice properties and fairness constraints, in order
    sizes           how many literals of `observed` each justice property has
    """

    inputs: list[int] = field(default_factory=list)
    states: list[int] = field(default_factory=list)
    stored: list[int] = field(default_factory=list)
    observed: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    defined: dict[int, int] = field(default_factory=dict)
    used: list[tuple[int, int]] = field(default_factory=list)

    def define(self, file: File, literal: int) -> None:
        """Note the line on which a variable is defined."""
        if literal < 2 or literal & 1:
            file.fail(f"the literal {literal} is defined here; expected an even one, at least 2.")
        if literal >> 1 in self.defined:
            file.fail(f"the literal {literal} is defined twice, before on line {self.defined[literal >> 1]}.")
        self.defined[literal >> 1] = file.number


def header(file: File) -> Counts:
    """The counts, which the file has room for."""
    line = file.line("aag or aig and the numbers M I L O A")
    match = _HEADER.fullmatch(line)
    if match is None:
        file.fail(
            f"found {text_of(line)}; expected aag or aig and the numbers M I L O A, one space before each."
        )
    counts = Counts(*map(int, match[2].split()))
    if not counts.literals:
        file.fail("the file has no outputs (O is 0); expected at least one.")
    binary, variables = match[1] == b"aig", counts.inputs + counts.latches + counts.ands
    if not variables <= counts.largest <= MAX_VARIABLE or (binary and counts.largest != variables):
        expected = f"{'' if binary else 'at least '}{variables} (I + L + A) and at most {MAX_VARIABLE}"
        file.fail(f"the largest variable M is {counts.largest}; expected {expected}.")
    _check_size(file, counts, binary)
    return counts


def refuse_state(file: File, counts: Counts) -> NoReturn:
    """Say what is not combinational."""
    state_counts = [(counts.latches, "latch"), *zip(counts[5:], _SECTIONS, strict=True)]
    words = [f"{n} {what if n == 1 else _MANY.get(what, what + 's')}" for n, what in state_counts if n]
    file.fail(
        f"the file has {', '.join(words)}; expected inputs, outputs and Ands only. {ADVICE} Properties become "
        f"outputs as well.",
        1,
    )


def _check_size(file: File, counts: Counts, binary: bool) -> None:
    """Refuse counts that the file has no room for, before anything is made for them."""
    size = len(file.data)
    each = 2 * (counts.literals + counts.latches + counts.ands)
    least = each if binary else each + 2 * (counts.inputs + counts.latches + 2 * counts.ands)
    if least > size - file.position:
        file.fail(
            f"the header promises {counts.inputs} inputs, {counts.literals} outputs and {counts.ands} Ands, which "
            f"take {least} bytes at least, but {size - file.position} follow; the file may be cut short."
        )
    if binary and counts.inputs > max(FREE_INPUTS, size):
        file.fail(
            f"the header promises {counts.inputs} inputs in a file of {size} bytes; expected at most "
            f"{max(FREE_INPUTS, size)}. Write it as text (.aag), or leave out inputs that nothing uses."
        )


def sections(file: File, counts: Counts, *, binary: bool) -> Sections:
    """Everything up to the Ands."""
    parsed = Sections()
    for index in range(counts.inputs):
        literal = 2 * (index + 1)
        if not binary:
            (literal,) = file.literals(1, counts, "an input's literal, even and at least 2")
            parsed.define(file, literal)
        parsed.inputs.append(literal)
    for _ in range(counts.latches):
        _latch(file, counts, parsed, binary=binary)
    kinds = ("an output's", "a bad state's", "a constraint's")
    for count, kind in zip((counts.outputs, counts.bad, counts.constraints), kinds, strict=True):
        _observe(file, counts, parsed, count, kind)
    for _ in range(counts.justice):
        (size,) = file.literals(1, counts, "the number of literals of a justice property")
        parsed.sizes.append(size)
    if 2 * sum(parsed.sizes) > len(file.data) - file.position:
        file.fail(
            f"the justice properties have {sum(parsed.sizes)} literals, for which the file is too short."
        )
    _observe(file, counts, parsed, sum(parsed.sizes), "a justice property's")
    _observe(file, counts, parsed, counts.fairness, "a fairness constraint's")
    return parsed


def _latch(file: File, counts: Counts, found: Sections, *, binary: bool) -> None:
    """A latch: its literal (in text only), the one that it stores, and what it begins with."""
    if binary:
        state = 2 * (counts.inputs + 1 + len(found.states))
        stored, *initial = file.literals(1, counts, "what a latch stores, and 0, 1 or nothing", most=2)
    else:
        expected = "a latch: its literal, the one that it stores, and 0, 1 or nothing"
        state, stored, *initial = file.literals(2, counts, expected, most=3)
        found.define(file, state)
    if initial and initial[0] not in (0, 1, state):
        file.fail(
            f"the latch {state} begins as {initial[0]}; expected 0, 1, or {state}, which means unknown. Write one "
            f"of them, or leave it out for 0."
        )
    found.states.append(state)
    found.stored.append(stored)
    found.used.append((file.number, stored))


def _observe(file: File, counts: Counts, found: Sections, count: int, whose: str) -> None:
    for _ in range(count):
        (literal,) = file.literals(1, counts, f"{whose} literal")
        found.observed.append(literal)
        found.used.append((file.number, literal))


def text_of(data: bytes) -> str:
    """Bytes fit for a message."""
    return shown(data[:80].decode("utf-8", errors="replace"))
