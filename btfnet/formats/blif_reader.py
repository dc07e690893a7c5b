"""`.blif`, the reading half: covers of single-output `.names` become gates. See blif.md."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from btfnet.circuit import Circuit, Gate
from btfnet.circuit.training import TrainingFit, training_in
from btfnet.errors import DataError, FormatError
from btfnet.formats.order import cycle_words, in_order
from btfnet.formats.text import read_text, shown


@dataclass
class _Cover:
    """One `.names`: its line, its input signals, its cubes, and the value that the cubes give."""

    line: int
    inputs: list[str]
    cubes: list[str] = field(default_factory=list)
    phase: str = "1"


@dataclass
class _Model:
    path: str | os.PathLike[str]
    name: str | None = None
    training: TrainingFit | None = None
    inputs: dict[str, int] = field(default_factory=dict)
    outputs: dict[str, int] = field(default_factory=dict)
    covers: dict[str, _Cover] = field(default_factory=dict)

    def fail(self, line: int, message: str) -> NoReturn:
        raise FormatError(self.path, line, message)

    def fail_cycle(self, names: list[str]) -> NoReturn:
        self.fail(self.covers[names[0]].line, cycle_words(names))


def read(path: str | os.PathLike[str]) -> Circuit:
    """The circuit of a `.blif` file: one gate for each cube and cover, buffers and inverters as literals.

    Raises `FormatError` as blif.md lists it.
    """
    model = _parse(path)
    builder = _Builder(model)
    uses = {name: cover.inputs for name, cover in model.covers.items()}
    for name in in_order(uses, model.fail_cycle):
        builder.add(name, model.covers[name])
    for name, line in model.outputs.items():
        if name not in builder.literal:
            model.fail(line, f"the output {shown(name)} is driven by nothing; define it with .names.")
    try:
        return Circuit(
            len(model.inputs),
            tuple(builder.gates),
            tuple(builder.literal[name] for name in model.outputs),
            tuple(model.inputs),
            tuple(model.outputs),
            model.name or "circuit",
            model.training,
        )
    except DataError as error:
        raise FormatError(path, None, str(error)) from error


# -- text to covers ---------------------------------------------------------------------------------------


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


def _parse(path: str | os.PathLike[str]) -> _Model:
    model = _Model(path)
    cover: _Cover | None = None
    ended, last = False, 1
    text = read_text(path)
    model.training = training_in(text)
    for line, words in _lines(text):
        last = line
        if ended:
            model.fail(line, f"found {shown(words[0])} after .end; expected one model and nothing behind it.")
        if not words[0].startswith("."):
            _cube(model, cover, line, words)
            continue
        cover = None
        match words[0]:
            case ".model" if model.name is None and not (model.inputs or model.outputs or model.covers):
                model.name = (
                    words[1] if len(words) == 2 else model.fail(line, "expected .model and one name.")
                )
            case ".inputs" | ".outputs":
                _ports(model, line, words)
            case ".names":
                cover = _names(model, line, words[1:])
            case ".end" if len(words) == 1:
                ended = True
            case _:
                model.fail(
                    line,
                    f"found {shown(words[0])}; expected one model of .inputs, .outputs and .names "
                    f"(latches, subcircuits and library gates are not read; flatten and map it first).",
                )
    if not ended:
        model.fail(last, "the file ends without .end; it may be cut short.")
    if not model.outputs:
        model.fail(last, "the model has no .outputs; name at least one.")
    return model


def _ports(model: _Model, line: int, words: list[str]) -> None:
    ports = model.inputs if words[0] == ".inputs" else model.outputs
    for name in words[1:]:
        if name in ports:
            model.fail(line, f"{shown(name)} stands twice in {words[0]}; name it once.")
        if ports is model.inputs and name in model.covers:
            model.fail(line, f"the input {shown(name)} is also defined by .names; rename one of them.")
        ports[name] = line


def _names(model: _Model, line: int, names: list[str]) -> _Cover:
    if not names:
        model.fail(line, ".names stands alone; expected its inputs and its output.")
    *inputs, output = names
    if output in model.inputs:
        model.fail(line, f"the input {shown(output)} is also defined by .names; rename one of them.")
    if output in model.covers:
        first = model.covers[output].line
        model.fail(line, f"{shown(output)} is defined twice, before on line {first}; rename one of them.")
    model.covers[output] = _Cover(line, inputs)
    return model.covers[output]


def _cube(model: _Model, cover: _Cover | None, line: int, words: list[str]) -> None:
    if cover is None:
        model.fail(line, f"found {shown(' '.join(words))}; a cube may only follow .names.")
    width = len(cover.inputs)
    *cube, phase = words
    if (
        len(cube) != (width > 0)
        or phase not in ("0", "1")
        or (cube and (len(cube[0]) != width or not re.fullmatch("[01-]*", cube[0])))
    ):
        expected = f"{width} of the signs 0, 1 and -, a space, and " if width else ""
        model.fail(line, f"found {shown(' '.join(words))}; expected {expected}0 or 1.")
    if cover.cubes and phase != cover.phase:
        model.fail(
            line, f"the cube gives {phase}, those before it {cover.phase}; all of a cover must give the same."
        )
    cover.phase = phase
    cover.cubes.append(cube[0] if cube else "")


# -- covers to gates --------------------------------------------------------------------------------------


class _Builder:
    """Gates so far, and the literal (signed node) of every signal so far."""

    def __init__(self, model: _Model) -> None:
        self.model = model
        self.gates: list[Gate] = []
        self.literal = {name: node for node, name in enumerate(model.inputs, start=1)}

    def add(self, name: str, cover: _Cover) -> None:
        for used in cover.inputs:
            if used not in self.literal:
                self.model.fail(
                    cover.line, f"{shown(used)} is used here, but it is no input and nothing defines it."
                )
        signals = [self.literal[used] for used in cover.inputs]
        cubes = list(dict.fromkeys(cover.cubes))
        positive = cover.phase == "1"
        terms = [
            tuple(
                signal if sign == "1" else -signal
                for signal, sign in zip(signals, cube, strict=True)
                if sign != "-"
            )
            for cube in cubes
        ]
        if not terms or not all(terms):
            self.literal[name] = self._gate(Gate(0 if terms and positive else 1, ()))
        elif len(terms) == 1 and len(terms[0]) == 1:
            self.literal[name] = terms[0][0] if positive else -terms[0][0]
        else:
            gate = _counting(terms) or Gate(1, tuple(self._term(term) for term in terms))
            self.literal[name] = self._gate(gate if positive else gate.dual())

    def _term(self, term: tuple[int, ...]) -> int:
        return term[0] if len(term) == 1 else self._gate(Gate(len(term), term))

    def _gate(self, gate: Gate) -> int:
        self.gates.append(gate)
        return len(self.model.inputs) + len(self.gates)


def _counting(terms: list[tuple[int, ...]]) -> Gate | None:
    """The gate "at least k of m" if the cubes are all the k-subsets of m literals; None for other covers."""
    size = len(terms[0])
    literals = tuple(dict.fromkeys(literal for term in terms for literal in term))
    regular = all(len(term) == size == len(set(term)) for term in terms)
    distinct = len(set(map(frozenset, terms))) == len(terms)
    complete = regular and distinct and binomial(len(literals), size, len(terms) + 1) == len(terms)
    return Gate(size, literals) if complete else None


def binomial(n: int, k: int, limit: int) -> int:
    """n over k, or `limit` if that is less: in a wide cover it may have more digits than the file."""
    value = 1
    for step in range(min(k, n - k)):
        value = value * (n - step) // (step + 1)
        if value >= limit:
            return limit
    return value
