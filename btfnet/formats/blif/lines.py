"""`.blif`, from text to models: what the lines say, before gates are made of it. See blif.md."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from btfnet.errors import BtfnetWarning, FormatError
from btfnet.files.text import read_text
from btfnet.formats.netlists.latches import Latch
from btfnet.formats.netlists.topological import cycle_words
from btfnet.logic.training_fit import TrainingFit, training_in
from btfnet.printable import shown

_PASSED_OVER = frozenset(
    """
    .clock .clock_event .cycle .area .delay .wire .wire_load_slope .default_input_arrival .default_input_drive
    .default_output_load .default_output_required .default_max_input_load .input_arrival .arrival .input_drive
    .input_required .max_input_load .output_load .output_required .required .latch_order .attr .attrib .param
    .cname
    """.split()  # noqa: SIM905
)
"""Times, loads, clocks and remarks of SIS, Yosys and VTR: they do not change what is computed."""
_COMMANDS = (".model", ".inputs", ".outputs", ".names", ".latch", ".subckt", ".gate", ".exdc", ".end")
_LATCH_TYPES = ("fe", "re", "ah", "al", "as")
_FLATTEN = "yosys -p 'read_blif {file}; hierarchy -auto-top; flatten; write_blif flat.blif'"
_UNMAP = "berkeley-abc -c 'read_library cells.genlib; read_blif {file}; unmap; write_blif flat.blif'"


@dataclass
class Cover:
    """One `.names`: its line, its input signals, its cubes, and the value that the cubes give."""

    line: int
    inputs: list[str]
    cubes: list[str] = field(default_factory=list)
    phase: str = "1"


@dataclass
class Model:
    """What stands between `.model` and `.end`, or behind `.exdc`; names of ports with their lines."""

    path: str | os.PathLike[str]
    name: str | None = None
    training: TrainingFit | None = None
    inputs: dict[str, int] = field(default_factory=dict)
    outputs: dict[str, int] = field(default_factory=dict)
    covers: dict[str, Cover] = field(default_factory=dict)
    latches: dict[str, Latch] = field(default_factory=dict)
    dont_care: Model | None = None

    def fail(self, line: int, message: str) -> NoReturn:
        raise FormatError(self.path, line, message)

    def fail_cycle(self, names: list[str]) -> NoReturn:
        self.fail(self.covers[names[0]].line, cycle_words(names))

    def add_cover(self, name: str, cover: Cover) -> Cover:
        """A signal's definition; it must have no other."""
        self._check_new(name, cover.line)
        self.covers[name] = cover
        return cover

    def add_latch(self, latch: Latch) -> None:
        self._check_new(latch.state, latch.line)
        self.latches[latch.state] = latch

    def _check_new(self, name: str, line: int) -> None:
        if name in self.inputs:
            self.fail(line, f"the input {shown(name)} is also defined here; rename one of them.")
        earlier = self.covers.get(name) or self.latches.get(name)
        if earlier:
            where = f"before on line {earlier.line}"
            self.fail(line, f"{shown(name)} is defined twice, {where}; rename one of them.")


def parse(path: str | os.PathLike[str]) -> Model:
    """The one model of a file, and its external don't cares. Raises `FormatError` as blif.md lists it."""
    text = read_text(path)
    reader = _Reader(Model(path, training=training_in(text)))
    for line, words in _lines(text):
        reader.take(line, words)
    return reader.finish()


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and words of every line that is not blank; comments dropped, continued lines joined."""
    words: list[str] = []
    first = 0
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.partition("#")[0].rstrip()
        first = first or number
        words += line.removesuffix("\\").split()
        if line.endswith("\\"):
            continue
        if words:
            yield first, words
        words, first = [], 0
    if words:
        yield first, words


class _Reader:
    """The model so far, the part of it that is being read, and the cover that takes cubes."""

    def __init__(self, model: Model) -> None:
        self.model = self.part = model
        self.cover: Cover | None = None
        self.ended, self.last = False, 1

    def take(self, line: int, words: list[str]) -> None:
        self.last, command = line, words[0]
        if command == ".model" and (self.ended or self.model.name is not None):
            self._second_model(line, words)
        if self.ended:
            self._fail(
                f"found {shown(command)} after .end; expected one model and nothing behind it. Move .end."
            )
        if not command.startswith("."):
            self._cube(words)
            return
        self.cover = None
        match command:
            case ".model":
                self._name(words)
            case ".inputs" | ".outputs":
                self._ports(words)
            case ".names":
                self.cover = self._names(words[1:])
            case ".latch":
                self._latch(words[1:])
            case ".conn" if len(words) == 3:
                self.part.add_cover(words[2], Cover(line, [words[1]], ["1"]))
            case ".exdc" if len(words) == 1 and self.model.dont_care is None:
                self.part = self.model.dont_care = Model(self.model.path)
            case ".end" if len(words) == 1:
                self.ended = True
            case _ if command not in _PASSED_OVER:
                self._refuse(words)

    def finish(self) -> Model:
        """The model. Warns where `.end` is missing."""
        if not self.model.outputs:
            self._fail("the model has no .outputs; name at least one. The file may be cut short.")
        if not self.ended:
            warnings.warn(
                f"{self.model.path}:{self.last}: the file ends without .end; it may be cut short.",
                BtfnetWarning,
                stacklevel=2,
            )
        return self.model

    def _fail(self, message: str) -> NoReturn:
        self.model.fail(self.last, message)

    def _name(self, words: list[str]) -> None:
        if len(words) != 2 or self.part is not self.model:
            self._fail("expected .model and one name, before anything else.")
        self.model.name = words[1]

    def _second_model(self, line: int, words: list[str]) -> NoReturn:
        name = shown(words[1] if len(words) > 1 else "")
        first = (
            self.model.name if re.fullmatch(r"[\w.$]+", self.model.name or "") else "MODEL"
        )  # fit for a shell
        keep = f"yosys -p 'read_blif {self.model.path}; hierarchy -top {first}; write_blif one.blif'"
        self._fail(
            f"a second model, {name}, begins here; expected one in a file, and no .subckt uses it. "
            f"Keep one of them, for example: {keep}."
        )

    def _refuse(self, words: list[str]) -> NoReturn:
        command, file = words[0], str(self.model.path)
        if command == ".subckt":
            other = shown(words[1] if len(words) > 1 else "")
            self._fail(
                f"another model, {other}, is used here; expected one model of .names and .latch. "
                f"Flatten it first, for example: {_FLATTEN.format(file=file)}."
            )
        if command in (".gate", ".mlatch"):
            self._fail(
                f"found {command}, a cell of a library; expected .names and .latch. "
                f"Take the cells apart with their library, for example: {_UNMAP.format(file=file)}."
            )
        self._fail(f"found {shown(command)}; expected one of {', '.join(_COMMANDS[:5])} and .end.")

    def _ports(self, words: list[str]) -> None:
        model, line = self.part, self.last
        ports = model.inputs if words[0] == ".inputs" else model.outputs
        for name in words[1:]:
            if name in ports:
                self._fail(f"{shown(name)} stands twice in {words[0]}; name it once.")
            if ports is model.inputs and (name in model.covers or name in model.latches):
                self._fail(f"the input {shown(name)} is also defined in the model; rename one of them.")
            ports[name] = line

    def _names(self, names: list[str]) -> Cover:
        if not names:
            self._fail(".names stands alone; expected its inputs and its output.")
        *inputs, output = names
        return self.part.add_cover(output, Cover(self.last, inputs))

    def _latch(self, words: list[str]) -> None:
        """`.latch STORED STATE [TYPE CONTROL] [INITIAL]`; when it stores, and what first, is not asked."""
        stored_and_state, rest = words[:2], words[2:]
        if len(rest) in (1, 3) and rest[-1] in ("0", "1", "2", "3"):
            rest = rest[:-1]
        if len(stored_and_state) < 2 or (rest and (len(rest) != 2 or rest[0] not in _LATCH_TYPES)):
            types = ", ".join(_LATCH_TYPES)
            self._fail(
                f"found {shown(' '.join(['.latch', *words]))}; expected the signal that it stores, the one "
                f"that it drives, a type ({types}) with its control or neither, and 0 to 3 or nothing."
            )
        if self.part is not self.model:
            self._fail("found .latch behind .exdc; don't cares must be combinational.")
        stored, state = stored_and_state
        self.part.add_latch(Latch(state, stored, self.last))

    def _cube(self, words: list[str]) -> None:
        cover, line = self.cover, shown(" ".join(words))
        if cover is None:
            dotted = f".{words[0]}" if f".{words[0]}" in _COMMANDS else ""
            hint = f" If {dotted} is meant, write its dot." if dotted else ""
            self._fail(f"found {line}; a cube may only follow .names.{hint}")
        width = len(cover.inputs)
        cube, phase = "".join(words[:-1]), words[-1]
        if len(words) == 2 and re.fullmatch("[01-]{2,}", phase):
            self._fail(f"found {line}; a cover has one output. Write a .names for each.")
        if phase not in ("0", "1") or len(cube) != width or not re.fullmatch("[01-]*", cube):
            signals = f"{width} of the signs 0, 1 and - (for {shown(' '.join(cover.inputs))}), a space, and "
            hint = " Don't cares stand behind .exdc, as cubes that give 1." if phase == "-" else ""
            self._fail(f"found {line}; expected {signals if width else ''}0 or 1.{hint}")
        if cover.cubes and phase != cover.phase:
            self._fail(
                f"the cube gives {phase}, those before it {cover.phase}; all of a cover must give the same."
            )
        cover.phase = phase
        cover.cubes.append(cube)
